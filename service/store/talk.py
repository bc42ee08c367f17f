"""SQL of comments, attachments and saved views."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select

from service.domain.talk import Attachment, Comment, SavedView
from service.store.cases import case_name, case_number
from service.store.desk_tables import attachment, comment, saved_view


class SqlTalkStore:
    """Comments and attachments; the database itself refuses to change one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_comment(self, one: Comment) -> None:
        """Append a comment."""
        self._connection.execute(
            insert(comment).values(
                id=one.id,
                case_number=case_number(one.case_id),
                author_id=one.author_id,
                text=one.text,
                mentions=json.dumps(one.mentioned_ids),
                at=one.at,
            )
        )

    def comments(self, case_id: str, *, after: str, limit: int) -> list[Comment]:
        """Give comments on a case after an id, oldest first."""
        query = (
            select(comment)
            .where(comment.c.case_number == case_number(case_id), comment.c.id > after)
            .order_by(comment.c.id)
            .limit(limit)
        )
        return [_comment(row) for row in self._connection.execute(query)]

    def add_attachment(self, one: Attachment) -> None:
        """Append an attachment."""
        self._connection.execute(
            insert(attachment).values(
                id=one.id,
                case_number=case_number(one.case_id),
                name=one.name,
                media_type=one.media_type,
                size_bytes=one.size_bytes,
                sha256=one.sha256,
                by_id=one.by_id,
                at=one.at,
            )
        )

    def attachments(self, case_id: str) -> list[Attachment]:
        """Give the attachments of a case, oldest first."""
        query = (
            select(attachment)
            .where(attachment.c.case_number == case_number(case_id))
            .order_by(attachment.c.id)
        )
        return [_attachment(row) for row in self._connection.execute(query)]

    def attachment(self, attachment_id: str) -> Attachment | None:
        """Give an attachment."""
        query = select(attachment).where(attachment.c.id == attachment_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _attachment(row)


class SqlViewStore:
    """Saved views."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, one: SavedView) -> None:
        """Store a view."""
        self._connection.execute(
            insert(saved_view).values(
                id=one.id,
                owner_id=one.owner_id,
                page=one.page,
                name=one.name,
                is_shared=int(one.is_shared),
                filters=json.dumps(dict(one.filters)),
                at=one.at,
            )
        )

    def get(self, view_id: str) -> SavedView | None:
        """Give a view."""
        found = self._read(select(saved_view).where(saved_view.c.id == view_id))
        return found[0] if found else None

    def delete(self, view_id: str) -> None:
        """Remove a view."""
        self._connection.execute(delete(saved_view).where(saved_view.c.id == view_id))

    def of(self, owner_id: str) -> list[SavedView]:
        """Give the views of one person, by name."""
        return self._read(select(saved_view).where(saved_view.c.owner_id == owner_id))

    def shared(self) -> list[SavedView]:
        """Give the views that people share, by name."""
        return self._read(select(saved_view).where(saved_view.c.is_shared == 1))

    def _read(self, query: Select[Any]) -> list[SavedView]:
        ordered = query.order_by(saved_view.c.name, saved_view.c.id)
        return [_view(row) for row in self._connection.execute(ordered)]


def _comment(row: Row[Any]) -> Comment:
    return Comment(
        id=row.id,
        case_id=case_name(row.case_number),
        author_id=row.author_id,
        text=row.text,
        mentioned_ids=tuple(json.loads(row.mentions)),
        at=row.at,
    )


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        id=row.id,
        case_id=case_name(row.case_number),
        name=row.name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        by_id=row.by_id,
        at=row.at,
    )


def _view(row: Row[Any]) -> SavedView:
    return SavedView(
        id=row.id,
        owner_id=row.owner_id,
        page=row.page,
        name=row.name,
        is_shared=bool(row.is_shared),
        filters=json.loads(row.filters),
        at=row.at,
    )
