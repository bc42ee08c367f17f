"""The desk of a demonstration: talk, a wall, a drafted policy, so that no page is empty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from data.schemas.review_policy import LaneShares
from service.client import CountersignClient
from service.commands.demo_talk import seed_talk
from service.wire.accounts import AccountChange, WallView

WALLED, WALLED_UNIT = "theo", "Engineering"
"""The log-in of somebody who sees one business unit alone."""
CASES_TALKED_OF = 3


def furnish(clients: Mapping[str, CountersignClient], *, now: datetime) -> None:
    """Let the demo's people talk, wall one of them in, and draft a policy; once is enough.

    `clients` are those of the demo's people by log-in name. Raises ApiProblem.
    """
    admin, reviewer = clients["rosa"], clients["ana"]
    if admin.policy_drafts().drafts:
        return
    _wall_in(admin)
    cases = reviewer.cases(limit=CASES_TALKED_OF).cases
    seed_talk(reviewer, clients["carla"], case_ids=[one.id for one in cases], now=now)
    in_force = admin.policy().policy
    more_checks = in_force.model_copy(update={"lanes": LaneShares(audit=0.08)})
    admin.draft_policy(more_checks, note="Look at more of what is cleared until the year closes.")


def _wall_in(admin: CountersignClient) -> None:
    for one in admin.accounts().accounts:
        if one.login == WALLED:
            admin.change_account(
                one.person_id,
                AccountChange(
                    name=one.name,
                    roles=one.roles,
                    wall=WallView(business_units=(WALLED_UNIT,)),
                ),
            )
