"""Reads a file of work into timesheets by a mapping; every row is taken or given back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from data.schemas.batch import Rejection, problems
from service.connectors.file_mapping import FileFormat, Mapping
from service.connectors.file_reference import reference_of
from service.connectors.file_rows import FileRow, UnreadableFileError, read_rows, rejected
from service.connectors.file_timesheets import RawItem, Timesheets, refuse_unsound
from service.connectors.file_values import CellError, text
from service.connectors.file_work import spread_over_days, work_of
from service.connectors.reference import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file held: received = accepted + the rejections, counted in rows."""

    received: int
    items: tuple[RawItem, ...]
    """Timesheets as the API takes them; a row may be part of one, or of several."""
    reference: Reference
    rejections: tuple[Rejection, ...]

    @property
    def accepted(self) -> int:
        """Rows that stand in the items."""
        return self.received - len(self.rejections)


def read_file(path: Path, *, mapping: Mapping, now: datetime) -> Imported:
    """Read a file of work. Raises UnreadableFileError where it cannot be read at all."""
    received, rejections, sheets = 0, [], Timesheets(mapping=mapping)
    for row in _checked_columns(read_rows(path, mapping=mapping), path=path, mapping=mapping):
        received += 1
        refused = row if isinstance(row, Rejection) else _taken(row, sheets=sheets)
        if refused:
            rejections.append(refused)
    return Imported(
        received=received,
        items=tuple(sheets.items()),
        reference=reference_of(sheets.all_work(), terms=mapping.terms, now=now),
        rejections=tuple(rejections),
    )


def _taken(row: FileRow, *, sheets: Timesheets) -> Rejection | None:
    mapping, row_id = sheets.mapping, None
    try:
        row_id = text(row, rule=mapping.fields.row_id, field="row_id")
        _refuse_unwanted(row, mapping=mapping)
        work = work_of(row, mapping=mapping)
        spread = mapping.spread
        pieces = list(spread_over_days(work, spread=spread)) if spread else [work]
        for one in pieces:
            refuse_unsound(one, mapping=mapping)
        sheets.add(pieces)
    except CellError as error:
        return rejected(
            row.number, field=error.field, value=error.value, reason=error.reason, row_id=row_id
        )
    except ValidationError as error:
        return Rejection(row=row.number, external_id=row_id, problems=problems(error))
    return None


def _refuse_unwanted(row: FileRow, *, mapping: Mapping) -> None:
    for condition in mapping.where:
        if not condition.holds(row.cells):
            found = row.cells.get(condition.column, "")
            reason = f"is left out by the mapping, which takes {', '.join(condition.is_one_of)}"
            raise CellError(field=condition.column, value=found, reason=reason)


def _checked_columns(
    rows: Iterator[FileRow | Rejection], *, path: Path, mapping: Mapping
) -> Iterator[FileRow | Rejection]:
    """Stop at the first row of a CSV that lacks mapped columns: every other row lacks them too."""
    is_first = mapping.format is FileFormat.CSV
    for row in rows:
        if is_first and isinstance(row, FileRow):
            missing = sorted(_columns(mapping) - set(row.cells))
            if missing:
                raise UnreadableFileError(
                    path,
                    f"has no column {', '.join(missing)}, which the mapping names; it has "
                    f"{', '.join(row.cells)}",
                )
            is_first = False
        yield row


def _columns(mapping: Mapping) -> set[str]:
    rules = [rule for rule in dict(mapping.fields).values() if rule]
    conditions = (*mapping.where, *mapping.billable_where)
    return {rule.column for rule in rules if rule.column} | {one.column for one in conditions}
