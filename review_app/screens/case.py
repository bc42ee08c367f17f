"""Any case by its link: everything to read, and a way to work on it."""

from __future__ import annotations

import streamlit as st

from review_app import clock, formats, navigation, session
from review_app.components.card import card_html, line_html
from review_app.notices import plain, problems_shown
from review_app.view_models import card_view
from service.wire.cases import CaseDetail


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
    if navigation.may_decide(me):
        label = "Decide in the queue" if is_mine else "Claim and decide"
        st.button(label, key="work_on_it", shortcut="G", on_click=_take, args=(detail.case.id,))
        if st.session_state.pop("desk_taken", False):
            navigation.go_to_queue()
    if held is not None and held > clock.now() and not is_mine:
        until = formats.clock(held, zone=session.zone())
        name = detail.case.assignee_name or "A colleague"
        st.info(plain(f"{name} works on this case until {until}; here it can only be read."))
    st.html(card_html(card_view(detail, now=clock.now(), zone=session.zone())))


def _take(case_id: str) -> None:
    with problems_shown():
        session.desk().workbench.take(case_id)
        st.session_state["desk_taken"] = True
