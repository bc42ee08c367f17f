"""Decisions that wait for the approval of people whom the policy names, and their yes or no."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.definitions import explain
from data.schemas.vocabulary import ApprovalKind, ApprovalStatus
from review_app import clock, formats, navigation, session
from review_app.components import page
from review_app.components.plain_table import plain_table
from review_app.notices import plain, problems_shown
from service.wire.approvals import ApprovalRequestView, ApprovalStepView

REQUEST = "approval"
"""The part of the address that names a request."""
KINDS = {
    ApprovalKind.RATE_EXCEPTION: "Rate exception",
    ApprovalKind.WRITE_OFF: "Write-off",
    ApprovalKind.CHANGE_ORDER: "Beyond the signed terms",
    ApprovalKind.NON_BILLABLE: "Left out of the bill",
}


def requests() -> Sequence[ApprovalRequestView]:
    """Give what waits for approval, the reader's part first."""
    return session.desk().client.approval_requests().approvals


def overview(waiting: Sequence[ApprovalRequestView]) -> None:
    """List what waits; a line opens it, `?approval=` does too."""
    page.section("Decisions that wait for approval", help_name="approval")
    if not waiting:
        page.empty(
            "No decision waits for approval.",
            next_step="The policy says which ones need it, and whose.",
        )
        return
    for name in page.table(
        {one.id: row(one) for one in waiting}, key="approval_requests", select="single-row",
        right=("Amount", "Waits"), alt="Decisions that wait for the approval of named people",
    ):  # fmt: skip
        st.query_params[REQUEST] = name
        st.rerun()


def row(one: ApprovalRequestView) -> dict[str, str]:
    """Give one line of the list."""
    zone = session.zone()
    return {
        "What": KINDS[one.kind],
        "Case": one.case_id,
        "Item": one.title,
        "Client": one.client_name,
        "Amount": formats.money(one.amount_minor, currency=one.currency),
        "Decided by": one.decided_by_name,
        "Waits for": "you" if one.may_i else one.waits_for,
        "Waits": formats.distance(clock.now() - one.since) if one.since else "",
        "Until": formats.instant(one.until, zone=zone) if one.until else "late, asked others too",
    }


def draw_named(name: str) -> None:
    """Draw one request with its decision, everybody's word, and the reader's own."""
    if st.button("All approvals", key="all_requests", icon=":material/arrow_back:"):
        st.query_params.pop(REQUEST, None)
        st.rerun()
    one = session.desk().client.approval_request(name)
    amount = formats.money(one.amount_minor, currency=one.currency)
    st.markdown(
        f"**{plain(KINDS[one.kind])}** of {plain(amount)} on {plain(one.case_id)}, "
        f"{plain(one.title)} for {plain(one.client_name)}.",
        help=explain("approval"),
    )
    st.markdown(
        plain(f"{one.decided_by_name} decided: {formats.words(one.verdict)}.")
        + (f" “{plain(one.note)}”" if one.note else "")
    )
    st.caption(plain(f"The rule when it was decided: {one.rule}."))
    plain_table(
        ("Who", "Said", "By", "When", "Why"),
        [_step(step) for step in one.steps],
        caption="Who must say yes",
    )
    _answer(one)
    navigation.link_to_case(one.case_id)


def _step(one: ApprovalStepView) -> tuple[str, ...]:
    said = {None: "asked now" if one.is_open else "", True: "yes", False: "no"}[one.is_approved]
    deputy = f" for {one.in_place_of_name}" if one.in_place_of_name else ""
    at = formats.instant(one.at, zone=session.zone()) if one.at else ""
    return one.who, said, f"{one.by_name or ''}{deputy}", at, one.note


def _answer(one: ApprovalRequestView) -> None:
    if one.status is not ApprovalStatus.WAITING or not one.may_i:
        st.info(plain(one.why_not or ""), icon=":material/lock:")
        return
    buttons, has_keys = st.container(horizontal=True), session.desk().me.preferences.are_keys_on
    is_yes = page.asked_confirmation(
        "Approve", key=f"approve_{one.id}", place=buttons, type="primary",
        question="With the last yes the decision takes effect. Approve it?",
        shortcut="A" if has_keys else None,
    )  # fmt: skip
    if is_yes:
        _send(one, is_approved=True, note="")
    why = page.asked_reason(
        "Send back", key=f"send_back_{one.id}", place=buttons,
        question="The case goes back to the queue. Why? Whoever decided reads it.",
        shortcut="X" if has_keys else None,
    )  # fmt: skip
    if why is not None:
        _send(one, is_approved=False, note=why)


def _send(one: ApprovalRequestView, *, is_approved: bool, note: str) -> None:
    with problems_shown():
        told = session.desk().client.give_word(one.id, is_approved=is_approved, note=note)
        st.query_params.pop(REQUEST, None)
        page.done(_said(told))


def _said(told: ApprovalRequestView) -> str:
    match told.status:
        case ApprovalStatus.APPROVED:
            return f"{told.case_id}: approved."
        case ApprovalStatus.REJECTED:
            return f"{told.case_id}: sent back to the queue."
        case _:
            return f"{told.case_id}: your yes is in. It waits for {told.waits_for}."
