"""What reviewers are not told: a random check must look like any other case."""

from __future__ import annotations

from data.schemas.assessment import Assessment
from data.schemas.vocabulary import Role, Route
from service.domain.actor import Actor
from service.wire.cases import CaseDetail, CaseSummary

TOLD_THE_LANE = frozenset({Role.AUDITOR, Role.DATA_SCIENTIST, Role.ADMIN})
"""Roles that judge the checks; workflows under a key are told as well, as they decide nothing."""
HIDDEN_REASON = "Told to auditors and data scientists"


def blinded(assessment: Assessment, *, actor: Actor) -> Assessment:
    """Give the assessment as the actor may see it: without lane, propensity and their traces."""
    if _is_told(actor):
        return assessment
    return assessment.model_copy(
        update={
            "lane": None,
            "propensity": 1.0,
            "route": _shown_route(assessment.route, is_case=assessment.lane is not None),
            "route_reason": HIDDEN_REASON,
        }
    )


def blinded_case(case: CaseSummary, *, actor: Actor) -> CaseSummary:
    """Give a case as the actor may see it in a list."""
    if _is_told(actor):
        return case
    return case.model_copy(update={"route": _shown_route(case.route, is_case=True)})


def blinded_detail(detail: CaseDetail, *, actor: Actor) -> CaseDetail:
    """Give everything about a case that the actor may see."""
    return detail.model_copy(
        update={
            "case": blinded_case(detail.case, actor=actor),
            "assessment": blinded(detail.assessment, actor=actor),
        }
    )


def _is_told(actor: Actor) -> bool:
    return not actor.is_person or bool(actor.roles & TOLD_THE_LANE)


def _shown_route(route: Route, *, is_case: bool) -> Route:
    """A cleared item that became a case was drawn for a check: it is shown as ordinary work."""
    return Route.REVIEW if is_case and route is Route.AUTO_CLEAR else route
