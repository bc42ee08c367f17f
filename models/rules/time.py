"""Is the time plausible, recorded once, and handed in when it should be?"""

from __future__ import annotations

import numpy as np

from data.schemas.clauses import ClauseTerms, TimelyBilling
from data.schemas.values import MINUTES_PER_DAY
from data.schemas.vocabulary import ClauseKind
from models.balances import Measure
from models.columns import UNKNOWN, EntryColumns, Flags, Ints
from models.rules.amounts import amounts_minor, price_of_waiting_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.order import Order
from models.rules.words import days, hours

SAME_WORK = ("person", "work_day", "task", "minutes_worked", "narrative_key")


def daily_hours_exceeded(facts: Facts) -> Hits:
    """T11: the minutes of an entry beyond its person's day, over all lines; past 24 h critical.

    What is over belongs to the entries that arrive later or, inside one batch, count later.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.WORKING_TIME)
    limit = np.minimum(facts.terms.daily_minutes(clause), MINUTES_PER_DAY)
    worked = facts.used_before(Measure.DAY_MINUTES) + entries.minutes_worked
    over = np.clip(worked - limit, 0, entries.minutes_worked)
    billed_over = np.minimum(over, entries.minutes_billable)
    return entry_hits(
        facts,
        np.flatnonzero(over),
        clause=clause,
        exposure_minor=amounts_minor(minutes=billed_over, rate_minor=entries.rate_minor),
        field="minutes_worked",
        actual=lambda row: f"{hours(int(worked[row]))} that day with this entry",
        expected=lambda row: f"at most {hours(int(limit[row]))} a day",
        summary="{rows} beyond the hours of a day",
        is_critical=worked > MINUTES_PER_DAY,
    )


def duplicate_time_entry(facts: Facts) -> Hits:
    """T15: an entry that repeats the person, day, task, minutes and narrative of another.

    Narratives are compared by their words; two without any words are equal. The other is one of
    an item assessed before, or one that counts earlier in this batch.
    """
    entries = facts.entries
    near = facts.past.entries.take(facts.order.near)
    original = _originals(near, entries, order=facts.order)
    ids = np.concatenate((near.entry_id, entries.entry_id))
    return entry_hits(
        facts,
        np.flatnonzero((original != UNKNOWN) & (entries.minutes_billable > 0)),
        clause=facts.entry_clause(ClauseKind.DOUBLE_BILLING),
        exposure_minor=entries.amount_minor,
        field="narrative",
        actual=lambda row: f"repeats entry {ids[original[row]]}",
        expected=lambda _: "the same work billed once",
        summary="{rows} recorded twice",
    )


def late_time_submission(facts: Facts) -> Hits:
    """T16: time submitted more than the agreed days after the work, by the local calendar.

    The leak is the amount where late time is forfeit, else the price of the days waited.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.TIMELY_BILLING)
    allowed = facts.terms.late_days(clause)
    taken = facts.submitted_day[entries.item] - entries.work_day
    rows = np.flatnonzero((taken > allowed) & (entries.minutes_billable > 0))
    exposure = np.zeros(len(entries), dtype=np.int64)
    is_forfeit = np.zeros(len(entries), dtype=np.bool_)
    for row in rows.tolist():
        terms = facts.terms.clauses[int(clause[row])].terms
        is_forfeit[row] = isinstance(terms, TimelyBilling) and terms.is_forfeit_when_late
        exposure[row] = -_late_leak_minor(
            terms, amount_minor=int(entries.amount_minor[row]), days_taken=int(taken[row])
        )
    return entry_hits(
        facts,
        rows,
        clause=clause,
        exposure_minor=exposure,
        field="work_date",
        actual=lambda row: f"submitted {days(int(taken[row]))} after the work",
        expected=lambda row: f"within {days(int(allowed[row]))}",
        summary="{rows} submitted late",
        is_critical=is_forfeit,
    )


def _originals(near: EntryColumns, entries: EntryColumns, *, order: Order) -> Ints:
    """For each batch entry the first equal entry, as a joined row, or UNKNOWN if it is the first.

    What was assessed before comes first: a second sheet cannot pass because it was recorded
    earlier than the one already assessed.
    """
    same = [np.concatenate((getattr(near, name), getattr(entries, name))) for name in SAME_WORK]
    rows = np.lexsort((order.rank, *same))
    is_first = _is_first_of_kind([column[rows] for column in same])
    first = np.maximum.accumulate(np.where(is_first, np.arange(len(rows)), 0))
    original = np.empty(len(rows), dtype=np.int64)
    original[rows] = np.where(is_first, UNKNOWN, rows[first])
    return original[len(near) :]


def _is_first_of_kind(columns: list[Ints]) -> Flags:
    is_first = np.ones(len(columns[0]), dtype=np.bool_)
    is_first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return is_first


def _late_leak_minor(terms: ClauseTerms, *, amount_minor: int, days_taken: int) -> int:
    if not isinstance(terms, TimelyBilling):
        return 0
    if terms.is_forfeit_when_late:
        return amount_minor
    return price_of_waiting_minor(
        amount_minor, annual_cost_of_capital=terms.annual_cost_of_capital, days=days_taken
    )
