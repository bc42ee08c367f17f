"""Shapes of identity: who the caller is, and what a problem looks like."""

from __future__ import annotations

from datetime import datetime

from data.schemas.values import Record
from data.schemas.vocabulary import Role, Scope
from service.wire.preferences import Preferences

LOG_IN = frozenset({"/v1/sessions", "/v1/session", "/v1/me/sessions", "/v1/me/password"})
"""Log-ins and passwords come without keys: nothing of them may be kept, not even a hash."""


class Me(Record):
    """The person or workflow behind the credentials of this call."""

    id: str
    name: str
    roles: tuple[Role, ...]
    scopes: tuple[Scope, ...]
    session_expires_at: datetime | None
    undo_seconds: int
    email: str = ""
    has_password: bool = True
    """They log in with a password of ours, not by the company's own log-in."""
    must_change_password: bool = False
    is_trainee: bool = False
    has_wall: bool = False
    """Some clients or business units are hidden from the caller."""
    preferences: Preferences = Preferences()
    unread: int = 0
    """Notifications the person has not read."""


class Problem(Record):
    """RFC 9457 problem details: what, where, why and what to do."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    remedy: str | None = None
    problems: tuple[dict[str, str], ...] = ()
