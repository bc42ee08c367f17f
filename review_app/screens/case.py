"""Any case by its link: everything to read, and a way to work on it."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import CaseStatus, Role
from review_app import clock, formats, navigation, session
from review_app.components.card import card_html, line_html
from review_app.notices import plain, problems_shown
from review_app.view_models import card_view
from service.wire.cases import CaseDetail

CLAIMABLE = frozenset(
    {
        CaseStatus.OPEN,
        CaseStatus.CLAIMED,
        CaseStatus.HELD,
        CaseStatus.AWAITING_INFORMATION,
        CaseStatus.ESCALATED,
    }
)
"""Statuses in which taking a case makes sense; the API decides whether it is free."""
_TAKEN = "desk_taken"


def case() -> None:
    """Show the case that the address names."""
    named = st.query_params.get("case", "").strip()
    st.html(line_html(title=f"Case {named}" if named else "Case"))
    if named:
        with problems_shown():
            _show(session.desk().client.case(named))
    else:
        st.info("Choose a case from the list, or add ?case=C-000123 to the address.")
        navigation.link_to_cases()


def _show(detail: CaseDetail) -> None:
    me, held = session.desk().me, detail.case.lease_expires_at
    is_mine = detail.case.assignee_id == me.id
    if detail.case.status is CaseStatus.AWAITING_SIGNATURE:
        _offer_signature(detail)
    elif detail.case.status in CLAIMABLE and navigation.may_decide(me):
        label = "Decide in the queue" if is_mine else "Claim and decide"
        st.button(label, key="work_on_it", shortcut="G", on_click=_take, args=(detail.case.id,))
        if st.session_state.pop(_TAKEN, False):
            navigation.go_to_queue()
    if held is not None and held > clock.now() and not is_mine:
        until = formats.clock(held, zone=session.zone())
        name = detail.case.assignee_name or "A colleague"
        st.info(plain(f"{name} works on this case until {until}; here it can only be read."))
    st.html(card_html(card_view(detail, now=clock.now(), zone=session.zone())))


def _offer_signature(detail: CaseDetail) -> None:
    if Role.APPROVER not in session.desk().me.roles:
        st.info("A second person has to sign this decision: the money is above the limit.")
        return
    st.info("A colleague decided this case; the money is above the limit, so it needs your word.")
    with st.container(horizontal=True):
        for label, is_approved in (("Countersign", True), ("Send back", False)):
            st.button(
                label,
                key=f"sign_{is_approved}_{detail.case.id}_{detail.case.version}",
                on_click=_sign,
                args=(detail.case.id,),
                kwargs={"is_approved": is_approved},
            )


def _sign(case_id: str, *, is_approved: bool) -> None:
    with problems_shown():
        session.desk().client.sign(case_id, is_approved=is_approved)


def _take(case_id: str) -> None:
    with problems_shown():
        session.desk().workbench.take(case_id)
        st.session_state[_TAKEN] = True
