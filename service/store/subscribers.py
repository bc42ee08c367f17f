"""SQL of subscribers and of the names of their secrets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from data.schemas.vocabulary import SubscriberStatus
from service.domain.subscriber import Subscriber, SubscriberSecret
from service.store.event_tables import subscriber, subscriber_secret


class SqlSubscriberStore:
    """Subscribers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Subscriber) -> None:
        """Store a new subscriber."""
        self._connection.execute(insert(subscriber).values(**_columns(one)))
        self._save_secrets(one)

    def get(self, subscriber_id: str) -> Subscriber | None:
        """Give a subscriber."""
        found = self._read(select(subscriber).where(subscriber.c.id == subscriber_id))
        return found[0] if found else None

    def all(self) -> list[Subscriber]:
        """Give every subscriber, oldest first."""
        return self._read(select(subscriber).order_by(subscriber.c.id))

    def save(self, one: Subscriber) -> None:
        """Write a changed subscriber; its secrets too."""
        self._connection.execute(
            update(subscriber).where(subscriber.c.id == one.id).values(**_columns(one))
        )
        self._save_secrets(one)

    def hold(self, subscriber_id: str, *, courier: str, now: datetime, until: datetime) -> bool:
        """Let one courier alone send to a subscriber until a moment; say whether it may."""
        is_free = or_(
            subscriber.c.courier_until.is_(None),
            subscriber.c.courier_until <= now,
            subscriber.c.courier == courier,
        )
        taken = (
            update(subscriber)
            .where(subscriber.c.id == subscriber_id, is_free)
            .values(courier=courier, courier_until=until)
        )
        return self._connection.execute(taken).rowcount == 1

    def _save_secrets(self, one: Subscriber) -> None:
        owned = subscriber_secret.c.subscriber_id == one.id
        self._connection.execute(delete(subscriber_secret).where(owned))
        self._connection.execute(
            insert(subscriber_secret),
            [
                {
                    "id": secret.id,
                    "subscriber_id": one.id,
                    "made_at": secret.made_at,
                    "ends_at": secret.ends_at,
                }
                for secret in one.secrets
            ],
        )

    def _read(self, query: Select[Any]) -> list[Subscriber]:
        rows = self._connection.execute(query).all()
        secrets = self._connection.execute(
            select(subscriber_secret)
            .where(subscriber_secret.c.subscriber_id.in_([row.id for row in rows]))
            .order_by(subscriber_secret.c.made_at.desc(), subscriber_secret.c.id.desc())
        ).all()
        return [_subscriber(row, secrets) for row in rows]


def _columns(one: Subscriber) -> dict[str, object]:
    return {
        "id": one.id,
        "url": one.url,
        "types": " ".join(sorted(one.types)),
        "owner_id": one.owner_id,
        "made_at": one.made_at,
        "status": one.status.value,
        "why": one.why,
        "position": one.position,
        "failures": one.failures,
        "paused_until": one.paused_until,
        "delivered_at": one.delivered_at,
    }


def _subscriber(row: Row[Any], secrets: Sequence[Row[Any]]) -> Subscriber:
    return Subscriber(
        id=row.id,
        url=row.url,
        types=frozenset(row.types.split()),
        owner_id=row.owner_id,
        made_at=row.made_at,
        secrets=tuple(
            SubscriberSecret(id=one.id, made_at=one.made_at, ends_at=one.ends_at)
            for one in secrets
            if one.subscriber_id == row.id
        ),
        status=SubscriberStatus(row.status),
        why=row.why,
        position=row.position,
        failures=row.failures,
        paused_until=row.paused_until,
        delivered_at=row.delivered_at,
    )
