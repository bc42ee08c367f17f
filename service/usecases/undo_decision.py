"""Take a decision back while nothing has left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from data.schemas.decision import Decision
from data.schemas.vocabulary import AuditEvent, PostingStatus
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import UNDOABLE
from service.domain.errors import NotFoundError, TooLateError
from service.ports.stores import Fact, FactKind, UnitOfWork


def undo_decision(
    decision_id: str, *, actor: Actor, uow: UnitOfWork, undo_window: timedelta, now: datetime
) -> Decision:
    """Undo the actor's own decision inside the window; the case goes back to the queue.

    Raises TooLateError once the window is over, and NotFoundError for somebody else's decision.
    """
    decision = uow.decisions.get(decision_id)
    if decision is None or decision.actor_id != actor.id:
        raise NotFoundError("decision", decision_id)
    case = uow.cases.get(decision.case_id)
    if case is None:
        raise NotFoundError("case", decision.case_id)
    if uow.decisions.is_undone(decision_id):
        return decision
    last = uow.decisions.last_of_case(case.id)
    if last is None or last.id != decision_id or case.status not in UNDOABLE:
        raise TooLateError(f"Case {case.id} has moved on since decision {decision_id}; it stands.")
    if now >= decision.decided_at + undo_window:
        seconds = int(undo_window.total_seconds())
        raise TooLateError(f"The {seconds} seconds to undo decision {decision_id} are over.")
    uow.decisions.add_undo(decision_id, at=now)
    _withdraw_posting(decision_id, uow=uow, now=now)
    uow.cases.save(case.returned())
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.DECISION_UNDONE,
            at=now,
            actor_id=actor.id,
            subject=case.id,
            facts={"decision": decision_id},
        )
    )
    return decision


def _withdraw_posting(decision_id: str, *, uow: UnitOfWork, now: datetime) -> None:
    posting = uow.postings.of_decision(decision_id)
    if posting is None:
        return
    if posting.status is not PostingStatus.PENDING:
        raise TooLateError(f"The posting of decision {decision_id} has left already.")
    uow.postings.save(replace(posting, status=PostingStatus.CANCELLED, done_at=now))
    uow.facts.add([Fact(kind=FactKind.BILL_WITHDRAWN, subject_id=posting.id, at=now)])
