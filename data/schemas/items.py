"""The items that are billed: timesheets, milestones with acceptance, and expense reports."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator

from data.schemas.values import (
    MAX_MINOR_UNITS,
    MINUTES_PER_DAY,
    ContradictionError,
    Currency,
    ExternalId,
    Identifier,
    LocalDate,
    MinorUnits,
    Minutes,
    Name,
    Record,
    Sha256,
    SourceName,
    Text,
    UtcTime,
    Zone,
    amount_minor,
)
from data.schemas.vocabulary import AcceptanceKind, ApprovalStep, ApprovalVerdict, ItemKind

LONGEST_PERIOD = timedelta(days=366)
"""What one item may span: beyond a year a date is a typing error."""
LARGEST_INCREMENT = 60
"""Minutes of the coarsest billing increment: rounding up adds less than this."""


class ApprovalEvent(Record):
    """One signature under an item, with the hash of the entries that were signed."""

    step: ApprovalStep
    verdict: ApprovalVerdict
    actor_id: Identifier
    at: UtcTime
    authority_limit_minor: MinorUnits | None = None
    entries_sha256: Sha256 | None = None


class TimeEntry(Record):
    """Work of one person on one local day."""

    id: Identifier
    work_date: LocalDate
    minutes_worked: Minutes
    minutes_billable: Minutes
    project_id: Identifier
    task_id: Identifier
    labor_category: Identifier
    hourly_rate_minor: MinorUnits
    narrative: Text = ""
    recorded_at: UtcTime
    started_at: UtcTime | None = None
    ended_at: UtcTime | None = None
    activity: Identifier | None = None
    location: Identifier | None = None
    """Where the work was done, as rate cards name places."""
    change_order_id: Identifier | None = None
    """The change order this work is done under."""
    adjustment_reason: Text = ""
    """Why other minutes are billed than the increment makes of those worked."""

    @model_validator(mode="after")
    def _minutes_agree(self) -> TimeEntry:
        if self.minutes_billable >= self.minutes_worked + LARGEST_INCREMENT:
            raise ContradictionError(
                f"exceeds minutes_worked {self.minutes_worked} by an hour or more; no billing "
                "increment rounds up that far",
                field="minutes_billable",
                value=self.minutes_billable,
            )
        return self

    @model_validator(mode="after")
    def _times_agree(self) -> TimeEntry:
        if (self.started_at is None) != (self.ended_at is None):
            missing = "ended_at" if self.ended_at is None else "started_at"
            raise ContradictionError(
                "is missing; give both started_at and ended_at, or neither",
                field=missing,
                value=None,
            )
        if self.started_at and self.ended_at and self.ended_at <= self.started_at:
            raise ContradictionError(
                f"does not lie after started_at {self.started_at.isoformat()}",
                field="ended_at",
                value=self.ended_at.isoformat(),
            )
        return self

    @property
    def amount_minor(self) -> int:
        """Billable money of this line, rounded once."""
        return amount_minor(minutes=self.minutes_billable, rate_minor=self.hourly_rate_minor)


class Timesheet(Record):
    """One person's time entries in a period on one contract line."""

    kind: Literal[ItemKind.TIMESHEET] = ItemKind.TIMESHEET
    source: SourceName
    external_id: ExternalId
    person_id: Identifier
    contract_id: Identifier
    line_id: Identifier
    currency: Currency
    zone: Zone
    period_start: LocalDate
    period_end: LocalDate
    submitted_at: UtcTime
    entries: Annotated[tuple[TimeEntry, ...], Field(min_length=1, max_length=1_000)]
    approvals: tuple[ApprovalEvent, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Timesheet:
        _refuse_odd_period(self.period_start, self.period_end)
        _refuse_repeated_ids(self.entries, field="entries")
        _refuse_days_outside(self.entries, start=self.period_start, end=self.period_end)
        _refuse_overlong_days(self.entries)
        _refuse_absurd_sum(self.amount_minor, field="entries", remedy="check rates and minutes")
        return self

    @property
    def item_id(self) -> str:
        """The name by which the whole product knows this item."""
        return f"{self.source}:{self.external_id}"

    @property
    def amount_minor(self) -> int:
        """The sum of the rounded lines."""
        return sum(entry.amount_minor for entry in self.entries)


def _refuse_odd_period(start: date, end: date) -> None:
    if end < start:
        raise ContradictionError(
            f"lies before period_start {start}", field="period_end", value=str(end)
        )
    if end - start > LONGEST_PERIOD:
        raise ContradictionError(
            f"lies more than {LONGEST_PERIOD.days} days after period_start {start}; split the item",
            field="period_end",
            value=str(end),
        )


def _refuse_absurd_sum(amount_minor: int, *, field: str, remedy: str) -> None:
    if amount_minor > MAX_MINOR_UNITS:
        raise ContradictionError(
            f"adds up to more than {MAX_MINOR_UNITS} minor units; {remedy}",
            field=field,
            value=amount_minor,
        )


def _refuse_repeated_ids(rows: Sequence[TimeEntry | Expense], *, field: str) -> None:
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if row.id in seen:
            raise ContradictionError(
                "stands twice; ids are unique", field=f"{field}.{place}.id", value=row.id
            )
        seen.add(row.id)


def _refuse_days_outside(entries: tuple[TimeEntry, ...], *, start: date, end: date) -> None:
    for place, entry in enumerate(entries):
        if not start <= entry.work_date <= end:
            raise ContradictionError(
                f"lies outside the period {start} to {end}",
                field=f"entries.{place}.work_date",
                value=str(entry.work_date),
            )


def _refuse_overlong_days(entries: tuple[TimeEntry, ...]) -> None:
    minutes_by_day: dict[date, int] = {}
    for place, entry in enumerate(entries):
        minutes = minutes_by_day.get(entry.work_date, 0) + entry.minutes_worked
        if minutes > MINUTES_PER_DAY:
            raise ContradictionError(
                f"makes {minutes} minutes on {entry.work_date}; a day has {MINUTES_PER_DAY}",
                field=f"entries.{place}.minutes_worked",
                value=entry.minutes_worked,
            )
        minutes_by_day[entry.work_date] = minutes


class AcceptanceEvent(Record):
    """What the client did with a deliverable, and when we knew."""

    kind: AcceptanceKind
    at: UtcTime
    actor: Name
    document_sha256: Sha256 | None = None


class Milestone(Record):
    """A piece of work billed at a fixed amount once the client accepts it."""

    kind: Literal[ItemKind.MILESTONE] = ItemKind.MILESTONE
    source: SourceName
    external_id: ExternalId
    contract_id: Identifier
    line_id: Identifier
    project_id: Identifier
    name: Name
    owner_id: Identifier
    amount_minor: MinorUnits
    currency: Currency
    zone: Zone
    due_on: LocalDate
    forecast_on: LocalDate | None = None
    """When acceptance is expected, while it has not come."""
    is_ready_to_bill: bool
    submitted_at: UtcTime
    evidence_required: tuple[Name, ...] = ()
    evidence_provided: tuple[Name, ...] = ()
    open_predecessors: tuple[Name, ...] = ()
    acceptance: tuple[AcceptanceEvent, ...] = ()
    approvals: tuple[ApprovalEvent, ...] = ()
    change_order_id: Identifier | None = None

    @property
    def item_id(self) -> str:
        """The name by which the whole product knows this item."""
        return f"{self.source}:{self.external_id}"


class PaidBy(StrEnum):
    """How an expense was paid; the same dinner may come by card and as cash."""

    CARD = "card"
    CASH = "cash"
    OTHER = "other"


class Expense(Record):
    """Money one person spent on one local day, and what the client is asked of it."""

    id: Identifier
    incurred_on: LocalDate
    project_id: Identifier
    category: Identifier
    merchant: Name
    amount_minor: MinorUnits
    """What the receipt says, in `currency`."""
    currency: Currency
    cost_minor: MinorUnits
    """The same in the contract's currency."""
    billable_minor: MinorUnits
    """What the client is asked, in the contract's currency."""
    paid_by: PaidBy = PaidBy.OTHER
    receipt_sha256: Sha256 | None = None
    trip_id: Identifier | None = None
    preapproval_id: Identifier | None = None
    change_order_id: Identifier | None = None
    description: Text = ""
    recorded_at: UtcTime


class ExpenseReport(Record):
    """One person's expenses in a period on one contract line."""

    kind: Literal[ItemKind.EXPENSE_REPORT] = ItemKind.EXPENSE_REPORT
    source: SourceName
    external_id: ExternalId
    person_id: Identifier
    contract_id: Identifier
    line_id: Identifier
    currency: Currency
    zone: Zone
    period_start: LocalDate
    period_end: LocalDate
    submitted_at: UtcTime
    expenses: Annotated[tuple[Expense, ...], Field(min_length=1, max_length=1_000)]
    approvals: tuple[ApprovalEvent, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> ExpenseReport:
        _refuse_odd_period(self.period_start, self.period_end)
        _refuse_repeated_ids(self.expenses, field="expenses")
        _refuse_absurd_sum(self.amount_minor, field="expenses", remedy="check the amounts")
        return self

    @property
    def item_id(self) -> str:
        """The name by which the whole product knows this item."""
        return f"{self.source}:{self.external_id}"

    @property
    def amount_minor(self) -> int:
        """The sum of what the client is asked."""
        return sum(one.billable_minor for one in self.expenses)


AnyItem = Timesheet | Milestone | ExpenseReport
"""Whatever can be billed."""
Item = Annotated[AnyItem, Field(discriminator="kind")]
ITEM: TypeAdapter[AnyItem] = TypeAdapter(Item)


def content_sha256(item: AnyItem) -> str:
    """The version of an item: equal content gives an equal hash, whatever the field order was.

    A field at its default counts as not there, so a field added later changes no hash.
    """
    return hashlib.sha256(item.model_dump_json(exclude_defaults=True).encode()).hexdigest()


def entries_sha256(entries: tuple[TimeEntry, ...]) -> str:
    """What an approval signs: the hash of the entries in id order; an edit after it voids it."""
    return _rows_sha256(entries)


def expenses_sha256(expenses: tuple[Expense, ...]) -> str:
    """The same for the expenses of a report."""
    return _rows_sha256(expenses)


def _rows_sha256(rows: Sequence[TimeEntry | Expense]) -> str:
    digest = hashlib.sha256()
    for row in sorted(rows, key=lambda one: one.id):
        digest.update(row.model_dump_json(exclude_defaults=True).encode())
    return digest.hexdigest()


def row_ids(item: AnyItem) -> list[str]:
    """Name what stands on an invoice of an item; a milestone stands there itself."""
    if isinstance(item, Timesheet):
        return [entry.id for entry in item.entries]
    if isinstance(item, ExpenseReport):
        return [expense.id for expense in item.expenses]
    return [item.item_id]


def narrative_of(item: AnyItem) -> str:
    """Give what people wrote of an item's rows, one row a line; a milestone says nothing."""
    if isinstance(item, Timesheet):
        return "\n".join(entry.narrative for entry in item.entries)
    if isinstance(item, ExpenseReport):
        return "\n".join(expense.merchant for expense in item.expenses)
    return ""
