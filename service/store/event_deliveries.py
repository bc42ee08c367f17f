"""SQL of what is on its way to subscribers: a row for each event until it arrives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from data.schemas.vocabulary import SubscriberStatus
from service.domain.event import Delivery
from service.domain.subscriber import Subscriber
from service.domain.wall import Wall
from service.ports.event_stores import Backlog
from service.store.event_tables import event, event_delivery, subscriber
from service.store.events import SqlEventStore, event_of
from service.store.walls import within

EVENTS_PER_LOOK = 500


class SqlEventDeliveryStore:
    """Events on their way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ready_ids(self, *, now: datetime) -> list[str]:
        """Give those that something may be sent to now."""
        older = event_delivery.alias("older")
        is_head = ~exists().where(
            older.c.subscriber_id == event_delivery.c.subscriber_id,
            older.c.subject == event_delivery.c.subject,
            older.c.event_idx < event_delivery.c.event_idx,
        )
        has_due = exists().where(
            event_delivery.c.subscriber_id == subscriber.c.id,
            event_delivery.c.due_at <= now,
            is_head,
        )
        read_to = SqlEventStore(self._connection).read_to()
        query = (
            select(subscriber.c.id)
            .where(
                subscriber.c.status == SubscriberStatus.ACTIVE.value,
                or_(subscriber.c.paused_until.is_(None), subscriber.c.paused_until <= now),
                or_(subscriber.c.position < read_to, has_due),
            )
            .order_by(subscriber.c.id)
        )
        return list(self._connection.execute(query).scalars())

    def spread(self, one: Subscriber, *, wall: Wall, now: datetime, window: int) -> int:
        """Put events from its position on on their way; give the position after them.

        At most `window` wait at a time.
        """
        free = window - self._waiting(one.id)
        if free <= 0:
            return one.position
        read_to = SqlEventStore(self._connection).read_to()
        limit = min(free, EVENTS_PER_LOOK)
        underway = and_(
            event_delivery.c.subscriber_id == one.id, event_delivery.c.event_idx == event.c.idx
        )
        wanted = _wanted(select(event.c.idx, event.c.subject), one, wall=wall)
        rows = self._connection.execute(
            wanted.add_columns(event_delivery.c.event_idx.label("stands"))
            .outerjoin(event_delivery, underway)
            .where(event.c.idx < read_to)
            .order_by(event.c.idx)
            .limit(limit)
        ).all()
        fresh = [row for row in rows if row.stands is None]
        if fresh:
            self._connection.execute(
                insert(event_delivery),
                [
                    {
                        "subscriber_id": one.id,
                        "event_idx": row.idx,
                        "subject": row.subject,
                        "attempts": 0,
                        "due_at": now,
                    }
                    for row in fresh
                ],
            )
        return rows[-1].idx + 1 if len(rows) == limit else max(read_to, one.position)

    def due(self, subscriber_id: str, *, now: datetime, limit: int) -> list[Delivery]:
        """Give what is to be tried now: of each subject the oldest alone, in order."""
        heads = (
            select(func.min(event_delivery.c.event_idx))
            .where(event_delivery.c.subscriber_id == subscriber_id)
            .group_by(event_delivery.c.subject)
        )
        query = (
            select(event, event_delivery.c.attempts)
            .join(event_delivery, event_delivery.c.event_idx == event.c.idx)
            .where(
                event_delivery.c.subscriber_id == subscriber_id,
                event_delivery.c.event_idx.in_(heads),
                event_delivery.c.due_at <= now,
            )
            .order_by(event.c.idx)
            .limit(limit)
        )
        return [
            Delivery(event=event_of(row), attempts=row.attempts)
            for row in self._connection.execute(query)
        ]

    def arrived(self, subscriber_id: str, event_index: int) -> None:
        """Take a delivery off the way."""
        self._connection.execute(delete(event_delivery).where(_is(subscriber_id, event_index)))

    def put_off(
        self, subscriber_id: str, event_index: int, *, attempts: int, due_at: datetime
    ) -> None:
        """Note a failed try, and when the next is due."""
        self._connection.execute(
            update(event_delivery)
            .where(_is(subscriber_id, event_index))
            .values(attempts=attempts, due_at=due_at)
        )

    def try_anew(self, subscriber_id: str, *, now: datetime) -> None:
        """Forget how often what waits was tried: all of it is due now."""
        self._connection.execute(
            update(event_delivery)
            .where(event_delivery.c.subscriber_id == subscriber_id)
            .values(attempts=0, due_at=now)
        )

    def backlog(self, one: Subscriber, *, wall: Wall) -> Backlog:
        """Give what has not reached a subscriber."""
        under_way = (
            select(event.c.idx)
            .join(event_delivery, event_delivery.c.event_idx == event.c.idx)
            .where(event_delivery.c.subscriber_id == one.id)
        )
        missing = under_way.union(_wanted(select(event.c.idx), one, wall=wall)).subquery()
        query = select(func.count(), func.min(event.c.at)).where(
            event.c.idx.in_(select(missing.c.idx))
        )
        row = self._connection.execute(query).one()
        return Backlog(waiting=row[0], oldest_at=row[1])

    def _waiting(self, subscriber_id: str) -> int:
        query = (
            select(func.count())
            .select_from(event_delivery)
            .where(event_delivery.c.subscriber_id == subscriber_id)
        )
        return int(self._connection.execute(query).scalar_one())


def _wanted(query: Select[Any], one: Subscriber, *, wall: Wall) -> Select[Any]:
    """Narrow a query over events to those a subscriber is to be told of and was not yet."""
    query = within(query.where(event.c.idx >= one.position), event, wall)
    return query.where(event.c.type.in_(sorted(one.types))) if one.types else query


def _is(subscriber_id: str, event_index: int) -> Any:  # noqa: ANN401 - an SQL expression
    return and_(
        event_delivery.c.subscriber_id == subscriber_id,
        event_delivery.c.event_idx == event_index,
    )
