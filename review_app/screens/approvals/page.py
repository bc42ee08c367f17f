"""Approvals: second verdicts on large money, rulings where two disagreed, and what else waits."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.definitions import explain
from data.schemas.vocabulary import DraftStatus
from review_app import clock, formats, navigation, session
from review_app.components import page
from review_app.notices import plain, problems_shown
from review_app.screens.approvals import requests, ruling, second_verdict
from review_app.screens.flows.banner import posting_banner
from service.wire.approvals import ApprovalRequestView
from service.wire.deciding import ApprovalView

LIST = "approvals"
ASKED = {"second_verdict": "Second verdict", "adjudication": "Ruling"}


def approvals() -> None:
    """List what waits for another person, and take that person's word: `?case=C-000123`."""
    with problems_shown():
        second_verdict.send()
        waiting = session.desk().client.approvals().approvals
        mine = [one for one in waiting if one.may_i]
        asked = requests.requests()
        page.head("Approvals", facts=_facts(mine, asked))
        posting_banner()
        second_verdict.show_last()
        named = st.query_params.get(requests.REQUEST, "")
        if named:
            requests.draw_named(named)
            return
        chosen = _chosen(waiting)
        if chosen is None:
            requests.overview(asked)
            _overview(waiting, mine)
        else:
            _work_on(chosen)


def _facts(
    mine: Sequence[ApprovalView], asked: Sequence[ApprovalRequestView]
) -> tuple[tuple[str, str], ...]:
    money: dict[str, int] = {}
    own = [one for one in asked if one.may_i]
    for request in own:
        money[request.currency] = money.get(request.currency, 0) + request.amount_minor
    for one in mine:
        money[one.case.currency] = money.get(one.case.currency, 0) + one.case.amount_minor
    total = " + ".join(
        formats.money(minor, currency=currency) for currency, minor in sorted(money.items())
    )
    told = ((formats.count(len(mine) + len(own)), "wait for your word"),)
    return (*told, (total, "in all")) if total else told


def _chosen(waiting: Sequence[ApprovalView]) -> ApprovalView | None:
    named = st.query_params.get("case", "").strip()
    found = next((one for one in waiting if one.case.id == named), None)
    if named and found is None:
        st.info(plain(f"Case {named} waits for nobody's word any more, or you may not see it."))
        st.query_params.pop("case", None)
    return found


def _overview(waiting: Sequence[ApprovalView], mine: Sequence[ApprovalView]) -> None:
    page.section("Cases that wait for another person's verdict")
    if not waiting:
        page.empty(
            "Nothing waits for a second person.",
            next_step="Decisions over large money stand here until somebody else has judged them.",
        )
    else:
        if not mine:
            page.empty("Nothing waits for you.", next_step="The list says who else is asked.")
        st.caption("Most money times age first. Choose a line to give your word.")
        by_id = {one.case.id: one for one in waiting}
        for name in page.table(
            {name: _row(one) for name, one in by_id.items()}, key=LIST, select="single-row",
            right=("Amount", "Waits"), alt="Cases that wait for a second or a third person",
        ):  # fmt: skip
            st.query_params["case"] = name
            st.rerun()
    _elsewhere()


def _row(one: ApprovalView) -> dict[str, str]:
    return {
        "Case": one.case.id,
        "What": one.case.title,
        "Client": one.case.client_name,
        "Amount": formats.money(one.case.amount_minor, currency=one.case.currency),
        "Asked": ASKED[one.asked],
        "Waits": formats.distance(clock.now() - one.since),
        "Why": one.rule,
        "You": "asked" if one.may_i else one.why_not or "",
    }


def _work_on(one: ApprovalView) -> None:
    if st.button("All approvals", key="all_approvals", icon=":material/arrow_back:"):
        st.query_params.pop("case", None)
        st.rerun()
    st.markdown(
        f"**{plain(ASKED[one.asked])}** on {plain(one.case.id)}: {plain(one.rule)}.",
        help=explain(one.asked),
    )
    detail = session.desk().client.case(one.case.id)
    if one.why_not is not None:
        st.info(plain(one.why_not), icon=":material/lock:")
    if one.asked == "adjudication":
        ruling.draw(one, detail)
    else:
        second_verdict.draw(detail, may_i=one.may_i)


def _elsewhere() -> None:
    """Changes of the policy and of contracts that wait for a second person, as links."""
    drafts = [
        one for one in session.desk().client.policy_drafts().drafts
        if one.status is DraftStatus.WAITING
    ] if navigation.has_page("policy") else []  # fmt: skip
    contracts = session.desk().client.contracts(has_proposals=True).contracts
    if not drafts and not contracts:
        return
    page.section("Also waiting for a second person")
    for draft in drafts:
        why = "" if draft.may_i_publish else f" ({draft.why_not})"
        label = f"Policy draft by {draft.author_name}: {draft.note}{why}"
        navigation.link_to("policy", label=plain(label), icon=":material/tune:", draft=draft.id)
    for contract in contracts:
        label = f"{contract.name}: {contract.open_proposals} clauses to confirm"
        navigation.link_to(
            "contracts", label=plain(label), icon=":material/contract:", contract=contract.id
        )
