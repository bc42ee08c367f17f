"""The shape of a conformance row: facts written by hand, and what the predicate makes of them.

Nothing here is produced by the code under test: a row states the exposure of each row in exact
minor units, with the arithmetic in its comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

import pytest

from data.schemas.assessment import Finding
from data.schemas.billing import Invoice
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.items import AnyItem
from data.schemas.reference import Reference
from data.schemas.vocabulary import Proof, Severity
from tests.builders.checking import findings, suspicions
from tests.builders.contracts import reference
from tests.builders.items import DECIDED_AT


class Aspect(Enum):
    """What a row shows of its code."""

    CLEAN = auto()
    """An ordinary case that breaks nothing."""
    HIT = auto()
    """An ordinary case that breaks the rule."""
    JUST_INSIDE = auto()
    """The limit exactly met, the last day, the last minute."""
    JUST_OUTSIDE = auto()
    """One minute, one minor unit or one day more."""
    BEFORE_AMENDMENT = auto()
    """The day before a change order takes effect."""
    AMENDED = auto()
    """The change order's own day, or after it."""


NEEDED = frozenset(Aspect)
"""What every code that a rule decides must show."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """An earlier item that a person reviewed, and whether it was corrected."""

    item: AnyItem
    is_corrected: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case: items under terms, and the exposure expected of each row; none when clean."""

    name: str
    shows: Aspect
    item: AnyItem
    """The item that is judged."""
    beside: tuple[AnyItem, ...] = ()
    """Items of the same batch."""
    before: tuple[AnyItem, ...] = ()
    """Items accepted earlier."""
    under: Reference = field(default_factory=reference)
    invoices: tuple[Invoice, ...] = ()
    reviewed: tuple[Review, ...] = ()
    """What people found earlier; rules look at none of it."""
    decided_at: datetime = DECIDED_AT
    expected: dict[str, int] = field(default_factory=dict)
    """Exposure in minor units by row id: risk above zero, leak below; empty without a finding."""
    clause_id: str | None = None
    """The clause that must be cited; not looked at when clean."""
    severity: Severity | None = None
    """Other than the catalogue's."""
    proof: Proof | None = None
    """Whose finding the row speaks of; the rule's wherever there is one, unless this is given."""


def table(rows: Iterable[Row]) -> pytest.MarkDecorator:
    """Run a test once a row, under the row's name."""
    listed = list(rows)
    return pytest.mark.parametrize("row", listed, ids=[row.name for row in listed])


def check_row(code: ExceptionCode, row: Row) -> None:
    """Hold the rules, or the baselines of what is likely, to one row."""
    own = [one for one in _said(code, row) if one.code is code]
    exposures: dict[str, int] = {}
    for finding in own:
        for evidence in finding.evidence:
            seen = exposures.get(evidence.row_id, 0)
            exposures[evidence.row_id] = seen + evidence.exposure_minor
    assert exposures == row.expected
    if not row.expected:
        return
    assert sum(one.exposure_minor for one in own) == sum(row.expected.values())
    assert {one.severity for one in own} == {row.severity or CATALOGUE[code].severity}
    assert {one.clause_id for one in own} == {row.clause_id}


def _said(code: ExceptionCode, row: Row) -> Sequence[Finding]:
    """What is said of the item by whoever the row speaks of."""
    known = {
        "under": row.under,
        "before": row.before,
        "invoices": row.invoices,
        "decided_at": row.decided_at,
    }
    items = (*row.beside, row.item)
    usual = Proof.RULE if CATALOGUE[code].is_rule_decidable else Proof.MODEL
    if (row.proof or usual) is Proof.RULE:
        return findings(*items, **known)[row.item.item_id]
    reviews = tuple((one.item, one.is_corrected) for one in row.reviewed)
    said = suspicions(*items, **known, reviews=reviews)[row.item.item_id]
    assert all(one.proof is Proof.MODEL and 0 < one.probability < 1 for one in said)
    return said
