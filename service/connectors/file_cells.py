"""One row of a file as the raw fields of a record, each cell read as its field asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from data.schemas.values import ISO_4217_DIGITS
from service.connectors import file_values as values
from service.connectors.file_record_mapping import RecordMapping
from service.connectors.file_record_shape import Leaf, is_word, leaves_of
from service.connectors.file_rows import FileRow
from service.connectors.file_rule import Rule, Unit

Raw = dict[str, Any]
"""A record, or a part of one, as JSON would hold it."""


def raw_of(row: FileRow, *, mapping: RecordMapping) -> tuple[Raw, dict[str, Raw]]:
    """Give a row's own fields, and for each list of parts the part it brings.

    A part whose columns are all empty is none. Raises CellError for the first cell that does not
    fit.
    """
    own: Raw = {}
    parts: dict[str, Raw] = {}
    known = leaves_of(mapping.model)
    absent = _absent_parts(row, mapping=mapping)
    for name, rule in mapping.fields.items():
        leaf = known[name]
        is_left_out = values.is_empty(row, rule=rule) and not leaf.is_required
        if leaf.root in absent or is_left_out:
            continue
        value = _value(row, rule=rule, leaf=leaf, mapping=mapping)
        if leaf.root:
            _put(parts.setdefault(leaf.root, {}), name.removeprefix(f"{leaf.root}."), value)
        else:
            _put(own, name, value)
    return own, parts


def _absent_parts(row: FileRow, *, mapping: RecordMapping) -> set[str]:
    known = leaves_of(mapping.model)
    filled: dict[str, bool] = {}
    for name, rule in mapping.fields.items():
        root = known[name].root
        if root and rule.constant is None:
            filled[root] = filled.get(root, False) or not values.is_empty(row, rule=rule)
    return {root for root, is_filled in filled.items() if not is_filled}


def _put(raw: Raw, path: str, value: object) -> None:
    *around, name = path.split(".")
    for step in around:
        raw = raw.setdefault(step, {})
    raw[name] = value


def _value(row: FileRow, *, rule: Rule, leaf: Leaf, mapping: RecordMapping) -> object:
    if not leaf.is_several:
        return _one(row, rule=rule, leaf=leaf, mapping=mapping)
    told = values.text(row, rule=rule, field=leaf.path)
    pieces = [piece.strip() for piece in told.split(rule.split)] if rule.split else [told]
    column = rule.column or leaf.path
    bare = Rule(column=column, unit=rule.unit, formats=rule.formats, replace=rule.replace)
    return [
        _one(
            FileRow(number=row.number, cells={column: piece}), rule=bare, leaf=leaf, mapping=mapping
        )
        for piece in pieces
        if piece
    ]


def _one(row: FileRow, *, rule: Rule, leaf: Leaf, mapping: RecordMapping) -> object:
    field, mark = leaf.path, mapping.decimal_mark
    if is_word(leaf):
        return values.text(row, rule=rule, field=field)
    if leaf.scalar is bool:
        return values.yes_or_no(row, rule=rule, field=field)
    if leaf.scalar is datetime:
        return values.instant(row, rule=rule, field=field, zone=mapping.zone).isoformat()
    if leaf.scalar is date:
        return values.day(row, rule=rule, field=field).isoformat()
    if leaf.scalar is float:
        return values.share(row, rule=rule, field=field, decimal_mark=mark)
    return _count(row, rule=rule, leaf=leaf, mapping=mapping)


def _count(row: FileRow, *, rule: Rule, leaf: Leaf, mapping: RecordMapping) -> int:
    field, mark = leaf.path, mapping.decimal_mark
    if rule.unit in {Unit.MAJOR, Unit.MINOR}:
        return values.money_minor(
            row, rule=rule, field=field, decimal_mark=mark, currency=_currency(row, mapping=mapping)
        )
    if rule.unit in {Unit.SECONDS, Unit.MINUTES, Unit.HOURS}:
        return values.minutes(row, rule=rule, field=field, decimal_mark=mark)
    return values.whole(row, rule=rule, field=field, decimal_mark=mark)


def _currency(row: FileRow, *, mapping: RecordMapping) -> str:
    rule = mapping.fields.get("currency")
    told = values.text(row, rule=rule, field="currency") if rule else mapping.currency or ""
    if told not in ISO_4217_DIGITS:
        reason = "is no ISO 4217 currency code; write three capitals such as EUR"
        raise values.CellError(field="currency", value=told, reason=reason)
    return told
