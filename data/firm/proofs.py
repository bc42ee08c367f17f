"""What rules can prove of the finished items: one sweep over the facts for each fault.

Working it out from the finished facts, and not from what was planted, records the faults that
another fault implies, such as the ceiling that a duplicate helps to break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from data.firm.approvals import SignedSheet
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import LaborCategoryHours, NotToExceed, PeriodOfPerformance
from data.schemas.contracts import Contract
from data.schemas.items import TimeEntry
from data.schemas.people import Assignment
from data.schemas.values import amount_minor
from data.schemas.vocabulary import ChangeOrderStatus

ANNUAL_COST_OF_CAPITAL = 0.08
DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One fault on one row: its signed price, and what it changes in the money to bill."""

    item_id: str
    row_id: str
    code: ExceptionCode
    exposure_minor: int
    correction_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry with the sheet it stands on."""

    sheet: SignedSheet
    entry: TimeEntry

    def prove(self, code: ExceptionCode, *, exposure_minor: int, correction_minor: int) -> Proof:
        """A fault of this row."""
        return Proof(
            item_id=self.sheet.item.item_id,
            row_id=self.entry.id,
            code=code,
            exposure_minor=exposure_minor,
            correction_minor=correction_minor,
        )

    def refuse(self, code: ExceptionCode, *, amount_minor: int) -> Proof:
        """A fault that takes this much off the bill."""
        return self.prove(code, exposure_minor=amount_minor, correction_minor=-amount_minor)


def prove_faults(
    sheets: Sequence[SignedSheet],
    *,
    contracts: Sequence[Contract],
    assignments: Sequence[Assignment],
) -> tuple[Proof, ...]:
    """Every fault of every timesheet that the contract, the plan and the sheets prove.

    Limits are used up in order of arrival; sheets that arrive together share them by work date.

    Entries that were already invoiced are proved by the ledger: see `data.firm.billing`.
    """
    rows = [Row(sheet=sheet, entry=entry) for sheet in sheets for entry in sheet.item.entries]
    rows.sort(key=_arrival)
    by_id = {contract.id: contract for contract in contracts}
    return (
        *_outside_period(rows, contracts=by_id),
        *_over_ceiling(rows, contracts=contracts),
        *_over_hours_cap(rows, contracts=contracts),
        *_off_the_rate_card(rows),
        *_unassigned(rows, assignments=assignments),
        *_overlong_days(rows),
        *_duplicates(rows),
        *_late(rows),
        *_badly_approved(rows),
    )


def _arrival(row: Row) -> tuple[datetime, date, datetime, str]:
    sheet = row.sheet
    return sheet.received_at, row.entry.work_date, sheet.item.submitted_at, row.entry.id


def _outside_period(rows: Sequence[Row], *, contracts: dict[str, Contract]) -> Iterator[Proof]:
    for row in rows:
        contract = contracts[row.sheet.item.contract_id]
        start, end = _period_on(contract, day=row.entry.work_date)
        if not start <= row.entry.work_date <= end:
            yield row.refuse(
                ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE, amount_minor=row.entry.amount_minor
            )


def _period_on(contract: Contract, *, day: date) -> tuple[date, date]:
    terms = next(
        clause.terms for clause in contract.clauses if isinstance(clause.terms, PeriodOfPerformance)
    )
    ends = [
        order.new_period_end
        for order in contract.change_orders
        if order.status is ChangeOrderStatus.EXECUTED
        and order.effective_on <= day
        and order.new_period_end is not None
    ]
    return terms.start, max([terms.end, *ends])


def _over_ceiling(rows: Sequence[Row], *, contracts: Sequence[Contract]) -> Iterator[Proof]:
    for contract in contracts:
        own = [row for row in rows if row.sheet.item.contract_id == contract.id]
        for clause in contract.clauses:
            if isinstance(clause.terms, NotToExceed):
                inside = [row for row in own if clause.line_id in {None, row.sheet.item.line_id}]
                yield from _past_limit(
                    inside,
                    contract=contract,
                    line_id=clause.line_id,
                    signed_minor=clause.terms.limit_minor,
                )


def _past_limit(
    rows: Sequence[Row], *, contract: Contract, line_id: str | None, signed_minor: int
) -> Iterator[Proof]:
    total_minor = 0
    for row in rows:
        total_minor += row.entry.amount_minor
        raised_minor = sum(
            order.delta_value_minor
            for order in contract.change_orders
            if order.status is ChangeOrderStatus.EXECUTED
            and order.line_id == line_id
            and order.effective_on <= row.entry.work_date
        )
        over_minor = min(total_minor - signed_minor - raised_minor, row.entry.amount_minor)
        if over_minor > 0:
            yield row.refuse(ExceptionCode.NOT_TO_EXCEED_BREACH, amount_minor=over_minor)


def _over_hours_cap(rows: Sequence[Row], *, contracts: Sequence[Contract]) -> Iterator[Proof]:
    caps = {
        (clause.line_id, clause.terms.labor_category): clause.terms.cap_minutes
        for contract in contracts
        for clause in contract.clauses
        if isinstance(clause.terms, LaborCategoryHours)
    }
    used: dict[tuple[str | None, str], int] = defaultdict(int)
    for row in rows:
        place = (row.sheet.item.line_id, row.entry.labor_category)
        if place not in caps:
            continue
        used[place] += row.entry.minutes_billable
        over = min(used[place] - caps[place], row.entry.minutes_billable)
        if over > 0:
            yield row.refuse(
                ExceptionCode.LABOR_CATEGORY_HOURS_CAP, amount_minor=_price(row, minutes=over)
            )


def _off_the_rate_card(rows: Sequence[Row]) -> Iterator[Proof]:
    for row in rows:
        card_minor = row.sheet.draft.line.card_rate_minor(
            row.entry.labor_category, day=row.entry.work_date
        )
        if card_minor != row.entry.hourly_rate_minor:
            right_minor = amount_minor(minutes=row.entry.minutes_billable, rate_minor=card_minor)
            yield row.refuse(
                ExceptionCode.RATE_MISMATCH, amount_minor=row.entry.amount_minor - right_minor
            )


def _unassigned(rows: Sequence[Row], *, assignments: Sequence[Assignment]) -> Iterator[Proof]:
    stays: dict[tuple[str, str], list[Assignment]] = defaultdict(list)
    for stay in assignments:
        stays[stay.person_id, stay.project_id].append(stay)
    for row in rows:
        own = stays[row.sheet.item.person_id, row.entry.project_id]
        if not any(stay.start <= row.entry.work_date <= stay.end for stay in own):
            yield row.refuse(ExceptionCode.UNASSIGNED_RESOURCE, amount_minor=row.entry.amount_minor)


def _overlong_days(rows: Sequence[Row]) -> Iterator[Proof]:
    used: dict[tuple[str, date], int] = defaultdict(int)
    for row in rows:
        place = (row.sheet.item.person_id, row.entry.work_date)
        used[place] += row.entry.minutes_billable
        over = min(used[place] - row.sheet.draft.plan.max_daily_minutes, row.entry.minutes_billable)
        if over > 0:
            yield row.refuse(
                ExceptionCode.DAILY_HOURS_EXCEEDED, amount_minor=_price(row, minutes=over)
            )


def _duplicates(rows: Sequence[Row]) -> Iterator[Proof]:
    seen: set[tuple[str, date, str, int, str]] = set()
    for row in rows:
        mark = (
            row.sheet.item.person_id,
            row.entry.work_date,
            row.entry.task_id,
            row.entry.minutes_billable,
            _words(row.entry.narrative),
        )
        if mark in seen:
            yield row.refuse(
                ExceptionCode.DUPLICATE_TIME_ENTRY, amount_minor=row.entry.amount_minor
            )
        seen.add(mark)


def _words(narrative: str) -> str:
    """The narrative without letter case, punctuation and spacing."""
    plain = "".join(char if char.isalnum() else " " for char in narrative.casefold())
    return " ".join(plain.split())


def _late(rows: Sequence[Row]) -> Iterator[Proof]:
    for row in rows:
        plan = row.sheet.draft.plan
        days = (row.sheet.item.submitted_at.date() - row.entry.work_date).days
        if days <= plan.late_days:
            continue
        if plan.is_forfeit_when_late:
            lost_minor, correction_minor = row.entry.amount_minor, -row.entry.amount_minor
        else:
            lost_minor = price_of_waiting(row.entry.amount_minor, days=days)
            correction_minor = 0
        yield row.prove(
            ExceptionCode.LATE_TIME_SUBMISSION,
            exposure_minor=-lost_minor,
            correction_minor=correction_minor,
        )


def price_of_waiting(amount_minor: int, *, days: int) -> int:
    """What it costs to have an amount that many days later, at the usual cost of capital."""
    return round(amount_minor * ANNUAL_COST_OF_CAPITAL * days / DAYS_A_YEAR)


def _badly_approved(rows: Sequence[Row]) -> Iterator[Proof]:
    """The work is sound and payable once it is signed properly, so nothing is taken off."""
    for row in rows:
        if row.sheet.draft.approval_fault is not None:
            yield row.prove(
                ExceptionCode.APPROVAL_VIOLATION,
                exposure_minor=row.entry.amount_minor,
                correction_minor=0,
            )


def _price(row: Row, *, minutes: int) -> int:
    return amount_minor(minutes=minutes, rate_minor=row.entry.hourly_rate_minor)
