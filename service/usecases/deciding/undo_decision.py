"""Take a decision back while nothing has left."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.schemas.decision import Decision
from data.schemas.vocabulary import Lane
from service.domain.actor import Actor
from service.domain.case import UNDOABLE, Case
from service.domain.errors import NotFoundError, TooLateError
from service.ports.stores import UnitOfWork
from service.usecases.deciding.take_back import take_back
from service.usecases.queue.see_case import see_case_of


def undo_decision(
    decision_id: str, *, actor: Actor, uow: UnitOfWork, undo_window: timedelta, now: datetime
) -> Decision:
    """Undo the actor's own decision inside the window; the case goes back to the queue.

    A second verdict takes the first one back with it: whoever gave it has seen the first since.
    Raises TooLateError once the window is over, and NotFoundError for somebody else's decision.
    """
    decision = uow.decisions.get(decision_id)
    if decision is None or decision.actor_id != actor.id:
        raise NotFoundError("decision", decision_id)
    case = see_case_of(decision, actor=actor, uow=uow)
    if uow.decisions.is_undone(decision_id):
        return decision
    require_undoable(decision, case, uow=uow, undo_window=undo_window, now=now)
    first = decision.signs_id and uow.decisions.get(decision.signs_id)
    together = (first, decision) if first else (decision,)
    take_back(case, together, actor=actor, uow=uow, now=now)
    return decision


def require_undoable(
    decision: Decision, case: Case, *, uow: UnitOfWork, undo_window: timedelta, now: datetime
) -> None:
    """Raise TooLateError unless the decision is the last word on its case and still fresh."""
    last = uow.decisions.last_of_case(case.id)
    word = last and (uow.decisions.second_to(last.id) or last)
    is_last = word is not None and word.id == decision.id and case.status in UNDOABLE
    if not is_last or uow.decisions.is_adjudicated(decision.id):
        raise TooLateError(f"Case {case.id} has moved on since decision {decision.id}; it stands.")
    if case.lane is Lane.GOLD:
        raise TooLateError(f"The answer of case {case.id} was told to you; your verdict stands.")
    if now >= decision.decided_at + undo_window:
        seconds = int(undo_window.total_seconds())
        raise TooLateError(f"The {seconds} seconds to undo decision {decision.id} are over.")
