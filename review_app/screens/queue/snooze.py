"""Put a case away until a day, and say why."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from review_app import clock, formats, session
from review_app.components.card import heading_html
from review_app.notices import problems_shown
from review_app.screens.deciding.asking import Ask
from review_app.screens.deciding.pressing import is_shown
from service.wire.cases import Claim

LONGEST = timedelta(days=60)
MORNING = time(8)
USUAL = timedelta(days=1)


def draw(ask: Ask, claim: Claim) -> None:
    """Ask for the day and the reason; the case comes back that morning by itself."""
    case, today = claim.detail.case, clock.now().astimezone(session.zone()).date()
    name = f"snooze_{case.id}_{case.version}"
    st.html(heading_html(f"Snooze {case.id}"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Why", key=f"{name}_why", max_chars=1_000, placeholder="What are you waiting for?"
        )
        st.date_input(
            "Until the morning of",
            value=today + USUAL,
            min_value=today + USUAL,
            max_value=today + LONGEST,
            format="DD/MM/YYYY",
            key=f"{name}_until",
        )
        st.button("Snooze", key=name, type="primary", on_click=_snooze, args=(ask, claim, name))
    complaint = session.draft().complaint
    if complaint is not None:
        st.warning(complaint, icon=":material/edit_note:")


def morning_of(day: date) -> datetime:
    """Give eight o'clock of a day in the reader's zone, in UTC."""
    return datetime.combine(day, MORNING, tzinfo=session.zone()).astimezone(UTC)


def _snooze(ask: Ask, claim: Claim, name: str) -> None:
    if not is_shown(ask):
        return
    why: str = st.session_state[f"{name}_why"].strip()
    day: date | None = st.session_state[f"{name}_until"]
    panel = session.draft().panel
    if not why or day is None:
        session.set_draft(panel=panel, complaint="Say why and until when, then snooze it again.")
        return
    with problems_shown():
        session.desk().workbench.snooze(claim, until=morning_of(day), reason=why)
        session.say(f"{claim.detail.case.id} sleeps until {formats.full_day(day)}.")
