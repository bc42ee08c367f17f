"""My decisions: undo while nothing has left, and correct after."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from review_app import clock, formats, navigation, session
from review_app.attempts import attempt, has_failed, show_failure
from review_app.card.view_models import decision_words
from review_app.components import page
from review_app.notices import plain
from review_app.work.workbench import is_undoable
from service.wire.cases import DecisionView

LIST = "my_decisions"
SHOWN = 30
TICK_SECONDS = 1.0
_UNDONE = "desk_undone"


def decisions() -> None:
    """List the person's decisions, newest first."""
    show_failure(place=LIST)
    at = page.cursor(LIST)
    shown = session.desk().client.decisions(mine=True, cursor=at, limit=SHOWN)
    if not shown.decisions:
        page.empty("You have decided nothing yet.", next_step="The queue has the next case.")
    open_ones = [one for one in shown.decisions if is_undoable(one, now=clock.now())]
    if open_ones:
        st.fragment(_open_list, run_every=TICK_SECONDS)(open_ones)
    for decision in shown.decisions:
        if decision not in open_ones:
            _line(decision, state=_fate(decision))
            if not decision.is_undone:
                navigation.link_to("case", label="Correct", case=decision.case_id, tab="correct")
    page.pager(LIST, next_cursor=shown.next_cursor)


def _open_list(open_ones: list[DecisionView]) -> None:
    now = clock.now()
    is_settled = st.session_state.pop(_UNDONE, False) or has_failed(place=LIST)
    if is_settled or not any(is_undoable(one, now=now) for one in open_ones):
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
    return f"posting {decision.posting}" if decision.posting else "recorded"


def _left(decision: DecisionView, now: datetime) -> int:
    if decision.undo_until is None:
        return 0
    return max(0, int((decision.undo_until - now).total_seconds()))


def _undo(decision_id: str) -> None:
    if attempt(lambda: session.desk().workbench.undo(decision_id), place=LIST):
        st.session_state[_UNDONE] = True
        session.say("Undone. The case is on your desk again.")
