"""Who is told of events, how that fares, and the ways to stop, resume, try and repeat it."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.schemas.vocabulary import SubscriberStatus
from review_app import clock, formats, session
from review_app.components import page
from review_app.components.plain_table import plain_table
from service.wire.subscribers import SubscriberView

_SECRET = "subscriber_secret"  # noqa: S105 - the name of a place in the session
CHOSEN = "subscriber"
"""The part of the address that names one."""
REPLAYS = {
    "the last hour": timedelta(hours=1),
    "the last day": timedelta(days=1),
    "the last seven days": timedelta(days=7),
}


def subscribers() -> None:
    """List subscribers; whichever is selected, or named in the address, is opened below."""
    found = session.desk().client.subscribers().subscribers
    _new_secret()
    if not found:
        page.empty(
            "No other system is told of events.",
            next_step=(
                "Subscribe one: "
                "countersign events subscribe https://hooks.example.org/in --login YOU"
            ),
        )
        return
    by_id = {one.id: one for one in found}
    chosen = page.table(
        {one.id: row(one) for one in found},
        key="subscribers",
        select="single-row",
        right=("Waiting",),
        alt="Subscribers to events",
    )
    name = chosen[0] if chosen else st.query_params.get(CHOSEN, "")
    if name in by_id:
        _opened(by_id[name])
    else:
        st.caption("Select one to see which events it gets, and to act on it.")


def row(one: SubscriberView) -> dict[str, str]:
    """Give one line of the list."""
    now = clock.now()
    return {
        "Address": one.address,
        "State": _state(one),
        "Last arrived": formats.distance(now - one.delivered_at) if one.delivered_at else "never",
        "Waiting": str(one.waiting),
        "Oldest": formats.distance(now - one.oldest_at) if one.oldest_at else "",
        "Why": one.why,
        "Made by": one.owner,
    }


def _state(one: SubscriberView) -> str:
    if one.status is SubscriberStatus.ACTIVE and one.paused_until and one.why:
        return "failing"
    return formats.words(one.status)


def _opened(one: SubscriberView) -> None:
    plain_table(
        ("What", "Is"),
        [
            ("Subscriber", one.id),
            ("Events", ", ".join(one.types) or "all there are"),
            ("Since", formats.instant(one.made_at, zone=session.zone())),
        ],
        caption="The subscriber",
    )
    bar = st.container(horizontal=True)
    client = session.desk().client
    if one.status is SubscriberStatus.DISABLED:
        if bar.button("Enable", key="subscriber_enable", type="primary"):
            client.enable_subscriber(one.id)
            page.done("Events are sent again, from where they stopped.")
    elif page.asked_confirmation(
        "Disable",
        key="subscriber_disable",
        place=bar,
        question="Nothing is sent until somebody enables it; what waits is kept. Disable it?",
    ):
        client.disable_subscriber(one.id)
        page.done("Nothing is sent any more.")
    if bar.button("Send a test event", key="subscriber_test", icon=":material/send:"):
        tried = client.try_subscriber(one.id)
        problem = () if tried.is_taken else (f"The test event was not taken: {tried.why}.",)
        page.done("The test event was taken." if tried.is_taken else "", trouble=problem)
    _rotate(one, bar)
    _replay(one)


def _rotate(one: SubscriberView, bar: DeltaGenerator) -> None:
    if not one.is_mine:
        return
    if page.asked_confirmation(
        "New secret",
        key="subscriber_rotate",
        place=bar,
        question="The new secret is shown once. The old one signs beside it for 24 hours.",
    ):
        st.session_state[_SECRET] = session.desk().client.rotate_subscriber_secret(one.id).secret
        page.done("There is a new secret.")


def _replay(one: SubscriberView) -> None:
    since = st.selectbox("Send again", list(REPLAYS), key="subscriber_replay_since")
    if page.asked_confirmation(
        "Replay",
        key="subscriber_replay",
        question=f"Every event of {since} goes out again under the id it had. Send them?",
    ):
        session.desk().client.replay_events(one.id, since=clock.now() - REPLAYS[since])
        page.done(f"The events of {since} are on their way again.")


def _new_secret() -> None:
    """Keep a secret on the screen until its reader has put it away."""
    secret = st.session_state.get(_SECRET)
    if secret is None:
        return
    with st.container(border=True, key="secret"):
        st.code(secret, language=None)
        st.caption("It is shown this once. Give it to whoever runs the receiver.")
        st.button("I have it", key="secret_read", on_click=st.session_state.pop, args=(_SECRET,))
