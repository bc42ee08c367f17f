"""Flows: what the engine carries out by itself, how far each has come, and the ways to hold it."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import FlowKind, FlowState
from review_app import formats, navigation, session
from review_app.components import page
from review_app.components.plain_table import plain_table
from review_app.notices import plain, problems_shown
from service.wire.flows import FlowDetail, FlowView, HoldView

STEERERS = frozenset({"integration_owner", "admin"})
KINDS = {
    FlowKind.POSTING: "Post bills",
    FlowKind.CONCLUSION: "Conclude a decision",
    FlowKind.MODEL_ORDER: "Change the models",
}
STEPS = {
    "let_verdict_count": "Let the verdict count",
    "write_to_ledger": "Write to the ledger",
    "change_models": "Change the models",
}
_CHOICES: dict[str, tuple[FlowState, ...]] = {
    "Not ended": (),
    **{formats.words(one.value).capitalize(): (one,) for one in FlowState},
}
PAUSABLE = frozenset({FlowState.WAITING, FlowState.DELAYED, FlowState.RUNNING})
LIST = "flows_page"
FLOW = "flow"
"""The part of the address that names a flow."""


def flow_list() -> None:
    """List flows; `?flow=` opens one."""
    if session.desk().me.has_wall:
        page.empty("A flow may hold bills of many clients; whoever is behind a wall sees none.")
        return
    named = st.query_params.get(FLOW, "")
    if named:
        _one(session.desk().client.flow(named))
        return
    chosen = st.selectbox("Flows that are", list(_CHOICES), key="flow_states")
    where = page.cursor(LIST, chosen)
    found = session.desk().client.flows(*_CHOICES[chosen], cursor=where)
    _switch(found.posting_stopped)
    if not found.flows:
        page.empty("There is no such flow.", next_step="What was to be done is done.")
    for name in page.table(
        {one.id: row(one) for one in found.flows},
        key="flows",
        select="single-row",
        right=("Age", "Tries"),
        alt="Flows of the engine",
    ):
        st.query_params[FLOW] = name
        st.rerun()
    page.pager(LIST, next_cursor=found.next_cursor)


def row(one: FlowView) -> dict[str, str]:
    """Give one line of the list."""
    return {
        "What": KINDS[one.kind],
        "About": one.about,
        "State": formats.words(one.state),
        "To leave": f"{one.bills_left} of {one.bills} bills" if one.bills else "",
        "Step": STEPS.get(one.step, formats.words(one.step)),
        "Age": _age(one.age_seconds),
        "Tries": str(one.tries),
        "Next try": _at(one),
        "Worker": one.executor,
        "Held": f"{one.hold.by_name}: {one.hold.reason}" if one.hold else "",
    }


def _one(found: FlowDetail) -> None:
    if st.button("All flows", key="all_flows", icon=":material/arrow_back:"):
        st.query_params.pop(FLOW, None)
        st.rerun()
    flow = found.flow
    page.section(f"{KINDS[flow.kind]}: {flow.about}")
    st.caption(plain(flow.id))
    plain_table(
        ("What", "Is"),
        [(name, said) for name, said in row(flow).items() if said],
        caption="The flow",
    )
    if flow.case_id is not None:
        navigation.link_to_case(flow.case_id)
    plain_table(
        ("Step", "Ended", "Gave"),
        [
            (
                STEPS.get(one.name, formats.words(one.name)),
                formats.instant(one.ended_at, zone=session.zone()) if one.ended_at else "",
                ("failed: " if one.has_failed else "") + one.outcome,
            )
            for one in found.steps
        ],
        caption="Steps that have ended" if found.steps else "No step has ended yet",
    )
    if STEERERS & set(session.desk().me.roles):
        _steer(flow)


def _steer(flow: FlowView) -> None:
    client, buttons = session.desk().client, st.container(horizontal=True)
    if flow.hold is None and flow.state in PAUSABLE:
        reason = page.asked_reason(
            "Pause", key=f"pause_{flow.id}", place=buttons,
            question="What it does now is finished; nothing else of it begins. Why?",
        )  # fmt: skip
        if reason is not None:
            with problems_shown():
                client.pause_flow(flow.id, reason=reason)
                page.done("The flow is paused.")
    if flow.hold is not None:
        reason = page.asked_reason(
            "Resume", key=f"resume_{flow.id}", place=buttons, type="primary",
            question="It goes on where it was. Why?",
        )  # fmt: skip
        if reason is not None:
            with problems_shown():
                client.resume_flow(flow.id, reason=reason)
                page.done("The flow goes on.")
    if flow.bills_left and flow.kind is not FlowKind.MODEL_ORDER:
        reason = page.asked_reason(
            "Cancel", key=f"cancel_{flow.id}", place=buttons,
            question="Its bills that have not left never will. What may have left is refused. Why?",
        )  # fmt: skip
        if reason is not None:
            with problems_shown():
                client.cancel_flow(flow.id, reason=reason)
                page.done("What had not left was cancelled.")


def _switch(stopped: HoldView | None) -> None:
    if not STEERERS & set(session.desk().me.roles):
        return
    client = session.desk().client
    if stopped is None:
        reason = page.asked_reason(
            "Stop all posting", key="stop_posting", icon=":material/pause_circle:",
            question="No bill leaves until somebody starts posting again. Why?",
        )  # fmt: skip
        if reason is not None:
            with problems_shown():
                client.stop_posting(reason=reason)
                page.done("All posting is stopped.")
        return
    reason = page.asked_reason(
        "Start posting", key="start_posting", icon=":material/play_circle:", type="primary",
        question="Bills leave again; flows that were paused one by one stay paused. Why?",
    )  # fmt: skip
    if reason is not None:
        with problems_shown():
            client.start_posting(reason=reason)
            page.done("Bills leave again.")


def _age(seconds: int) -> str:
    minutes, hours = seconds // 60, seconds // 3_600
    if hours >= 48:  # noqa: PLR2004 - two days read better than fifty hours
        return f"{hours // 24} d"
    return f"{hours} h" if hours else f"{minutes} min"


def _at(one: FlowView) -> str:
    if one.next_try_at is None:
        return ""
    return formats.instant(one.next_try_at, zone=session.zone())
