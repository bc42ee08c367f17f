"""Are billed minutes what the billing increment makes of the minutes worked?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import Rounding
from data.schemas.vocabulary import ClauseKind
from models.agreed.clause_figures import ROUNDINGS
from models.codes import UNKNOWN
from models.columns import Flags, Ints
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits

UP, NEAREST, DOWN = (ROUNDINGS.index(one) for one in (Rounding.UP, Rounding.NEAREST, Rounding.DOWN))
MANNERS = {UP: "rounded up to", NEAREST: "rounded to the nearest", DOWN: "rounded down to"}


def billing_increment_violation(facts: Facts) -> Hits:
    """T23: billed minutes that are no multiple of the increment, or rounded otherwise than agreed.

    Where the contract names no increment that of the client holds, else that of its region,
    rounded to the nearest. With a reason given other minutes may be billed, in whole increments.
    Under no increment at all no more is billed than was worked.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.BILLING_INCREMENT)
    increment = _Increment.of(facts, clause)
    worked, billed = entries.minutes_worked, entries.minutes_billable
    expected = increment.rounded(worked)
    is_adjusted = entries.is_adjusted != 0
    is_broken = increment.is_agreed & (billed % increment.minutes != 0)
    is_unlike = np.where(increment.is_agreed, ~is_adjusted & (billed != expected), billed > worked)
    due = np.where(is_adjusted & increment.is_agreed, increment.rounded(billed), expected)
    rate_minor = entries.rate_minor

    def reads(row: int) -> str:
        if not increment.is_agreed[row]:
            return f"at most the {worked[row]} min worked"
        manner = MANNERS[int(increment.rounding[row])]
        return f"{due[row]} min: {manner} {increment.minutes[row]} min"

    return entry_hits(
        facts,
        np.flatnonzero((is_broken | is_unlike) & (billed > 0)),
        clause=clause,
        exposure_minor=entries.amount_minor - amounts_minor(minutes=due, rate_minor=rate_minor),
        field="minutes_billable",
        actual=lambda row: f"{billed[row]} min billed of {worked[row]} min worked",
        expected=reads,
        summary="{rows} not in agreed increments",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Increment:
    """The increment that holds for each entry; one minute, to the nearest, where none does."""

    minutes: Ints
    rounding: Ints
    is_agreed: Flags

    @classmethod
    def of(cls, facts: Facts, clause: Ints) -> _Increment:
        by_clause = facts.terms.clause_figures.increment_minutes(clause)
        by_region = facts.terms.increment_of(facts.entries.line)
        minutes = np.where(clause == UNKNOWN, by_region, by_clause)
        rounding = facts.terms.clause_figures.rounding(clause)
        return cls(
            minutes=np.where(minutes == UNKNOWN, 1, minutes),
            rounding=np.where(rounding == UNKNOWN, NEAREST, rounding),
            is_agreed=minutes != UNKNOWN,
        )

    def rounded(self, minutes: Ints) -> Ints:
        """Minutes in whole increments; half an increment goes up where the nearest is asked."""
        step = self.minutes
        down = minutes // step * step
        up = -(-minutes // step) * step
        nearest = (2 * minutes + step) // (2 * step) * step
        return np.select([self.rounding == UP, self.rounding == DOWN], [up, down], nearest)
