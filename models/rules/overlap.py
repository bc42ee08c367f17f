"""Was a person in two places at once?"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import EntryColumns, Ints
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import hours

MICROSECONDS_PER_MINUTE = 60_000_000
PAIR = 2


def overlapping_time(facts: Facts) -> Hits:
    """T14: the minutes of an entry that others of its person cover, which counted before it.

    The others are those of the past and of this batch whose work day is the same, the one before
    or the one after; a begun minute counts. An end that meets a start is no overlap.
    """
    entries = facts.entries
    spans = _Spans.of(facts)
    covered_us, other = _covered(spans, size=len(entries))
    over = -(-covered_us // MICROSECONDS_PER_MINUTE)
    billed_over = np.minimum(over, entries.minutes_billable)
    return entry_hits(
        facts,
        np.flatnonzero(over),
        clause=facts.entry_clause(ClauseKind.TIMEKEEPING),
        exposure_minor=amounts_minor(minutes=billed_over, rate_minor=entries.rate_minor),
        field="started_at",
        actual=lambda row: f"{hours(int(over[row]))} of it also in entry {spans.name[other[row]]}",
        expected=lambda _: "one piece of work at a time",
        summary="{rows} at the same time as other work",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spans:
    """Times of day that may overlap: those of the past, then those of the batch as they count."""

    row: Ints
    """Row of the batch, or UNKNOWN for the past."""
    name: np.ndarray
    person: Ints
    day: Ints
    start_us: Ints
    end_us: Ints

    @classmethod
    def of(cls, facts: Facts) -> _Spans:
        """Bring together the entries of the batch that say their times, and the past near them."""
        entries, past, counted = facts.entries, facts.past.entries, facts.order.rows
        own = counted[entries.start_us[counted] != UNKNOWN]
        near = _near(past, person=entries.person[own], day=entries.work_day[own])
        return cls(
            row=np.concatenate((np.full(len(near), UNKNOWN), own)),
            name=np.concatenate((past.entry_id[near], entries.entry_id[own])),
            person=np.concatenate((past.person[near], entries.person[own])),
            day=np.concatenate((past.work_day[near], entries.work_day[own])),
            start_us=np.concatenate((past.start_us[near], entries.start_us[own])),
            end_us=np.concatenate((past.end_us[near], entries.end_us[own])),
        )


def _near(past: EntryColumns, *, person: Ints, day: Ints) -> Ints:
    """Past rows with times, of some people and around some days, as they count."""
    if not len(day):
        return np.zeros(0, dtype=np.int64)
    is_near = (past.work_day >= day.min() - 1) & (past.work_day <= day.max() + 1)
    rows = np.flatnonzero(is_near & (past.start_us != UNKNOWN))
    rows = rows[np.isin(past.person[rows], person)]
    found = (past.entry_id[rows].astype(np.str_), past.recorded_us[rows], past.work_day[rows])
    return rows[np.lexsort((*found, past.submitted_us[rows]))]


def _covered(spans: _Spans, *, size: int) -> tuple[Ints, Ints]:
    """For each row of the batch, what was covered before it, and the first span that did."""
    covered_us = np.zeros(size, dtype=np.int64)
    other = np.full(size, UNKNOWN, dtype=np.int64)
    order, bounds = _clusters(spans)
    sizes = np.diff(bounds)
    pairs = bounds[:-1][sizes == PAIR]
    _cover_pairs(spans, order[pairs], order[pairs + 1], covered_us=covered_us, other=other)
    for begin, count in zip(bounds[:-1][sizes > PAIR].tolist(), sizes[sizes > PAIR].tolist(),
                            strict=True):  # fmt: skip
        cluster = sorted(order[begin : begin + count].tolist())
        taken: dict[int, _Taken] = defaultdict(_Taken)
        for place in cluster:
            row, day = int(spans.row[place]), int(spans.day[place])
            start, end = int(spans.start_us[place]), int(spans.end_us[place])
            if row != UNKNOWN:
                days = (day - 1, day, day + 1)
                near = [one for on in days for one in taken[on].within(start, end)]
                covered_us[row] = _union_us(near)
                other[row] = min((one.owner for one in near), default=UNKNOWN)
            taken[day].add(start, end, owner=place)
    return covered_us, other


def _cover_pairs(spans: _Spans, one: Ints, two: Ints, *, covered_us: Ints, other: Ints) -> None:
    """Fill in what two spans that touch nothing else cover of each other: nearly all of them."""
    earlier, later = np.minimum(one, two), np.maximum(one, two)
    shared_us = np.minimum(spans.end_us[one], spans.end_us[two]) - np.maximum(
        spans.start_us[one], spans.start_us[two]
    )
    is_near = np.abs(spans.day[one] - spans.day[two]) <= 1
    is_hit = is_near & (spans.row[later] != UNKNOWN)
    covered_us[spans.row[later[is_hit]]] = shared_us[is_hit]
    other[spans.row[later[is_hit]]] = earlier[is_hit]


def _clusters(spans: _Spans) -> tuple[Ints, Ints]:
    """Groups of spans of one person that touch each other: all of them, and where each begins."""
    rows = _of_suspects(spans)
    order = rows[np.lexsort((spans.start_us[rows], spans.person[rows]))]
    if not len(order):
        return order, np.zeros(1, dtype=np.int64)
    moments = np.concatenate((spans.start_us[order], spans.end_us[order]))
    distinct, ranks = np.unique(moments, return_inverse=True)
    # A person's moments all come after those of the person before, so one running maximum does.
    of_person = np.unique(spans.person[order], return_inverse=True)[1] * len(distinct)
    start, end = of_person + ranks[: len(order)], of_person + ranks[len(order) :]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = start[1:] >= np.maximum.accumulate(end)[:-1]
    return order, np.append(np.flatnonzero(is_new), len(order))


def _of_suspects(spans: _Spans) -> Ints:
    """All spans of those people who have any overlap: mostly nobody."""
    order = np.lexsort((spans.start_us, spans.person))
    person = spans.person[order]
    is_over = (person[1:] == person[:-1]) & (spans.start_us[order][1:] < spans.end_us[order][:-1])
    suspects = np.unique(person[1:][is_over])
    return np.flatnonzero(np.isin(spans.person, suspects))


class _Piece(NamedTuple):
    start_us: int
    end_us: int
    owner: int


@dataclass(slots=True)
class _Taken:
    """The time of one work day that is taken: pieces in order, each of whoever took it first."""

    pieces: list[_Piece] = field(default_factory=list)

    def within(self, start_us: int, end_us: int) -> Iterator[_Piece]:
        """Give what is taken of a span, in order."""
        place = bisect_right(self.pieces, start_us, key=lambda one: one.end_us)
        while place < len(self.pieces) and self.pieces[place].start_us < end_us:
            one = self.pieces[place]
            yield _Piece(max(one.start_us, start_us), min(one.end_us, end_us), one.owner)
            place += 1

    def add(self, start_us: int, end_us: int, *, owner: int) -> None:
        """Take what is still free of a span."""
        free_from = start_us
        for piece in [*self.within(start_us, end_us), _Piece(end_us, end_us, owner)]:
            if piece.start_us > free_from:
                self._insert(_Piece(free_from, piece.start_us, owner))
            free_from = max(free_from, piece.end_us)

    def _insert(self, piece: _Piece) -> None:
        place = bisect_right(self.pieces, piece.start_us, key=lambda one: one.start_us)
        self.pieces.insert(place, piece)


def _union_us(pieces: Iterable[_Piece]) -> int:
    """Microseconds that at least one piece covers."""
    total, reached = 0, 0
    for piece in sorted(pieces):
        total += max(piece.end_us - max(piece.start_us, reached), 0)
        reached = max(reached, piece.end_us)
    return total
