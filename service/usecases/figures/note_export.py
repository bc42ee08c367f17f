"""Write down that something was taken out of the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.ports.stores import UnitOfWork


def note_export(
    what: str,
    *,
    subject: str,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
    filters: Mapping[str, str] | None = None,
) -> None:
    """Append who took what, and by which filters; before the first byte leaves."""
    facts = {"what": what, "filters": dict(filters or {}), "is_walled": not actor.wall.is_open}
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.EXPORT_TAKEN,
            at=now,
            actor_id=actor.id,
            subject=subject,
            facts=facts,
        )
    )
