"""Keep a claimed case for longer, or give it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.schemas.vocabulary import AuditEvent, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.ports.stores import UnitOfWork
from service.usecases.queue.see_case import see_case

EXTENSION = timedelta(minutes=10)


def extend_lease(case_id: str, *, token: int, actor: Actor, uow: UnitOfWork, now: datetime) -> Case:
    """Hold a case for ten more minutes from now."""
    case = case_of(case_id, actor=actor, uow=uow)
    extended = case.extended(token=token, owner_id=actor.id, now=now, hold=EXTENSION)
    uow.cases.save(extended)
    return extended


def release_case(case_id: str, *, token: int, actor: Actor, uow: UnitOfWork, now: datetime) -> Case:
    """Give a case back so that somebody else gets it."""
    case = case_of(case_id, actor=actor, uow=uow)
    released = case.released(token=token, owner_id=actor.id, now=now)
    uow.cases.save(released)
    uow.audit.record(
        AuditEntry(event=AuditEvent.CASE_RELEASED, at=now, actor_id=actor.id, subject=case_id)
    )
    return released


def case_of(case_id: str, *, actor: Actor, uow: UnitOfWork) -> Case:
    """Give a case that a reviewer works on; raise NotFoundError or NotAllowedError."""
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    return see_case(case_id, actor=actor, uow=uow)
