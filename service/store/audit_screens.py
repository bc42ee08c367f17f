"""Reads of the audit trail for people who search it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from service.ports.screens import StoredEntry
from service.store.chunks import chunks
from service.store.cursors import number_of
from service.store.display_names import account_names
from service.store.json_text import AsJson
from service.store.tables import audit, audit_leaf
from service.wire.audit import AuditEntryView, AuditPage, AuditQuery, AuditSearch, EntryOrder


def audit_page(wanted: AuditQuery, connection: Connection) -> AuditPage:
    """Give one page of the entries that were looked for."""
    is_newest_first = wanted.order is EntryOrder.NEWEST
    query = _found(wanted).limit(wanted.limit + 1)
    query = query.order_by(audit.c.id.desc() if is_newest_first else audit.c.id)
    if wanted.cursor is not None:
        last = number_of(wanted.cursor)
        query = query.where(audit.c.id < last if is_newest_first else audit.c.id > last)
    rows = connection.execute(query).all()
    shown = rows[: wanted.limit]
    return AuditPage(
        entries=_views(shown, connection),
        next_cursor=str(shown[-1].id) if len(rows) > wanted.limit else None,
    )


def entries_about(subjects: Sequence[str], connection: Connection) -> tuple[StoredEntry, ...]:
    """Give every entry about any of these, oldest first, as it is stored."""
    found: list[Row[Any]] = []
    for part in chunks(sorted(set(subjects))):
        query = _entries().where(audit.c.subject.in_(part))
        found += connection.execute(query).all()
    return tuple(
        StoredEntry(index=row.idx, body=row.body) for row in sorted(found, key=lambda row: row.id)
    )


def _entries() -> Select[Any]:
    return select(audit.c.id, audit.c.body, audit_leaf.c.idx).outerjoin(
        audit_leaf, audit_leaf.c.id == audit.c.id
    )


def _found(wanted: AuditSearch) -> Select[Any]:
    query = _entries()
    if wanted.subject is not None:
        query = query.where(audit.c.subject == wanted.subject)
    if wanted.event is not None:
        query = query.where(audit.c.event == wanted.event.value)
    if wanted.actor is not None:
        query = query.where(_field("actor") == wanted.actor)
    if wanted.since is not None:
        query = query.where(_field("at") >= _moment(wanted.since))
    if wanted.until is not None:
        query = query.where(_field("at") < _moment(wanted.until))
    if wanted.q:
        query = query.where(audit.c.body.icontains(wanted.q, autoescape=True))
    return query


def _field(name: str) -> ColumnElement[str]:
    member: ColumnElement[str] = AsJson(audit.c.body)[name].as_string()
    return member


def _moment(at: datetime) -> str:
    """A time that sorts among those of the bodies, which end in Z with or without a fraction."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat()


def _views(rows: Sequence[Row[Any]], connection: Connection) -> tuple[AuditEntryView, ...]:
    bodies = [json.loads(row.body) for row in rows]
    names = account_names({body["actor"] for body in bodies}, connection)
    return tuple(
        AuditEntryView(index=row.idx, id=row.id, body=body, actor_name=names.get(body["actor"]))
        for row, body in zip(rows, bodies, strict=True)
    )
