"""The second verdict: a person's own word on a case, without knowing the first one."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import FINAL_VERDICTS, CaseStatus, Verdict
from review_app import clock, session
from review_app.card.view_models import card_view
from review_app.components.card import card_html
from review_app.components.keyguard import keyguard
from review_app.notices import plain, problems_shown
from review_app.screens.deciding import decision_bar
from review_app.screens.deciding.asking import Ask
from review_app.work.workbench import is_undoable
from service.wire.cases import CaseDetail, DecisionResponse
from service.wire.deciding import SecondVerdictRequest
from service.wire.verdicts import SpokenVerdict

ENDING = tuple(verdict for verdict in Verdict if verdict in FINAL_VERDICTS)
_PENDING, _LAST = "approvals_pending", "approvals_last"


def draw(detail: CaseDetail, *, may_i: bool) -> None:
    """Draw the case with the bar of verdicts; nothing of the first verdict is known here."""
    ask = Ask(detail=detail, take=_take, verdicts=ENDING)
    if may_i:
        st.caption(
            "A colleague has decided this case. You are told what after your own verdict: the same "
            "verdict and money end it, anything else goes to a third person."
        )
        decision_bar.draw(ask)
    st.html(card_html(card_view(detail, now=clock.now(), zone=session.zone())))
    if may_i:
        _guard(ask)


def send() -> None:
    """Send the verdict that was given; large money is never shown as decided before it is."""
    pending: tuple[str, SecondVerdictRequest] | None = st.session_state.pop(_PENDING, None)
    if pending is None:
        return
    case_id, request = pending
    with st.status("Sending your verdict", expanded=False) as status, problems_shown():
        try:
            answer = session.desk().client.second_verdict(case_id, request=request)
        except BaseException:
            status.update(label="Not taken", state="error", expanded=True)
            raise
        st.session_state[_LAST] = answer
        st.query_params.pop("case", None)
        status.update(label="Your verdict is in", state="complete")


def show_last() -> None:
    """Say what the last verdict led to, and offer the way back while there is one."""
    last: DecisionResponse | None = st.session_state.get(_LAST)
    if last is None:
        return
    is_agreed = last.case.status is CaseStatus.DECIDED
    told = (
        "you and your colleague came to the same. It is decided."
        if is_agreed
        else "your colleague came to another end. A third person rules on it."
    )
    st.success(plain(f"{last.case.id}: {told}"), icon=":material/check_circle:")
    if is_undoable(last.decision, now=clock.now()):
        st.button(
            "Take it back",
            key=f"take_back_{last.decision.id}",
            help="The case goes back to the queue: you know the first verdict now, so somebody "
            "has to judge it anew.",
            on_click=_take_back,
            args=(last.decision.id,),
        )


def _guard(ask: Ask) -> None:
    """Keep a held key from answering twice, and give the keyboard a way out of every field."""
    case, draft = ask.detail.case, session.draft()
    keyguard(
        announcement=f"{session.said()} {case.id}: {case.title}.".strip(),
        focus=decision_bar.focus(draft),
        focus_for=f"{case.id}:{draft.verdict}:{draft.is_note_open}",
        openers=decision_bar.openers(ask) if draft.verdict is None else (),
    )


def _take(detail: CaseDetail, answer: SpokenVerdict) -> None:
    request = SecondVerdictRequest(version=detail.case.version, **dict(answer))
    st.session_state[_PENDING] = (detail.case.id, request)
    session.set_draft()


def _take_back(decision_id: str) -> None:
    with problems_shown():
        session.desk().client.undo(decision_id)
        st.session_state.pop(_LAST, None)
