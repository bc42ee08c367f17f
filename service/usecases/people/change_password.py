"""A person's own password: chosen after a one-time password, or changed later on."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.account import Account
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import LogInRefusedError, NotSignedInError, WrongPasswordError
from service.ports.stores import UnitOfWork
from service.usecases.people.end_sessions import end_sessions
from service.usecases.people.log_in import OwnPasswordNeeded


def choose_password(
    needed: OwnPasswordNeeded, *, password_hash: str, uow: UnitOfWork, now: datetime
) -> Account | LogInRefusedError:
    """Put a person's first own password in the place of the one-time password they showed."""
    account = uow.accounts.by_person(needed.person_id)
    is_as_shown = account is not None and account.password_hash == needed.password_hash
    if account is None or not is_as_shown or not account.is_active:
        return LogInRefusedError(is_locked=False)
    return _store(account, password_hash, kept=None, uow=uow, now=now)


def change_password(
    actor: Actor, *, is_current_right: bool, password_hash: str, uow: UnitOfWork, now: datetime
) -> WrongPasswordError | None:
    """Change the caller's own password; every other session of theirs ends.

    A refusal is returned, not raised, so that the failed attempt it counts is committed: wrong
    ones lock the log-in as they do in the form. Raises NotSignedInError.
    """
    account = uow.accounts.by_person(actor.id)
    if account is None or not actor.is_person:
        raise NotSignedInError("Only a person has a password.")
    if account.is_locked(now=now) and account.locked_until is not None:
        wait = int((account.locked_until - now).total_seconds()) + 1
        return WrongPasswordError(is_locked=True, retry_after_seconds=wait)
    if not is_current_right:
        uow.accounts.save(account.failed(now=now))
        return WrongPasswordError(is_locked=False)
    _store(account, password_hash, kept=actor.session_sha256, uow=uow, now=now)
    return None


def _store(
    account: Account, password_hash: str, *, kept: str | None, uow: UnitOfWork, now: datetime
) -> Account:
    changed = account.with_own_password(password_hash)
    uow.accounts.save(changed)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.PASSWORD_CHANGED,
            at=now,
            actor_id=account.person_id,
            subject=account.person_id,
            facts={"is_one_time": False},
        )
    )
    end_sessions(account.person_id, actor_id=account.person_id, uow=uow, now=now, kept_sha256=kept)
    return changed
