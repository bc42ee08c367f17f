"""Items as columns: one item and a million items take the same arrays and the same code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.schemas.items import AnyItem, ExpenseReport, Milestone, Timesheet
from data.schemas.vocabulary import ItemKind
from models.approvals import ApprovalColumns, approval_columns
from models.codes import UNKNOWN, Codebook, Codes, line_name, task_name
from models.narrative_keys import narrative_key_and_words
from models.words import runs

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Strings = NDArray[np.object_]

EPOCH = date(1970, 1, 1)
UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_DAY = np.iinfo(np.int64).max


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC."""
    delta = moment - UTC_EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryColumns:
    """One row per time entry. `item` indexes the items of the batch (UNKNOWN in history).

    Codes are of the shared `Codes`; a line code names contract and line together, a task code
    project and task, a change order's code contract and order. Days are day numbers, times are
    microseconds, money is minor units. What an entry does not say is UNKNOWN.
    """

    entry_id: Strings
    item: Ints
    person: Ints
    contract: Ints
    line: Ints
    project: Ints
    task: Ints
    category: Ints
    work_day: Ints
    submitted_us: Ints
    recorded_us: Ints
    minutes_worked: Ints
    minutes_billable: Ints
    rate_minor: Ints
    amount_minor: Ints
    narrative: Strings
    narrative_key: Ints
    """Hash of the normalised narrative: equal text after case, space and punctuation."""
    narrative_words: Ints
    """How many words and numbers the narrative has."""
    start_us: Ints
    end_us: Ints
    activity: Ints
    location: Ints
    change_order: Ints
    is_adjusted: Ints
    """1 where somebody gave a reason for billing other minutes, else 0."""

    def __len__(self) -> int:
        return len(self.item)

    @property
    def row_id(self) -> Strings:
        """The name of each row."""
        return self.entry_id

    @property
    def day(self) -> Ints:
        """The day each row belongs to."""
        return self.work_day

    def take(self, rows: NDArray[Any]) -> EntryColumns:
        """Give the rows named by an index or mask, in that order."""
        return EntryColumns(**{name: getattr(self, name)[rows] for name in ENTRY_FIELDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpenseColumns:
    """One row per expense, in the same units as time entries."""

    expense_id: Strings
    item: Ints
    person: Ints
    contract: Ints
    line: Ints
    project: Ints
    category: Ints
    merchant: Ints
    """The merchant by its words alone: case and punctuation do not tell two apart."""
    incurred_day: Ints
    submitted_us: Ints
    recorded_us: Ints
    amount_minor: Ints
    """What the receipt says, in `currency`."""
    currency: Ints
    cost_minor: Ints
    billable_minor: Ints
    has_receipt: Ints
    trip: Ints
    preapproval: Ints
    change_order: Ints

    def __len__(self) -> int:
        return len(self.item)

    @property
    def row_id(self) -> Strings:
        """The name of each row."""
        return self.expense_id

    @property
    def day(self) -> Ints:
        """The day each row belongs to."""
        return self.incurred_day

    def take(self, rows: NDArray[Any]) -> ExpenseColumns:
        """Give the rows named by an index or mask, in that order."""
        return ExpenseColumns(**{name: getattr(self, name)[rows] for name in EXPENSE_FIELDS})


ENTRY_FIELDS = tuple(EntryColumns.__dataclass_fields__)
EXPENSE_FIELDS = tuple(ExpenseColumns.__dataclass_fields__)
TEXT_FIELDS = frozenset({"entry_id", "narrative", "expense_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Items to assess together, and their rows as columns in item order.

    `items` are the objects; where a batch was read from a table each is made when it is asked for,
    so rules look at columns and leave the objects alone.
    """

    items: Sequence[AnyItem]
    item_id: Strings
    person: Ints
    """Who worked or spent; the owner of a milestone."""
    person_id: Strings
    contract: Ints
    line: Ints
    project: Ints
    submitted_us: Ints
    amount_minor: Ints
    currency: Strings
    zone: Ints
    """The time zone of each item, as a place in `zones`."""
    zones: tuple[str, ...]
    period_start: Ints
    """First day of the period of a sheet or a report; UNKNOWN for a milestone."""
    period_end: Ints
    is_milestone: Flags
    entries: EntryColumns
    first_entry: Ints
    """Item i owns entries first_entry[i] to first_entry[i + 1]; one longer than the items."""
    expenses: ExpenseColumns
    first_expense: Ints
    """The same for its expenses."""
    approvals: ApprovalColumns

    def __len__(self) -> int:
        return len(self.person)


def to_batch(items: Sequence[AnyItem], *, codes: Codes) -> Batch:
    """Lay items out as columns; order is kept, so is the order of rows inside an item."""
    entries: list[tuple[Any, ...]] = []
    expenses: list[tuple[Any, ...]] = []
    heads: list[tuple[int, ...]] = []
    first_entry, first_expense = [0], [0]
    for index, item in enumerate(items):
        place = _Place.of(item, index, codes=codes)
        if isinstance(item, Timesheet):
            entries.extend(_entry_rows(item, place, codes=codes))
            amount = sum(row[_AMOUNT] for row in entries[first_entry[-1] :])
        else:
            amount = item.amount_minor
        if isinstance(item, ExpenseReport):
            expenses.extend(_expense_rows(item, place, codes=codes))
        project = codes.project.code(project_of(item))
        heads.append((place.person, place.contract, place.line, project, place.submitted_us,
                      amount, item.kind is ItemKind.MILESTONE, *_period(item)))  # fmt: skip
        first_entry.append(len(entries))
        first_expense.append(len(expenses))
    table = np.array(heads, dtype=np.int64).reshape(len(items), _HEADS)
    zones = tuple(dict.fromkeys(item.zone for item in items))
    return Batch(
        items=tuple(items),
        item_id=np.array([item.item_id for item in items], dtype=object),
        person=table[:, 0],
        person_id=np.array([person_of(item) for item in items], dtype=object),
        contract=table[:, 1],
        line=table[:, 2],
        project=table[:, 3],
        submitted_us=table[:, 4],
        amount_minor=table[:, 5],
        currency=np.array([item.currency for item in items], dtype=object),
        zone=np.array([zones.index(item.zone) for item in items], dtype=np.int64),
        zones=zones,
        period_start=table[:, 7],
        period_end=table[:, 8],
        is_milestone=table[:, 6].astype(np.bool_),
        entries=entry_columns(entries),
        first_entry=np.array(first_entry, dtype=np.int64),
        expenses=expense_columns(expenses),
        first_expense=np.array(first_expense, dtype=np.int64),
        approvals=approval_columns(items, person_code=codes.person.code),
    )


def person_of(item: AnyItem) -> str:
    """Give who worked, spent or owns."""
    return item.owner_id if isinstance(item, Milestone) else item.person_id


def project_of(item: AnyItem) -> str:
    """Give the project of an item, that of its first row where it has rows."""
    if isinstance(item, Timesheet):
        return item.entries[0].project_id
    if isinstance(item, ExpenseReport):
        return item.expenses[0].project_id
    return item.project_id


def entry_columns(rows: Sequence[tuple[Any, ...]]) -> EntryColumns:
    """Turn row tuples in the order of ENTRY_FIELDS into columns."""
    return EntryColumns(**_columns(rows, fields=ENTRY_FIELDS))


def expense_columns(rows: Sequence[tuple[Any, ...]]) -> ExpenseColumns:
    """Turn row tuples in the order of EXPENSE_FIELDS into columns."""
    return ExpenseColumns(**_columns(rows, fields=EXPENSE_FIELDS))


def _columns(rows: Sequence[tuple[Any, ...]], *, fields: Sequence[str]) -> dict[str, Any]:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(fields)
    return {
        name: np.array(column, dtype=object if name in TEXT_FIELDS else np.int64)
        for name, column in zip(fields, columns, strict=True)
    }


_AMOUNT = ENTRY_FIELDS.index("amount_minor")
_HEADS = 9
"""Numbers that say where an item belongs."""


def _period(item: AnyItem) -> tuple[int, int]:
    if isinstance(item, Milestone):
        return UNKNOWN, UNKNOWN
    return day_number(item.period_start), day_number(item.period_end)


@dataclass(frozen=True, slots=True)
class _Place:
    """What all rows of one item share."""

    item: int
    person: int
    contract: int
    line: int
    contract_id: str
    submitted_us: int

    @classmethod
    def of(cls, item: AnyItem, index: int, *, codes: Codes) -> _Place:
        return cls(
            index,
            codes.person.code(person_of(item)),
            codes.contract.code(item.contract_id),
            codes.line.code(line_name(item.contract_id, item.line_id)),
            item.contract_id,
            microseconds(item.submitted_at),
        )

    def change_order(self, order_id: str | None, *, codes: Codes) -> int:
        if order_id is None:
            return UNKNOWN
        return codes.change_order.code(line_name(self.contract_id, order_id))


def _entry_rows(sheet: Timesheet, place: _Place, *, codes: Codes) -> Iterator[tuple[Any, ...]]:
    for entry in sheet.entries:
        yield (
            entry.id,
            place.item,
            place.person,
            place.contract,
            place.line,
            codes.project.code(entry.project_id),
            codes.task.code(task_name(entry.project_id, entry.task_id)),
            codes.category.code(entry.labor_category),
            day_number(entry.work_date),
            place.submitted_us,
            microseconds(entry.recorded_at),
            entry.minutes_worked,
            entry.minutes_billable,
            entry.hourly_rate_minor,
            entry.amount_minor,
            entry.narrative,
            *narrative_key_and_words(entry.narrative),
            _microseconds(entry.started_at),
            _microseconds(entry.ended_at),
            _code(codes.activity, entry.activity),
            _code(codes.location, entry.location),
            place.change_order(entry.change_order_id, codes=codes),
            int(bool(entry.adjustment_reason)),
        )


def _expense_rows(
    report: ExpenseReport, place: _Place, *, codes: Codes
) -> Iterator[tuple[Any, ...]]:
    for expense in report.expenses:
        yield (
            expense.id,
            place.item,
            place.person,
            place.contract,
            place.line,
            codes.project.code(expense.project_id),
            codes.expense_category.code(expense.category),
            codes.merchant.code(" ".join(runs(expense.merchant))),
            day_number(expense.incurred_on),
            place.submitted_us,
            microseconds(expense.recorded_at),
            expense.amount_minor,
            codes.currency.code(expense.currency),
            expense.cost_minor,
            expense.billable_minor,
            int(expense.receipt_sha256 is not None),
            _code(codes.trip, expense.trip_id),
            _code(codes.preapproval, expense.preapproval_id),
            place.change_order(expense.change_order_id, codes=codes),
        )


def _code(codebook: Codebook, name: str | None) -> int:
    return UNKNOWN if name is None else codebook.code(name)


def _microseconds(moment: datetime | None) -> int:
    return UNKNOWN if moment is None else microseconds(moment)
