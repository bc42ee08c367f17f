"""Keep a claimed case for longer, give it back, or note that it was looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.schemas.vocabulary import AuditEvent, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.errors import NotFoundError
from service.ports.stores import UnitOfWork

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


def view_case(case_id: str, *, actor: Actor, uow: UnitOfWork, now: datetime) -> None:
    """Write down that a person saw a case."""
    if uow.cases.get(case_id) is None:
        raise NotFoundError("case", case_id)
    uow.audit.record(
        AuditEntry(event=AuditEvent.CASE_VIEWED, at=now, actor_id=actor.id, subject=case_id)
    )


def case_of(case_id: str, *, actor: Actor, uow: UnitOfWork) -> Case:
    """Give a case that a reviewer works on; raise NotFoundError or NotAllowedError."""
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    case = uow.cases.get(case_id)
    if case is None:
        raise NotFoundError("case", case_id)
    return case
