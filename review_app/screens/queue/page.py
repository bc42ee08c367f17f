"""The review queue: one case after the other, decided by keyboard."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import Verdict
from review_app import clock, formats, navigation, session
from review_app.components.worktop import worktop
from review_app.keys import KEYS
from review_app.notices import problems_shown
from review_app.screens.cases import bulk
from review_app.screens.deciding import decision_bar, key_sheet
from review_app.screens.deciding.asking import Ask, stage_of
from review_app.screens.queue import guide, panels
from review_app.screens.queue.standing import show_standing
from review_app.screens.queue.steps import draw_undo, press
from review_app.screens.queue.top import WARN_SECONDS, worktop_of
from review_app.work.desk_api import Standing
from service.wire.cases import CaseDetail, Claim, DecisionRequest
from service.wire.verdicts import SpokenVerdict


def queue() -> None:
    """Show the next case and take decisions on it."""
    _fetch_drawers()
    _desk()


def _fetch_drawers() -> None:
    """Draw a button and two fields that nobody sees, outside of what a decision draws anew.

    Browsers fetch what draws them when the first one is needed; on a slow line the digit of the
    first reason would be pressed before its button is there.
    """
    with st.container(key="drawers"):
        st.button("Fetched ahead", key="drawer_button", disabled=True)
        st.text_input("Fetched ahead", key="drawer_text", disabled=True)
        st.number_input("Fetched ahead", key="drawer_number", disabled=True)


# Bar, card and the card that follows are one element of the page: with a dozen native buttons a
# decision took the browser 75 ms of script, and the next case waited for all of it.
@st.fragment
def _desk() -> None:
    with problems_shown():
        workbench, is_at_work = session.desk().workbench, not session.was_quiet()
        claim = workbench.current(is_at_work=is_at_work)
        standing = workbench.standing()
        if standing.is_session_ended:
            session.end()
            st.rerun()
        show_standing(standing)
        bulk.draw_done()
        if claim is None:
            _nothing_waits(standing)
        else:
            _work_on(claim, standing, is_at_work=is_at_work)
        _draw_worktop(claim, standing)
        if key_sheet.is_asked():
            key_sheet.show()


def _work_on(claim: Claim, standing: Standing, *, is_at_work: bool) -> None:
    ask = _ask(claim)
    if not is_at_work and session.desk().workbench.seconds_held(claim) <= WARN_SECONDS:
        _warn_of_the_end(claim)
    guide.draw(standing)
    case = claim.detail.case
    session.present(case_id=case.id, version=case.version, stage=stage_of(claim.detail))
    panel = session.draft().panel
    if panel is None:
        decision_bar.draw_asked(ask)
    else:
        panels.draw(panel, ask, claim)


def _draw_worktop(claim: Claim | None, standing: Standing) -> None:
    ask = _ask(claim) if claim else None
    following = session.desk().workbench.following() if claim else None
    worktop(
        worktop_of(ask, _ask(following) if following else None, standing),
        on_settled=session.be_quiet,
        on_pressed=lambda pressed: press(pressed, ask),
        on_ending=session.be_quiet,
    )


def _ask(claim: Claim) -> Ask:
    workbench = session.desk().workbench

    def take(detail: CaseDetail, answer: SpokenVerdict) -> None:
        said = dict(answer)
        request = DecisionRequest(
            lease_token=claim.lease_token, version=detail.case.version, **said
        )
        workbench.decide(claim, request=request)
        session.say(f"{detail.case.id}: {KEYS[answer.verdict].label} recorded.")

    def take_first_call(_detail: CaseDetail, verdict: Verdict) -> None:
        workbench.call_first(claim, verdict)

    return Ask(
        detail=claim.detail,
        take=take,
        take_first_call=take_first_call,
        is_open=lambda: workbench.holds(claim.detail.case.id),
    )


def _warn_of_the_end(claim: Claim) -> None:
    left = session.desk().workbench.seconds_held(claim)
    until = formats.clock(claim.lease_expires_at, zone=session.zone())
    with st.container(horizontal=True, vertical_alignment="center", key="hold_ends"):
        if left > 0:
            st.warning(
                f"Your hold on {claim.detail.case.id} ends at {until}. Then it goes back to the "
                "queue.",
                icon=":material/timer:",
            )
        else:
            st.warning(
                f"Your hold on {claim.detail.case.id} ended at {until}; a colleague may have it.",
                icon=":material/timer_off:",
            )
        st.button("Keep it", key="keep_hold", help="Hold the case for longer")


def _nothing_waits(standing: Standing) -> None:
    if standing.trouble is not None:
        return
    st.success("Queue clear: nothing waits for you.", icon=":material/check_circle:")
    due = standing.queue.next_due_at if standing.queue else None
    if due is not None:
        st.write(f"The next case that somebody holds is {formats.due(due, now=clock.now())}.")
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_undo(standing.undoable_case_id)
        st.button("Look again", key="look_again", shortcut="G")
        navigation.link_to("my_work", label="My work")
        navigation.link_to_cases()
