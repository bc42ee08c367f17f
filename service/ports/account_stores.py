"""Who may come in: people's accounts, their sessions, and the keys of workflows."""

from __future__ import annotations

from typing import Protocol

from service.domain.account import Account, ApiKey, Session


class PeopleStore(Protocol):
    """People's accounts; one is shut, never deleted."""

    def by_login(self, login: str) -> Account | None:
        """Give the account of a log-in name."""
        ...

    def by_person(self, person_id: str) -> Account | None:
        """Give the account of a person."""
        ...

    def by_external(self, external_id: str) -> Account | None:
        """Give the account that a company's own log-in leads to."""
        ...

    def everybody(self) -> list[Account]:
        """Give every account there ever was, by name."""
        ...

    def save(self, account: Account) -> None:
        """Write an account."""
        ...


class SessionStore(Protocol):
    """People's sessions; of their tokens only hashes."""

    def session(self, token_sha256: str) -> Session | None:
        """Give a session."""
        ...

    def sessions_of(self, person_id: str) -> list[Session]:
        """Give a person's sessions that nobody ended, newest first; some may have run out."""
        ...

    def session_opened_by(self, identity_sha256: str) -> Session | None:
        """Give the session that a company's token opened."""
        ...

    def save_session(self, session: Session) -> None:
        """Write a session."""
        ...


class KeyStore(Protocol):
    """Keys of workflows; only their hashes."""

    def key(self, key_sha256: str) -> ApiKey | None:
        """Give an API key."""
        ...

    def key_named(self, key_id: str) -> ApiKey | None:
        """Give an API key by its id."""
        ...

    def every_key(self) -> list[ApiKey]:
        """Give every key there ever was, newest first."""
        ...

    def save_key(self, key: ApiKey) -> None:
        """Write an API key."""
        ...


class AccountStore(PeopleStore, SessionStore, KeyStore, Protocol):
    """Everything that is asked about who calls."""
