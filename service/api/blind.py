"""What those who judge are not told: the lane of a case, and at times the models' opinion.

A random check, a blind second review and a case with a known answer must look like any other.
Whether the models' opinion is told is drawn for each person and case (`service.domain.exposure`).
"""

from __future__ import annotations

from data.schemas.assessment import SCORES_OF_ITEMS, Assessment, EvidenceRow, Finding
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import CaseStatus, Proof, Route, ScoreExposure
from service.domain.actor import Actor
from service.domain.errors import InvalidRequestError
from service.domain.exposure import SECOND_OPINIONS, Exposure
from service.domain.proved_money import proved_money
from service.wire.cases import CaseDetail, CaseSummary

HIDDEN_REASON = "Told to auditors and data scientists"
UNSAID = 0.5
"""Stands for the probability of a likely finding that is not told."""
NOT_PROVED = "Likely, not proved"
"""Stands for words and money of a likely finding, which would tell its probability."""


def blinded(assessment: Assessment, *, actor: Actor, is_score_shown: bool) -> Assessment:
    """Give the assessment as the actor may see it: without lane, propensity and their traces.

    Without the score, what rules and likely patterns found stays; how sure the models are goes.
    """
    if actor.is_told_everything:
        return assessment
    without_lane = assessment.model_copy(
        update={
            "lane": None,
            "propensity": 1.0,
            "route": _shown_route(assessment.route, is_case=assessment.lane is not None),
            "route_reason": HIDDEN_REASON,
        }
    )
    return without_lane if is_score_shown else _without_opinion(without_lane)


def blinded_case(case: CaseSummary, *, actor: Actor, is_score_shown: bool) -> CaseSummary:
    """Give a case as the actor may see it in a list; lists tell no opinion to those who judge."""
    if actor.is_told_everything:
        return case
    shown = case.model_copy(update={"route": _shown_route(case.route, is_case=True)})
    return shown if is_score_shown else _summary_without_opinion(shown)


def require_told(code: ExceptionCode | None, *, actor: Actor) -> None:
    """Refuse a filter by what lists do not tell the actor: whatever passed it would tell it.

    Raises InvalidRequestError.
    """
    if actor.judges_blind and code in SCORES_OF_ITEMS:
        raise InvalidRequestError(
            "code",
            code.value,
            "is the models' opinion, which no list tells whoever decides cases; "
            "filter by what was found instead",
        )


def blinded_detail(detail: CaseDetail, *, actor: Actor, told: Exposure | None) -> CaseDetail:
    """Give everything about a case that the actor may see, after what they were told of it."""
    is_shown = _is_shown(detail.case.status, actor=actor, told=told)
    exposure = ScoreExposure.SHOWN if told is None else told.score
    return detail.model_copy(
        update={
            "case": blinded_case(detail.case, actor=actor, is_score_shown=is_shown),
            "assessment": blinded(detail.assessment, actor=actor, is_score_shown=is_shown),
            "why_next": detail.why_next if is_shown else None,
            "exposure": exposure if is_shown or told is not None else ScoreExposure.HIDDEN,
            "own_verdict": None if told is None else told.own_verdict,
            "must_call_first": told is not None and told.must_call_first,
        }
    )


def _is_shown(status: CaseStatus, *, actor: Actor, told: Exposure | None) -> bool:
    """A second opinion is blind, whatever the person was told before."""
    if not actor.judges_blind:
        return True
    return told is not None and told.is_score_shown and status not in SECOND_OPINIONS


def _without_opinion(assessment: Assessment) -> Assessment:
    proved = proved_money(assessment)
    return assessment.model_copy(
        update={
            "violation_probability": None,
            "delay_probability": None,
            "probabilities": {},
            "bill_days": None,
            "reasons": (),
            "review_error": None,
            "risk_minor": proved.risk_minor,
            "leak_minor": proved.leak_minor,
            "route": Route.REVIEW,
            "findings": tuple(
                _unsaid(one) for one in assessment.findings if one.code not in SCORES_OF_ITEMS
            ),
        }
    )


def _unsaid(finding: Finding) -> Finding:
    if finding.proof is Proof.RULE:
        return finding
    return finding.model_copy(
        update={
            "probability": UNSAID,
            "summary": NOT_PROVED,
            "exposure_minor": 0,
            "evidence": tuple(_row_unsaid(row) for row in finding.evidence),
        }
    )


def _row_unsaid(row: EvidenceRow) -> EvidenceRow:
    """An amount is weighed by the probability, and a row of the whole item is named by it."""
    actual = NOT_PROVED if row.field == "item" else row.actual
    return row.model_copy(update={"actual": actual, "exposure_minor": 0})


def _summary_without_opinion(case: CaseSummary) -> CaseSummary:
    return case.model_copy(
        update={
            "violation_probability": None,
            "delay_probability": None,
            "risk_minor": case.proved_risk_minor,
            "leak_minor": case.proved_leak_minor,
            "codes": tuple(code for code in case.codes if code not in SCORES_OF_ITEMS),
            "route": Route.REVIEW,
        }
    )


def _shown_route(route: Route, *, is_case: bool) -> Route:
    """A cleared item that became a case was drawn for a check: it is shown as ordinary work."""
    return Route.REVIEW if is_case and route is Route.AUTO_CLEAR else route
