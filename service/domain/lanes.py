"""Which lane the next minutes go to: by share of minutes, drawn by coin, invisible to reviewers.

The shares are of minutes, so a lane is drawn with its share divided by the minutes of the case it
offers: over many draws the expected minutes of the lanes that have work are as their shares.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import accumulate

from data.schemas.review_policy import LaneShares
from data.schemas.vocabulary import Lane
from service.domain.case import Case

LATE_SHARE = 0.10
"""Share of minutes for what is due this shift: dates gate the order, they do not rule it.

Simulated desks that ordered by date lost half of the money at twice the load; one that never
looked at dates let small cases wait for ever.
"""


def shares_of(policy: LaneShares) -> dict[Lane, float]:
    """Give the share of minutes of each lane; the lane `returned` stands for all that is due."""
    taken = policy.audit + policy.double + policy.gold
    return {
        Lane.AUDIT: policy.audit,
        Lane.DOUBLE: policy.double,
        Lane.GOLD: policy.gold,
        Lane.RETURNED: LATE_SHARE,
        Lane.INDEX: 1.0 - taken - LATE_SHARE,
    }


def draw_lane(
    heads: Mapping[Lane, Case],
    *,
    shares: Mapping[Lane, float],
    coin: Callable[[str], float],
) -> tuple[Lane, float]:
    """Draw the lane whose first case is handed out; gives it with its probability.

    `heads` holds the case that each lane offers. The draw is named by all of them, so every claim
    draws anew and the same desk draws the same.
    """
    weights = {
        lane: share / heads[lane].review_minutes
        for lane, share in shares.items()
        if lane in heads and share > 0.0
    }
    total = sum(weights.values())
    # A share that vanishes beside the others is none: nothing is handed out with probability zero.
    weights = {lane: one for lane, one in weights.items() if total > 0.0 and one / total > 0.0}
    if not weights:
        return next(iter(heads)), 1.0
    lanes = list(weights)
    reached = list(accumulate(weights.values()))
    drawn = min(bisect_right(reached, coin(_name(heads)) * total), len(lanes) - 1)
    return lanes[drawn], weights[lanes[drawn]] / total


def _name(heads: Mapping[Lane, Case]) -> str:
    return "lane:" + ",".join(
        f"{case.id or case.item_id}.{case.reserved_for_id or ''}.{case.lease_token}"
        for case in heads.values()
    )
