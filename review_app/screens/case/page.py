"""Any case by its link: everything to read, and a way to work on it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data.schemas.vocabulary import CaseStatus
from review_app import clock, formats, navigation, session
from review_app.card.view_models import card_view
from review_app.components import page
from review_app.components.card import card_html
from review_app.components.keyguard import keyguard
from review_app.notices import plain, problems_shown
from review_app.screens.case import case_parts, correction, practice
from review_app.screens.case.talk import talk_panel
from service.wire.cases import CaseDetail

CLAIMABLE = frozenset(
    {
        CaseStatus.OPEN,
        CaseStatus.CLAIMED,
        CaseStatus.HELD,
        CaseStatus.AWAITING_INFORMATION,
        CaseStatus.ESCALATED,
        CaseStatus.SNOOZED,
    }
)
"""Statuses in which taking a case makes sense; the API decides whether it is free."""
_TAKEN = "desk_taken"


def case() -> None:
    """Show the case that the address names: `?case=C-000123&finding=F2&tab=similar`."""
    named = st.query_params.get("case", "").strip()
    page.head(f"Case {named}" if named else "Case")
    if not named:
        st.info("Choose a case from the list, or add ?case=C-000123 to the address.")
        navigation.link_to_cases()
        return
    with problems_shown():
        detail = session.desk().client.case(named)
        if "print" in st.query_params:
            st.html(_card(detail))
        else:
            _show(detail)


def _show(detail: CaseDetail) -> None:
    session.present(case_id=detail.case.id, version=detail.case.version)
    with st.container(key="around_card"):
        _offer_work(detail)
    tabs = _tabs(detail)
    names = list(tabs)
    asked = st.query_params.get("tab", "").capitalize()
    key = f"tab_{detail.case.id}"
    drawn = st.tabs(
        names,
        key=key,
        default=asked if asked in names else None,
        on_change=_keep_tab,
        args=(key,),
    )
    # Only the open tab asks the service for anything.
    for tab, draw in zip(drawn, tabs.values(), strict=True):
        if tab.open:
            with tab:
                draw(detail)
    _focus(detail)


def _tabs(detail: CaseDetail) -> dict[str, Callable[[CaseDetail], None]]:
    tabs: dict[str, Callable[[CaseDetail], None]] = {
        "Case": _read,
        "Timeline": case_parts.timeline,
        "Similar": case_parts.similar,
        "Related": case_parts.relatives,
    }
    if correction.of_mine(detail) is not None:
        tabs["Correct"] = correction.draw
    if practice.is_offered(detail):
        tabs["Practice"] = practice.draw
    return tabs


def _read(detail: CaseDetail) -> None:
    st.html(_card(detail))
    with st.container(key="around_card_below"):
        talk_panel(detail)


def _card(detail: CaseDetail) -> str:
    return card_html(
        card_view(
            detail,
            now=clock.now(),
            zone=session.zone(),
            named_finding=st.query_params.get("finding", ""),
            hides_summary=session.desk().me.preferences.hides_summary,
            is_unfolded="print" in st.query_params,
        )
    )


def _offer_work(detail: CaseDetail) -> None:
    me, held = session.desk().me, detail.case.lease_expires_at
    is_mine = detail.case.assignee_id == me.id
    if held is not None and held > clock.now() and not is_mine:
        until = formats.clock(held, zone=session.zone())
        name = detail.case.assignee_name or "A colleague"
        st.info(plain(f"{name} works on this case until {until}; here it can only be read."))
    with st.container(horizontal=True, vertical_alignment="center"):
        if detail.case.status in CLAIMABLE and navigation.may_decide(me):
            label = "Decide in the queue" if is_mine else "Claim and decide"
            st.button(
                label,
                key="work_on_it",
                shortcut="G",
                type="primary",
                on_click=_take,
                args=(detail.case.id,),
            )
            if st.session_state.pop(_TAKEN, False):
                navigation.go_to_queue()
        if detail.asked_of_me in {"second_verdict", "adjudication"}:
            navigation.link_to("approvals", label="It waits for your word", case=detail.case.id)
        case_parts.evidence(detail)
        navigation.link_to("contracts", label="Contract", contract=detail.case.contract_id)
        st.button("Print view", key="print_view", icon=":material/print:", on_click=_print)


def _print() -> None:
    st.query_params["print"] = "1"


def _keep_tab(key: str) -> None:
    """Let the address follow the tab, so that it can be sent to a colleague."""
    st.query_params["tab"] = str(st.session_state[key]).lower()


def _focus(detail: CaseDetail) -> None:
    finding = st.query_params.get("finding", "")
    is_named = finding.isalnum()
    keyguard(
        announcement=f"{session.said()} {detail.case.id}: {detail.case.title}.".strip(),
        focus=f"#finding-{finding}" if is_named else "#cs-title",
        focus_for=f"{detail.case.id}:{finding}",
    )


def _take(case_id: str) -> None:
    with problems_shown():
        session.desk().workbench.take(case_id)
        st.session_state[_TAKEN] = True
