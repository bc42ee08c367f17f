"""Spares a rule batches that hold nothing it looks at: most items are of one kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import numpy as np

from models.rules.facts import Facts
from models.rules.hits import Evidence, Hits, Rule


def _no_evidence(place: int) -> Evidence:
    raise IndexError(f"there is no hit {place}: nothing was found")


_NO_ROWS = np.zeros(0, dtype=np.int64)
NOTHING = Hits(
    item=_NO_ROWS,
    row_id=np.zeros(0, dtype=object),
    clause=_NO_ROWS,
    exposure_minor=_NO_ROWS,
    severity=None,
    is_critical=np.zeros(0, dtype=np.bool_),
    probability=None,
    evidence=_no_evidence,
    summary="",
    row_noun="row rows",
)
"""No hit at all."""


def with_entries(rule: Rule) -> Rule:
    """Ask a rule about time entries only where there are some."""
    return _where(lambda facts: len(facts.entries) > 0, rule)


def with_expenses(rule: Rule) -> Rule:
    """Ask a rule about expenses only where there are some."""
    return _where(lambda facts: len(facts.expenses) > 0, rule)


def with_milestones(rule: Rule) -> Rule:
    """Ask a rule about milestones only where there are some."""
    return _where(lambda facts: bool(np.any(facts.batch.is_milestone)), rule)


def _where(holds: Callable[[Facts], bool], rule: Rule) -> Rule:
    @wraps(rule)
    def asked(facts: Facts) -> Hits:
        return rule(facts) if holds(facts) else NOTHING

    return asked
