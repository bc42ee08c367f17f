"""SQL of what people were told, and of its ways out of the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, tuple_, update

from data.schemas.vocabulary import Channel, DeliveryStatus, NotificationKind
from service.domain.notification import Delivery, Notification
from service.domain.wall import Wall
from service.ports.talk_stores import Outgoing, Told
from service.store.cases import case_name, case_number
from service.store.desk_tables import delivery, notification
from service.store.display_names import names_of
from service.store.tables import account, review_case
from service.store.walls import within

_OF_CASES = notification.outerjoin(review_case, review_case.c.number == notification.c.case_number)
_FAILURE = (
    select(func.min(delivery.c.error))
    .where(
        delivery.c.notification_id == notification.c.id,
        delivery.c.status == DeliveryStatus.FAILED.value,
    )
    .scalar_subquery()
)


class SqlNotificationStore:
    """Notifications and deliveries."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Notification, *, deliveries: Sequence[Delivery]) -> None:
        """Store a notification and its ways out; one that stands already is left as it is."""
        stands = select(notification.c.id).where(notification.c.id == one.id)
        if self._connection.execute(stands).first() is not None:
            return
        self._connection.execute(
            insert(notification).values(
                id=one.id,
                person_id=one.person_id,
                kind=one.kind.value,
                text=one.text,
                case_number=None if one.case_id is None else case_number(one.case_id),
                at=one.at,
                read_at=one.read_at,
            )
        )
        if deliveries:
            self._connection.execute(insert(delivery), [_columns(each) for each in deliveries])

    def of(
        self, person_id: str, *, wall: Wall, before: str | None, limit: int, is_unread: bool
    ) -> list[Told]:
        """Give a person's notifications before an id, newest first, or the unread alone."""
        query = (
            select(notification, review_case.c.title, _FAILURE.label("failure"))
            .select_from(_OF_CASES)
            .where(notification.c.person_id == person_id)
            .order_by(notification.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(notification.c.id < before)
        if is_unread:
            query = query.where(notification.c.read_at.is_(None))
        rows = self._connection.execute(_visible(query, wall)).all()
        people = names_of("people", {_first(row.title) for row in rows}, self._connection)
        return [
            Told(
                notification=_notification(row),
                case_title=_titled(row.title, people),
                failure=row.failure,
            )
            for row in rows
        ]

    def count_unread(self, person_id: str, *, wall: Wall) -> int:
        """Count what the person has not read."""
        query = (
            select(func.count())
            .select_from(_OF_CASES)
            .where(notification.c.person_id == person_id, notification.c.read_at.is_(None))
        )
        return int(self._connection.execute(_visible(query, wall)).scalar_one())

    def mark_read(self, person_id: str, *, ids: Sequence[str], at: datetime) -> int:
        """Mark the person's own notifications as read, all of them without ids; count them."""
        statement = (
            update(notification)
            .where(notification.c.person_id == person_id, notification.c.read_at.is_(None))
            .values(read_at=at)
        )
        if ids:
            statement = statement.where(notification.c.id.in_(ids))
        return self._connection.execute(statement).rowcount

    def due(self, *, now: datetime, limit: int) -> list[Outgoing]:
        """Give the deliveries that are to be tried now, oldest first."""
        is_due = (delivery.c.status == DeliveryStatus.WAITING.value) & (delivery.c.due_at <= now)
        return self._outgoing(is_due, delivery.c.due_at, limit=limit)

    def save_delivery(self, one: Delivery) -> None:
        """Write how far a delivery came."""
        self._connection.execute(
            update(delivery)
            .where(
                delivery.c.notification_id == one.notification_id,
                delivery.c.channel == one.channel.value,
            )
            .values(**_columns(one))
        )

    def deliveries(
        self, status: DeliveryStatus, *, before: tuple[str, str] | None = None, limit: int
    ) -> list[Outgoing]:
        """Give the newest deliveries of one status, or those before one of them."""
        place = tuple_(notification.c.id, delivery.c.channel)
        wanted = delivery.c.status == status.value
        if before is not None:
            wanted = and_(wanted, place < tuple_(*before))
        newest = notification.c.id.desc(), delivery.c.channel.desc()
        return self._outgoing(wanted, *newest, limit=limit)

    def _outgoing(self, condition: Any, *order: Any, limit: int) -> list[Outgoing]:  # noqa: ANN401 - SQL expressions
        query = (
            select(
                notification,
                delivery.c.channel,
                delivery.c.status,
                delivery.c.attempts,
                delivery.c.due_at,
                delivery.c.error,
                delivery.c.done_at,
                account.c.email,
            )
            .select_from(delivery)
            .join(notification, notification.c.id == delivery.c.notification_id)
            .join(account, account.c.person_id == notification.c.person_id)
            .where(condition)
            .order_by(*order)
            .limit(limit)
        )
        return [
            Outgoing(delivery=_delivery(row), notification=_notification(row), email=row.email)
            for row in self._connection.execute(query)
        ]


def _first(title: str | None) -> str:
    return (title or "").partition(", ")[0]


def _titled(title: str | None, people: dict[str, str]) -> str | None:
    """Put the name of a person in the place of the id that a title begins with."""
    person, comma, rest = (title or "").partition(", ")
    return f"{people[person]}{comma}{rest}" if person in people else title


def _visible(query: Select[Any], wall: Wall) -> Select[Any]:
    """Leave out what speaks of cases behind a wall; what speaks of none stays."""
    if wall.is_open:
        return query
    seen = within(select(review_case.c.number), review_case, wall)
    return query.where(
        or_(notification.c.case_number.is_(None), notification.c.case_number.in_(seen))
    )


def _columns(one: Delivery) -> dict[str, object]:
    return {
        "notification_id": one.notification_id,
        "channel": one.channel.value,
        "status": one.status.value,
        "attempts": one.attempts,
        "due_at": one.due_at,
        "error": one.error,
        "done_at": one.done_at,
    }


def _notification(row: Row[Any]) -> Notification:
    return Notification(
        id=row.id,
        person_id=row.person_id,
        kind=NotificationKind(row.kind),
        text=row.text,
        case_id=None if row.case_number is None else case_name(row.case_number),
        at=row.at,
        read_at=row.read_at,
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        notification_id=row.id,
        channel=Channel(row.channel),
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        due_at=row.due_at,
        error=row.error,
        done_at=row.done_at,
    )
