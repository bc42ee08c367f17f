"""What the partner gives up when a bill is made up: which items, how much, and why it showed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.firm.chance import Chance
from data.firm.drafts import Sign
from data.firm.habits import Habits
from data.firm.outcomes import Circumstances

BASE_LOG_ODDS = -4.3
BURN_LOG_ODDS = 3.2
"""At the very end of a ceiling."""
LONG_LOG_ODDS, VAGUE_LOG_ODDS, OVERHEAD_LOG_ODDS, BLOCK_LOG_ODDS = 2.4, 3.0, 2.0, 1.5
REWORK_LOG_ODDS = 2.0
"""A junior's first two weeks on a line."""
DISCOUNT_LOG_ODDS = 4.2
"""For the client who gets discounts the most readily."""
SHARES = (0.4, 0.95)
"""How much of an item is given up; never the whole of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffDraw:
    """How likely it was that a part of an item would be given up, and whether it was."""

    probability: float
    is_given_up: bool
    share: float
    """Of what is billable, if it was given up."""


def draw_write_offs(
    circumstances: Sequence[Circumstances], *, habits: Habits, chance: Chance
) -> dict[str, WriteOffDraw]:
    """The draw of every item, by item id."""
    log_odds = np.array([_log_odds(one, habits=habits) for one in circumstances])
    probabilities = 1.0 / (1.0 + np.exp(-log_odds))
    is_given_up = chance.each_happens(probabilities)
    return {
        one.item_id: WriteOffDraw(
            probability=float(probabilities[place]),
            is_given_up=bool(is_given_up[place]),
            share=chance.uniform(*SHARES),
        )
        for place, one in enumerate(circumstances)
    }


def kept_minor(amounts_minor: Mapping[str, int], *, draw: WriteOffDraw) -> dict[str, int]:
    """What is billed of each row after the write-off; every row keeps a part."""
    if not draw.is_given_up:
        return dict(amounts_minor)
    return {
        row_id: max(1, round(minor * (1.0 - draw.share))) for row_id, minor in amounts_minor.items()
    }


def _log_odds(one: Circumstances, *, habits: Habits) -> float:
    log_odds = BASE_LOG_ODDS + BURN_LOG_ODDS * one.burn
    log_odds += LONG_LOG_ODDS * (Sign.LONG in one.shares)
    log_odds += VAGUE_LOG_ODDS * one.shares.get(Sign.VAGUE, 0.0)
    log_odds += OVERHEAD_LOG_ODDS * one.shares.get(Sign.OVERHEAD, 0.0)
    log_odds += BLOCK_LOG_ODDS * (Sign.BLOCK in one.shares)
    log_odds += REWORK_LOG_ODDS * (one.is_junior and one.is_new)
    return log_odds + DISCOUNT_LOG_ODDS * habits.discounts[one.plan.client.id]
