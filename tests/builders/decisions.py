"""Decisions on cases, for tests of what follows from them."""

from __future__ import annotations

from typing import Any

from data.schemas.decision import Decision
from data.schemas.vocabulary import ReasonCode, Verdict
from service.domain.case import Case
from tests.fakes.clock import MONDAY_MORNING


def decision(on: Case, **overrides: Any) -> Decision:
    """Approve a case as it stands."""
    given = {
        "id": "dec-1",
        "case_id": on.id,
        "item_id": on.item_id,
        "assessment_id": on.assessment_id,
        "actor_id": "rita",
        "verdict": Verdict.APPROVE,
        "reason_codes": (ReasonCode.CLAUSE_SATISFIED,),
        "approved_minor": on.amount_minor,
        "decided_at": MONDAY_MORNING,
        "lane": on.lane,
        "propensity": on.propensity,
    }
    return Decision(**(given | overrides))
