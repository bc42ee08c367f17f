"""Give a person an account; they come in with a one-time password or their company's log-in."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.account import Account
from service.domain.audit_entry import AuditEntry
from service.domain.errors import LoginTakenError
from service.ports.stores import UnitOfWork


def invite_person(account: Account, *, actor_id: str, uow: UnitOfWork, now: datetime) -> None:
    """Store a new account. Raises LoginTakenError."""
    is_known = (
        uow.accounts.by_login(account.login) is not None
        or uow.accounts.by_person(account.person_id) is not None
    )
    if is_known:
        raise LoginTakenError(account.login)
    refuse_taken_identity(account, uow=uow)
    uow.accounts.save(account)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.ACCESS_CHANGED,
            at=now,
            actor_id=actor_id,
            subject=account.person_id,
            facts={"before": None, "after": account.rights()},
        )
    )


def refuse_taken_identity(account: Account, *, uow: UnitOfWork) -> None:
    """Keep one company log-in from leading to two accounts. Raises LoginTakenError."""
    if account.external_id is None:
        return
    holder = uow.accounts.by_external(account.external_id)
    if holder is not None and holder.person_id != account.person_id:
        raise LoginTakenError(account.external_id)
