"""The review queue: lists, claims, leases and decisions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from data.schemas.decision import Decision
from data.schemas.vocabulary import PostingStatus, Role
from service.api.access import IdempotencyKey, Parts, Reader
from service.api.blind import blinded_case, blinded_detail
from service.api.body import ClaimBody, DecisionBody, LeaseBody, SignatureBody
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.errors import NotFoundError
from service.ports.screens import CaseFilter
from service.ports.stores import UnitOfWork
from service.usecases.claim_case import claim_named, claim_next
from service.usecases.decide_once import decide_once
from service.usecases.hold_case import extend_lease, release_case, view_case
from service.usecases.sign_decision import sign_decision
from service.usecases.undo_decision import undo_decision
from service.wire.cases import (
    MAX_PAGE,
    CaseDetail,
    CasePage,
    CaseQuery,
    Claim,
    ClaimResponse,
    DecisionPage,
    DecisionResponse,
    LeaseResponse,
    PostingPage,
    QueueSummary,
)

router = APIRouter(prefix="/v1", tags=["review"])
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=80)]


@router.get("/queue")
def get_queue(parts: Parts, actor: Reader) -> QueueSummary:
    """Say what waits, in cases, minutes and money."""
    del actor
    return parts.screens.queue_summary(now=parts.clock.now())


@router.post("/queue/claim")
def post_claim(request: ClaimBody, parts: Parts, actor: Reader) -> ClaimResponse:
    """Lease the next cases, best first, or one by id; an empty list when nothing waits."""

    def work(uow: UnitOfWork) -> list[Case]:
        now = parts.clock.now()
        if request.case_id is not None:
            return [claim_named(request.case_id, actor=actor, uow=uow, now=now)]
        return claim_next(actor=actor, count=request.count, uow=uow, now=now, coin=parts.coin)

    claimed = parts.writer.run(work)
    return ClaimResponse(claims=tuple(_claim(case, parts, actor) for case in claimed))


@router.get("/cases")
def get_cases(parts: Parts, actor: Reader, wanted: Annotated[CaseQuery, Query()]) -> CasePage:
    """List cases, newest first."""
    page = parts.screens.case_page(
        CaseFilter(
            status=wanted.status,
            client_id=wanted.client_id,
            code=wanted.code,
            kind=wanted.kind,
            text=wanted.q,
        ),
        cursor=wanted.cursor,
        limit=wanted.limit,
    )
    cases = tuple(blinded_case(case, actor=actor) for case in page.cases)
    return CasePage(cases=cases, next_cursor=page.next_cursor)


@router.get("/cases/{case_id}")
def get_case(case_id: str, parts: Parts, actor: Reader) -> CaseDetail:
    """Give a case; that a person saw it is written down."""
    if actor.is_person:
        parts.writer.run(
            lambda uow: view_case(case_id, actor=actor, uow=uow, now=parts.clock.now())
        )
    return _detail(case_id, parts, actor)


@router.post("/cases/{case_id}/decision")
def post_decision(
    case_id: str,
    request: DecisionBody,
    parts: Parts,
    actor: Reader,
    idempotency_key: IdempotencyKey = None,
) -> DecisionResponse:
    """Decide a case under its lease; nothing leaves before the undo window is over.

    With an Idempotency-Key a repeat gives the decision that was stored the first time.
    """
    decision = parts.writer.run(
        lambda uow: decide_once(
            case_id,
            request,
            idempotency_key=idempotency_key,
            actor=actor,
            context=parts.deciding(uow),
        )
    )
    return _decided(decision, parts, actor)


@router.post("/cases/{case_id}/signature")
def post_signature(
    case_id: str, request: SignatureBody, parts: Parts, actor: Reader
) -> DecisionResponse:
    """Sign a colleague's decision on large money, or send the case back."""
    decision = parts.writer.run(
        lambda uow: sign_decision(
            case_id, is_approved=request.is_approved, actor=actor, context=parts.deciding(uow)
        )
    )
    return _decided(decision, parts, actor)


@router.post("/cases/{case_id}/lease/extend")
def post_extend(case_id: str, request: LeaseBody, parts: Parts, actor: Reader) -> LeaseResponse:
    """Hold a case for ten more minutes."""
    case = parts.writer.run(
        lambda uow: extend_lease(
            case_id, token=request.lease_token, actor=actor, uow=uow, now=parts.clock.now()
        )
    )
    return LeaseResponse(lease_expires_at=case.lease.expires_at if case.lease else None)


@router.post("/cases/{case_id}/lease/release")
def post_release(case_id: str, request: LeaseBody, parts: Parts, actor: Reader) -> LeaseResponse:
    """Give a case back to the queue."""
    parts.writer.run(
        lambda uow: release_case(
            case_id, token=request.lease_token, actor=actor, uow=uow, now=parts.clock.now()
        )
    )
    return LeaseResponse(lease_expires_at=None)


@router.get("/decisions")
def get_decisions(
    parts: Parts, actor: Reader, *, mine: bool = True, cursor: Cursor = None, limit: Limit = 20
) -> DecisionPage:
    """List decisions, newest first: one's own, or for approvers and auditors everybody's."""
    if not mine:
        actor.require_role(Role.APPROVER, Role.AUDITOR, Role.ADMIN, Role.DATA_SCIENTIST)
    return parts.screens.decision_page(
        actor_id=actor.id if mine else None,
        cursor=cursor,
        limit=limit,
        undo_window=parts.undo_window,
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
    return _decided(decision, parts, actor)


@router.get("/postings")
def get_postings(
    parts: Parts,
    actor: Reader,
    status: PostingStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PostingPage:
    """List postings, newest first; `status=refused` is the exception queue."""
    del actor
    return parts.screens.posting_page(status=status, cursor=cursor, limit=limit)


def _detail(case_id: str, parts: ApiParts, actor: Actor) -> CaseDetail:
    found = parts.screens.case_detail(case_id, undo_window=parts.undo_window)
    if found is None:
        raise NotFoundError("case", case_id)
    return blinded_detail(found, actor=actor)


def _claim(case: Case, parts: ApiParts, actor: Actor) -> Claim:
    if case.lease is None:
        raise NotFoundError("lease on case", case.id)
    return Claim(
        detail=_detail(case.id, parts, actor),
        lease_token=case.lease.token,
        lease_expires_at=case.lease.expires_at,
    )


def _decided(decision: Decision, parts: ApiParts, actor: Actor) -> DecisionResponse:
    view = parts.screens.decision(decision.id, undo_window=parts.undo_window)
    if view is None:
        raise NotFoundError("decision", decision.id)
    return DecisionResponse(decision=view, case=_detail(decision.case_id, parts, actor).case)
