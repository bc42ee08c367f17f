"""Will the milestone be accepted after its due day, at a price?"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from data.schemas.clauses import Acceptance, LiquidatedDamages
from data.schemas.vocabulary import ClauseKind
from models.columns import day_number
from models.likely.money import expected_minor
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, item_hits
from models.rules.milestones import standing
from models.rules.words import day, days

ONE_DAY_LATE = 0.5
"""A forecast that misses by a day is caught up as often as not."""
CATCH_UP_DAYS = 14.0
"""Two weeks of delay are caught up a third as often. Field: a quarter of acceptances come late."""


def forecast_late(facts: Facts) -> Hits:
    """M5: not accepted, not yet late, and forecast after the due day and its grace.

    The probability is 1 - 0.5 x e^(-(days - 1) / 14) for the days of delay forecast. At risk is the
    penalty for these days times the probability.
    """
    return item_hits(
        facts, _late(facts), summary="Forecast late, and the contract sets a penalty",
        is_proved=False,
    )  # fmt: skip


def _late(facts: Facts) -> Iterator[Hit]:
    clauses = facts.item_clause(ClauseKind.LIQUIDATED_DAMAGES)
    acceptances = facts.item_clause(ClauseKind.ACCEPTANCE)
    for item, milestone in facts.milestones():
        found = facts.clause(int(clauses[item]))
        terms = None if found is None else found.terms
        if not isinstance(terms, LiquidatedDamages) or milestone.forecast_on is None:
            continue
        agreed = facts.clause(int(acceptances[item]))
        acceptance = agreed.terms if agreed and isinstance(agreed.terms, Acceptance) else None
        today = int(facts.decided_day[item])
        state = standing(milestone, terms=acceptance, today=today)
        last_day = day_number(milestone.due_on) + terms.grace_days
        days_late = day_number(milestone.forecast_on) - last_day
        if state.accepted_day is None and today <= last_day and days_late > 0:
            probability = 1.0 - ONE_DAY_LATE * math.exp(-(days_late - 1) / CATCH_UP_DAYS)
            penalty = np.array([min(terms.cap_minor, terms.daily_minor * days_late)])
            yield Hit(
                item=item,
                clause=int(clauses[item]),
                field="forecast_on",
                actual=f"forecast for {milestone.forecast_on}, {days(days_late)} late",
                expected=f"accepted by {day(last_day)}",
                exposure_minor=int(expected_minor(penalty, np.array([probability]))[0]),
                probability=probability,
            )
