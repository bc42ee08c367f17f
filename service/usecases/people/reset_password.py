"""Give a person a one-time password, because theirs is lost or somebody else knows it."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.account import Account
from service.domain.audit_entry import AuditEntry
from service.domain.errors import NotFoundError, OwnRightsError
from service.ports.stores import UnitOfWork
from service.usecases.people.end_sessions import end_sessions


def reset_password(
    person_id: str, *, password_hash: str, actor_id: str, uow: UnitOfWork, now: datetime
) -> Account:
    """Store a one-time password, open a locked log-in again, and end the person's sessions.

    Nobody resets their own: they would skip the proof of the current one. Raises NotFoundError,
    OwnRightsError.
    """
    account = uow.accounts.by_person(person_id)
    if account is None:
        raise NotFoundError("person", person_id)
    if actor_id == person_id:
        raise OwnRightsError
    changed = account.with_one_time_password(password_hash)
    uow.accounts.save(changed)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.PASSWORD_CHANGED,
            at=now,
            actor_id=actor_id,
            subject=person_id,
            facts={"is_one_time": True},
        )
    )
    end_sessions(person_id, actor_id=actor_id, uow=uow, now=now)
    return changed
