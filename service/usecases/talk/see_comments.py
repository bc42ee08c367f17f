"""Read what was said about a case, as far as it does not tell a second person the first verdict."""

from __future__ import annotations

from data.schemas.vocabulary import CaseStatus
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.talk import Comment
from service.ports.stores import UnitOfWork
from service.usecases.queue.see_case import see_case


def see_comments(
    case_id: str, *, after: str, limit: int, actor: Actor, uow: UnitOfWork
) -> tuple[list[Comment], str | None]:
    """Give a page of comments, oldest first, and the id after which the next page begins.

    While a second verdict is awaited, what the first person says once they have decided is kept
    from whoever may give it; what was said before is evidence, and stays.
    """
    case = see_case(case_id, actor=actor, uow=uow)
    found = uow.talk.comments(case.id, after=after, limit=limit + 1)
    page = found[:limit]
    more = page[-1].id if len(found) > limit else None
    return [one for one in page if not _tells_verdict(one, case, actor=actor, uow=uow)], more


def _tells_verdict(comment: Comment, case: Case, *, actor: Actor, uow: UnitOfWork) -> bool:
    if case.status is not CaseStatus.AWAITING_SIGNATURE or not actor.may_second:
        return False
    first = uow.decisions.last_of_case(case.id)
    if first is None or first.actor_id == actor.id:
        return False
    return comment.author_id == first.actor_id and comment.at >= first.decided_at
