"""Load a case for somebody: what lies behind their wall is not there."""

from __future__ import annotations

from data.schemas.decision import Decision
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.errors import NotFoundError
from service.domain.queue import has_effect
from service.ports.stores import UnitOfWork


def see_case(case_id: str, *, actor: Actor, uow: UnitOfWork) -> Case:
    """Give a case on the actor's side of the wall.

    Raises NotFoundError for one behind it, in the same words as for one that does not exist; a
    blind repeat is as absent for those whom it is kept from.
    """
    case = uow.cases.get(case_id)
    if case is None or not actor.sees(client_id=case.client_id, business_unit=case.business_unit):
        raise NotFoundError("case", case_id)
    if actor.judges_blind and _is_meant_for_others(case, actor):
        raise NotFoundError("case", case_id)
    return case


def see_case_of(decision: Decision, *, actor: Actor, uow: UnitOfWork) -> Case:
    """Give the case of a decision; raises NotFoundError for the decision, naming no hidden case."""
    try:
        return see_case(decision.case_id, actor=actor, uow=uow)
    except NotFoundError as error:
        raise NotFoundError("decision", decision.id) from error


def _is_meant_for_others(case: Case, actor: Actor) -> bool:
    """A blind repeat: whoever judged the first, or is not who practises on it, knows nothing."""
    is_reserved = case.reserved_for_id is not None and case.reserved_for_id != actor.id
    return not has_effect(case) and (is_reserved or case.kept_from_id == actor.id)
