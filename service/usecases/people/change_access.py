"""Change what a person may do; whoever is logged in with the old rights is logged out."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent, Role
from service.domain.account import Account
from service.domain.audit_entry import AuditEntry
from service.domain.errors import LastAdminError, NotFoundError, OwnRightsError
from service.ports.stores import UnitOfWork
from service.usecases.people.end_sessions import end_sessions
from service.usecases.people.invite_person import refuse_taken_identity


def change_access(changed: Account, *, actor_id: str, uow: UnitOfWork, now: datetime) -> Account:
    """Store an account in its new shape, and end its sessions when its rights are others now.

    Raises NotFoundError, OwnRightsError, LastAdminError, LoginTakenError.
    """
    before = uow.accounts.by_person(changed.person_id)
    if before is None:
        raise NotFoundError("person", changed.person_id)
    is_other = before.rights() != changed.rights() or before.external_id != changed.external_id
    if is_other and actor_id == changed.person_id:
        raise OwnRightsError
    _keep_an_admin(before, changed, uow=uow)
    refuse_taken_identity(changed, uow=uow)
    uow.accounts.save(changed)
    if is_other:
        note_rights(before, changed, actor_id=actor_id, uow=uow, now=now)
    return changed


def note_rights(
    before: Account, after: Account, *, actor_id: str, uow: UnitOfWork, now: datetime
) -> None:
    """Write changed rights into the trail, and end the sessions that have the old ones."""
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.ACCESS_CHANGED,
            at=now,
            actor_id=actor_id,
            subject=after.person_id,
            facts={
                "before": before.rights(),
                "after": after.rights(),
                "is_identity_changed": before.external_id != after.external_id,
            },
        )
    )
    end_sessions(after.person_id, actor_id=actor_id, uow=uow, now=now)


def _keep_an_admin(before: Account, after: Account, *, uow: UnitOfWork) -> None:
    """Refuse to take the role from the last person who could give it back."""
    if not is_admin(before) or is_admin(after):
        return
    others = (one for one in uow.accounts.everybody() if one.person_id != before.person_id)
    if not any(is_admin(one) for one in others):
        raise LastAdminError(before.login)


def is_admin(account: Account) -> bool:
    """Say whether the person can let others in."""
    return account.is_active and Role.ADMIN in account.roles
