"""Accounts, walls and keys as they travel, and as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.domain.account import Account, ApiKey, Session
from service.domain.errors import InvalidRequestError
from service.domain.wall import Wall
from service.ports.identity import IdentityProvider
from service.wire.accounts import AccountView, KeyView, WallView


def account_view(account: Account, *, live: Sequence[Session], now: datetime) -> AccountView:
    """Show an account with its live sessions; nothing of its password."""
    return AccountView(
        person_id=account.person_id,
        login=account.login,
        name=account.name,
        email=account.email,
        roles=tuple(sorted(account.roles)),
        is_active=account.is_active,
        is_trainee=account.is_trainee,
        wall=wall_view(account.wall),
        must_change_password=account.must_change_password,
        locked_until=account.locked_until if account.is_locked(now=now) else None,
        sessions=len(live),
        last_seen_at=max((one.last_seen_at for one in live), default=None),
        absent_until=_away(account, now),
        subject=account.external_id.partition(" ")[2] if account.external_id else None,
    )


def key_view(key: ApiKey) -> KeyView:
    """Show a key without the key."""
    return KeyView(
        id=key.id,
        name=key.name,
        scopes=tuple(sorted(key.scopes)),
        wall=wall_view(key.wall),
        is_revoked=key.is_revoked,
        created_at=key.created_at,
    )


def wall_view(wall: Wall) -> WallView:
    """Show a wall as two lists."""
    return WallView(
        client_ids=None if wall.client_ids is None else tuple(sorted(wall.client_ids)),
        business_units=None if wall.business_units is None else tuple(sorted(wall.business_units)),
    )


def wall_of(view: WallView) -> Wall:
    """Read a wall."""
    return Wall(
        client_ids=None if view.client_ids is None else frozenset(view.client_ids),
        business_units=None if view.business_units is None else frozenset(view.business_units),
    )


def external_id(subject: str | None, provider: IdentityProvider | None) -> str | None:
    """Name a person at the company's log-in. Raises InvalidRequestError where none is set."""
    if not subject:
        return None
    if provider is None:
        raise InvalidRequestError("subject", subject, "no company log-in is set up here")
    return provider.external_id(subject)


def _away(account: Account, now: datetime) -> datetime | None:
    has_begun = account.absent_from is None or account.absent_from <= now
    until = account.absent_until
    return until if until is not None and has_begun and now < until else None
