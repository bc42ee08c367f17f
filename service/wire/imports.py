"""Shapes of imports: how far one has come, what it took, and the rows it gave back."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from data.schemas.values import Record, UtcTime


class ImportPhase(StrEnum):
    """How far an import has come."""

    WAITING = "waiting"
    READING = "reading"
    TAKING = "taking"
    """What was read is being assessed, or taken into use."""
    DONE = "done"
    FAILED = "failed"
    """Nothing more will happen; `error` says why, and what to do."""


class ImportReport(Record):
    """An import so far: rows_received = rows_accepted + rows_rejected, once they are read."""

    id: str
    file: str
    kind: str
    received_at: UtcTime | None = None
    """None on imports of before this was kept."""
    phase: ImportPhase = ImportPhase.WAITING
    rows_received: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    items: int = 0
    """Timesheets, milestones or expense reports that the rows make."""
    assessed: int = 0
    unchanged: int = 0
    items_rejected: int = 0
    auto_cleared: int = 0
    cases: int = 0
    records: int = 0
    """Reference records in the file, or implied by it."""
    records_changed: int = 0
    batch_size: int = 0
    batches: int = 0
    batches_done: int = 0
    """Batches that are taken for good; a repeat after a crash continues behind them."""
    notes: tuple[str, ...] = ()
    error: str | None = None


class ToldProblem(Record):
    """What is wrong with one cell, why, and what to do."""

    field: str
    value: str
    reason: str
    remedy: str


class GivenBackRow(Record):
    """A row that was not taken, as it stood in the file; an item made of rows has no row."""

    row: int | None
    external_id: str | None
    cells: dict[str, str]
    problems: tuple[ToldProblem, ...]


class ImportPage(Record):
    """Imports, newest first."""

    imports: tuple[ImportReport, ...]
    next_cursor: str | None = None


class MappingRequest(Record):
    """A mapping in YAML, to be read before a file is sent with it."""

    mapping: Annotated[str, Field(max_length=1_000_000)]


class MappingCheck(Record):
    """What a mapping without mistakes says."""

    kind: str
    columns: tuple[str, ...]
    """Columns that the file must have."""
