"""End a person's sessions at once, on every device."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.audit_entry import AuditEntry
from service.domain.errors import NotFoundError
from service.ports.stores import UnitOfWork


def end_sessions(
    person_id: str,
    *,
    actor_id: str,
    uow: UnitOfWork,
    now: datetime,
    kept_sha256: str | None = None,
) -> int:
    """Revoke every live session of a person but the kept one; gives how many ended.

    The next call under one of them is refused: who calls is read with each request.
    Raises NotFoundError.
    """
    if uow.accounts.by_person(person_id) is None:
        raise NotFoundError("person", person_id)
    live = [one for one in uow.accounts.sessions_of(person_id) if one.is_live(now=now)]
    ended = [one for one in live if one.token_sha256 != kept_sha256]
    for session in ended:
        uow.accounts.save_session(replace(session, is_revoked=True))
    if ended:
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.SESSIONS_ENDED,
                at=now,
                actor_id=actor_id,
                subject=person_id,
                facts={"sessions": len(ended)},
            )
        )
    return len(ended)
