"""What a rule hands back: the rows it hits, as columns, and how they become findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from data.schemas.assessment import EvidenceRow, Finding
from data.schemas.values import MAX_MINOR_UNITS
from data.schemas.vocabulary import CATALOGUE, ExceptionCode, Proof, Severity
from models.columns import UNKNOWN, Flags, Ints
from models.rules.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One hit of a rule on an item as a whole."""

    item: int
    clause: int
    field: str
    actual: str
    expected: str
    exposure_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The rows a rule hits; the texts are there for hits only.

    `entry` is a row of the batch, or UNKNOWN where the item as a whole is hit. Exposure is signed:
    above zero is risk, below zero is leak. `summary` may name the number of `{rows}`.
    """

    item: Ints
    entry: Ints
    clause: Ints
    exposure_minor: Ints
    is_critical: Flags
    """Graver than the catalogue says."""
    field: tuple[str, ...]
    actual: tuple[str, ...]
    expected: tuple[str, ...]
    summary: str


Rule = Callable[[Facts], Hits]


def entry_hits(  # noqa: PLR0913 - one argument for each column
    facts: Facts,
    rows: Ints,
    *,
    clause: Ints,
    exposure_minor: Ints,
    field: str,
    actual: Callable[[int], str],
    expected: Callable[[int], str],
    summary: str,
    is_critical: Flags | None = None,
) -> Hits:
    """Keep the hit rows of columns as long as the entries; texts are made for those rows only."""
    critical = np.zeros(len(rows), dtype=np.bool_) if is_critical is None else is_critical[rows]
    listed = rows.tolist()
    return Hits(
        item=facts.entries.item[rows],
        entry=rows,
        clause=clause[rows],
        exposure_minor=exposure_minor[rows],
        is_critical=critical,
        field=(field,) * len(rows),
        actual=tuple(actual(row) for row in listed),
        expected=tuple(expected(row) for row in listed),
        summary=summary,
    )


def item_hits(hits: Iterable[Hit], *, summary: str) -> Hits:
    """Lay out hits on whole items as columns."""
    listed = list(hits)
    return Hits(
        item=np.array([hit.item for hit in listed], dtype=np.int64),
        entry=np.full(len(listed), UNKNOWN, dtype=np.int64),
        clause=np.array([hit.clause for hit in listed], dtype=np.int64),
        exposure_minor=np.array([hit.exposure_minor for hit in listed], dtype=np.int64),
        is_critical=np.zeros(len(listed), dtype=np.bool_),
        field=tuple(hit.field for hit in listed),
        actual=tuple(hit.actual for hit in listed),
        expected=tuple(hit.expected for hit in listed),
        summary=summary,
    )


def to_findings(code: ExceptionCode, hits: Hits, *, facts: Facts) -> Iterator[tuple[int, Finding]]:
    """Give one finding for each item and clause, with a row of evidence for each hit."""
    rows_of: dict[tuple[int, int], list[int]] = {}
    for row, key in enumerate(zip(hits.item.tolist(), hits.clause.tolist(), strict=True)):
        rows_of.setdefault(key, []).append(row)
    for (item, clause), rows in rows_of.items():
        yield item, _finding(code, hits, rows, item=item, clause=clause, facts=facts)


def _finding(
    code: ExceptionCode, hits: Hits, rows: list[int], *, item: int, clause: int, facts: Facts
) -> Finding:
    found = facts.clause(clause)
    is_critical = bool(hits.is_critical[rows].any())
    count = "1 entry" if len(rows) == 1 else f"{len(rows)} entries"
    return Finding(
        code=code,
        severity=Severity.CRITICAL if is_critical else CATALOGUE[code].severity,
        proof=Proof.RULE,
        clause_id=None if found is None else found.id,
        summary=hits.summary.format(rows=count),
        evidence=tuple(_evidence(hits, row, item=item, facts=facts) for row in rows),
        exposure_minor=_bounded(int(hits.exposure_minor[rows].sum())),
    )


def _evidence(hits: Hits, row: int, *, item: int, facts: Facts) -> EvidenceRow:
    entry = int(hits.entry[row])
    is_item = entry == UNKNOWN
    return EvidenceRow(
        row_id=facts.batch.items[item].item_id if is_item else facts.entries.entry_id[entry],
        field=hits.field[row],
        actual=hits.actual[row],
        expected=hits.expected[row],
        exposure_minor=_bounded(int(hits.exposure_minor[row])),
    )


def _bounded(minor: int) -> int:
    """Keep the exposure of absurd rates inside what a record may carry."""
    return max(-MAX_MINOR_UNITS, min(MAX_MINOR_UNITS, minor))
