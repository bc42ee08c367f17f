"""The finished items as rows, in the order in which they use up what was agreed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from data.firm.agreed import Agreed, Place
from data.firm.proof import Proof
from data.firm.records import Submission
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem, Expense, ExpenseReport, Milestone, TimeEntry, Timesheet
from data.schemas.reference import Reference
from data.schemas.values import amount_minor

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row has: its item, and the local days on which it was handed in and judged."""

    item_id: str
    place: Place
    person_id: str
    row_id: str
    amount_minor: int
    submitted_on: date
    judged_on: date

    @property
    def contract_id(self) -> str:
        """The contract it is billed on."""
        return self.place[0]

    @property
    def line_id(self) -> str:
        """The line of the contract."""
        return self.place[1]

    def prove(
        self, code: ExceptionCode, *, exposure_minor: int, correction_minor: int = 0
    ) -> Proof:
        """A fault of this row."""
        return Proof(
            item_id=self.item_id,
            row_id=self.row_id,
            code=code,
            exposure_minor=exposure_minor,
            correction_minor=correction_minor,
        )

    def refuse(self, code: ExceptionCode, *, amount_minor: int) -> Proof:
        """A fault that takes this much off the bill."""
        return self.prove(code, exposure_minor=amount_minor, correction_minor=-amount_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked(Row):
    """A time entry."""

    entry: TimeEntry
    sheet: Timesheet

    @property
    def is_billable(self) -> bool:
        """True when minutes of it are billed."""
        return self.entry.minutes_billable > 0

    def price(self, minutes: int) -> int:
        """Money for minutes at the rate of the entry."""
        return amount_minor(minutes=minutes, rate_minor=self.entry.hourly_rate_minor)

    def price_at(self, rate_minor: int) -> int:
        """Money for the billed minutes at another rate."""
        return amount_minor(minutes=self.entry.minutes_billable, rate_minor=rate_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent(Row):
    """An expense; its amount is what the client is asked."""

    expense: Expense
    report: ExpenseReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Row):
    """A milestone."""

    milestone: Milestone


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All rows in order of arrival, and what was agreed."""

    agreed: Agreed
    worked: tuple[Worked, ...]
    worked_on: Mapping[Place, Sequence[Worked]]
    worked_for: Mapping[str, Sequence[Worked]]
    """The same by line, and by contract."""
    spent: tuple[Spent, ...]
    delivered: tuple[Delivered, ...]
    submissions: tuple[Submission, ...]

    @property
    def reference(self) -> Reference:
        """The master data."""
        return self.agreed.reference

    def terms(self, kind: type[T], row: Row, *, day: date) -> T | None:
        """The terms that govern a row on a day."""
        return self.agreed.terms(kind, contract_id=row.contract_id, line_id=row.line_id, day=day)

    def governed(self, kind: type[T]) -> Iterator[tuple[Worked, T]]:
        """The time entries that terms of this kind govern on their day, line by line.

        Those of one line stand in order of arrival.
        """
        for place, rows in self.worked_on.items():
            spans = self.agreed.governing(kind, place=place)
            if spans:
                yield from _governed(rows, spans=spans)

    def by_contract(self, kind: type) -> Iterator[Worked]:
        """The time entries of contracts that have such a clause, each contract's as they came."""
        contracts = self.agreed.contracts_with(kind)
        for contract_id, rows in self.worked_for.items():
            if contract_id in contracts:
                yield from rows


def _governed(
    rows: Sequence[Worked], *, spans: Sequence[tuple[date, date, T]]
) -> Iterator[tuple[Worked, T]]:
    for row in rows:
        day = row.entry.work_date
        for first, last, terms in spans:
            if first <= day <= last:
                yield row, terms
                break


def gather_facts(submissions: Sequence[Submission], *, reference: Reference) -> Facts:
    """Lay the items out in order: what arrived earlier first, then what was handed in earlier."""
    ordered = sorted(
        submissions, key=lambda one: (one.received_at, one.item.submitted_at, one.item.item_id)
    )
    worked: list[Worked] = []
    spent: list[Spent] = []
    delivered: list[Delivered] = []
    for one in ordered:
        item = one.item
        submitted_on = _local_day(item.submitted_at, zone=item.zone)
        judged_on = _local_day(one.received_at, zone=item.zone)
        if isinstance(item, Timesheet):
            worked += _worked(item, submitted_on=submitted_on, judged_on=judged_on)
        elif isinstance(item, ExpenseReport):
            spent += _spent(item, submitted_on=submitted_on, judged_on=judged_on)
        else:
            delivered.append(_delivered(item, submitted_on=submitted_on, judged_on=judged_on))
    return Facts(
        agreed=Agreed(reference),
        worked=tuple(worked),
        worked_on=_grouped(worked, key=attrgetter("place")),
        worked_for=_grouped(worked, key=attrgetter("contract_id")),
        spent=tuple(spent),
        delivered=tuple(delivered),
        submissions=tuple(ordered),
    )


def _grouped(rows: Iterable[Worked], *, key: Callable[[Worked], K]) -> dict[K, list[Worked]]:
    groups: dict[K, list[Worked]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def local_day(moment: datetime, *, item: AnyItem) -> date:
    """The day of a moment in the time zone of an item."""
    return _local_day(moment, zone=item.zone)


def _worked(sheet: Timesheet, *, submitted_on: date, judged_on: date) -> list[Worked]:
    place = (sheet.contract_id, sheet.line_id)
    ordered = sorted(sheet.entries, key=lambda one: (one.work_date, one.recorded_at, one.id))
    return [
        Worked(
            item_id=sheet.item_id,
            place=place,
            person_id=sheet.person_id,
            row_id=entry.id,
            amount_minor=entry.amount_minor,
            submitted_on=submitted_on,
            judged_on=judged_on,
            entry=entry,
            sheet=sheet,
        )
        for entry in ordered
    ]


def _spent(report: ExpenseReport, *, submitted_on: date, judged_on: date) -> list[Spent]:
    ordered = sorted(report.expenses, key=lambda one: (one.incurred_on, one.recorded_at, one.id))
    return [
        Spent(
            item_id=report.item_id,
            place=(report.contract_id, report.line_id),
            person_id=report.person_id,
            row_id=expense.id,
            amount_minor=expense.billable_minor,
            submitted_on=submitted_on,
            judged_on=judged_on,
            expense=expense,
            report=report,
        )
        for expense in ordered
    ]


def _delivered(milestone: Milestone, *, submitted_on: date, judged_on: date) -> Delivered:
    return Delivered(
        item_id=milestone.item_id,
        place=(milestone.contract_id, milestone.line_id),
        person_id=milestone.owner_id,
        row_id=milestone.item_id,
        amount_minor=milestone.amount_minor,
        submitted_on=submitted_on,
        judged_on=judged_on,
        milestone=milestone,
    )


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _local_day(moment: datetime, *, zone: str) -> date:
    return moment.astimezone(_zone(zone)).date()
