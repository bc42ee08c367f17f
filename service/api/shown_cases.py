"""Show a case to whoever asks: what they may see of it, after what they were told."""

from __future__ import annotations

from service.api.blind import blinded_detail
from service.api.parts import ApiParts
from service.api.second_eyes import without_first_verdict
from service.domain.actor import Actor
from service.domain.errors import NotFoundError
from service.usecases.queue.asked_of import asked_of
from service.usecases.queue.expose_case import view_case
from service.usecases.queue.see_case import see_case
from service.wire.cases import CaseDetail


def shown_detail(case_id: str, parts: ApiParts, actor: Actor) -> CaseDetail:
    """Give a case as the actor may see it; raises NotFoundError."""
    with parts.read() as uow:
        case = see_case(case_id, actor=actor, uow=uow)
        told = uow.exposures.find(case, actor_id=actor.id) if actor.is_person else None
        asked = asked_of(case, actor=actor, uow=uow, now=parts.clock.now())
    found = parts.screens.case_detail(
        case_id, wall=actor.wall, undo_window=parts.undo_window, now=parts.clock.now()
    )
    if found is None:
        raise NotFoundError("case", case_id)
    blinded = blinded_detail(found, actor=actor, told=told)
    shown = without_first_verdict(blinded, actor=actor)
    return shown.model_copy(update={"asked_of_me": asked})


def note_look(case_id: str, parts: ApiParts, actor: Actor) -> None:
    """Write down that a person sees a case; a look that is known costs no write."""
    if not actor.is_person:
        return
    with parts.read() as uow:
        case = see_case(case_id, actor=actor, uow=uow)
        if uow.exposures.find(case, actor_id=actor.id) is not None:
            return
    parts.writer.run(
        lambda uow: view_case(case_id, actor=actor, uow=uow, coin=parts.coin, now=parts.clock.now())
    )
