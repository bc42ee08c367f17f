"""Let in whom the company's own log-in vouches for."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.account import Account, Session
from service.domain.audit_entry import AuditEntry
from service.domain.errors import NoAccountError, NotSignedInError
from service.ports.identity import OutsideIdentity
from service.ports.stores import UnitOfWork
from service.usecases.people.change_access import note_rights
from service.usecases.people.log_in import normal, open_session

DIRECTORY = "directory"
"""The actor of what the company's directory changed."""
NO_PASSWORD = ""
"""No password fits it."""
SHORT = 8
LONGEST_LOGIN = 100


def accept_identity(
    identity: OutsideIdentity,
    *,
    token: str,
    person_id: str,
    device: str,
    uow: UnitOfWork,
    now: datetime,
) -> Session:
    """Open a session under `token`; `person_id` names the person if nobody knows them yet.

    Each identity token opens one session. Where the directory speaks about roles its word counts,
    at every log-in; whoever it gives none stays outside. Raises NotSignedInError, NoAccountError.
    """
    if uow.accounts.session_opened_by(identity.token_sha256) is not None:
        raise NotSignedInError("This log-in was used before.")
    known = uow.accounts.by_external(identity.external_id)
    if identity.roles is not None and not identity.roles:
        raise NoAccountError("Your company's directory gives you no role here.")
    account = _known(known, identity, uow, now) if known else _new(person_id, identity, uow, now)
    return open_session(
        account,
        token=token,
        device=device,
        uow=uow,
        now=now,
        authenticated_at=identity.authenticated_at,
        identity_sha256=identity.token_sha256,
    )


def _known(account: Account, identity: OutsideIdentity, uow: UnitOfWork, now: datetime) -> Account:
    if not account.is_active:
        raise NoAccountError("Your access was ended.")
    # Whoever could lose the last administrator's role gets it back from the directory.
    roles = account.roles if identity.roles is None else identity.roles
    changed = replace(account, name=identity.name, email=identity.email, roles=roles)
    if changed != account:
        uow.accounts.save(changed)
    if changed.roles != account.roles:
        note_rights(account, changed, actor_id=DIRECTORY, uow=uow, now=now)
    return changed


def _new(person_id: str, identity: OutsideIdentity, uow: UnitOfWork, now: datetime) -> Account:
    if identity.roles is None:
        raise NoAccountError("Nobody has given you access yet.")
    account = Account(
        person_id=person_id,
        login=_free_login(identity, uow),
        name=identity.name,
        email=identity.email,
        password_hash=NO_PASSWORD,
        roles=identity.roles,
        external_id=identity.external_id,
    )
    uow.accounts.save(account)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.ACCESS_CHANGED,
            at=now,
            actor_id=DIRECTORY,
            subject=person_id,
            facts={"before": None, "after": account.rights()},
        )
    )
    return account


def _free_login(identity: OutsideIdentity, uow: UnitOfWork) -> str:
    """Give the person's own name, or one that nobody else can have where it is taken."""
    wished = normal(identity.login)[:LONGEST_LOGIN]
    if wished and uow.accounts.by_login(wished) is None:
        return wished
    return f"{wished}-{hashlib.sha256(identity.external_id.encode()).hexdigest()[:SHORT]}"
