"""Items whose right answer is known: named here, and shown to reviewers among their work."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from data.schemas.vocabulary import Role
from service.api.access import Parts, Reader
from service.api.body import KnownCaseBody
from service.api.pages import Cursor, Limit, page_of
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.known_answer import KnownAnswer
from service.ports.blind_stores import ErrorCount
from service.ports.stores import UnitOfWork
from service.usecases.queue.draft_case import title_of
from service.usecases.queue.name_known_case import end_known_case, name_known_case
from service.wire.cases import MAX_PAGE
from service.wire.known_cases import KnownCasePage, KnownCaseView

router = APIRouter(prefix="/v1/known-cases", tags=["review"])


@router.get("")
def get_known_cases(
    parts: Parts, actor: Reader, cursor: Cursor = None, limit: Limit = MAX_PAGE
) -> KnownCasePage:
    """List the known answers in force, and how they were met; for those who name them."""
    actor.require_role(Role.APPROVER, Role.ADMIN)
    with parts.read() as uow:
        met = uow.known_answers.met()
        views = [_view(one, met, actor, uow) for one in uow.known_answers.in_force()]
    seen = [one for one in views if one is not None]
    shown, more = page_of(seen, cursor=cursor, limit=limit, id_of=lambda one: one.id)
    return KnownCasePage(known_cases=shown, next_cursor=more)


@router.post("", status_code=HTTPStatus.CREATED)
def post_known_case(request: KnownCaseBody, parts: Parts, actor: Reader) -> KnownCaseView:
    """Name the right answer on the item of a decided case."""
    answer = parts.writer.run(
        lambda uow: name_known_case(
            request, actor=actor, uow=uow, now=parts.clock.now(), ids=parts.ids
        )
    )
    return _named(answer, parts, actor)


@router.delete("/{known_id}", status_code=HTTPStatus.NO_CONTENT)
def delete_known_case(known_id: str, parts: Parts, actor: Reader) -> None:
    """Show a known answer no more; what it measured stays."""
    parts.writer.run(
        lambda uow: end_known_case(known_id, actor=actor, uow=uow, now=parts.clock.now())
    )


def _named(answer: KnownAnswer, parts: ApiParts, actor: Actor) -> KnownCaseView:
    with parts.read() as uow:
        view = _view(answer, uow.known_answers.met(), actor, uow)
    if view is None:
        raise LookupError(f"the known answer {answer.id} lies behind the wall of who named it")
    return view


def _view(
    answer: KnownAnswer, met: dict[int, ErrorCount], actor: Actor, uow: UnitOfWork
) -> KnownCaseView | None:
    stored = uow.items.version(answer.item_seq)
    if not actor.sees(client_id=stored.client_id, business_unit=stored.business_unit):
        return None
    account = uow.accounts.by_person(answer.named_by_id)
    counted = met.get(answer.item_seq, ErrorCount(wrong=0, known=0))
    return KnownCaseView(
        id=answer.id,
        item_id=answer.item_id,
        kind=stored.item.kind,
        title=title_of(stored.item),
        is_faulty=answer.is_faulty,
        source=answer.source,
        why=answer.why,
        named_by=account.name if account else answer.named_by_id,
        at=answer.at,
        shown=counted.known,
        right=counted.known - counted.wrong,
    )
