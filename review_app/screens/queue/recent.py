"""The last decisions of the person, with Undo while it is time and Correct after."""

from __future__ import annotations

import streamlit as st

from review_app import clock, formats, navigation, session
from review_app.card.view_models import decision_words
from review_app.components.card import heading_html
from review_app.notices import plain, problems_shown
from review_app.work.workbench import is_undoable
from service.wire.cases import DecisionView

SHOWN = 10


def draw() -> None:
    """List the last decisions, newest first."""
    st.html(heading_html("Your last decisions"))
    with problems_shown():
        mine = session.desk().client.decisions(mine=True, limit=SHOWN).decisions
        if not mine:
            st.write("You have decided nothing yet.")
        for decision in mine:
            _line(decision)


def _line(decision: DecisionView) -> None:
    at = formats.clock(decision.decided_at, zone=session.zone())
    with st.container(horizontal=True, vertical_alignment="center", key=f"recent_{decision.id}"):
        st.markdown(
            f"{at} **{plain(decision.case_id)}** {plain(decision.title)}: "
            f"**{plain(decision_words(decision))}**{' (undone)' if decision.is_undone else ''}"
        )
        if is_undoable(decision, now=clock.now()):
            st.button(
                "Undo",
                key=f"recent_undo_{decision.id}",
                on_click=_undo,
                args=(decision.id, decision.case_id),
            )
        elif not decision.is_undone:
            navigation.link_to("case", label="Correct", case=decision.case_id, tab="correct")


def _undo(decision_id: str, case_id: str) -> None:
    with problems_shown():
        session.desk().workbench.undo(decision_id)
        session.set_draft()
        session.say(f"{case_id}: decision undone.")
