"""Decisions on cases: taken, thought of, undone, corrected and listed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from data.schemas.decision import Decision
from data.schemas.vocabulary import FINAL_VERDICTS, Lane, Role
from service.api.access import Parts, Reader
from service.api.body import CorrectionBody, DecisionBody, PreviewBody
from service.api.parts import ApiParts
from service.api.shown_cases import shown_detail
from service.domain.actor import Actor
from service.domain.errors import NotFoundError
from service.usecases.deciding.correct_decision import correct_decision
from service.usecases.deciding.decide_case import decide_case
from service.usecases.deciding.preview_decision import preview_decision
from service.usecases.deciding.undo_decision import undo_decision
from service.wire.cases import MAX_PAGE, DecisionPage, DecisionResponse
from service.wire.deciding import MoneyPreview

router = APIRouter(prefix="/v1", tags=["review"])
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=80)]


@router.post("/cases/{case_id}/decision")
def post_decision(
    case_id: str, request: DecisionBody, parts: Parts, actor: Reader
) -> DecisionResponse:
    """Decide a case under its lease; nothing leaves before the undo window is over."""
    decision = parts.writer.run(
        lambda uow: decide_case(case_id, request, actor=actor, context=parts.deciding(uow))
    )
    return decided(decision, parts, actor)


@router.post("/decisions/preview")
def post_preview(request: PreviewBody, parts: Parts, actor: Reader) -> MoneyPreview:
    """Say what a verdict would bill, give up, move and leave; nothing is stored."""
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    with parts.read() as uow:
        return preview_decision(request, actor=actor, uow=uow)


@router.get("/decisions")
def get_decisions(
    parts: Parts, actor: Reader, *, mine: bool = True, cursor: Cursor = None, limit: Limit = 20
) -> DecisionPage:
    """List decisions, newest first: one's own, or for approvers and auditors everybody's.

    A colleague's decision that waits for a second person is not told to those who decide.
    """
    if not mine:
        actor.require_role(Role.APPROVER, Role.AUDITOR, Role.ADMIN, Role.DATA_SCIENTIST)
    return parts.screens.decision_page(
        actor_id=actor.id if mine else None,
        wall=actor.wall,
        blind_to=actor.id if actor.may_second else None,
        cursor=cursor,
        limit=limit,
        undo_window=parts.undo_window,
        now=parts.clock.now(),
    )


@router.post("/decisions/{decision_id}/undo")
def post_undo(decision_id: str, parts: Parts, actor: Reader) -> DecisionResponse:
    """Take one's own decision back while nothing has left."""
    decision = parts.writer.run(
        lambda uow: undo_decision(
            decision_id,
            actor=actor,
            uow=uow,
            undo_window=parts.undo_window,
            now=parts.clock.now(),
        )
    )
    return decided(decision, parts, actor)


@router.post("/decisions/{decision_id}/correct")
def post_correction(
    decision_id: str, request: CorrectionBody, parts: Parts, actor: Reader
) -> DecisionResponse:
    """Put another decision in the place of one that is final; what was billed is made good.

    The difference is posted as a bill of its own, below zero as a credit. Large money waits for a
    second person again.
    """
    decision = parts.writer.run(
        lambda uow: correct_decision(decision_id, request, actor=actor, context=parts.deciding(uow))
    )
    return decided(decision, parts, actor)


def decided(decision: Decision, parts: ApiParts, actor: Actor) -> DecisionResponse:
    """Give a decision and its case as they stand now; after a known case, how it compares."""
    view = parts.screens.decision(
        decision.id, wall=actor.wall, undo_window=parts.undo_window, now=parts.clock.now()
    )
    if view is None:
        raise NotFoundError("decision", decision.id)
    return DecisionResponse(
        decision=view,
        case=shown_detail(decision.case_id, parts, actor).case,
        feedback=_feedback(decision, parts),
    )


def _feedback(decision: Decision, parts: ApiParts) -> str | None:
    """What the right answer was, where the case was one whose answer is known."""
    if decision.lane is not Lane.GOLD or decision.verdict not in FINAL_VERDICTS:
        return None
    with parts.read() as uow:
        case = uow.cases.get(decision.case_id)
        answer = None if case is None else uow.known_answers.of_item(case.item_seq)
        return None if answer is None else answer.feedback(decision.verdict)
