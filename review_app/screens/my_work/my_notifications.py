"""What I was told, read and unread, with a way to what it is about."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import NotificationKind
from review_app import formats, navigation, session
from review_app.attempts import attempt, show_failure
from review_app.components import page
from review_app.components.card import template
from service.wire.talk import NotificationView

LIST = "my_notifications"
WORDS: dict[NotificationKind, str] = {
    NotificationKind.MENTIONED: "You were mentioned",
    NotificationKind.RETURNED: "A case came back",
    NotificationKind.APPROVAL_NEEDED: "A second person is needed",
    NotificationKind.CASE_LATE: "A case is late",
    NotificationKind.INFORMATION_ANSWERED: "Information came",
    NotificationKind.BULK_REVERTED: "A bulk was reverted",
    NotificationKind.KNOWN_CASE_FEEDBACK: "How you did on known cases",
    NotificationKind.EXCEPTION_ASSIGNED: "A failed posting is yours",
    NotificationKind.EXCEPTION_LATE: "Failed postings lie too long",
    NotificationKind.SYSTEM_RESTS: "A ledger does not answer, or answers again",
    NotificationKind.SUBSCRIBER_STOPPED: "Events arrive no more",
    NotificationKind.SYNC_FAILS: "A source cannot be read, or can be again",
}


def notifications() -> None:
    """List what the person was told, newest first."""
    show_failure(place=LIST)
    client = session.desk().client
    head = st.container(horizontal=True, vertical_alignment="center")
    only_unread = head.toggle("Unread only", key="told_unread")
    told = client.notifications(
        unread=only_unread, cursor=page.cursor(LIST, only_unread), limit=page.PAGE
    )
    if told.unread:
        head.button(f"Mark all as read ({told.unread})", key="told_read_all", on_click=_read)
    if not told.notifications:
        page.empty(
            "Nothing to read.", next_step="Mentions, returned cases and approvals stand here."
        )
    for one in told.notifications:
        _line(one)
    page.pager(LIST, next_cursor=told.next_cursor)


def _line(one: NotificationView) -> None:
    at = formats.instant(one.at, zone=session.zone())
    with st.container(key=f"told_{one.id}", border=not one.is_read):
        drawn = template("told.html.jinja").render(
            heading=WORDS[one.kind], text=one.text, title=one.case_title or "", at=at,
            is_read=one.is_read, failure=one.failure or "",
        )  # fmt: skip
        line, acts = st.columns([3, 2], vertical_alignment="center")
        line.html(drawn)
        with acts.container(
            horizontal=True, horizontal_alignment="right", vertical_alignment="center"
        ):
            if one.case_id is not None:
                navigation.link_to_case(one.case_id)
            elif one.kind is NotificationKind.EXCEPTION_ASSIGNED:
                navigation.link_to("exceptions", label="To the exceptions")
            elif one.kind is NotificationKind.SYNC_FAILS:
                navigation.link_to("exceptions", label="To the sources", tab="Systems")
            elif one.kind is NotificationKind.APPROVAL_NEEDED:
                navigation.link_to("policy", label="To the policy")
            if not one.is_read:
                st.button("Mark as read", key=f"read_{one.id}", on_click=_read, args=(one.id,))


def _read(*ids: str) -> None:
    attempt(lambda: session.desk().client.mark_read(*ids), place=LIST)
