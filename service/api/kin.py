"""Cases that have something in common with one, and decided ones like it."""

from __future__ import annotations

from fastapi import APIRouter

from service.api.access import Parts, Reader
from service.api.blind import blinded_case
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.errors import NotFoundError
from service.usecases.queue.see_case import see_case
from service.wire.known_cases import RelativePage, SimilarPage

router = APIRouter(prefix="/v1", tags=["review"])


@router.get("/cases/{case_id}/relatives")
def get_relatives(case_id: str, parts: Parts, actor: Reader) -> RelativePage:
    """List the unfinished cases that share client, project, person or finding with one."""
    _require_seen(case_id, parts, actor)
    found = parts.screens.relatives(case_id, wall=actor.wall)
    if found is None:
        raise NotFoundError("case", case_id)
    is_shown = not actor.judges_blind
    return RelativePage(
        relatives=tuple(
            one.model_copy(
                update={"case": blinded_case(one.case, actor=actor, is_score_shown=is_shown)}
            )
            for one in found.relatives
        )
    )


@router.get("/cases/{case_id}/similar")
def get_similar(case_id: str, parts: Parts, actor: Reader) -> SimilarPage:
    """List the newest decided cases most like one, with what became of them."""
    _require_seen(case_id, parts, actor)
    found = parts.screens.similar(case_id, wall=actor.wall)
    if found is None:
        raise NotFoundError("case", case_id)
    return found


def _require_seen(case_id: str, parts: ApiParts, actor: Actor) -> None:
    with parts.read() as uow:
        see_case(case_id, actor=actor, uow=uow)
