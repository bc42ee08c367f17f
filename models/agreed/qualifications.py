"""What a clause asks of the people billed in a labor category, and what each person has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import LaborQualifications, Qualification
from data.schemas.contracts import Clause
from data.schemas.people import Certificate, Person
from models.codes import UNKNOWN, Codebook, Codes
from models.columns import Flags, Ints, day_number
from models.timeline import ALWAYS, PAIR_BITS, Span, Timeline, pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualifications:
    """Requirements by their place in `asked`; a category that no clause lists asks for nothing."""

    asked: tuple[Qualification, ...]
    _requirement: Timeline
    """By clause and category."""
    _min_rank: Ints
    _min_years: Ints
    _certificates: tuple[Ints, ...]
    """The first certificate of each requirement, the second, and so on; UNKNOWN for no more."""
    _rank: Timeline
    """The degree of each person we know."""
    _since: Timeline
    """First day of each person's relevant work."""
    _held: Timeline
    """By person and certificate."""

    @classmethod
    def build(
        cls, people: Mapping[str, Person], *, clauses: Sequence[Clause], codes: Codes
    ) -> Qualifications:
        """Compile people and clauses; names not yet in `codes` are added to it."""
        asked = list(_asked(clauses))
        names = Codebook()
        needed = [[names.code(one.casefold()) for one in each.certificates] for _, each in asked]
        return cls(
            asked=tuple(one for _, one in asked),
            _requirement=Timeline.build(_requirements(asked, codes=codes)),
            _min_rank=_ints(one.min_degree.rank for _, one in asked),
            _min_years=_ints(one.min_years for _, one in asked),
            _certificates=tuple(_by_position(needed)),
            _rank=Timeline.build(_ranks(people, codes=codes)),
            _since=Timeline.build(_first_days(people, codes=codes)),
            _held=Timeline.build(_held(people, names=names, codes=codes)),
        )

    def requirement(self, clause: Ints, category: Ints) -> Ints:
        """Give what each clause asks of a category, as a place in `asked`, or UNKNOWN."""
        return self._requirement.at(pair(clause, category), np.full_like(clause, ALWAYS))

    def meets(self, person: Ints, requirement: Ints, day: Ints) -> Flags:
        """Say whether each person has what is asked on that day; UNKNOWN asks for nothing.

        A person we do not know has nothing.
        """
        is_met = np.ones(len(person), dtype=np.bool_)
        rows = np.flatnonzero(requirement != UNKNOWN)
        person, requirement, day = person[rows], requirement[rows], day[rows]
        own = self._rank.at(person, day) >= self._min_rank[requirement]
        own &= self.years(person, day) >= self._min_years[requirement]
        for column in self._certificates:
            needed = column[requirement]
            own &= (needed == UNKNOWN) | (self._held.at(pair(person, needed), day) != UNKNOWN)
        is_met[rows] = own
        return is_met

    def years(self, person: Ints, day: Ints) -> Ints:
        """Give the full years of relevant work of each person on each day.

        A year is full on its anniversary; that of 29 February is 1 March where the month is short.
        """
        since = self._since.at(person, day)
        before_anniversary = _place_in_year(day) < _place_in_year(since)
        passed = _year(day) - _year(since) - before_anniversary
        return np.where(since == UNKNOWN, 0, np.maximum(passed, 0))


def _asked(clauses: Sequence[Clause]) -> Iterator[tuple[int, Qualification]]:
    for place, clause in enumerate(clauses):
        if isinstance(clause.terms, LaborQualifications):
            for one in clause.terms.categories:
                yield place, one


def _requirements(asked: Iterable[tuple[int, Qualification]], *, codes: Codes) -> Iterator[Span]:
    for number, (place, one) in enumerate(asked):
        category = codes.category.code(one.labor_category)
        yield Span(place << PAIR_BITS | category, ALWAYS, None, number)


def _by_position(needed: Sequence[Sequence[int]]) -> Iterator[Ints]:
    for position in range(max(map(len, needed), default=0)):
        yield _ints(one[position] if position < len(one) else UNKNOWN for one in needed)


def _ranks(people: Mapping[str, Person], *, codes: Codes) -> Iterator[Span]:
    for name, person in people.items():
        yield Span(codes.person.code(name), ALWAYS, None, person.degree.rank)


def _first_days(people: Mapping[str, Person], *, codes: Codes) -> Iterator[Span]:
    for name, person in people.items():
        if person.professional_since is not None:
            first = day_number(person.professional_since)
            yield Span(codes.person.code(name), ALWAYS, None, first)


def _held(people: Mapping[str, Person], *, names: Codebook, codes: Codes) -> Iterator[Span]:
    """Certificates that some clause asks for, by person, while they hold."""
    for name, person in people.items():
        for one in person.certificates:
            certificate = names.find(one.name.casefold())
            if certificate != UNKNOWN:
                first, last = _days_held(one)
                yield Span(codes.person.code(name) << PAIR_BITS | certificate, first, last, 1)


def _days_held(one: Certificate) -> tuple[int, int | None]:
    first = ALWAYS if one.earned_on is None else day_number(one.earned_on)
    return first, None if one.expires_on is None else day_number(one.expires_on)


def _year(day: Ints) -> Ints:
    years: Ints = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    return years


def _place_in_year(day: Ints) -> Ints:
    """A number that orders the days of any year by month and day of the month."""
    dates = day.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day_of_month = (dates - months.astype("datetime64[D]")).astype(np.int64)
    place: Ints = months.astype(np.int64) % 12 * 32 + day_of_month
    return place


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)
