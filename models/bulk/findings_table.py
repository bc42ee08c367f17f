"""Findings as a table: one row for each piece of evidence, with or without its wording."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.values import MAX_MINOR_UNITS
from data.schemas.vocabulary import Severity
from models.columns import Ints
from models.rules.facts import Facts
from models.rules.hits import Hits

SEVERITIES = tuple(Severity)
NAMES = pa.dictionary(pa.int32(), pa.string())
COLUMNS = pa.schema(
    [
        ("code", NAMES),
        ("item_id", pa.string()),
        ("row_id", pa.string()),
        ("clause_id", NAMES),
        ("severity", NAMES),
        ("exposure_minor", pa.int64()),
        ("currency", NAMES),
    ]
)
"""Exposure above zero is risk, below zero leak. Rows of one code, item and clause make up one
finding; a clause is null where a rule holds without one."""
WORDS = [(name, pa.string()) for name in ("field", "actual", "expected")]
WORDED = pa.schema([*COLUMNS, *WORDS])

Found = Sequence[tuple[ExceptionCode, Hits]]


def findings_table(found: Found, *, facts: Facts) -> pa.Table:
    """Give the findings of a batch in the order of the rules; no text is made."""
    return pa.concat_tables(_all(found, facts=facts)).cast(COLUMNS)


def worded_table(found: Found, *, facts: Facts) -> pa.Table:
    """Give the same with what stands in each row and what the clause expects there."""
    parts = [
        _with_words(one, hits)
        for one, (_, hits) in zip(_all(found, facts=facts), found, strict=True)
    ]
    return pa.concat_tables(parts).cast(WORDED)


def _all(found: Found, *, facts: Facts) -> list[pa.Table]:
    return [_of_rule(code, hits, facts=facts) for code, hits in found]


def _of_rule(code: ExceptionCode, hits: Hits, *, facts: Facts) -> pa.Table:
    severity = hits.severity or CATALOGUE[code].severity
    places = np.where(
        hits.is_critical, SEVERITIES.index(Severity.CRITICAL), SEVERITIES.index(severity)
    )
    return pa.table(
        {
            "code": _named(np.zeros(len(hits), dtype=np.int64), lambda _: code.value),
            "item_id": pa.array(facts.batch.item_id[hits.item], pa.string()),
            "row_id": pa.array(hits.row_id, pa.string()),
            "clause_id": _named(hits.clause, lambda place: facts.terms.clauses[place].id),
            "severity": _named(places, lambda place: SEVERITIES[place].value),
            "exposure_minor": pa.array(
                np.clip(hits.exposure_minor, -MAX_MINOR_UNITS, MAX_MINOR_UNITS), pa.int64()
            ),
            "currency": pa.array(facts.batch.currency[hits.item], pa.string()).dictionary_encode(),
        }
    )


def _with_words(table: pa.Table, hits: Hits) -> pa.Table:
    worded = [hits.evidence(place) for place in range(len(hits))]
    for name, kind in WORDS:
        table = table.append_column(name, pa.array([getattr(one, name) for one in worded], kind))
    return table


def _named(places: Ints, name: Callable[[int], str]) -> pa.Array:
    """Names by place; below zero is null."""
    distinct, place = np.unique(places, return_inverse=True)
    names = [None if one < 0 else name(one) for one in distinct.tolist()]
    return pa.array(names, pa.string()).dictionary_encode().take(pa.array(place))
