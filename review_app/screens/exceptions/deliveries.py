"""Notifications that reached neither a mailbox nor a webhook."""

from __future__ import annotations

from review_app import clock, formats, session
from review_app.components import page
from review_app.screens.my_work.my_notifications import WORDS
from service.wire.talk import DeliveryView


def deliveries() -> None:
    """List the deliveries that failed for good, newest first."""
    failed = session.desk().client.deliveries().deliveries
    if not failed:
        page.empty(
            "Every notification was delivered.",
            next_step="Whom a notification concerns finds it under My work in any case.",
        )
        return
    names = {one.id: one.name for one in session.desk().client.colleagues().colleagues}
    page.table(
        {f"{one.notification_id}/{one.channel}": row(one, names) for one in failed},
        key="deliveries",
        alt="Notifications that could not be delivered",
    )


def row(one: DeliveryView, names: dict[str, str]) -> dict[str, str]:
    """Give one line of the list."""
    return {
        "To": names.get(one.person_id, one.person_id),
        "About": WORDS[one.kind],
        "By": formats.words(one.channel),
        "Tries": str(one.attempts),
        "Why": one.error or "",
        "Age": formats.distance(clock.now() - one.due_at),
    }
