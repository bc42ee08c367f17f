"""When each person works: minutes of a day, closed days, approved leave and overtime."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.calendars import Leave, OvertimeApproval, WorkingCalendar
from data.schemas.clauses import Overtime, OvertimePeriod
from data.schemas.contracts import Clause
from data.schemas.people import Person
from data.schemas.reference import Reference
from data.schemas.values import MINUTES_PER_DAY
from models.agreed.calendar_year import WEEKDAY_SHIFT, CalendarYear, calendar_year
from models.codes import UNKNOWN, Codes
from models.columns import Flags, Ints, day_number
from models.timeline import ALWAYS, Span, Timeline

ANY_MINUTES = 2**40
"""Overtime approved without a limit: more than anybody works, with room to add up a week."""
DAYS_PER_WEEK = 7
YEAR_ZERO = 1970
MAX_YEARS = 10_000
"""Years have four digits: calendar and year share one number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """Minutes by person and day; people without a calendar have none, see `has_calendar`."""

    _calendars: tuple[WorkingCalendar, ...]
    _calendar: Timeline
    """By person, a place in `_calendars`."""
    _leave: Timeline
    """Minutes of approved leave by person and day."""
    _overtime: Timeline
    """Minutes of approved overtime by person and day."""
    _is_weekly: Flags
    """By clause; the last answers for UNKNOWN."""
    _employed: Timeline
    """By person, 1 from the day of hiring to the last day."""

    @classmethod
    def build(cls, reference: Reference, *, clauses: Sequence[Clause], codes: Codes) -> WorkingDays:
        """Compile calendars, leave and approvals; names not yet in `codes` are added to it."""
        leave = (one for one in reference.leave if one.is_approved)
        overtime = reference.overtime_approvals
        return cls(
            _calendars=tuple(reference.calendars.values()),
            _calendar=Timeline.build(_of_people(reference, codes=codes)),
            _leave=_added_up(leave, whole_minutes=MINUTES_PER_DAY, codes=codes),
            _overtime=_added_up(overtime, whole_minutes=ANY_MINUTES, codes=codes),
            _is_weekly=np.array([*map(_is_weekly, clauses), False], dtype=np.bool_),
            _employed=Timeline.build(_employed(reference.people, codes=codes)),
        )

    def has_calendar(self, person: Ints) -> Flags:
        """Say whose working calendar is known: their own, or that of their country's region."""
        calendar = self._calendar.at(person, np.full_like(person, ALWAYS))
        return np.asarray(calendar != UNKNOWN)

    def calendar_minutes(self, person: Ints, day: Ints) -> Ints:
        """Give the minutes of each person's day without leave: 0 on a closed day."""
        minutes = np.zeros(len(day), dtype=np.int64)
        for rows, year in self._years(person, day):
            minutes[rows] = year.minutes[day[rows] - year.first_day]
        return minutes

    def is_closed(self, person: Ints, day: Ints) -> Flags:
        """Say which days are public holidays or free days; a weekend alone is neither."""
        is_closed = np.zeros(len(day), dtype=np.bool_)
        for rows, year in self._years(person, day):
            is_closed[rows] = year.is_closed[day[rows] - year.first_day]
        return is_closed

    def leave_minutes(self, person: Ints, day: Ints) -> Ints:
        """Give the minutes of approved leave; a whole day of it takes all there is."""
        return self._leave.at(person, day)

    def capacity_minutes(self, person: Ints, day: Ints) -> Ints:
        """Give what the calendar leaves after leave, never below zero."""
        left: Ints = self.calendar_minutes(person, day) - self.leave_minutes(person, day)
        return np.where(left > 0, left, 0)

    def overtime_minutes(self, person: Ints, day: Ints) -> Ints:
        """Give the minutes approved above capacity; ANY_MINUTES or more where without limit."""
        return self._overtime.at(person, day)

    def is_weekly(self, clause: Ints) -> Flags:
        """Say which overtime clauses compare whole weeks; the others compare days."""
        return self._is_weekly[clause]

    def allowed_minutes(self, person: Ints, day: Ints) -> Ints:
        """Give capacity and approved overtime of each day."""
        return self.capacity_minutes(person, day) + self.overtime_minutes(person, day)

    def allowed_minutes_of_week(self, person: Ints, day: Ints) -> Ints:
        """Give the same for the week of each day, Monday to Sunday."""
        monday = day - (day + WEEKDAY_SHIFT) % DAYS_PER_WEEK
        allowed = np.zeros(len(day), dtype=np.int64)
        for place in range(DAYS_PER_WEEK):
            allowed += self.allowed_minutes(person, monday + place)
        return allowed

    def is_employed(self, person: Ints, day: Ints) -> Flags:
        """Say who was employed on that day; the first and the last day are included."""
        return np.asarray(self._employed.at(person, day) != UNKNOWN)

    def _years(self, person: Ints, day: Ints) -> Iterator[tuple[Ints, CalendarYear]]:
        """The rows of each calendar and year: few of them, however many rows there are."""
        calendar = self._calendar.at(person, day)
        year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + YEAR_ZERO
        group = np.where(calendar == UNKNOWN, UNKNOWN, calendar * MAX_YEARS + year)
        for one in np.unique(group).tolist():
            if one != UNKNOWN:
                of_calendar = self._calendars[one // MAX_YEARS]
                yield np.flatnonzero(group == one), calendar_year(of_calendar, year=one % MAX_YEARS)


def _of_people(reference: Reference, *, codes: Codes) -> Iterator[Span]:
    places = {name: place for place, name in enumerate(reference.calendars)}
    for name, person in reference.people.items():
        calendar_id = person.calendar_id or _calendar_of_country(person, reference)
        if calendar_id in places:
            yield Span(codes.person.code(name), ALWAYS, None, places[calendar_id])


def _calendar_of_country(person: Person, reference: Reference) -> str:
    region = reference.regions.get(person.country)
    return "" if region is None else region.calendar_id


def _added_up(
    stays: Iterable[Leave | OvertimeApproval], *, whole_minutes: int, codes: Codes
) -> Timeline:
    """Minutes of all stays of one person on one day together."""
    changes: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in stays:
        of_person = changes[codes.person.code(one.person_id)]
        minutes = whole_minutes if one.minutes_per_day is None else one.minutes_per_day
        of_person[day_number(one.start)] += minutes
        of_person[day_number(one.end) + 1] -= minutes
    return Timeline.build(_running(changes), missing=0)


def _running(changes: Mapping[int, Mapping[int, int]]) -> Iterator[Span]:
    for person, by_day in changes.items():
        total = 0
        for day in sorted(by_day):
            total += by_day[day]
            yield Span(person, day, None, total)


def _is_weekly(clause: Clause) -> bool:
    return isinstance(clause.terms, Overtime) and clause.terms.period is OvertimePeriod.WEEK


def _employed(people: Mapping[str, Person], *, codes: Codes) -> Iterator[Span]:
    for name, person in people.items():
        last = None if person.left_on is None else day_number(person.left_on)
        yield Span(codes.person.code(name), day_number(person.hired_on), last, 1)
