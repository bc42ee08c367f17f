"""Cells of exported tables, made so that no spreadsheet program runs what somebody typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

Cell = str | int | Decimal | datetime | None
"""Text of any origin, a true number, an aware time, or nothing."""

LONGEST_TEXT = 32_767
"""Characters a spreadsheet cell holds."""
_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What begins a formula, in half and in full width (OWASP, CSV injection)."""
_STARTS_FORMULA = re.compile(rf"(^|[\t\r\n;|])([\s\"]*)(?=[{_FORMULA}])")
"""Also after a separator: a program set to another one would begin a cell there, quoted or not."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def safe_text(text: str) -> str:
    """Give text that a spreadsheet shows and never runs.

    An apostrophe goes before whatever would begin a formula, also inside the text after a line
    break or a separator; control characters are dropped, and blanks before the first word.
    """
    plain = _UNPRINTABLE.sub("", text).lstrip()
    return _STARTS_FORMULA.sub(r"\1\2'", plain)[:LONGEST_TEXT]


def as_csv(cell: Cell) -> str:
    """Write a cell for CSV: text made safe, numbers with a point, times in UTC (ISO 8601)."""
    match cell:
        case None:
            return ""
        case str():
            return safe_text(cell)
        case datetime():
            return cell.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
        case _:
            return str(cell)
