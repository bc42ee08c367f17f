"""Postings, and what people do about those that failed for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query

from data.schemas.vocabulary import PostingStatus
from service.api.access import Caller, Parts, Reader
from service.api.body import (
    AssignBody,
    DiscardBody,
    EditBody,
    MarkPostedBody,
    RetryAlikeBody,
    RetryBody,
)
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.errors import NotFoundError
from service.domain.posting import Posting
from service.ports.stores import UnitOfWork
from service.usecases.billing.assign_posting import assign_posting
from service.usecases.billing.discard_posting import discard_posting
from service.usecases.billing.edit_posting import edit_posting
from service.usecases.billing.mark_posted import mark_posted
from service.usecases.billing.retry_alike import retry_alike
from service.usecases.billing.retry_posting import retry_posting
from service.wire.cases import MAX_PAGE, PostingPage, PostingView
from service.wire.postings import ReasonsView, RetriedView

router = APIRouter(prefix="/v1", tags=["review"])
LONGEST_CODE = 200


@router.get("/postings")
def get_postings(
    parts: Parts,
    actor: Reader,
    status: PostingStatus | None = None,
    reason: Annotated[str | None, Query(max_length=LONGEST_CODE)] = None,
    owner_id: Annotated[str | None, Query(max_length=LONGEST_CODE)] = None,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> PostingPage:
    """List postings, newest first; `status=refused` is the exception queue."""
    return parts.screens.posting_page(
        status=status,
        reason=reason,
        owner_id=owner_id,
        wall=actor.wall,
        cursor=cursor,
        limit=limit,
    )


@router.get("/postings/reasons")
def get_posting_reasons(parts: Parts, actor: Reader) -> ReasonsView:
    """Give the exception queue by reason, the most frequent first."""
    return parts.screens.posting_reasons(wall=actor.wall, now=parts.clock.now())


@router.post("/postings/retry")
def post_retry_alike(request: RetryAlikeBody, parts: Parts, actor: Caller) -> RetriedView:
    """Try everything again that failed for one reason, at most 500 in one call."""

    def work(uow: UnitOfWork) -> int:
        return retry_alike(
            request.code,
            reason=request.reason,
            actor=actor,
            uow=uow,
            engine=parts.engine,
            now=parts.clock.now(),
            ids=parts.ids,
        )

    retried = parts.writer.run(work)
    queue = parts.screens.posting_reasons(wall=actor.wall, now=parts.clock.now()).reasons
    left = next((one.postings for one in queue if one.reason == request.code), 0)
    return RetriedView(retried=retried, left=left)


@router.get("/postings/{posting_id}")
def get_posting(posting_id: str, parts: Parts, actor: Reader) -> PostingView:
    """Give one posting."""
    found = parts.screens.posting(posting_id, wall=actor.wall)
    if found is None:
        raise NotFoundError("posting", posting_id)
    return found


@router.post("/postings/{posting_id}/retry")
def post_retry(posting_id: str, request: RetryBody, parts: Parts, actor: Caller) -> PostingView:
    """Try a refused posting once more, under the key it always had."""

    def work(uow: UnitOfWork) -> Posting:
        return retry_posting(
            posting_id,
            reason=request.reason,
            actor=actor,
            uow=uow,
            engine=parts.engine,
            now=parts.clock.now(),
            ids=parts.ids,
        )

    return _changed(work, parts, actor)


@router.post("/postings/{posting_id}/edit")
def post_edit(posting_id: str, request: EditBody, parts: Parts, actor: Caller) -> PostingView:
    """Mend the period or the words of a refused bill, and try it again under its key."""

    def work(uow: UnitOfWork) -> Posting:
        return edit_posting(
            posting_id,
            request,
            actor=actor,
            uow=uow,
            engine=parts.engine,
            now=parts.clock.now(),
            ids=parts.ids,
        )

    return _changed(work, parts, actor)


@router.post("/postings/{posting_id}/posted")
def post_posted(
    posting_id: str, request: MarkPostedBody, parts: Parts, actor: Caller
) -> PostingView:
    """Mark a refused posting as posted by hand; from the four-eyes limit on by an approver."""
    return _changed(
        lambda uow: mark_posted(
            posting_id,
            document_id=request.document_id,
            reason=request.reason,
            actor=actor,
            uow=uow,
            now=parts.clock.now(),
        ),
        parts,
        actor,
    )


@router.post("/postings/{posting_id}/assign")
def post_assignment(
    posting_id: str, request: AssignBody, parts: Parts, actor: Caller
) -> PostingView:
    """Put a person's name on a refused posting."""
    return _changed(
        lambda uow: assign_posting(
            posting_id, person_id=request.person_id, actor=actor, uow=uow, now=parts.clock.now()
        ),
        parts,
        actor,
    )


@router.post("/postings/{posting_id}/discard")
def post_discard(posting_id: str, request: DiscardBody, parts: Parts, actor: Caller) -> PostingView:
    """Give up a refused posting; from the four-eyes limit on this takes an approver."""
    return _changed(
        lambda uow: discard_posting(
            posting_id, reason=request.reason, actor=actor, uow=uow, now=parts.clock.now()
        ),
        parts,
        actor,
    )


def _changed(work: Callable[[UnitOfWork], Posting], parts: ApiParts, actor: Actor) -> PostingView:
    return get_posting(parts.writer.run(work).id, parts, actor)
