"""Change orders that restate a clause, as amended contracts carry them."""

from __future__ import annotations

from datetime import date
from typing import Any

from data.schemas.contracts import ChangeOrder
from tests.builders.contracts import change_order, clause

WEDNESDAY = date(2026, 3, 4)


def restating(terms: Any, *, line_id: str | None = None, **overrides: Any) -> ChangeOrder:
    """An executed change order that puts `CL-new` in the place of its kind from Wednesday on."""
    given = {"effective_on": WEDNESDAY, "clauses": (clause(terms, id="CL-new", line_id=line_id),)}
    return change_order(**(given | overrides))
