"""Cells of a file as values: text, minutes, money, dates, each by its rule."""

from __future__ import annotations

import difflib
import re
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from data.schemas.values import EARLIEST, ISO_4217_DIGITS, LATEST
from service.connectors.file_rows import FileRow
from service.connectors.file_rule import Condition, Rule, Unit

MINUTES_PER_HOUR = 60
_BRACES = re.compile(r"\{([^{}]+)\}")
# Only ASCII digits: Decimal would also read those of other scripts, and NaN.
_WITH_POINT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,20})?", re.ASCII)
_WITH_COMMA = re.compile(r"([0-9]{1,3}(\.[0-9]{3}){1,4}|[0-9]{1,13})(,[0-9]{1,20})?", re.ASCII)
"""With a decimal comma a point may part thousands, and nothing else: 7.5 is no 75."""
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DAY_NUMBER = re.compile(r"[34][0-9]{4}", re.ASCII)
"""What a spreadsheet stores for the days of 1982 to 2036, shown where a cell is no date cell."""
_YES, _NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


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


def refuse_unwanted(row: FileRow, *, where: tuple[Condition, ...]) -> None:
    """Raise CellError for a row that the mapping leaves out."""
    for condition in where:
        if not condition.holds(row.cells):
            found = row.cells.get(condition.column, "")
            wanted = ", ".join(condition.is_one_of)
            reason = f"is left out by the mapping, which takes {wanted}; nothing is to be done"
            raise CellError(field=condition.column, value=found, reason=reason)


def is_empty(row: FileRow, *, rule: Rule) -> bool:
    """Say whether the column of a rule is empty here and nothing stands in for it."""
    if rule.column is None:
        return False
    return not row.cells.get(rule.column, "") and not rule.default


def minutes(row: FileRow, *, rule: Rule, field: str, decimal_mark: str) -> int:
    """Give a time in whole minutes, rounded half up."""
    told = text(row, rule=rule, field=field)
    clock = _CLOCK.fullmatch(told)
    if rule.unit is Unit.HOURS and clock:
        hours, past, seconds = (int(one or 0) for one in clock.groups())
        return _rounded(Decimal(hours * 60 + past) + Decimal(seconds) / 60)
    count = _number(row, rule=rule, field=field, decimal_mark=decimal_mark)
    match rule.unit:
        case Unit.HOURS:
            return _rounded(count * MINUTES_PER_HOUR)
        case Unit.SECONDS:
            return _rounded(count / 60)
        case _:
            return _rounded(count)


def whole(row: FileRow, *, rule: Rule, field: str, decimal_mark: str) -> int:
    """Give a whole number."""
    count = _number(row, rule=rule, field=field, decimal_mark=decimal_mark)
    if count != count.to_integral_value():
        reason = "is no whole number; round it in the source"
        raise CellError(field=_named(rule, field=field), value=str(count), reason=reason)
    return int(count)


def share(row: FileRow, *, rule: Rule, field: str, decimal_mark: str) -> float:
    """Give a number that may have a fraction."""
    count = _number(row, rule=rule, field=field, decimal_mark=decimal_mark)
    return float(count / 100 if rule.unit is Unit.PERCENT else count)


def yes_or_no(row: FileRow, *, rule: Rule, field: str) -> bool:
    """Give true or false."""
    told = text(row, rule=rule, field=field)
    if told.lower() not in _YES | _NO:
        reason = "is neither yes nor no; write yes or no, or translate it by `replace`"
        raise CellError(field=_named(rule, field=field), value=told, reason=reason)
    return told.lower() in _YES


def money_minor(
    row: FileRow, *, rule: Rule, field: str, decimal_mark: str, currency: str
) -> int:  # fmt: skip
    """Give money in minor units; a fraction of a minor unit is an error, not rounded away."""
    amount = _number(row, rule=rule, field=field, decimal_mark=decimal_mark)
    minor = amount.scaleb(ISO_4217_DIGITS[currency]) if rule.unit is Unit.MAJOR else amount
    if minor != minor.to_integral_value():
        reason = f"has more digits than {currency} has; round it in the source, or correct `unit`"
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
        near = difflib.get_close_matches(column, row.cells, n=1)
        known = f"write {near[0]!r}" if near else f"the row has {', '.join(row.cells)}"
        reason = f"is no column of this row; {known} in the rule of {field}"
        raise CellError(field=column, value="", reason=reason)
    return row.cells[column]


def _number(row: FileRow, *, rule: Rule, field: str, decimal_mark: str) -> Decimal:
    told = text(row, rule=rule, field=field)
    plain = told.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    asked, other = (_WITH_COMMA, _WITH_POINT) if decimal_mark == "," else (_WITH_POINT, _WITH_COMMA)
    if not asked.fullmatch(plain):
        remedy = _remedy(plain, mark=decimal_mark, is_of_other=bool(other.fullmatch(plain)))
        reason = f"is no number of zero or more with the decimal mark {decimal_mark!r}; {remedy}"
        raise CellError(field=_named(rule, field=field), value=told, reason=reason)
    return Decimal(plain.replace(".", "").replace(",", ".") if decimal_mark == "," else plain)


def _remedy(plain: str, *, mark: str, is_of_other: bool) -> str:
    if is_of_other:
        return f'write `decimal_mark: "{"," if mark == "." else "."}"` in the mapping if all are so'
    if plain.startswith("-"):
        return "correct the row it takes back instead"
    return "correct the cell"


def _moment(row: FileRow, *, rule: Rule, field: str) -> datetime:
    told = text(row, rule=rule, field=field)
    moment = _read_by_formats(told, formats=rule.formats)
    if moment is None:
        asked = f"the format {' or '.join(rule.formats)}, nor in " if rule.formats else ""
        remedy = "correct it, or add its format to the rule"
        if _DAY_NUMBER.fullmatch(told):
            remedy = "it may be a day counted by a spreadsheet: format its column as dates"
        reason = f"is no date in {asked}ISO 8601, such as 2026-03-02; {remedy}"
        raise CellError(field=_named(rule, field=field), value=told, reason=reason)
    if not EARLIEST < moment.date() < LATEST:
        reason = f"lies outside {EARLIEST} to {LATEST}; correct the year"
        raise CellError(field=_named(rule, field=field), value=told, reason=reason)
    return moment


def _read_by_formats(told: str, *, formats: tuple[str, ...]) -> datetime | None:
    for layout in formats:
        with suppress(ValueError):
            return datetime.strptime(told, layout)  # noqa: DTZ007 - the zone is the caller's
    # Cells that hold real dates are told in ISO 8601, whatever format the mapping reads.
    if not formats or _ISO_DAY.match(told):
        with suppress(ValueError):
            return datetime.fromisoformat(told)
    return None


def _named(rule: Rule, *, field: str) -> str:
    return rule.column or field


def _rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))
