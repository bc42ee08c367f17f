"""The door of the log-in pages: passwords outside the writing transaction, sessions inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.api.oidc_door import LogInRefused, PasswordRefused, SignedIn
from service.api.parts import ApiParts
from service.domain.account import Account, Session
from service.domain.errors import LogInRefusedError, WeakPasswordError
from service.ports.stores import UnitOfWork
from service.usecases.people.change_password import choose_password
from service.usecases.people.log_in import OwnPasswordNeeded, check_password, log_in, open_session


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInDoor:
    """Opens the sessions of people with a password of ours."""

    parts: ApiParts
    random_token: Callable[[], str]

    def log_in(
        self, login: str, password: str, *, device: str
    ) -> SignedIn | OwnPasswordNeeded | LogInRefused:
        """Check name and password, and open a session."""
        parts, token = self.parts, self.random_token()
        with parts.read() as uow:
            is_right = check_password(login, password, verify=parts.passwords.verify, uow=uow)
        outcome = parts.writer.run(
            lambda uow: log_in(
                login,
                is_password_right=is_right,
                token=token,
                device=device,
                uow=uow,
                now=parts.clock.now(),
            )
        )
        if isinstance(outcome, LogInRefusedError):
            return _refused(outcome)
        if isinstance(outcome, OwnPasswordNeeded):
            return outcome
        session, account = outcome
        return _signed_in(token, session, account)

    def choose_password(
        self, needed: OwnPasswordNeeded, password: str, *, device: str
    ) -> SignedIn | PasswordRefused | LogInRefused:
        """Store the person's own password, and open their first session."""
        parts, token = self.parts, self.random_token()
        if parts.passwords.verify(needed.password_hash, password):
            return PasswordRefused(why="it is the one-time password; choose your own")
        try:
            password_hash = parts.passwords.hash(password, login=needed.login)
        except WeakPasswordError as error:
            return PasswordRefused(why=error.why)

        def work(uow: UnitOfWork) -> SignedIn | LogInRefused:
            now = parts.clock.now()
            chosen = choose_password(needed, password_hash=password_hash, uow=uow, now=now)
            if isinstance(chosen, LogInRefusedError):
                return _refused(chosen)
            session = open_session(chosen, token=token, device=device, uow=uow, now=now)
            return _signed_in(token, session, chosen)

        return parts.writer.run(work)


def _signed_in(token: str, session: Session, account: Account) -> SignedIn:
    return SignedIn(
        token=token,
        person_id=account.person_id,
        name=account.name,
        roles=account.roles,
        expires_at=session.expires_at,
    )


def _refused(refused: LogInRefusedError) -> LogInRefused:
    return LogInRefused(
        reason="locked" if refused.is_locked else "wrong",
        retry_after_seconds=refused.retry_after_seconds,
    )
