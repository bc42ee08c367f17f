"""What was agreed on a day, read from the published contracts and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from data.firm.calendars import public_holidays
from data.schemas.calendars import WorkingCalendar
from data.schemas.contracts import ChangeOrder, Clause, RateCardRow
from data.schemas.people import Person
from data.schemas.reference import Reference
from data.schemas.vocabulary import ChangeOrderStatus

T = TypeVar("T")
Level = tuple[str, str | None]
"""A contract, and a line of it or none."""
Place = tuple[str, str]
"""A contract and the line of it on which somebody works."""
Span = tuple[date, date, Clause]
"""First and last day on which a clause is in force."""
A_DAY = timedelta(days=1)


class Agreed:
    """Clauses, orders, rates and calendars of a firm, by the day they are asked for."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self._spans = _spans_by_kind(reference)
        self._governing: dict[type, dict[Place, list[tuple[date, date, Any]]]] = defaultdict(dict)
        self._executed = {
            contract.id: tuple(one for one in contract.change_orders if _is_executed(one))
            for contract in reference.contracts.values()
        }
        self._cards: dict[tuple[str, str, str], list[RateCardRow]] = defaultdict(list)
        self._capacity: dict[tuple[str, date], int] = {}
        self._away: dict[tuple[str, date], bool] = {}
        self._leave: dict[tuple[str, date], int | None] = {}
        for contract in reference.contracts.values():
            for row in contract.rate_card:
                self._cards[contract.id, row.line_id, row.labor_category].append(row)
        self._fill_leave()

    def clauses(
        self, kind: type[T], *, contract_id: str, line_id: str | None, day: date
    ) -> Iterator[tuple[Clause, T]]:
        """The clauses of one level in force on a day, each with its terms."""
        for first, last, clause in self._spans[kind].get((contract_id, line_id), ()):
            if first <= day <= last and isinstance(clause.terms, kind):
                yield clause, clause.terms

    def contracts_with(self, kind: type) -> frozenset[str]:
        """The contracts that ever hold a clause of this kind, on any level."""
        return frozenset(contract_id for contract_id, _ in self._spans[kind])

    def terms(self, kind: type[T], *, contract_id: str, line_id: str, day: date) -> T | None:
        """The terms that govern a line on a day: its own before the contract's."""
        for first, last, terms in self.governing(kind, place=(contract_id, line_id)):
            if first <= day <= last:
                return terms
        return None

    def governing(self, kind: type[T], *, place: Place) -> list[tuple[date, date, T]]:
        """All terms that ever govern a line with their days; the first that holds the day wins."""
        known = self._governing[kind]
        if place not in known:
            levels: tuple[Level, ...] = (place, (place[0], None))
            known[place] = [
                (first, last, clause.terms)
                for level in levels
                for first, last, clause in self._spans[kind].get(level, ())
            ]
        return known[place]

    def orders(self, contract_id: str, *, day: date) -> Iterator[ChangeOrder]:
        """The executed change orders that count on a day."""
        for order in self._executed[contract_id]:
            if order.effective_on <= day:
                yield order

    def card_row(
        self, contract_id: str, *, line_id: str, category: str, location: str | None, day: date
    ) -> RateCardRow | None:
        """The row of the rate card for a category on a day; a row of the place comes first."""
        rows = self._cards.get((contract_id, line_id, category), ())
        places = (location, None) if location is not None else (None,)
        for place in places:
            for row in rows:
                if row.location == place and row.valid_from <= day <= (row.valid_to or date.max):
                    return row
        return None

    def calendar(self, person_id: str) -> WorkingCalendar | None:
        """The calendar of a person: their own, or that of their country's region."""
        person = self.reference.people.get(person_id)
        if person is None:
            return None
        if person.calendar_id is not None:
            return self.reference.calendars.get(person.calendar_id)
        return self._calendar_of_country(person)

    def capacity_minutes(self, person_id: str, *, day: date) -> int:
        """What remains of a person's working day after holidays and approved leave."""
        place = (person_id, day)
        if place not in self._capacity:
            whole = self._whole_day(person_id, day=day)
            away = self._leave.get(place, 0)
            self._capacity[place] = 0 if away is None else max(0, whole - away)
        return self._capacity[place]

    def is_away(self, person_id: str, *, day: date) -> bool:
        """True on a day of approved leave, and on a holiday that is no plain weekend."""
        place = (person_id, day)
        if place not in self._away:
            calendar = self.calendar(person_id)
            is_free = calendar is not None and _is_free(calendar, day)
            self._away[place] = place in self._leave or is_free
        return self._away[place]

    def _calendar_of_country(self, person: Person) -> WorkingCalendar | None:
        for region in self.reference.regions.values():
            if region.country == person.country and region.subdivision is None:
                return self.reference.calendars.get(region.calendar_id)
        return None

    def _whole_day(self, person_id: str, *, day: date) -> int:
        calendar = self.calendar(person_id)
        if calendar is None or _is_free(calendar, day):
            return 0
        return calendar.minutes_by_weekday[day.weekday()]

    def _fill_leave(self) -> None:
        """Minutes away by person and day; None where the whole day is taken."""
        for leave in self.reference.leave:
            if not leave.is_approved:
                continue
            for number in range(leave.start.toordinal(), leave.end.toordinal() + 1):
                place = (leave.person_id, date.fromordinal(number))
                self._leave[place] = added(self._leave.get(place, 0), leave.minutes_per_day)


def added(before: int | None, minutes: int | None) -> int | None:
    """Minutes of a day with more of them; None stands for the whole day, or for any amount."""
    return None if before is None or minutes is None else before + minutes


def half_up(exact: Decimal) -> int:
    """A whole number, halves upwards."""
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def exactly(share: float) -> Decimal:
    """A share as it was written."""
    return Decimal(str(share))


def _spans_by_kind(reference: Reference) -> dict[type, dict[Level, list[Span]]]:
    """The confirmed clauses of each level; one that an order states anew ends the day before."""
    spans: dict[type, dict[Level, list[Span]]] = defaultdict(dict)
    for contract in reference.contracts.values():
        for clause in contract.clauses:
            if clause.confirmed_by is not None:
                own = spans[type(clause.terms)].setdefault((contract.id, clause.line_id), [])
                own.append((clause.valid_from, clause.valid_to or date.max, clause))
        # Of two orders on one day the first listed counts, so it is stated last.
        orders = [one for one in reversed(contract.change_orders) if _is_executed(one)]
        for order in sorted(orders, key=lambda one: one.effective_on):
            for clause in reversed(order.clauses):
                own = spans[type(clause.terms)].setdefault((contract.id, clause.line_id), [])
                own[:] = _restated(own, clause=clause, day=order.effective_on)
    return spans


def _restated(spans: list[Span], *, clause: Clause, day: date) -> list[Span]:
    before = [(first, min(last, day - A_DAY), one) for first, last, one in spans]
    return [*before, (max(clause.valid_from, day), clause.valid_to or date.max, clause)]


def _is_executed(order: ChangeOrder) -> bool:
    return order.status is ChangeOrderStatus.EXECUTED


def _is_free(calendar: WorkingCalendar, day: date) -> bool:
    if day in calendar.working_days:
        return False
    if day in calendar.free_days:
        return True
    country = calendar.country
    return country is not None and day in public_holidays(country, day.year, calendar.subdivision)
