"""Items as columns: one item and a million items take the same arrays and the same code."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.schemas.items import ApprovalEvent, Milestone, Timesheet, entries_sha256
from models.words import runs

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Strings = NDArray[np.object_]

EPOCH = date(1970, 1, 1)
UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN = -1
NO_DAY = np.iinfo(np.int64).max


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC."""
    delta = moment - UTC_EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


@dataclass(slots=True)
class Codebook:
    """Names as dense integers, in the order they were first met."""

    _codes: dict[str, int] = field(default_factory=dict)

    def code(self, name: str) -> int:
        """Give the number of `name`, making one if it is new."""
        return self._codes.setdefault(name, len(self._codes))

    def find(self, name: str) -> int:
        """Give the number of `name`, or UNKNOWN."""
        return self._codes.get(name, UNKNOWN)

    def __len__(self) -> int:
        return len(self._codes)

    def names(self) -> list[str]:
        """All names, so that `names()[code]` is the name."""
        return list(self._codes)


@dataclass(slots=True)
class Codes:
    """The codebooks shared by items, terms and history of one assessor."""

    person: Codebook = field(default_factory=Codebook)
    contract: Codebook = field(default_factory=Codebook)
    line: Codebook = field(default_factory=Codebook)
    project: Codebook = field(default_factory=Codebook)
    task: Codebook = field(default_factory=Codebook)
    category: Codebook = field(default_factory=Codebook)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryColumns:
    """One row per time entry. `item` indexes the items of the batch (UNKNOWN in history).

    Codes are of the shared `Codes`; a line code names contract and line together, a task code
    project and task. Days are day numbers, times are microseconds, money is minor units.
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

    def __len__(self) -> int:
        return len(self.item)

    def take(self, rows: NDArray[Any]) -> EntryColumns:
        """Give the rows named by an index or mask, in that order."""
        return EntryColumns(**{name: getattr(self, name)[rows] for name in ENTRY_FIELDS})


ENTRY_FIELDS = tuple(EntryColumns.__dataclass_fields__)
TEXT_FIELDS = frozenset({"entry_id", "narrative"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Items to assess together: the objects, and their entries as columns in item order."""

    items: tuple[Timesheet | Milestone, ...]
    person: Ints
    """The worker of a timesheet, the owner of a milestone."""
    contract: Ints
    line: Ints
    project: Ints
    submitted_us: Ints
    amount_minor: Ints
    is_milestone: Flags
    entries: EntryColumns
    first_entry: Ints
    """Item i owns entries first_entry[i] to first_entry[i + 1]; one longer than the items."""

    def __len__(self) -> int:
        return len(self.items)


def to_batch(items: Sequence[Timesheet | Milestone], *, codes: Codes) -> Batch:
    """Lay items out as columns; order is kept, so is the order of entries inside an item."""
    rows: list[tuple[Any, ...]] = []
    heads: list[tuple[int, int, int, int, int, int, bool]] = []
    first = [0]
    for index, item in enumerate(items):
        contract = codes.contract.code(item.contract_id)
        line = codes.line.code(line_name(item.contract_id, item.line_id))
        if isinstance(item, Timesheet):
            person = codes.person.code(item.person_id)
            rows.extend(_entry_rows(item, index, person, contract, line, codes))
            project = codes.project.code(item.entries[0].project_id)
            heads.append((person, contract, line, project, microseconds(item.submitted_at),
                          sum(row[_AMOUNT] for row in rows[first[-1] :]), False))  # fmt: skip
        else:
            person = codes.person.code(item.owner_id)
            project = codes.project.code(item.project_id)
            heads.append((person, contract, line, project, microseconds(item.submitted_at),
                          item.amount_minor, True))  # fmt: skip
        first.append(len(rows))
    table = np.array(heads, dtype=np.int64).reshape(len(items), 7)
    return Batch(
        items=tuple(items),
        person=table[:, 0],
        contract=table[:, 1],
        line=table[:, 2],
        project=table[:, 3],
        submitted_us=table[:, 4],
        amount_minor=table[:, 5],
        is_milestone=table[:, 6].astype(np.bool_),
        entries=entry_columns(rows),
        first_entry=np.array(first, dtype=np.int64),
    )


def line_name(contract_id: str, line_id: str) -> str:
    """A line's name across contracts."""
    return f"{contract_id}\x1f{line_id}"


def task_name(project_id: str, task_id: str) -> str:
    """A task's name across projects."""
    return f"{project_id}\x1f{task_id}"


def entry_columns(rows: Sequence[tuple[Any, ...]]) -> EntryColumns:
    """Turn row tuples in the order of ENTRY_FIELDS into columns."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(ENTRY_FIELDS)
    return EntryColumns(
        **{
            name: np.array(column, dtype=object if name in TEXT_FIELDS else np.int64)
            for name, column in zip(ENTRY_FIELDS, columns, strict=True)
        }
    )


_AMOUNT = ENTRY_FIELDS.index("amount_minor")


def _entry_rows(
    sheet: Timesheet, item: int, person: int, contract: int, line: int, codes: Codes
) -> list[tuple[Any, ...]]:
    submitted = microseconds(sheet.submitted_at)
    return [
        (
            entry.id,
            item,
            person,
            contract,
            line,
            codes.project.code(entry.project_id),
            codes.task.code(task_name(entry.project_id, entry.task_id)),
            codes.category.code(entry.labor_category),
            day_number(entry.work_date),
            submitted,
            microseconds(entry.recorded_at),
            entry.minutes_worked,
            entry.minutes_billable,
            entry.hourly_rate_minor,
            entry.amount_minor,
            entry.narrative,
            narrative_key(entry.narrative),
        )
        for entry in sheet.entries
    ]


def narrative_key(narrative: str) -> int:
    """Hash a narrative by its words alone, so that case and punctuation do not tell two apart."""
    digest = hashlib.blake2b(" ".join(runs(narrative)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def is_signature_current(event: ApprovalEvent, sheet: Timesheet) -> bool:
    """Say whether the entries are still those that were signed (no hash: nothing to compare)."""
    return event.entries_sha256 is None or event.entries_sha256 == entries_sha256(sheet.entries)
