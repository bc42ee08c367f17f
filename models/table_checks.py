"""What no timesheet may say, looked for in a whole table at once."""

from __future__ import annotations

import numpy as np

from data.schemas.items import LARGEST_INCREMENT
from data.schemas.values import ISO_4217_DIGITS, MAX_MINOR_UNITS, MINUTES_PER_DAY
from models.columns import EntryColumns, Flags, Ints, Strings
from models.table_columns import Columns


class TableRefusedError(ValueError):
    """Row {row} of the table says {what}; mend the file and read it again."""

    def __init__(self, what: str, *, row: int) -> None:
        super().__init__(f"row {row} of the table: {what}; mend the file and read it again")
        self.row = row


def refuse_mixed_sheets(rows: Columns, *, place: Ints) -> None:
    """All rows of a sheet tell one story of whose it is and when it came."""
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    for name in ("person_id", "contract_id", "line_id"):
        own, _ = rows.places(name)
        _refuse(own != own[starts][place], f"{name} differs inside one sheet")
    submitted = rows.moments("submitted_at")
    is_other = submitted != submitted[starts][place]
    _refuse(is_other, "submitted_at differs inside one sheet")


def refuse_impossible(entries: EntryColumns, *, period_start: Ints, period_end: Ints) -> None:
    """What `data.schemas.items` refuses of one sheet, of all of them at once."""
    worked, billable = entries.minutes_worked, entries.minutes_billable
    start, end = period_start[entries.item], period_end[entries.item]
    _refuse((worked < 0) | (worked > MINUTES_PER_DAY), "minutes_worked is not of one day")
    _refuse((billable < 0) | (billable > MINUTES_PER_DAY), "minutes_billable is not of one day")
    _refuse(billable >= worked + LARGEST_INCREMENT, "minutes_billable exceeds minutes_worked")
    _refuse((entries.rate_minor < 0) | (entries.rate_minor > MAX_MINOR_UNITS), "a rate too large")
    _refuse(entries.amount_minor > MAX_MINOR_UNITS, "an amount too large")
    _refuse(
        (entries.work_day < start) | (entries.work_day > end), "work_date lies outside the period"
    )
    _refuse((entries.start_us < 0) != (entries.end_us < 0), "started_at or ended_at is missing")


def refuse_unknown_currencies(currency: Strings, *, first_entry: Ints) -> None:
    """Amounts are in the minor units of currencies we know. Raises TableRefusedError."""
    for name in sorted(set(currency.tolist()) - ISO_4217_DIGITS.keys()):
        place = int(np.flatnonzero(currency == name)[0])
        raise TableRefusedError(f"currency {name!r} is not known", row=int(first_entry[place]))


def _refuse(is_wrong: Flags, what: str) -> None:
    if is_wrong.any():
        raise TableRefusedError(what, row=int(np.flatnonzero(is_wrong)[0]))
