"""Gathers rows into records: those of one id are parts of one record, and must not disagree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError

from data.schemas.batch import Rejection
from data.schemas.values import Record
from service.connectors import file_values as values
from service.connectors.file_cells import Raw, raw_of
from service.connectors.file_expenses import completed_expenses
from service.connectors.file_layout import OF_ITEMS, FileKind
from service.connectors.file_problems import refused
from service.connectors.file_rate_cards import Objection
from service.connectors.file_record_mapping import RecordMapping, id_field
from service.connectors.file_rows import FileRow, GivenBack, rejected


@dataclass(slots=True)
class _Gathered:
    """One record as far as its rows have come."""

    own: Raw
    parts: dict[str, list[Raw]]
    rows: list[FileRow]


@dataclass(slots=True, kw_only=True)
class Records:
    """The records so far, in the order in which their first rows stood in the file."""

    mapping: RecordMapping
    objection: Objection
    _found: dict[str, _Gathered] = field(default_factory=dict)
    _sound: dict[str, tuple[Record, Raw]] = field(default_factory=dict)

    def take(self, row: FileRow) -> Rejection | None:
        """Keep a row, or give it back."""
        row_id = None
        try:
            row_id = self._row_id(row)
            values.refuse_unwanted(row, where=self.mapping.where)
            own, parts = raw_of(row, mapping=self.mapping)
            self.objection(self._record(own | {root: [part] for root, part in parts.items()}))
            self._keep(row_id or str(row.number), row=row, own=own, parts=parts)
        except values.CellError as error:
            return rejected(
                row.number, field=error.field, value=error.value, reason=error.reason, row_id=row_id
            )
        except ValidationError as error:
            return refused(row, error=error, rules=self.mapping.fields, row_id=row_id)
        return None

    def end(self) -> Iterator[GivenBack]:
        """Give back every row of a record whose parts make no whole."""
        for name, found in self._found.items():
            raw = {**found.own, **found.parts}
            try:
                self._sound[name] = (self._record(raw), raw)
            except ValidationError as error:
                rules = self.mapping.fields
                for row in found.rows:
                    rejection = refused(row, error=error, rules=rules, row_id=name)
                    yield GivenBack(rejection=rejection, cells=row.cells)

    def result(self) -> tuple[tuple[Raw, ...], tuple[Record, ...]]:
        """Give items as the API takes them, or records; to be asked for after the end."""
        records = [record for record, _ in self._sound.values()]
        if self.mapping.kind in OF_ITEMS:
            return tuple(json.loads(one.model_dump_json()) for one in records), ()
        return (), tuple(records)

    def _row_id(self, row: FileRow) -> str | None:
        name = id_field(self.mapping.kind)
        return values.text(row, rule=self.mapping.fields[name], field=name) if name else None

    def _keep(self, name: str, *, row: FileRow, own: Raw, parts: dict[str, Raw]) -> None:
        known = self._found.get(name)
        if known is None:
            self._found[name] = _Gathered(
                own, {root: [part] for root, part in parts.items()}, [row]
            )
            return
        _refuse_disagreement(known, own=own, mapping=self.mapping)
        fresh = {
            root: part for root, part in parts.items() if part not in known.parts.get(root, ())
        }
        if not fresh:
            column = self.mapping.fields[id_field(self.mapping.kind) or "id"].column
            reason = f"stands in row {known.rows[0].number} already; the first row was taken"
            raise values.CellError(field=column or "id", value=name, reason=reason)
        for root, part in fresh.items():
            known.parts.setdefault(root, []).append(part)
        known.rows.append(row)

    def _record(self, raw: Raw) -> Record:
        model, mapping = self.mapping.model, self.mapping
        given = {"source": mapping.source, "currency": mapping.currency, "zone": mapping.zone}
        named = {name: one for name, one in given.items() if one and name in model.model_fields}
        whole = _nested(named | raw)
        if mapping.kind is FileKind.EXPENSE_REPORTS:
            whole = completed_expenses(whole)
        return model.model_validate_json(json.dumps(whole))


def _nested(raw: Raw) -> Raw:
    """Put lists of parts below another field, such as practice.tax_codes, where they belong."""
    whole = {name: value for name, value in raw.items() if "." not in name}
    for name, value in raw.items():
        if "." in name:
            around, inner = name.split(".", 1)
            whole[around] = {**whole.get(around, {}), inner: value}
    return whole


def _refuse_disagreement(known: _Gathered, *, own: Raw, mapping: RecordMapping) -> None:
    for name in sorted(own.keys() | known.own.keys()):
        if own.get(name) != known.own.get(name):
            reason = (
                f"differs from row {known.rows[0].number}, which says {known.own.get(name)!r} of "
                "the same record; correct one"
            )
            rule = mapping.fields.get(name)
            column = rule.column if rule and rule.column else name
            raise values.CellError(field=column, value=str(own.get(name)), reason=reason)
