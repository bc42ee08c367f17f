"""Was the time handed in when it should be: neither too late nor in advance?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import ClauseTerms, TimelyBilling
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import NO_DAY, Flags, Ints
from models.rules.amounts import price_of_waiting_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import day, days


def late_time_submission(facts: Facts) -> Hits:
    """T16: time submitted more than the agreed days after the work, or after the cut-off.

    Both count on the local calendar. The cut-off is a day of the month after the work; a day
    exactly met is in time. The leak is the amount where late time is forfeit, else the price of
    the days waited.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.TIMELY_BILLING)
    due = _Due.of(facts, clause)
    is_late = (due.taken > due.allowed) | (due.submitted > due.cut_off)
    rows = np.flatnonzero(is_late & (entries.minutes_billable > 0))
    exposure, is_forfeit = _leaks(facts, rows, clause=clause, days_taken=due.taken)
    return entry_hits(
        facts,
        rows,
        clause=clause,
        exposure_minor=exposure,
        field="work_date",
        actual=due.actual,
        expected=due.expected,
        summary="{rows} submitted late",
        is_critical=is_forfeit,
    )


def future_dated_time(facts: Facts) -> Hits:
    """T17: billable work on a day after the local day of its submission, under any terms."""
    entries = facts.entries
    submitted = facts.submitted_day[entries.item]
    return entry_hits(
        facts,
        np.flatnonzero((entries.work_day > submitted) & (entries.minutes_billable > 0)),
        clause=facts.entry_clause(ClauseKind.TIMEKEEPING),
        exposure_minor=entries.amount_minor,
        field="work_date",
        actual=lambda row: f"work on {day(int(entries.work_day[row]))}",
        expected=lambda row: f"work until the day of submission, {day(int(submitted[row]))}",
        summary="{rows} dated after the submission",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """When the time of each entry came in, and when it was due."""

    submitted: Ints
    taken: Ints
    """Days from the work to its submission."""
    allowed: Ints
    cut_off: Ints

    @classmethod
    def of(cls, facts: Facts, clause: Ints) -> _Due:
        work_day = facts.entries.work_day
        submitted = facts.submitted_day[facts.entries.item]
        day_of_month = facts.terms.clause_figures.cut_off_day(clause)
        return cls(
            submitted=submitted,
            taken=submitted - work_day,
            allowed=facts.terms.late_days(clause),
            cut_off=_cut_off(work_day, day_of_month=day_of_month),
        )

    def actual(self, row: int) -> str:
        if self.taken[row] > self.allowed[row]:
            return f"submitted {days(int(self.taken[row]))} after the work"
        return f"submitted on {day(int(self.submitted[row]))}"

    def expected(self, row: int) -> str:
        if self.taken[row] > self.allowed[row]:
            return f"within {days(int(self.allowed[row]))}"
        return f"by the cut-off on {day(int(self.cut_off[row]))}"


def _cut_off(work_day: Ints, *, day_of_month: Ints) -> Ints:
    """The last day on which each day's work may come in; NO_DAY where no cut-off was agreed."""
    month = work_day.astype("datetime64[D]").astype("datetime64[M]")
    first_of_next = (month + 1).astype("datetime64[D]").astype(np.int64)
    return np.where(day_of_month == UNKNOWN, NO_DAY, first_of_next + day_of_month - 1)


def _leaks(facts: Facts, rows: Ints, *, clause: Ints, days_taken: Ints) -> tuple[Ints, Flags]:
    """What late rows leak, below zero, and whether they are forfeit; for all entries."""
    exposure = np.zeros(len(facts.entries), dtype=np.int64)
    is_forfeit = np.zeros(len(facts.entries), dtype=np.bool_)
    for row in rows.tolist():
        terms = facts.terms.clauses[int(clause[row])].terms
        is_forfeit[row] = isinstance(terms, TimelyBilling) and terms.is_forfeit_when_late
        exposure[row] = -_late_leak_minor(
            terms,
            amount_minor=int(facts.entries.amount_minor[row]),
            days_taken=int(days_taken[row]),
        )
    return exposure, is_forfeit


def _late_leak_minor(terms: ClauseTerms, *, amount_minor: int, days_taken: int) -> int:
    if not isinstance(terms, TimelyBilling):
        return 0
    if terms.is_forfeit_when_late:
        return amount_minor
    return price_of_waiting_minor(
        amount_minor, annual_cost_of_capital=terms.annual_cost_of_capital, days=days_taken
    )
