"""Sheets of a table as objects, each made when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, overload

import pyarrow as pa

from data.schemas.items import AnyItem, ApprovalEvent, TimeEntry, Timesheet
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict
from models.columns import Ints

SIGNATURES = {ApprovalStep.MANAGER: "approved", ApprovalStep.CLIENT: "client_approved"}
"""What the columns of each signature are called: `_by`, `_at` and `_sha256` follow."""
ENTRY_TEXTS = ("narrative", "adjustment_reason")
ENTRY_COLUMNS = {name: name for name in TimeEntry.model_fields} | {"id": "entry_id"}
ENTRY_MOMENTS = ("recorded_at", "started_at", "ended_at")


class TableItems(Sequence[AnyItem]):
    """The sheets of a table whose rows stand sheet by sheet."""

    def __init__(self, table: pa.Table, *, first_entry: Ints) -> None:
        self._table = table
        self._first_entry = first_entry

    def __len__(self) -> int:
        return len(self._first_entry) - 1

    @overload
    def __getitem__(self, place: int) -> AnyItem: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[AnyItem]: ...
    def __getitem__(self, place: int | slice) -> AnyItem | Sequence[AnyItem]:
        if isinstance(place, slice):
            return [self._sheet(one) for one in range(*place.indices(len(self)))]
        return self._sheet(range(len(self))[place])

    def __iter__(self) -> Iterator[AnyItem]:
        return (self._sheet(place) for place in range(len(self)))

    def _sheet(self, place: int) -> Timesheet:
        start, stop = int(self._first_entry[place]), int(self._first_entry[place + 1])
        rows = self._table.slice(start, stop - start).to_pylist()
        head = rows[0]
        return Timesheet(
            source=head["source"],
            external_id=head["sheet_id"],
            person_id=head["person_id"],
            contract_id=head["contract_id"],
            line_id=head["line_id"],
            currency=head["currency"],
            zone=head["zone"],
            period_start=head["period_start"],
            period_end=head["period_end"],
            submitted_at=head["submitted_at"].replace(tzinfo=UTC),
            entries=tuple(_entry(row) for row in rows),
            approvals=tuple(_signatures(head)),
        )


def _entry(row: dict[str, Any]) -> TimeEntry:
    given: dict[str, Any] = {name: row.get(column) for name, column in ENTRY_COLUMNS.items()}
    given |= {name: _utc(given[name]) for name in ENTRY_MOMENTS}
    given |= {name: given[name] or "" for name in ENTRY_TEXTS}
    return TimeEntry(**given)


def _signatures(head: dict[str, Any]) -> Iterator[ApprovalEvent]:
    for step, name in SIGNATURES.items():
        if head.get(f"{name}_by") is None:
            continue
        is_manager = step is ApprovalStep.MANAGER
        yield ApprovalEvent(
            step=step,
            verdict=ApprovalVerdict.APPROVE,
            actor_id=head[f"{name}_by"],
            at=head[f"{name}_at"].replace(tzinfo=UTC),
            authority_limit_minor=head.get("authority_limit_minor") if is_manager else None,
            entries_sha256=head.get(f"{name}_sha256"),
        )


def _utc(moment: datetime | None) -> datetime | None:
    """A moment of a file without a zone is meant in UTC."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
