"""SQL of log-ins, sessions and API keys."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, insert, select

from data.schemas.vocabulary import Role, Scope
from service.domain.account import Account, ApiKey, Session
from service.store.tables import account, api_key, session

KEY = select(api_key).where(api_key.c.key_sha256 == bindparam("sha256"))
SESSION = select(session).where(session.c.token_sha256 == bindparam("sha256"))
"""Who calls is asked with every request, so both are built once."""


class SqlAccountStore:
    """Log-ins, sessions and API keys; of secrets only hashes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_login(self, login: str) -> Account | None:
        """Give the account of a log-in name."""
        row = self._connection.execute(select(account).where(account.c.login == login)).first()
        return None if row is None else _account(row)

    def by_person(self, person_id: str) -> Account | None:
        """Give the account of a person."""
        row = self._connection.execute(
            select(account).where(account.c.person_id == person_id)
        ).first()
        return None if row is None else _account(row)

    def save(self, one: Account) -> None:
        """Write an account."""
        self._put(
            account,
            "person_id",
            {
                "person_id": one.person_id,
                "login": one.login,
                "name": one.name,
                "password_hash": one.password_hash,
                "roles": " ".join(sorted(one.roles)),
                "failed_count": one.failed_count,
                "locked_until": one.locked_until,
            },
        )

    def session(self, token_sha256: str) -> Session | None:
        """Give a session."""
        row = self._connection.execute(SESSION, {"sha256": token_sha256}).first()
        if row is None:
            return None
        return Session(
            token_sha256=row.token_sha256,
            person_id=row.person_id,
            opened_at=row.opened_at,
            last_seen_at=row.last_seen_at,
            is_revoked=bool(row.is_revoked),
        )

    def save_session(self, one: Session) -> None:
        """Write a session."""
        self._put(
            session,
            "token_sha256",
            {
                "token_sha256": one.token_sha256,
                "person_id": one.person_id,
                "opened_at": one.opened_at,
                "last_seen_at": one.last_seen_at,
                "is_revoked": int(one.is_revoked),
            },
        )

    def key(self, key_sha256: str) -> ApiKey | None:
        """Give an API key."""
        row = self._connection.execute(KEY, {"sha256": key_sha256}).first()
        if row is None:
            return None
        return ApiKey(
            id=row.id,
            name=row.name,
            key_sha256=row.key_sha256,
            scopes=frozenset(Scope(name) for name in row.scopes.split()),
            is_revoked=bool(row.is_revoked),
        )

    def save_key(self, one: ApiKey) -> None:
        """Write an API key."""
        self._put(
            api_key,
            "id",
            {
                "id": one.id,
                "name": one.name,
                "key_sha256": one.key_sha256,
                "scopes": " ".join(sorted(one.scopes)),
                "is_revoked": int(one.is_revoked),
            },
        )

    def _put(self, table: Table, key: str, values: dict[str, object]) -> None:
        """Write a row under its key, whatever stood there."""
        changed = self._connection.execute(
            table.update().where(table.c[key] == values[key]).values(**values)
        )
        if changed.rowcount == 0:
            self._connection.execute(insert(table).values(**values))


def _account(row: Row[Any]) -> Account:
    return Account(
        person_id=row.person_id,
        login=row.login,
        name=row.name,
        password_hash=row.password_hash,
        roles=frozenset(Role(name) for name in row.roles.split()),
        failed_count=row.failed_count,
        locked_until=row.locked_until,
    )
