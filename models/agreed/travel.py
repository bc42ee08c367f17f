"""What was agreed about expenses: daily rates by place, trips, pre-approvals and categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.calendars import Preapproval, Trip
from data.schemas.clauses import ExpenseTerms, TravelPolicy
from data.schemas.contracts import Clause
from data.schemas.reference import Reference
from models.codes import UNKNOWN, Codebook, Codes
from models.columns import NO_DAY, Flags, Ints, day_number
from models.timeline import PAIR_BITS, Span, Timeline, pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Trips:
    """Trips by code; a code that stands for none we know is UNKNOWN in every column."""

    person: Ints
    place: Ints
    first_day: Ints
    last_day: Ints

    def at(self, trip: Ints) -> Trips:
        """Give the trip of each row."""
        rows = _known(trip, size=len(self.person))
        return Trips(
            person=self.person[rows],
            place=self.place[rows],
            first_day=self.first_day[rows],
            last_day=self.last_day[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preapprovals:
    """Pre-approvals by code; one for all categories names none, one we do not know no project."""

    project: Ints
    category: Ints
    approved_day: Ints
    limit_minor: Ints

    def at(self, preapproval: Ints) -> Preapprovals:
        """Give the pre-approval of each row."""
        rows = _known(preapproval, size=len(self.project))
        return Preapprovals(
            project=self.project[rows],
            category=self.category[rows],
            approved_day=self.approved_day[rows],
            limit_minor=self.limit_minor[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """Clauses on expenses by their place among all clauses, and the records they rest on."""

    trips: Trips
    preapprovals: Preapprovals
    _places: Codebook
    _categories: Codebook
    _daily_rate: Timeline
    _limited: Ints
    """Pairs of a travel policy and a category it limits."""
    _excluded: Ints
    """Pairs of expense terms and a category they exclude."""

    @classmethod
    def build(cls, reference: Reference, *, clauses: Sequence[Clause], codes: Codes) -> Travel:
        """Compile trips, pre-approvals and the clauses in force; names are added to `codes`."""
        places = Codebook()
        travel = [
            (number, clause.terms)
            for number, clause in enumerate(clauses)
            if isinstance(clause.terms, TravelPolicy)
        ]
        excluded = (
            (number, clause.terms.excluded_categories)
            for number, clause in enumerate(clauses)
            if isinstance(clause.terms, ExpenseTerms)
        )
        limited = ((number, terms.categories) for number, terms in travel)
        return cls(
            trips=_trips(reference.trips.values(), places=places, codes=codes),
            preapprovals=_preapprovals(reference.preapprovals.values(), codes=codes),
            _places=places,
            _categories=codes.expense_category,
            _daily_rate=Timeline.build(_rates(travel, places=places)),
            _limited=_pairs(limited, codes=codes),
            _excluded=_pairs(excluded, codes=codes),
        )

    def daily_rate(self, clause: Ints, place: Ints, day: Ints) -> Ints:
        """Give what a day at each place may cost under a travel policy, or UNKNOWN."""
        is_known = (clause != UNKNOWN) & (place != UNKNOWN)
        return np.where(is_known, self._daily_rate.at(pair(clause, place), day), UNKNOWN)

    def is_limited(self, clause: Ints, category: Ints) -> Flags:
        """Say whether a travel policy limits each category."""
        return np.asarray((clause != UNKNOWN) & np.isin(pair(clause, category), self._limited))

    def is_excluded(self, clause: Ints, category: Ints) -> Flags:
        """Say whether expense terms exclude each category."""
        return np.asarray((clause != UNKNOWN) & np.isin(pair(clause, category), self._excluded))

    def place_name(self, place: int) -> str:
        """Give the name of a place."""
        return self._places.names()[place]

    def category_name(self, category: int) -> str:
        """Give the name of a category of expenses."""
        return self._categories.names()[category]


def _known(code: Ints, *, size: int) -> Ints:
    """Codes as rows; the last row answers for none and for names met after the terms."""
    return np.where((code >= 0) & (code < size - 1), code, size - 1)


def _rates(policies: Iterable[tuple[int, TravelPolicy]], *, places: Codebook) -> Iterator[Span]:
    for number, policy in policies:
        for rate in policy.rates:
            code = number << PAIR_BITS | places.code(rate.place)
            last = None if rate.valid_to is None else day_number(rate.valid_to)
            yield Span(code, day_number(rate.valid_from), last, rate.daily_minor)


def _pairs(categories_of: Iterable[tuple[int, Iterable[str]]], *, codes: Codes) -> Ints:
    found = [
        number << PAIR_BITS | codes.expense_category.code(name)
        for number, categories in categories_of
        for name in categories
    ]
    return np.array(found, dtype=np.int64)


def _trips(trips: Iterable[Trip], *, places: Codebook, codes: Codes) -> Trips:
    given = {codes.trip.code(one.id): one for one in trips}
    table = np.full((len(codes.trip) + 1, 4), UNKNOWN, dtype=np.int64)
    for code, one in given.items():
        table[code] = (
            codes.person.code(one.person_id),
            places.code(one.place),
            day_number(one.start),
            day_number(one.end),
        )
    return Trips(person=table[:, 0], place=table[:, 1], first_day=table[:, 2], last_day=table[:, 3])


def _preapprovals(preapprovals: Iterable[Preapproval], *, codes: Codes) -> Preapprovals:
    given = {codes.preapproval.code(one.id): one for one in preapprovals}
    table = np.full((len(codes.preapproval) + 1, 4), UNKNOWN, dtype=np.int64)
    table[:, 2] = NO_DAY
    for code, one in given.items():
        category = UNKNOWN
        if one.category is not None:
            category = codes.expense_category.code(one.category)
        table[code] = (
            codes.project.code(one.project_id),
            category,
            day_number(one.approved_on),
            one.limit_minor,
        )
    return Preapprovals(
        project=table[:, 0], category=table[:, 1], approved_day=table[:, 2], limit_minor=table[:, 3]
    )
