"""What no timesheet may say, looked for in a whole table at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import TypeAdapter, ValidationError

from data.schemas.items import LARGEST_INCREMENT
from data.schemas.values import (
    EARLIEST,
    ISO_4217_DIGITS,
    LATEST,
    MAX_MINOR_UNITS,
    MINUTES_PER_DAY,
    Zone,
)
from models.bulk.table_columns import Columns
from models.columns import EntryColumns, Flags, Ints, Strings, day_number
from models.local_days import DAY_US

ZONE: TypeAdapter[str] = TypeAdapter(Zone)


class TableRefusedError(ValueError):
    """A row of the table says {what}; `who` names it in words of the file, where it has them."""

    def __init__(self, what: str, *, row: int, who: str = "") -> None:
        # A file is read in parts and put in order: the number of a row here is none of the file's.
        where = who or f"row {row} of the table"
        super().__init__(f"{where}: {what}; mend the file and read it again")
        self.what = what
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
    for name, day in (
        ("work_date", entries.work_day),
        ("submitted_at", entries.submitted_us // DAY_US),
        ("recorded_at", entries.recorded_us // DAY_US),
    ):
        _refuse(
            (day < day_number(EARLIEST)) | (day > day_number(LATEST)),
            f"{name} lies outside {EARLIEST} to {LATEST}",
        )
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


def refuse_unknown_zones(zone: Ints, *, zones: Sequence[str], first_entry: Ints) -> None:
    """Local days are those of time zones we know. Raises TableRefusedError."""
    for place, name in enumerate(zones):
        try:
            ZONE.validate_python(name)
        except ValidationError as error:
            row = int(first_entry[np.flatnonzero(zone == place)[0]])
            raise TableRefusedError(f"zone {name!r} is not an IANA time zone", row=row) from error


def _refuse(is_wrong: Flags, what: str) -> None:
    if is_wrong.any():
        raise TableRefusedError(what, row=int(np.flatnonzero(is_wrong)[0]))
