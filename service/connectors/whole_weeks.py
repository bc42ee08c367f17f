"""Timesheets are whole weeks: which week a booking belongs to, and what is left of a week."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
SIX_DAYS = timedelta(days=6)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """The place of a timesheet: a person, the Monday of an ISO week, a contract line."""

    person_key: str
    """The person as the source system names them, `employee-3`."""
    monday: date
    line_id: str

    @classmethod
    def of(cls, day: date, *, person_key: str, line_id: str) -> Week:
        """The week that a day of somebody's work on a line belongs to."""
        return cls(person_key, day - timedelta(days=day.weekday()), line_id)

    @property
    def external_id(self) -> str:
        """The name of its timesheet."""
        year, number, _ = self.monday.isocalendar()
        return f"{self.person_key}.{year}-W{number:02d}.{self.line_id}"


def rows_of_weeks(
    weeks: Iterable[Week],
    *,
    rows_between: Callable[[date, date], Iterable[Row]],
    week_of: Callable[[Row], Week | None],
) -> Iterator[Row]:
    """Read each week whole: a timesheet made of the changed rows alone would lack the others."""
    wanted = frozenset(weeks)
    for monday in sorted({week.monday for week in wanted}):
        for row in rows_between(monday, monday + SIX_DAYS):
            if week_of(row) in wanted:
                yield row


def lost_weeks(
    moves: Iterable[tuple[Row, Row | None]], *, week_of: Callable[[Row], Week | None]
) -> frozenset[Week]:
    """Give the weeks that lost a row: each move is a row as it was, and as it is now or None."""
    return frozenset(
        week
        for was, is_now in moves
        if (week := week_of(was)) and (is_now is None or week_of(is_now) != week)
    )
