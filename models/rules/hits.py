"""What a rule hands back: the rows it hits, as columns, and how they become findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.schemas.assessment import EvidenceRow, Finding
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.values import MAX_MINOR_UNITS
from data.schemas.vocabulary import Proof, Severity
from models.columns import EntryColumns, ExpenseColumns, Flags, Floats, Ints, Strings
from models.rules.facts import Facts


class Evidence(NamedTuple):
    """What stands in a row, and what the clause expects there."""

    row_id: str
    field: str
    actual: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One hit on an item as a whole."""

    item: int
    clause: int
    field: str
    actual: str
    expected: str
    exposure_minor: int = 0
    probability: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The rows that are hit, as columns; evidence is worded when it is asked for.

    Exposure is signed: above zero is risk, below zero is leak. `summary` may name the number of
    `{rows}`.
    """

    item: Ints
    row_id: Strings
    """What each row is called."""
    clause: Ints
    exposure_minor: Ints
    severity: Severity | None
    """Other than the catalogue's."""
    is_critical: Flags
    """Graver than the catalogue says."""
    probability: Floats | None
    """None where a rule proved it."""
    evidence: Callable[[int], Evidence]
    """The evidence of a hit by its place in these columns."""
    summary: str
    row_noun: str

    def __len__(self) -> int:
        return len(self.item)


Rule = Callable[[Facts], Hits]
Word = Callable[[int], str]
"""A text about a row, by its place in the columns of the batch."""


def entry_hits(  # noqa: PLR0913 - one argument for each column
    facts: Facts,
    rows: Ints,
    *,
    clause: Ints,
    exposure_minor: Ints,
    field: str,
    actual: Word,
    expected: Word,
    summary: str,
    is_critical: Flags | None = None,
    severity: Severity | None = None,
    probability: Floats | None = None,
) -> Hits:
    """Keep the hit rows of columns as long as the time entries."""
    return _row_hits(
        facts.entries,
        rows,
        clause=clause,
        exposure_minor=exposure_minor,
        words=(field, actual, expected),
        told=(summary, "entry", "entries"),
        is_critical=is_critical,
        severity=severity,
        probability=probability,
    )


def expense_hits(  # noqa: PLR0913 - one argument for each column
    facts: Facts,
    rows: Ints,
    *,
    clause: Ints,
    exposure_minor: Ints,
    field: str | Word,
    actual: Word,
    expected: Word,
    summary: str,
    is_critical: Flags | None = None,
    severity: Severity | None = None,
    probability: Floats | None = None,
) -> Hits:
    """Keep the hit rows of columns as long as the expenses; the field may differ by row."""
    return _row_hits(
        facts.expenses,
        rows,
        clause=clause,
        exposure_minor=exposure_minor,
        words=(field, actual, expected),
        told=(summary, "expense", "expenses"),
        is_critical=is_critical,
        severity=severity,
        probability=probability,
    )


def item_hits(
    facts: Facts, hits: Iterable[Hit], *, summary: str, is_proved: bool = True
) -> Hits:  # fmt: skip
    """Lay out hits on whole items as columns."""
    listed = list(hits)

    items = np.array([hit.item for hit in listed], dtype=np.int64)
    row_id = facts.batch.item_id[items]

    def evidence(place: int) -> Evidence:
        hit = listed[place]
        return Evidence(row_id[place], hit.field, hit.actual, hit.expected)

    return Hits(
        item=items,
        row_id=row_id,
        clause=np.array([hit.clause for hit in listed], dtype=np.int64),
        exposure_minor=np.array([hit.exposure_minor for hit in listed], dtype=np.int64),
        severity=None,
        is_critical=np.zeros(len(listed), dtype=np.bool_),
        probability=None if is_proved else np.array([hit.probability for hit in listed]),
        evidence=evidence,
        summary=summary,
        row_noun="row rows",
    )


def to_findings(code: ExceptionCode, hits: Hits, *, facts: Facts) -> Iterator[tuple[int, Finding]]:
    """Give one finding for each item and clause, with a row of evidence for each hit."""
    rows_of: dict[tuple[int, int], list[int]] = {}
    for row, key in enumerate(zip(hits.item.tolist(), hits.clause.tolist(), strict=True)):
        rows_of.setdefault(key, []).append(row)
    for (item, clause), rows in rows_of.items():
        yield item, _finding(code, hits, rows, clause=clause, facts=facts)


def _row_hits(  # noqa: PLR0913 - one argument for each column
    columns: EntryColumns | ExpenseColumns,
    rows: Ints,
    *,
    clause: Ints,
    exposure_minor: Ints,
    words: tuple[str | Word, Word, Word],
    told: tuple[str, str, str],
    is_critical: Flags | None,
    severity: Severity | None,
    probability: Floats | None,
) -> Hits:
    field, actual, expected = words
    summary, one, many = told

    row_id = columns.row_id[rows]

    def evidence(place: int) -> Evidence:
        row = int(rows[place])
        name = field if isinstance(field, str) else field(row)
        return Evidence(row_id[place], name, actual(row), expected(row))

    return Hits(
        item=columns.item[rows],
        row_id=row_id,
        clause=clause[rows],
        exposure_minor=exposure_minor[rows],
        severity=severity,
        is_critical=(
            np.zeros(len(rows), dtype=np.bool_) if is_critical is None else is_critical[rows]
        ),
        probability=None if probability is None else probability[rows],
        evidence=evidence,
        summary=summary,
        row_noun=f"{one} {many}",
    )


def _finding(
    code: ExceptionCode, hits: Hits, rows: Sequence[int], *, clause: int, facts: Facts
) -> Finding:
    found = facts.clause(clause)
    one, many = hits.row_noun.split()
    count = f"1 {one}" if len(rows) == 1 else f"{len(rows)} {many}"
    probability = 1.0 if hits.probability is None else float(hits.probability[rows].max())
    return Finding(
        code=code,
        severity=_severity(code, hits, rows),
        proof=Proof.RULE if hits.probability is None else Proof.MODEL,
        probability=probability,
        clause_id=None if found is None else found.id,
        summary=hits.summary.format(rows=count),
        evidence=tuple(_evidence_row(hits, row) for row in rows),
        exposure_minor=_bounded(int(hits.exposure_minor[rows].sum())),
    )


def _severity(code: ExceptionCode, hits: Hits, rows: Sequence[int]) -> Severity:
    if bool(hits.is_critical[rows].any()):
        return Severity.CRITICAL
    return hits.severity or CATALOGUE[code].severity


def _evidence_row(hits: Hits, row: int) -> EvidenceRow:
    evidence = hits.evidence(row)
    return EvidenceRow(
        row_id=evidence.row_id,
        field=evidence.field,
        actual=evidence.actual,
        expected=evidence.expected,
        exposure_minor=_bounded(int(hits.exposure_minor[row])),
    )


def _bounded(minor: int) -> int:
    """Keep the exposure of absurd rates inside what a record may carry."""
    return max(-MAX_MINOR_UNITS, min(MAX_MINOR_UNITS, minor))
