"""SQL of events: read out of the audit trail in its order, and kept under its index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from data.schemas.vocabulary import ItemKind, Lane
from service.domain.event import Event
from service.ports.event_stores import About, PostingAbout, TrailEntry
from service.store.case_rows import case_name, case_number
from service.store.event_tables import event, event_cursor
from service.store.tables import audit, audit_leaf, item, posting, review_case

TRAIL = "audit"
PRACTICE = (Lane.GOLD.value, Lane.DOUBLE.value)
"""Lanes whose cases show an item again, to measure who judges it."""

_CASE = select(
    review_case.c.number,
    review_case.c.item_id,
    review_case.c.kind,
    review_case.c.contract_id,
    review_case.c.client_id,
    review_case.c.business_unit,
    review_case.c.amount_minor,
    review_case.c.currency,
    review_case.c.lane,
)


class SqlEventStore:
    """Events, and how far the trail was read for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unread(self, *, limit: int) -> Sequence[TrailEntry]:
        """Give the next entries of the trail that no event was made of yet, in order."""
        start = self.read_to()
        query = (
            select(audit_leaf.c.idx, audit_leaf.c.leaf_hash, audit.c.body)
            .join(audit, audit.c.id == audit_leaf.c.id)
            .where(audit_leaf.c.idx >= start)
            .order_by(audit_leaf.c.idx)
            .limit(limit)
        )
        return [
            TrailEntry(index=row.idx, leaf_hash=row.leaf_hash, body=row.body)
            for row in self._connection.execute(query)
        ]

    def has_unread(self) -> bool:
        """Say whether the trail goes on after what was read."""
        query = select(audit_leaf.c.idx).where(audit_leaf.c.idx >= self.read_to()).limit(1)
        return self._connection.execute(query).first() is not None

    def read_to(self) -> int:
        """Give the index before which every entry was read."""
        query = select(event_cursor.c.read_to).where(event_cursor.c.name == TRAIL)
        return self._connection.execute(query).scalar() or 0

    def set_read_to(self, index: int) -> None:
        """Note how far the trail was read."""
        change = update(event_cursor).where(event_cursor.c.name == TRAIL).values(read_to=index)
        if not self._connection.execute(change).rowcount:
            self._connection.execute(insert(event_cursor).values(name=TRAIL, read_to=index))

    def about_case(self, case_id: str) -> About | None:
        """Give what a case is about."""
        return self._about(_CASE.where(review_case.c.number == case_number(case_id)))

    def about_posting(self, posting_id: str) -> About | None:
        """Give what a posting is about."""
        row = self._connection.execute(select(posting).where(posting.c.id == posting_id)).first()
        if row is None:
            return None
        found = (
            self._about_item(row.item_seq)
            if row.case_number is None
            else self.about_case(case_name(row.case_number))
        )
        return None if found is None else replace(found, posting=_posting(row))

    def about_item(self, item_id: str) -> About | None:
        """Give what an item is about, by its newest case if it had any."""
        cases = (
            _CASE.where(review_case.c.item_id == item_id, review_case.c.lane.not_in(PRACTICE))
            .order_by(review_case.c.number.desc())
            .limit(1)
        )
        newest = select(func.max(item.c.seq)).where(item.c.item_id == item_id)
        return self._about(cases) or self._about_item(
            self._connection.execute(newest).scalar() or 0
        )

    def last_sequence(self, subject: str) -> int:
        """Give the number of the newest event of a subject; 0 before the first."""
        query = select(func.max(event.c.sequence)).where(event.c.subject == subject)
        return self._connection.execute(query).scalar() or 0

    def add(self, events: Sequence[Event]) -> None:
        """Store new events."""
        if events:
            self._connection.execute(insert(event), [_columns(one) for one in events])

    def first_since(self, at: datetime) -> int | None:
        """Give the index of the first event since a moment."""
        query = select(func.min(event.c.idx)).where(event.c.at >= at)
        found: int | None = self._connection.execute(query).scalar()
        return found

    def _about(self, query: Select[Any]) -> About | None:
        row = self._connection.execute(query).first()
        if row is None:
            return None
        case_id = case_name(row.number)
        return About(
            subject=case_id,
            case_id=case_id,
            item_id=row.item_id,
            item_kind=ItemKind(row.kind),
            contract_id=row.contract_id,
            client_id=row.client_id,
            business_unit=row.business_unit,
            amount_minor=row.amount_minor,
            currency=row.currency,
            is_practice=row.lane in PRACTICE,
        )

    def _about_item(self, item_seq: int) -> About | None:
        row = self._connection.execute(select(item).where(item.c.seq == item_seq)).first()
        if row is None:
            return None
        return About(
            subject=row.item_id,
            case_id=None,
            item_id=row.item_id,
            item_kind=ItemKind(row.kind),
            contract_id=row.contract_id,
            client_id=row.client_id,
            business_unit=row.business_unit,
            amount_minor=0,
            currency="",
            is_practice=False,
        )


def event_of(row: Row[Any]) -> Event:
    """Read an event out of a row with its columns."""
    return Event(
        index=row.idx,
        id=row.id,
        type=row.type,
        subject=row.subject,
        sequence=row.sequence,
        client_id=row.client_id,
        business_unit=row.business_unit,
        at=row.at,
        body=row.body,
    )


def _posting(row: Row[Any]) -> PostingAbout:
    return PostingAbout(
        id=row.id,
        ledger=row.ledger,
        total_minor=row.total_minor,
        currency=row.currency,
        document_id=row.document_id,
    )


def _columns(one: Event) -> dict[str, object]:
    return {
        "idx": one.index,
        "id": one.id,
        "type": one.type,
        "subject": one.subject,
        "sequence": one.sequence,
        "client_id": one.client_id,
        "business_unit": one.business_unit,
        "at": one.at,
        "body": one.body,
    }
