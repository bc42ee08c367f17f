"""My recent decisions, with a way back while nothing has left."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from review_app import clock, formats, session
from review_app.components.card import line_html
from review_app.components.workbench import is_undoable
from review_app.notices import plain, problems_shown
from review_app.view_models import decision_words
from service.wire.cases import DecisionView

SHOWN = 30
TICK_SECONDS = 1.0
_UNDONE = "desk_undone"


def decisions() -> None:
    """List the person's decisions, newest first."""
    st.html(line_html(title="My decisions"))
    with problems_shown():
        mine = session.desk().client.decisions(mine=True, limit=SHOWN).decisions
        if not mine:
            st.info("You have decided nothing yet. The queue has the next case.")
        open_ones = [one for one in mine if is_undoable(one, now=clock.now())]
        if open_ones:
            st.fragment(_open_list, run_every=TICK_SECONDS)(open_ones)
        for decision in mine:
            if decision not in open_ones:
                _line(decision, state=_fate(decision))


def _open_list(open_ones: list[DecisionView]) -> None:
    now = clock.now()
    was_undone = st.session_state.pop(_UNDONE, False)
    if was_undone or not any(is_undoable(one, now=now) for one in open_ones):
        st.rerun()
    for decision in open_ones:
        columns = st.columns([5, 1], vertical_alignment="center")
        with columns[0]:
            _line(decision, state=f"can be undone for {_left(decision, now)} s")
        columns[1].button(
            "Undo",
            key=f"undo_{decision.id}",
            disabled=not is_undoable(decision, now=now),
            on_click=_undo,
            args=(decision.id,),
        )


def _line(decision: DecisionView, *, state: str) -> None:
    at = formats.instant(decision.decided_at, zone=session.zone())
    reasons = ", ".join(formats.words(code) for code in decision.reason_codes)
    note = f" · {decision.note}" if decision.note else ""
    st.markdown(
        f"**{plain(decision.case_id)}** {plain(decision.title)} · "
        f"**{plain(decision_words(decision))}** · {plain(reasons)}{plain(note)}  \n"
        f"{plain(at)} · {plain(state)}"
    )


def _fate(decision: DecisionView) -> str:
    if decision.is_undone:
        return "undone"
    return f"posting {decision.posting}" if decision.posting else "final"


def _left(decision: DecisionView, now: datetime) -> int:
    if decision.undo_until is None:
        return 0
    return max(0, int((decision.undo_until - now).total_seconds()))


def _undo(decision_id: str) -> None:
    with problems_shown():
        session.desk().workbench.undo(decision_id)
        st.session_state[_UNDONE] = True
        session.say("Undone. The case is on your desk again.")
