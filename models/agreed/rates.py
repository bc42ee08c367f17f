"""The rate card, compiled: the rate of a category on a line, at a place, on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from data.schemas.contracts import Contract, RateCardRow
from models.codes import UNKNOWN, Codebook, Codes, line_name
from models.columns import Ints, day_number
from models.timeline import ALWAYS, PAIR_BITS, Span, Timeline, pair

EVERYWHERE = 0
"""The place of a card row without a location; any other place is the location's code and one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Minor units an hour. A row with a location holds there, and outranks the row without one."""

    _strand: Timeline
    """A number for each line and category that stand on a card together."""
    _row: Timeline
    """The card row in force, by strand and place."""
    _rate_minor: Ints
    """By card row; the last answers for UNKNOWN, which is -1."""
    _prior_minor: Ints
    """What held for the same strand and place on the day before the row took force."""
    _categories: dict[int, frozenset[int]]

    @classmethod
    def build(cls, contracts: Iterable[Contract], *, codes: Codes) -> Rates:
        """Compile the rate cards; names not yet in `codes` are added to it."""
        rows = [(contract.id, row) for contract in contracts for row in contract.rate_card]
        strands = [_strand(contract_id, row, codes=codes) for contract_id, row in rows]
        numbers = Codebook()
        keys = [
            numbers.code(str(strand)) << PAIR_BITS | _place(row, codes=codes)
            for strand, (_, row) in zip(strands, rows, strict=True)
        ]
        timeline = Timeline.build(_spans(keys, [row for _, row in rows]))
        rate_minor = _ints([*(row.hourly_rate_minor for _, row in rows), UNKNOWN])
        eve = _ints([day_number(row.valid_from) - 1 for _, row in rows])
        return cls(
            _strand=Timeline.build(
                Span(strand, ALWAYS, None, numbers.find(str(strand))) for strand in set(strands)
            ),
            _row=timeline,
            _rate_minor=rate_minor,
            _prior_minor=np.append(rate_minor[timeline.at(_ints(keys), eve)], UNKNOWN),
            _categories=_categories(strands),
        )

    def card(self, line: Ints, category: Ints, location: Ints, day: Ints) -> Ints:
        """Give the agreed rate on each day, or UNKNOWN."""
        return self._rate_minor[self._row_at(line, category, location, day)]

    def prior(self, line: Ints, category: Ints, location: Ints, day: Ints) -> Ints:
        """Give the rate that the one in force on each day took the place of, or UNKNOWN."""
        return self._prior_minor[self._row_at(line, category, location, day)]

    def categories(self, line: Ints) -> Ints:
        """Give every category on the cards of these lines, each once, in order."""
        lines = set(line.tolist())
        found = set().union(*(self._categories.get(one, frozenset()) for one in lines))
        return _ints(sorted(found))

    def _row_at(self, line: Ints, category: Ints, location: Ints, day: Ints) -> Ints:
        strand = self._strand.at(pair(line, category), day)
        everywhere = self._row.at(pair(strand, np.full_like(strand, EVERYWHERE)), day)
        own = self._row.at(pair(strand, location + 1), day)
        return np.where(own == UNKNOWN, everywhere, own)


def _strand(contract_id: str, row: RateCardRow, *, codes: Codes) -> int:
    line = codes.line.code(line_name(contract_id, row.line_id))
    return line << PAIR_BITS | codes.category.code(row.labor_category)


def _place(row: RateCardRow, *, codes: Codes) -> int:
    return EVERYWHERE if row.location is None else codes.location.code(row.location) + 1


def _spans(keys: Iterable[int], rows: Iterable[RateCardRow]) -> Iterator[Span]:
    for number, (key, row) in enumerate(zip(keys, rows, strict=True)):
        last = None if row.valid_to is None else day_number(row.valid_to)
        yield Span(key, day_number(row.valid_from), last, number)


def _categories(strands: Iterable[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for strand in strands:
        found[strand >> PAIR_BITS].add(strand & ((1 << PAIR_BITS) - 1))
    return {line: frozenset(categories) for line, categories in found.items()}


def _ints(numbers: list[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)
