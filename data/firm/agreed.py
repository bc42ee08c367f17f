"""What was agreed on a day, read from the published contracts and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from data.firm.calendars import public_holidays
from data.schemas.calendars import WorkingCalendar
from data.schemas.contracts import ChangeOrder, Clause, Contract, RateCardRow
from data.schemas.people import Person
from data.schemas.reference import Reference
from data.schemas.vocabulary import ChangeOrderStatus

T = TypeVar("T")
Spot = tuple[type, str, str | None]
"""A kind of terms, a contract, and a line of it or none."""


class Agreed:
    """Clauses, orders, rates and calendars of a firm, by the day they are asked for."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self._clauses: dict[Spot, list[Clause]] = defaultdict(list)
        self._restated: dict[Spot, list[tuple[date, Clause]]] = defaultdict(list)
        self._lasting: dict[Spot, list[Clause] | None] = {}
        self._cards: dict[tuple[str, str, str], list[RateCardRow]] = defaultdict(list)
        self._capacity: dict[tuple[str, date], int] = {}
        self._leave: dict[tuple[str, date], int | None] = {}
        for contract in reference.contracts.values():
            for clause in contract.clauses:
                if clause.confirmed_by is not None:
                    self._clauses[_spot(contract, clause)].append(clause)
            for order in contract.change_orders:
                if order.status is ChangeOrderStatus.EXECUTED:
                    for clause in order.clauses:
                        self._restated[_spot(contract, clause)].append((order.effective_on, clause))
            for row in contract.rate_card:
                self._cards[contract.id, row.line_id, row.labor_category].append(row)
        self._fill_leave()

    def clauses(
        self, kind: type[T], *, contract_id: str, line_id: str | None, day: date
    ) -> Iterator[tuple[Clause, T]]:
        """The clauses of one level in force on a day, each with its terms."""
        spot = (kind, contract_id, line_id)
        standing = self._clauses.get(spot, [])
        restated = [one for one in self._restated.get(spot, ()) if one[0] <= day]
        if restated:
            standing = [max(restated, key=lambda one: one[0])[1]]
        for clause in standing:
            if clause.valid_from <= day <= (clause.valid_to or date.max) and isinstance(
                clause.terms, kind
            ):
                yield clause, clause.terms

    def terms(self, kind: type[T], *, contract_id: str, line_id: str, day: date) -> T | None:
        """The terms that govern a line on a day: its own before the contract's."""
        place = (kind, contract_id, line_id)
        if place not in self._lasting:
            self._lasting[place] = self._lasting_clauses(*place)
        lasting = self._lasting[place]
        if lasting is not None:
            found = next((one.terms for one in lasting if one.valid_from <= day), None)
            return found if isinstance(found, kind) else None
        for level in (line_id, None):
            for _, terms in self.clauses(kind, contract_id=contract_id, line_id=level, day=day):
                return terms
        return None

    def _lasting_clauses(self, kind: type, contract_id: str, line_id: str) -> list[Clause] | None:
        """The clauses of a line, its own first; None if one ends or is ever stated anew."""
        spots = [(kind, contract_id, line_id), (kind, contract_id, None)]
        found = [clause for spot in spots for clause in self._clauses.get(spot, ())]
        is_lasting = all(clause.valid_to is None for clause in found)
        is_restated = any(spot in self._restated for spot in spots)
        return found if is_lasting and not is_restated else None

    def orders(self, contract_id: str, *, day: date) -> Iterator[ChangeOrder]:
        """The executed change orders that count on a day."""
        for order in self.reference.contracts[contract_id].change_orders:
            if order.status is ChangeOrderStatus.EXECUTED and order.effective_on <= day:
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
        if (person_id, day) in self._leave:
            return True
        calendar = self.calendar(person_id)
        return calendar is not None and _is_free(calendar, day)

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


def _spot(contract: Contract, clause: Clause) -> Spot:
    return type(clause.terms), contract.id, clause.line_id


def _is_free(calendar: WorkingCalendar, day: date) -> bool:
    if day in calendar.working_days:
        return False
    if day in calendar.free_days:
        return True
    country = calendar.country
    return country is not None and day in public_holidays(country, day.year, calendar.subdivision)
