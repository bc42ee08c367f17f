"""Is all the time of a period recorded once its cut-off has passed?

A sheet is judged against all that its person handed in so far. Whoever handed in none has no sheet
to be judged: `models.rules.absent` finds them.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from data.schemas.clauses import BillingCutOff
from data.schemas.values import amount_minor
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import Ints
from models.past.balances import Measure
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, item_hits
from models.rules.words import hours
from models.terms import Terms
from models.timeline import pair


def missing_timesheet(facts: Facts) -> Hits:
    """T18: capacity of the sheet's period that its person has not recorded by the cut-off.

    All lines count, and all sheets handed in up to this one. The leak is the share of the missing
    time that was likely billable, at the rate of the sheet's entry that counts first.
    """
    batch, end = facts.batch, facts.batch.period_end
    clause = facts.terms.clause(ClauseKind.BILLING_CUT_OFF, batch.line, end)
    is_sheet = np.diff(batch.first_entry) > 0
    is_due = is_sheet & (clause != UNKNOWN) & (facts.decided_day > end)
    sheets = np.flatnonzero(is_due & facts.terms.working_days.has_calendar(batch.person))
    missing = _missing_minutes(facts, sheets)
    hits = (
        _hit(facts, sheet, clause=int(clause[sheet]), missing_minutes=minutes)
        for sheet, minutes in zip(sheets.tolist(), missing.tolist(), strict=True)
        if minutes > cut_off_terms(facts.terms, int(clause[sheet])).tolerance_minutes
    )
    return item_hits(facts, hits, summary="Time of the period is missing")


def due_minutes(terms: Terms, person: Ints, day: Ints) -> Ints:
    """Give the capacity of each person on each day after leave, 0 outside employment."""
    days = terms.working_days
    return np.where(days.is_employed(person, day), days.capacity_minutes(person, day), 0)


def cut_off_terms(terms: Terms, clause: int) -> BillingCutOff:
    """Give what a clause on the cut-off states."""
    own = terms.clauses[clause].terms
    return own if isinstance(own, BillingCutOff) else BillingCutOff()


def likely_billable_minor(terms: BillingCutOff, missing_minutes: int, *, rate_minor: int) -> int:
    """Give what missing time would likely have brought; minutes and money are rounded half up."""
    exact = missing_minutes * Decimal(str(terms.expected_billable_share))
    minutes = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return amount_minor(minutes=minutes, rate_minor=rate_minor)


def _missing_minutes(facts: Facts, sheets: Ints) -> Ints:
    """Capacity less recorded time of each sheet's period, below zero where more was recorded."""
    if not len(sheets):
        return sheets
    batch = facts.batch
    first, last = batch.period_start[sheets], batch.period_end[sheets]
    count = last - first + 1
    begin = np.cumsum(count) - count
    person = np.repeat(batch.person[sheets], count)
    day = np.arange(count.sum()) - np.repeat(begin - first, count)
    rank = np.repeat(_last_ranks(facts)[sheets], count)
    recorded = facts.past.used(Measure.DAY_MINUTES, pair(person, day))
    recorded += _handed_in(facts, pair(person, day), rank=rank)
    missing: Ints = np.add.reduceat(due_minutes(facts.terms, person, day) - recorded, begin)
    return missing


def _first_entry(facts: Facts, sheet: int) -> int:
    """The entry of a sheet that counts first, wherever it stands in the sheet."""
    first, end = facts.batch.first_entry[sheet : sheet + 2].tolist()
    return int(first + np.argmin(_ranks(facts)[first:end]))


def _last_ranks(facts: Facts) -> Ints:
    """The place of each item's last entry in the counting order."""
    last = np.zeros(len(facts.batch), dtype=np.int64)
    np.maximum.at(last, facts.entries.item, _ranks(facts))
    return last


def _ranks(facts: Facts) -> Ints:
    return facts.order.rank[len(facts.order.near) :]


def _handed_in(facts: Facts, key: Ints, *, rank: Ints) -> Ints:
    """Minutes of the batch by person and day that count up to and with a rank."""
    entries = facts.entries
    days, group = np.unique(pair(entries.person, entries.work_day), return_inverse=True)
    width = len(facts.order.rank)
    place = group * width + _ranks(facts)
    order = np.argsort(place)
    total = np.concatenate(([0], np.cumsum(entries.minutes_worked[order])))
    wanted = np.minimum(np.searchsorted(days, key), len(days) - 1)
    until = np.searchsorted(place[order], wanted * width + rank, side="right")
    since = np.searchsorted(place[order], wanted * width)
    return np.where(days[wanted] == key, total[until] - total[since], 0)


def _hit(facts: Facts, sheet: int, *, clause: int, missing_minutes: int) -> Hit:
    terms = cut_off_terms(facts.terms, clause)
    rate_minor = int(facts.entries.rate_minor[_first_entry(facts, sheet)])
    return Hit(
        item=sheet,
        clause=clause,
        field="period_end",
        actual=f"{hours(missing_minutes)} of the period are not recorded",
        expected=f"at most {hours(terms.tolerance_minutes)} missing at the cut-off",
        exposure_minor=-likely_billable_minor(terms, missing_minutes, rate_minor=rate_minor),
    )
