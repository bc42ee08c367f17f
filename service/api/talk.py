"""Talk about a case: comments, and who can be mentioned in them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from service.api.access import Parts, Reader
from service.api.body import CommentBody
from service.domain.account import Account
from service.domain.talk import Comment
from service.ports.stores import UnitOfWork
from service.usecases.queue.see_case import see_case
from service.usecases.talk.comment_on_case import comment_on_case
from service.usecases.talk.see_comments import see_comments
from service.usecases.telling.notify import may_see
from service.wire.cases import MAX_PAGE
from service.wire.talk import (
    Colleague,
    ColleaguePage,
    CommentPage,
    CommentResponse,
    CommentView,
)

router = APIRouter(prefix="/v1", tags=["talk"])
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Cursor = Annotated[str | None, Query(max_length=80)]
CaseName = Annotated[str | None, Query(max_length=40)]


@router.get("/colleagues")
def get_colleagues(parts: Parts, actor: Reader, case_id: CaseName = None) -> ColleaguePage:
    """List who can be mentioned: everybody, or those who may see one case."""
    now = parts.clock.now()
    with parts.read() as uow:
        case = see_case(case_id, actor=actor, uow=uow) if case_id is not None else None
        accounts = [one for one in uow.accounts.everybody() if may_see(one, case)]
    return ColleaguePage(colleagues=tuple(colleague(one, now=now) for one in accounts))


@router.get("/cases/{case_id}/comments")
def get_comments(
    case_id: str, parts: Parts, actor: Reader, cursor: Cursor = None, limit: Limit = 100
) -> CommentPage:
    """List what was said about a case, oldest first."""
    with parts.read() as uow:
        found, more = see_comments(case_id, after=cursor or "", limit=limit, actor=actor, uow=uow)
        shown = tuple(_view(one, uow) for one in found)
    return CommentPage(comments=shown, next_cursor=more)


@router.post("/cases/{case_id}/comments")
def post_comment(
    case_id: str, request: CommentBody, parts: Parts, actor: Reader
) -> CommentResponse:
    """Say something about a case; `@name` tells a colleague, if they may see it."""
    now = parts.clock.now()

    def work(uow: UnitOfWork) -> CommentResponse:
        said = comment_on_case(
            case_id, text=request.text, actor=actor, uow=uow, now=now, ids=parts.ids
        )
        away = tuple(colleague(one, now=now) for one in said.away)
        return CommentResponse(comment=_view(said.comment, uow), away=away)

    return parts.writer.run(work)


def colleague(account: Account, *, now: datetime) -> Colleague:
    """Give a person as colleagues see them."""
    return Colleague(
        id=account.person_id,
        login=account.login,
        name=account.name,
        away_until=account.absent_until if account.is_absent(now=now) else None,
    )


def _view(comment: Comment, uow: UnitOfWork) -> CommentView:
    return CommentView(
        id=comment.id,
        author_id=comment.author_id,
        author_name=name_of(comment.author_id, uow),
        text=comment.text,
        mentions=tuple(name_of(one, uow) for one in comment.mentioned_ids),
        at=comment.at,
    )


def name_of(person_id: str, uow: UnitOfWork) -> str:
    """Give a person's name as others read it."""
    account = uow.accounts.by_person(person_id)
    return person_id if account is None else account.name
