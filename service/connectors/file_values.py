"""Cells of a file as values: text, minutes, money, dates, each by its rule."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from data.schemas.values import EARLIEST, ISO_4217_DIGITS, LATEST
from service.connectors.file_mapping import Rule, Unit
from service.connectors.file_rows import FileRow

MINUTES_PER_HOUR = 60
_BRACES = re.compile(r"\{([^{}]+)\}")


class CellError(Exception):
    """A cell that does not hold what its rule asks for."""

    def __init__(self, *, field: str, value: str, reason: str) -> None:
        super().__init__(f"{field} {value!r} {reason}")
        self.field = field
        self.value = value
        self.reason = reason


def text(row: FileRow, *, rule: Rule, field: str) -> str:
    """Give the text of a field; an empty one without a default is an error."""
    found = _origin(row, rule=rule, field=field)
    found = rule.replace.get(found, found) or (rule.default or "")
    if not found and rule.default is None:
        reason = "is empty; fill it, or give the rule a default"
        raise CellError(field=_named(rule, field=field), value=found, reason=reason)
    return f"{rule.prefix}{found}" if found else found


def minutes(row: FileRow, *, rule: Rule, field: str, decimal_mark: str) -> int:
    """Give a time in whole minutes, rounded half up."""
    count = _number(row, rule=rule, field=field, decimal_mark=decimal_mark)
    return _rounded(count * MINUTES_PER_HOUR if rule.unit is Unit.HOURS else count)


def money_minor(
    row: FileRow, *, rule: Rule, field: str, decimal_mark: str, currency: str
) -> int:  # fmt: skip
    """Give money in minor units; a fraction of a minor unit is an error, not rounded away."""
    amount = _number(row, rule=rule, field=field, decimal_mark=decimal_mark)
    minor = amount.scaleb(ISO_4217_DIGITS[currency]) if rule.unit is Unit.MAJOR else amount
    if minor != minor.to_integral_value():
        reason = f"has more digits than {currency} has; round it in the source"
        raise CellError(field=_named(rule, field=field), value=str(amount), reason=reason)
    return int(minor)


def day(row: FileRow, *, rule: Rule, field: str) -> date:
    """Give a date by the rule's formats, or ISO 8601."""
    return _moment(row, rule=rule, field=field).date()


def instant(row: FileRow, *, rule: Rule, field: str, zone: str) -> datetime:
    """Give an instant in UTC; a time without an offset is local time in `zone`."""
    moment = _moment(row, rule=rule, field=field)
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def _origin(row: FileRow, *, rule: Rule, field: str) -> str:
    if rule.constant is not None:
        return rule.constant
    if rule.column is not None:
        return _cell(row, column=rule.column, field=field)
    columns = _BRACES.findall(rule.template or "")
    cells = {column: _cell(row, column=column, field=field) for column in columns}
    for column, cell in cells.items():
        if not cell:
            reason = f"is empty, and {field} is made from it; fill it"
            raise CellError(field=column, value=cell, reason=reason)
    return _BRACES.sub(lambda found: cells[found[1]], rule.template or "")


def _cell(row: FileRow, *, column: str, field: str) -> str:
    if column not in row.cells:
        known = ", ".join(row.cells)
        reason = f"is no column of the file (which has {known}); correct the rule of {field}"
        raise CellError(field=column, value="", reason=reason)
    return row.cells[column]


def _number(row: FileRow, *, rule: Rule, field: str, decimal_mark: str) -> Decimal:
    told = text(row, rule=rule, field=field)
    plain = told.replace(" ", "").replace("\u00a0", "")
    if decimal_mark == ",":
        plain = plain.replace(".", "").replace(",", ".")
    # Only ASCII digits: Decimal would also read those of other scripts, and NaN.
    if not re.fullmatch(r"[0-9]{1,13}(\.[0-9]{1,10})?", plain):
        reason = f"is no number of zero or more with the decimal mark {decimal_mark!r}"
        raise CellError(field=_named(rule, field=field), value=told, reason=reason)
    return Decimal(plain)


def _moment(row: FileRow, *, rule: Rule, field: str) -> datetime:
    told = text(row, rule=rule, field=field)
    moment = _read_by_formats(told, formats=rule.formats)
    if moment is None:
        asked = " or ".join(rule.formats) or "ISO 8601, such as 2026-03-02"
        reason = f"is no date in the format {asked}"
        raise CellError(field=_named(rule, field=field), value=told, reason=reason)
    if not EARLIEST < moment.date() < LATEST:
        reason = f"lies outside {EARLIEST} to {LATEST}"
        raise CellError(field=_named(rule, field=field), value=told, reason=reason)
    return moment


def _read_by_formats(told: str, *, formats: tuple[str, ...]) -> datetime | None:
    for layout in formats:
        with suppress(ValueError):
            return datetime.strptime(told, layout)  # noqa: DTZ007 - the zone is the caller's
    if not formats:
        with suppress(ValueError):
            return datetime.fromisoformat(told)
    return None


def _named(rule: Rule, *, field: str) -> str:
    return rule.column or field


def _rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))
