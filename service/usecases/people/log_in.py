"""Open, check and end a person's session; check an API key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import AuditEvent
from service.domain.account import Account, Session
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import LogInRefusedError, NotSignedInError
from service.ports.stores import UnitOfWork

SEEN_GRAIN = timedelta(seconds=30)
"""A session's last use is written at most this often: a read must not cost a write."""
LONGEST_DEVICE = 200
"""Characters of what a browser says of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasswordNeeded:
    """The one-time password was right; before anything opens the person chooses their own."""

    person_id: str
    login: str
    password_hash: str = field(repr=False)
    """What the choice replaces; another one set meanwhile ends the offer."""


def check_password(
    login: str, password: str, *, verify: Callable[[str | None, str], bool], uow: UnitOfWork
) -> bool:
    """Say whether a password is right; slow on purpose, so never inside a writing transaction.

    `verify(None, password)` must take as long as a real check, so that names cannot be guessed.
    """
    account = uow.accounts.by_login(normal(login))
    return verify(account.password_hash if account else None, password)


def log_in(
    login: str,
    *,
    is_password_right: bool,
    token: str,
    uow: UnitOfWork,
    now: datetime,
    device: str = "",
) -> tuple[Session, Account] | OwnPasswordNeeded | LogInRefusedError:
    """Open a session under `token`, ask for an own password first, or count the failure.

    A refusal is returned, not raised, so that the failed attempt it counts is committed.
    """
    account = uow.accounts.by_login(normal(login))
    # An account that was shut sounds like a name nobody has.
    if account is None or not account.is_active:
        return LogInRefusedError(is_locked=False)
    if account.is_locked(now=now) and account.locked_until is not None:
        wait = int((account.locked_until - now).total_seconds()) + 1
        return LogInRefusedError(is_locked=True, retry_after_seconds=wait)
    if not is_password_right:
        uow.accounts.save(account.failed(now=now))
        return LogInRefusedError(is_locked=False)
    account = account.succeeded()
    uow.accounts.save(account)
    if account.must_change_password:
        return OwnPasswordNeeded(
            person_id=account.person_id, login=account.login, password_hash=account.password_hash
        )
    return open_session(account, token=token, device=device, uow=uow, now=now), account


def open_session(
    account: Account,
    *,
    token: str,
    device: str,
    uow: UnitOfWork,
    now: datetime,
    authenticated_at: datetime | None = None,
    identity_sha256: str | None = None,
) -> Session:
    """Open a session of a person who has just proved who they are; each has its own token."""
    session = Session(
        token_sha256=hash_of(token),
        person_id=account.person_id,
        opened_at=now,
        last_seen_at=now,
        device=_one_line(device),
        authenticated_at=authenticated_at or now,
        identity_sha256=identity_sha256,
    )
    uow.accounts.save_session(session)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.PERSON_LOGGED_IN,
            at=now,
            actor_id=account.person_id,
            subject=account.person_id,
        )
    )
    return session


def normal(login: str) -> str:
    """How a log-in name is compared: without outer blanks, in one case."""
    return login.strip().casefold()


def authenticate(token: str, *, uow: UnitOfWork, now: datetime) -> Actor:
    """Say who is behind a bearer token: a live session's person or an API key's workflow."""
    name = hash_of(token)
    key = uow.accounts.key(name)
    if key is not None and not key.is_revoked:
        return Actor(id=key.id, name=key.name, key_scopes=key.scopes, wall=key.wall)
    session = uow.accounts.session(name)
    if session is None or not session.is_live(now=now):
        raise NotSignedInError("There is no live session or key behind this call.")
    account = uow.accounts.by_person(session.person_id)
    if account is None or not account.is_active:
        raise NotSignedInError("The person behind this session has no account any more.")
    return Actor(
        id=account.person_id,
        name=account.name,
        roles=account.roles,
        session_sha256=name,
        session_expires_at=session.expires_at,
        wall=account.wall,
        is_trainee=account.is_trainee,
        must_change_password=account.must_change_password,
        authenticated_at=session.authenticated_at or session.opened_at,
    )


def note_seen(token_sha256: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Keep a session from idling out."""
    session = uow.accounts.session(token_sha256)
    if session is not None and session.is_live(now=now):
        uow.accounts.save_session(replace(session, last_seen_at=now))


def log_out(actor: Actor, *, uow: UnitOfWork, now: datetime) -> None:
    """End the session of this call, for every tab and process."""
    session = uow.accounts.session(actor.session_sha256 or "")
    if session is None:
        return
    uow.accounts.save_session(replace(session, is_revoked=True))
    uow.audit.record(
        AuditEntry(event=AuditEvent.PERSON_LOGGED_OUT, at=now, actor_id=actor.id, subject=actor.id)
    )


def hash_of(token: str) -> str:
    """What the store knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _one_line(device: str) -> str:
    return "".join(char for char in device if char.isprintable())[:LONGEST_DEVICE]
