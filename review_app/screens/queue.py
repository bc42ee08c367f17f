"""The review queue: one case after the other, decided by keyboard."""

from __future__ import annotations

import streamlit as st

from review_app import clock, formats, navigation, session
from review_app.components.card import card_html
from review_app.components.keyguard import keyguard
from review_app.components.workbench import Standing
from review_app.notices import problems_shown
from review_app.screens import decision_bar
from review_app.screens.standing import show_standing
from review_app.view_models import card_view
from service.wire.cases import Claim


def queue() -> None:
    """Show the next case and take decisions on it."""
    _desk()


# Bar and card stand in one fragment, and the next case in a buffer: a decision then costs one
# short run and shows its successor in 57 ms instead of 393 ms (measured, see UX notes in docs).
@st.fragment
def _desk() -> None:
    with problems_shown():
        workbench = session.desk().workbench
        claim = workbench.current()
        standing = workbench.standing()
        if standing.is_session_ended:
            session.end()
            st.rerun()
        show_standing(standing)
        if claim is None:
            _nothing_waits(standing)
        else:
            _work_on(claim, standing)
        _guard(claim, standing)


def _work_on(claim: Claim, standing: Standing) -> None:
    case = claim.detail.case
    session.present(case_id=case.id, version=case.version)
    decision_bar.draw(claim, undoable=standing.undoable_case_id)
    card = card_view(claim.detail, now=clock.now(), zone=session.zone())
    st.html(card_html(card))


def _nothing_waits(standing: Standing) -> None:
    if standing.trouble is not None:
        return
    st.success("Queue clear: nothing waits for you.", icon=":material/check_circle:")
    due = standing.queue.next_due_at if standing.queue else None
    if due is not None:
        st.write(f"The next case that somebody holds is {formats.due(due, now=clock.now())}.")
    decision_bar.draw_undo(standing.undoable_case_id)
    columns = st.columns([1, 1, 4])
    columns[0].button("Look again", key="look_again", shortcut="G")
    with columns[1]:
        navigation.link_to_cases()


def _guard(claim: Claim | None, standing: Standing) -> None:
    draft = session.draft()
    shown = claim.detail.case if claim else None
    loaded = f" {shown.id} loaded: {shown.title}." if shown else " The queue is clear."
    keyguard(
        announcement=f"{session.said()}{loaded}".strip(),
        has_pending=bool(standing.unsent or standing.trouble),
        focus=decision_bar.focus(draft),
        focus_for=f"{shown.id if shown else ''}:{draft.verdict}:{draft.is_note_open}",
        on_settled=_look_again,
    )


def _look_again() -> None:
    """Do nothing: the run itself shows how the desk stands now."""
