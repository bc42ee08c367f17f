"""SQL of log-ins, sessions and API keys."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, insert, select

from data.schemas.vocabulary import Role, Scope
from service.domain.account import Account, ApiKey, Session
from service.domain.wall import Wall
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

    def everybody(self) -> list[Account]:
        """Give every account, by name."""
        rows = self._connection.execute(select(account).order_by(account.c.name, account.c.login))
        return [_account(row) for row in rows]

    def by_external(self, external_id: str) -> Account | None:
        """Give the account that a company's own log-in leads to."""
        row = self._connection.execute(
            select(account).where(account.c.external_id == external_id)
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
                "email": one.email,
                "is_active": int(one.is_active),
                "must_change_password": int(one.must_change_password),
                "is_trainee": int(one.is_trainee),
                **_wall_columns(one.wall),
                "preferences": one.preferences,
                "absent_from": one.absent_from,
                "absent_until": one.absent_until,
                "deputy_id": one.deputy_id,
                "external_id": one.external_id,
            },
        )

    def session(self, token_sha256: str) -> Session | None:
        """Give a session."""
        row = self._connection.execute(SESSION, {"sha256": token_sha256}).first()
        return None if row is None else _session(row)

    def sessions_of(self, person_id: str) -> list[Session]:
        """Give a person's sessions that nobody ended, newest first; some may have run out."""
        rows = self._connection.execute(
            select(session)
            .where(session.c.person_id == person_id, session.c.is_revoked == 0)
            .order_by(session.c.opened_at.desc(), session.c.token_sha256)
        )
        return [_session(row) for row in rows]

    def session_opened_by(self, identity_sha256: str) -> Session | None:
        """Give the session that a company's token opened."""
        row = self._connection.execute(
            select(session).where(session.c.identity_sha256 == identity_sha256)
        ).first()
        return None if row is None else _session(row)

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
                "device": one.device,
                "authenticated_at": one.authenticated_at,
                "identity_sha256": one.identity_sha256,
            },
        )

    def key(self, key_sha256: str) -> ApiKey | None:
        """Give an API key."""
        row = self._connection.execute(KEY, {"sha256": key_sha256}).first()
        return None if row is None else _key(row)

    def key_named(self, key_id: str) -> ApiKey | None:
        """Give an API key by its id."""
        row = self._connection.execute(select(api_key).where(api_key.c.id == key_id)).first()
        return None if row is None else _key(row)

    def every_key(self) -> list[ApiKey]:
        """Give every key there ever was, newest first."""
        rows = self._connection.execute(
            select(api_key).order_by(api_key.c.created_at.desc(), api_key.c.id.desc())
        )
        return [_key(row) for row in rows]

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
                **_wall_columns(one.wall),
                "created_at": one.created_at,
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
        email=row.email,
        is_active=bool(row.is_active),
        must_change_password=bool(row.must_change_password),
        is_trainee=bool(row.is_trainee),
        wall=_wall(row),
        preferences=row.preferences,
        absent_from=row.absent_from,
        absent_until=row.absent_until,
        deputy_id=row.deputy_id,
        external_id=row.external_id,
    )


def _session(row: Row[Any]) -> Session:
    return Session(
        token_sha256=row.token_sha256,
        person_id=row.person_id,
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        is_revoked=bool(row.is_revoked),
        device=row.device,
        authenticated_at=row.authenticated_at,
        identity_sha256=row.identity_sha256,
    )


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        key_sha256=row.key_sha256,
        scopes=frozenset(Scope(name) for name in row.scopes.split()),
        is_revoked=bool(row.is_revoked),
        wall=_wall(row),
        created_at=row.created_at,
    )


def _wall(row: Row[Any]) -> Wall:
    return Wall(client_ids=_names(row.wall_clients), business_units=_names(row.wall_units))


def _names(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(json.loads(text))


def _wall_columns(wall: Wall) -> dict[str, object]:
    return {
        "wall_clients": _listed(wall.client_ids),
        "wall_units": _listed(wall.business_units),
    }


def _listed(names: frozenset[str] | None) -> str | None:
    return None if names is None else json.dumps(sorted(names))
