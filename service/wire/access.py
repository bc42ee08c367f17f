"""Shapes of identity: who the caller is, and what a problem looks like."""

from __future__ import annotations

from datetime import datetime

from data.schemas.values import Record
from data.schemas.vocabulary import Role, Scope


class Me(Record):
    """The person or workflow behind the credentials of this call."""

    id: str
    name: str
    roles: tuple[Role, ...]
    scopes: tuple[Scope, ...]
    session_expires_at: datetime | None
    undo_seconds: int


class Problem(Record):
    """RFC 9457 problem details: what, where, why and what to do."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    remedy: str | None = None
    problems: tuple[dict[str, str], ...] = ()
