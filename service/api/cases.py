"""The review queue: lists, claims, leases, and what is put off."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from service.api.access import Parts, Reader
from service.api.blind import blinded_case, require_told
from service.api.body import ClaimBody, LeaseBody, OwnCallBody, SnoozeBody
from service.api.parts import ApiParts
from service.api.shown_cases import note_look, shown_detail
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.errors import NotFoundError
from service.ports.screens import CaseFilter
from service.ports.stores import UnitOfWork
from service.usecases.queue.call_first import call_first
from service.usecases.queue.claim_case import claim_named, claim_next
from service.usecases.queue.hold_case import extend_lease, release_case
from service.usecases.queue.snooze_case import snooze_case
from service.wire.cases import (
    CaseDetail,
    CasePage,
    CaseQuery,
    Claim,
    ClaimResponse,
    LeaseResponse,
    QueueSummary,
)

__all__ = ["router", "shown_detail"]

router = APIRouter(prefix="/v1", tags=["review"])


@router.get("/queue")
def get_queue(parts: Parts, actor: Reader) -> QueueSummary:
    """Say what waits, in cases, minutes and money."""
    return parts.screens.queue_summary(wall=actor.wall, now=parts.clock.now())


@router.post("/queue/claim")
def post_claim(request: ClaimBody, parts: Parts, actor: Reader) -> ClaimResponse:
    """Lease the next cases, best first, or one by id; an empty list when nothing waits."""

    def work(uow: UnitOfWork) -> list[Case]:
        now, coin = parts.clock.now(), parts.coin
        if request.case_id is not None:
            return [claim_named(request.case_id, actor=actor, uow=uow, now=now, coin=coin)]
        return claim_next(actor=actor, count=request.count, uow=uow, now=now, coin=coin)

    claimed = parts.writer.run(work)
    return ClaimResponse(claims=tuple(_claim(case, parts, actor) for case in claimed))


@router.get("/cases")
def get_cases(parts: Parts, actor: Reader, wanted: Annotated[CaseQuery, Query()]) -> CasePage:
    """List cases, newest first."""
    require_told(wanted.code, actor=actor)
    page = parts.screens.case_page(
        CaseFilter(
            status=wanted.status,
            client_id=wanted.client_id,
            code=wanted.code,
            kind=wanted.kind,
            text=wanted.q,
            late_at=parts.clock.now() if wanted.is_late else None,
            judge_id=actor.id if actor.judges_blind else None,
        ),
        wall=actor.wall,
        cursor=wanted.cursor,
        limit=wanted.limit,
    )
    is_shown = not actor.judges_blind
    cases = tuple(blinded_case(case, actor=actor, is_score_shown=is_shown) for case in page.cases)
    return CasePage(cases=cases, next_cursor=page.next_cursor)


@router.get("/cases/{case_id}")
def get_case(case_id: str, parts: Parts, actor: Reader) -> CaseDetail:
    """Give a case; that a person saw it is written down."""
    note_look(case_id, parts, actor)
    return shown_detail(case_id, parts, actor)


@router.post("/cases/{case_id}/own-call")
def post_own_call(case_id: str, request: OwnCallBody, parts: Parts, actor: Reader) -> CaseDetail:
    """Say what one would do before being told the models' opinion, and be told it."""
    parts.writer.run(
        lambda uow: call_first(
            case_id,
            token=request.lease_token,
            verdict=request.verdict,
            actor=actor,
            uow=uow,
            now=parts.clock.now(),
        )
    )
    return shown_detail(case_id, parts, actor)


@router.post("/cases/{case_id}/snooze")
def post_snooze(case_id: str, request: SnoozeBody, parts: Parts, actor: Reader) -> LeaseResponse:
    """Put a case off until a date; it comes back by itself."""
    parts.writer.run(
        lambda uow: snooze_case(
            case_id,
            token=request.lease_token,
            until=request.until,
            reason=request.reason,
            actor=actor,
            uow=uow,
            now=parts.clock.now(),
        )
    )
    return LeaseResponse(lease_expires_at=None)


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


def _claim(case: Case, parts: ApiParts, actor: Actor) -> Claim:
    if case.lease is None:
        raise NotFoundError("lease on case", case.id)
    return Claim(
        detail=shown_detail(case.id, parts, actor),
        lease_token=case.lease.token,
        lease_expires_at=case.lease.expires_at,
    )
