"""Reads a file of work into timesheets by a mapping; every row is taken or given back."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from data.schemas.batch import Rejection
from data.schemas.values import Record
from service.connectors.file_layout import FileFormat
from service.connectors.file_mapping import AnyMapping, Mapping
from service.connectors.file_problems import refused
from service.connectors.file_rate_cards import Objection
from service.connectors.file_reader import read_rows
from service.connectors.file_records import Records
from service.connectors.file_reference import reference_of
from service.connectors.file_rows import (
    FileNote,
    FileRow,
    GivenBack,
    ReadRow,
    UnreadableFileError,
    rejected,
)
from service.connectors.file_timesheets import RawItem, Soundness, Timesheets
from service.connectors.file_values import CellError, refuse_unwanted, text
from service.connectors.file_work import Work, spread_over_days, work_of
from service.connectors.reference import Reference

TABLES = frozenset({FileFormat.CSV, FileFormat.XLSX, FileFormat.PARQUET})
"""Formats in which every row has the same columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a file while it is read."""

    given_back: Callable[[GivenBack], None] = lambda _: None
    note: Callable[[str], None] = lambda _: None
    progress: Callable[[int], None] = lambda _: None
    """Told the rows read so far, at every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file held: received = accepted + rejected, counted in rows."""

    received: int
    rejected: int
    items: Sequence[RawItem] = ()
    """Items as the API takes them, each made when it is asked for; a row may be part of one, or of
    several."""
    reference: Reference = field(default_factory=Reference)
    """What the items imply, where the file says no more of it."""
    records: tuple[Record, ...] = ()
    """Reference records, where the file holds those."""
    rejections: tuple[Rejection, ...] = ()
    """The rows given back, where they were asked to be kept."""

    @property
    def accepted(self) -> int:
        """Rows that stand in the items or in the records."""
        return self.received - self.rejected


def read_file(path: Path, *, mapping: AnyMapping, now: datetime) -> Imported:
    """Read a file in this process, keeping its rejections; for files that are trusted.

    Raises UnreadableFileError where it cannot be read at all.
    """
    kept: list[Rejection] = []
    told = Told(given_back=lambda one: kept.append(one.rejection))
    rows = read_rows(path, layout=mapping, wanted=mapping.columns)
    found = take_rows(rows, path=path, mapping=mapping, now=now, told=told)
    return Imported(
        received=found.received,
        rejected=found.rejected,
        items=tuple(found.items),
        reference=found.reference,
        records=found.records,
        rejections=tuple(sorted(kept, key=lambda one: one.row)),
    )


def take_rows(
    rows: Iterable[ReadRow],
    *,
    path: Path,
    mapping: AnyMapping,
    now: datetime,
    told: Told,
    objection: Objection | None = None,
) -> Imported:
    """Turn rows into what they mean; each is taken, or told as given back.

    `objection` refuses records that do not fit what is known already.
    """
    received = given_back = 0
    taker: _Worked | Records
    if isinstance(mapping, Mapping):
        taker = _Worked(mapping)
    else:
        taker = Records(mapping=mapping, objection=objection or _no_objection)
    for row in _checked_columns(rows, path=path, mapping=mapping):
        if isinstance(row, FileNote):
            told.note(row.text)
            continue
        received += 1
        told.progress(received)
        rejection = None if isinstance(row, GivenBack) else taker.take(row)
        if isinstance(row, GivenBack):
            told.given_back(row)
        elif rejection:
            told.given_back(GivenBack(rejection=rejection, cells=row.cells))
        given_back += isinstance(row, GivenBack) or rejection is not None
    for given in taker.end():
        given_back += 1
        told.given_back(given)
    if isinstance(taker, Records):
        items, records = taker.result()
        return Imported(received=received, rejected=given_back, items=items, records=records)
    return Imported(
        received=received,
        rejected=given_back,
        items=taker.sheets.items(),
        reference=reference_of(taker.sheets.all_work(), terms=taker.mapping.terms, now=now),
    )


def _no_objection(_record: Record) -> None:
    """Take every record."""


class _Worked:
    """Rows of work on their way into timesheets."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.sheets = Timesheets(mapping=mapping)
        self._soundness = Soundness(mapping=mapping)
        self._repeats: Counter[str] = Counter()
        self._rules = {name: rule for name, rule in dict(mapping.fields).items() if rule}

    def take(self, row: FileRow) -> Rejection | None:
        """Keep a row, or give it back."""
        row_id = None
        try:
            row_id = text(row, rule=self.mapping.fields.row_id, field="row_id")
            refuse_unwanted(row, where=self.mapping.where)
            for one in (pieces := self._pieces(row, row_id=row_id)):
                self._soundness.refuse_unsound(one)
            self.sheets.add(pieces)
        except CellError as error:
            return rejected(
                row.number, field=error.field, value=error.value, reason=error.reason, row_id=row_id
            )
        except ValidationError as error:
            return refused(row, error=error, rules=self._rules, row_id=row_id)
        return None

    def end(self) -> Iterator[GivenBack]:
        """Give nothing back: what is kept is sound already."""
        return iter(())

    def _pieces(self, row: FileRow, *, row_id: str) -> list[Work]:
        ordinal = ""
        if self.mapping.number_repeated_ids:
            self._repeats[row_id] += 1
            count = self._repeats[row_id]
            ordinal = f"-{count}" if count > 1 else ""
        work = work_of(row, mapping=self.mapping, row_id=f"{row_id}{ordinal}")
        spread = self.mapping.spread
        return list(spread_over_days(work, spread=spread)) if spread else [work]


def _checked_columns(
    rows: Iterable[ReadRow], *, path: Path, mapping: AnyMapping
) -> Iterator[ReadRow]:
    """Stop at the first row of a table that lacks mapped columns: every other row lacks them."""
    is_first = mapping.format in TABLES
    for row in rows:
        if is_first and isinstance(row, FileRow):
            missing = sorted(mapping.columns - set(row.cells))
            if missing:
                raise UnreadableFileError(path, _told_missing(missing, row=row))
            is_first = False
        yield row


def _told_missing(missing: list[str], *, row: FileRow) -> str:
    told = f"has no column {', '.join(missing)}, which the mapping names; it has "
    told += ", ".join(row.cells)
    near = {name: difflib.get_close_matches(name, row.cells, n=1, cutoff=0.5) for name in missing}
    meant = [f"replace {name!r} by {found[0]!r}" for name, found in near.items() if found]
    others = [repr(name) for name, found in near.items() if not found]
    if others:
        meant.append(f"name a column of the file instead of {', '.join(others)}")
    return f"{told}. In the mapping, {' and '.join(meant)}"
