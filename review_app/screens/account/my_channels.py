"""Which way I am told of what."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import Channel, NotificationKind
from review_app import session
from review_app.screens.account.my_reading import save

KINDS = {
    NotificationKind.MENTIONED: "Somebody mentions me",
    NotificationKind.RETURNED: "A case comes back to me",
    NotificationKind.APPROVAL_NEEDED: "My approval is needed",
    NotificationKind.CASE_LATE: "A case of mine is late",
    NotificationKind.INFORMATION_ANSWERED: "A question of mine is answered",
    NotificationKind.BULK_REVERTED: "A bulk decision is taken back",
    NotificationKind.KNOWN_CASE_FEEDBACK: "How I did on known cases",
    NotificationKind.EXCEPTION_ASSIGNED: "A failed posting is mine to mend",
    NotificationKind.EXCEPTION_LATE: "Failed postings lie longer than they may",
    NotificationKind.SYSTEM_RESTS: "A ledger does not answer, or answers again",
    NotificationKind.SUBSCRIBER_STOPPED: "Events reach a subscriber of mine no more",
    NotificationKind.SYNC_FAILS: "A source cannot be read, or can be read again",
}
CHANNELS = {
    Channel.IN_APP: "Here",
    Channel.EMAIL: "E-mail",
    Channel.WEBHOOK: "Team chat",
}
USUAL = (Channel.IN_APP,)


def channels() -> None:
    """Draw a row for each kind of news, with a box for each way."""
    me = session.desk().me
    st.caption(
        "Outside the app nobody is told amounts or clients: a message names the case and leads "
        "here."
    )
    st.text(f"E-mail goes to {me.email or 'nobody: an administrator can enter your address'}")
    with st.form("channels", border=False):
        chosen = {kind: _ways(kind, me.preferences.notify.get(kind, USUAL)) for kind in KINDS}
        is_sent = st.form_submit_button("Save", type="primary", key="channels_save")
    if is_sent:
        notify = {kind: ways for kind, ways in chosen.items() if ways != USUAL}
        save(me.preferences.model_copy(update={"notify": notify}), said="Saved.")


def _ways(kind: NotificationKind, kept: tuple[Channel, ...]) -> tuple[Channel, ...]:
    words, *boxes = st.columns([3, 1, 1, 2], vertical_alignment="center")
    words.text(KINDS[kind])
    return tuple(
        way
        for box, (way, name) in zip(boxes, CHANNELS.items(), strict=True)
        if box.checkbox(name, value=way in kept, key=f"channels_{kind}_{way}")
    )
