"""When people worked and when they said so: T11 to T18."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from data.firm.agreed import added, exactly, half_up
from data.firm.facts import Facts, Worked, local_day
from data.firm.proof import Proof
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import (
    BillingCutOff,
    Overtime,
    OvertimePeriod,
    TimelyBilling,
    WorkingCalendarTerms,
    WorkingTime,
)
from data.schemas.items import Timesheet
from data.schemas.values import MINUTES_PER_DAY, amount_minor

DAYS_A_YEAR = 365
WEEK = 7
DECEMBER = 12
REMEMBERED_TEXTS = 32_768
REMEMBERED_WEEKS = 1_024
SEPARATORS = re.compile(r"[\W_]+")


def overlong_days(facts: Facts) -> Iterator[Proof]:
    """T11: minutes of a person beyond the hours of a day, over all lines."""
    used: dict[tuple[str, date], int] = defaultdict(int)
    for row in facts.worked:
        entry = row.entry
        place = (row.person_id, entry.work_date)
        used[place] += entry.minutes_worked
        terms = facts.terms(WorkingTime, row, day=entry.work_date)
        limit = min(terms.max_daily_minutes, MINUTES_PER_DAY) if terms else MINUTES_PER_DAY
        over = min(used[place] - limit, entry.minutes_worked)
        if over > 0:
            yield _unpaid(row, over, code=ExceptionCode.DAILY_HOURS_EXCEEDED)


def overtime(facts: Facts) -> Iterator[Proof]:
    """T12: minutes above the capacity of a day or week that nobody approved."""
    approved = _approved_overtime(facts)
    days: dict[tuple[str, date], int] = defaultdict(int)
    weeks: dict[tuple[str, date], int] = defaultdict(int)
    planned = {one for one in facts.reference.people if facts.agreed.calendar(one) is not None}
    capacities: dict[tuple[str, tuple[date, ...]], int] = {}
    for row in facts.worked:
        entry, person_id = row.entry, row.person_id
        monday = entry.work_date - timedelta(days=entry.work_date.weekday())
        days[person_id, entry.work_date] += entry.minutes_worked
        weeks[person_id, monday] += entry.minutes_worked
        terms = facts.terms(Overtime, row, day=entry.work_date)
        if terms is None or person_id not in planned:
            continue
        if terms.period is OvertimePeriod.WEEK:
            used, span = weeks[person_id, monday], _week_of(monday)
        else:
            used, span = days[person_id, entry.work_date], (entry.work_date,)
        if (person_id, span) not in capacities:
            days_minutes = (facts.agreed.capacity_minutes(person_id, day=day) for day in span)
            capacities[person_id, span] = sum(days_minutes)
        capacity = capacities[person_id, span]
        if used <= capacity:
            continue
        allowed = [approved.get((person_id, day), 0) for day in span]
        if None in allowed:
            continue
        over = min(used - capacity - sum(one or 0 for one in allowed), entry.minutes_worked)
        if over > 0:
            yield _unpaid(row, over, code=ExceptionCode.OVERTIME_NOT_AUTHORIZED)


@lru_cache(maxsize=REMEMBERED_WEEKS)
def _week_of(monday: date) -> tuple[date, ...]:
    return tuple(monday + timedelta(days=number) for number in range(WEEK))


def _approved_overtime(facts: Facts) -> dict[tuple[str, date], int | None]:
    """Approved minutes by person and day; None where any amount is."""
    approved: dict[tuple[str, date], int | None] = {}
    for one in facts.reference.overtime_approvals:
        for number in range(one.start.toordinal(), one.end.toordinal() + 1):
            place = (one.person_id, date.fromordinal(number))
            approved[place] = added(approved.get(place, 0), one.minutes_per_day)
    return approved


def work_on_leave(facts: Facts) -> Iterator[Proof]:
    """T13: on leave or a holiday, more than remains of the day."""
    for row, _ in facts.governed(WorkingCalendarTerms):
        entry = row.entry
        if not facts.agreed.is_away(row.person_id, day=entry.work_date):
            continue
        left = facts.agreed.capacity_minutes(row.person_id, day=entry.work_date)
        if entry.minutes_worked > left:
            yield row.refuse(ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT, amount_minor=row.amount_minor)


def two_places_at_once(facts: Facts) -> Iterator[Proof]:
    """T14: time of day that another entry of the person covers already."""
    taken: dict[tuple[str, date], list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in facts.worked:
        entry = row.entry
        if entry.started_at is None or entry.ended_at is None:
            continue
        days = (entry.work_date + timedelta(days=shift) for shift in (-1, 0, 1))
        near = [span for day in days for span in taken.get((row.person_id, day), ())]
        covered = _covered(near, start=entry.started_at, end=entry.ended_at)
        minutes = -(-covered // timedelta(minutes=1))
        if minutes > 0:
            yield _unpaid(row, minutes, code=ExceptionCode.OVERLAPPING_TIME)
        taken[row.person_id, entry.work_date].append((entry.started_at, entry.ended_at))


def _covered(
    spans: list[tuple[datetime, datetime]], *, start: datetime, end: datetime
) -> timedelta:
    """How much of the time from `start` to `end` lies in at least one of the spans."""
    inside = sorted(
        (max(first, start), min(last, end)) for first, last in spans if first < end and last > start
    )
    covered, reached = timedelta(0), start
    for first, last in inside:
        covered += max(last - max(first, reached), timedelta(0))
        reached = max(reached, last)
    return covered


def duplicates(facts: Facts) -> Iterator[Proof]:
    """T15: the same person, day, task, minutes and words once more."""
    seen: dict[tuple[str, date, str, str, int], list[str]] = {}
    for row in facts.worked:
        entry = row.entry
        mark = (
            row.person_id,
            entry.work_date,
            entry.project_id,
            entry.task_id,
            entry.minutes_worked,
        )
        told = seen.setdefault(mark, [])
        if told and row.is_billable:
            words = plain_words(entry.narrative)
            if any(plain_words(one) == words for one in told):
                yield row.refuse(ExceptionCode.DUPLICATE_TIME_ENTRY, amount_minor=row.amount_minor)
        told.append(entry.narrative)


@lru_cache(maxsize=REMEMBERED_TEXTS)
def plain_words(text: str) -> str:
    """A text without letter case, punctuation and spacing."""
    return SEPARATORS.sub(" ", text.casefold()).strip()


def late(facts: Facts) -> Iterator[Proof]:
    """T16: handed in more than the agreed days after the work, or after its cut-off."""
    for row, terms in facts.governed(TimelyBilling):
        if not row.is_billable:
            continue
        days = (row.submitted_on - row.entry.work_date).days
        if days <= terms.late_days and row.submitted_on <= _cut_off(terms, row.entry.work_date):
            continue
        if terms.is_forfeit_when_late:
            lost_minor, correction_minor = row.amount_minor, -row.amount_minor
        else:
            lost_minor = price_of_waiting(
                row.amount_minor, yearly=terms.annual_cost_of_capital, days=days
            )
            correction_minor = 0
        yield row.prove(
            ExceptionCode.LATE_TIME_SUBMISSION,
            exposure_minor=-lost_minor,
            correction_minor=correction_minor,
        )


def _cut_off(terms: TimelyBilling, day: date) -> date:
    if terms.cut_off_day is None:
        return date.max
    if day.month == DECEMBER:
        return date(day.year + 1, 1, terms.cut_off_day)
    return date(day.year, day.month + 1, terms.cut_off_day)


def price_of_waiting(minor: int, *, yearly: float, days: int) -> int:
    """What it costs to have an amount that many days later, rounded half up."""
    return half_up(Decimal(minor) * exactly(yearly) * days / DAYS_A_YEAR)


def in_advance(facts: Facts) -> Iterator[Proof]:
    """T17: work of a day that was still to come when the sheet was handed in."""
    for row in facts.worked:
        if row.is_billable and row.entry.work_date > row.submitted_on:
            yield row.refuse(ExceptionCode.FUTURE_DATED_TIME, amount_minor=row.amount_minor)


def missing_time(facts: Facts) -> Iterator[Proof]:
    """T18: after the period, more of the person's capacity is unrecorded than may be."""
    recorded: dict[tuple[str, date], int] = defaultdict(int)
    for one in facts.submissions:
        sheet = one.item
        if not isinstance(sheet, Timesheet):
            continue
        for entry in sheet.entries:
            recorded[sheet.person_id, entry.work_date] += entry.minutes_worked
        terms = facts.agreed.terms(
            BillingCutOff,
            contract_id=sheet.contract_id,
            line_id=sheet.line_id,
            day=sheet.period_end,
        )
        is_over = local_day(one.received_at, item=sheet) > sheet.period_end
        if terms is None or not is_over or facts.agreed.calendar(sheet.person_id) is None:
            continue
        days = [
            date.fromordinal(number)
            for number in range(sheet.period_start.toordinal(), sheet.period_end.toordinal() + 1)
        ]
        missing = sum(
            facts.agreed.capacity_minutes(sheet.person_id, day=day) - recorded[sheet.person_id, day]
            for day in days
        )
        if missing > terms.tolerance_minutes:
            minutes = half_up(Decimal(missing) * exactly(terms.expected_billable_share))
            rate_minor = sheet.entries[0].hourly_rate_minor
            yield Proof(
                item_id=sheet.item_id,
                row_id=sheet.item_id,
                code=ExceptionCode.MISSING_TIMESHEET,
                exposure_minor=-amount_minor(minutes=minutes, rate_minor=rate_minor),
                correction_minor=0,
            )


def _unpaid(row: Worked, minutes: int, *, code: ExceptionCode) -> Proof:
    """Minutes that are not payable, as far as they were billed."""
    billed = min(minutes, row.entry.minutes_billable)
    return row.refuse(code, amount_minor=row.price(billed))


SWEEPS = (
    overlong_days,
    overtime,
    work_on_leave,
    two_places_at_once,
    duplicates,
    late,
    in_advance,
    missing_time,
)
