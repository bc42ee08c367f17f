"""Give a workflow a key, and take it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.account import ApiKey
from service.domain.audit_entry import AuditEntry
from service.domain.errors import NotFoundError
from service.ports.stores import UnitOfWork


def make_key(key: ApiKey, *, actor_id: str, uow: UnitOfWork, now: datetime) -> None:
    """Store a new key, of which only the hash is known from now on."""
    uow.accounts.save_key(key)
    _note(key.id, before=None, after=key, actor_id=actor_id, uow=uow, now=now)


def revoke_key(key_id: str, *, actor_id: str, uow: UnitOfWork, now: datetime) -> None:
    """Make a key worth nothing, at once and for good; repeating it changes nothing.

    Raises NotFoundError.
    """
    key = uow.accounts.key_named(key_id)
    if key is None:
        raise NotFoundError("key", key_id)
    if key.is_revoked:
        return
    revoked = replace(key, is_revoked=True)
    uow.accounts.save_key(revoked)
    _note(key_id, before=key, after=revoked, actor_id=actor_id, uow=uow, now=now)


def _note(
    key_id: str,
    *,
    before: ApiKey | None,
    after: ApiKey,
    actor_id: str,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    facts = {"before": before.rights() if before else None, "after": after.rights()}
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.ACCESS_CHANGED, at=now, actor_id=actor_id, subject=key_id, facts=facts
        )
    )
