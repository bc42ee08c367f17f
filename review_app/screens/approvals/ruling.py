"""A ruling: two decisions side by side, and a third person's word on which of them stands."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.schemas.decision import Adjustment
from data.schemas.items import Timesheet
from review_app import clock, formats, session
from review_app.card.view_models import card_view, decision_words
from review_app.components import page
from review_app.components.card import card_html
from review_app.components.plain_table import plain_table
from review_app.notices import plain
from service.wire.cases import CaseDetail, DecisionView
from service.wire.deciding import AdjudicationRequest, ApprovalView

NEITHER = "Neither: it is decided anew"


def draw(one: ApprovalView, detail: CaseDetail) -> None:
    """Draw both decisions, the question which stands, and the case."""
    columns = st.columns(max(len(one.disputed), 1), border=True)
    for place, (column, decision) in enumerate(zip(columns, one.disputed, strict=False)):
        with column:
            _decision(decision, detail, title="First verdict" if place == 0 else "Second verdict")
    if one.may_i:
        _question(one)
    st.html(card_html(card_view(detail, now=clock.now(), zone=session.zone())))


def _decision(decision: DecisionView, detail: CaseDetail, *, title: str) -> None:
    page.section(f"{title}: {decision_words(decision)}")
    at = formats.instant(decision.decided_at, zone=session.zone())
    reasons = ", ".join(formats.words(code) for code in decision.reason_codes)
    st.markdown(f"{plain(decision.actor_name)}, {plain(at)}  \n{plain(reasons)}")
    if decision.note:
        st.markdown(f"“{plain(decision.note)}”")
    plain_table(
        ("Part", "Money"),
        [
            (name, formats.money(minor, currency=decision.currency))
            for name, minor in _parts(decision)
        ],
        caption=f"{title}: money",
        right=("Money",),
    )
    if decision.adjustments:
        plain_table(
            ("Row", "Bill", "Write off", "Move"),
            _rows(decision.adjustments, detail, currency=decision.currency),
            caption=f"{title}: rows that change",
            right=("Bill", "Write off", "Move"),
        )


def _parts(decision: DecisionView) -> Sequence[tuple[str, int]]:
    return (
        ("To bill", decision.approved_minor),
        ("Written off", decision.written_off_minor),
        ("Moved elsewhere", decision.moved_minor),
        ("Not billed", decision.not_billed_minor),
    )


def _rows(
    adjustments: Sequence[Adjustment], detail: CaseDetail, *, currency: str
) -> list[tuple[str, ...]]:
    days = (
        {entry.id: formats.day(entry.work_date) for entry in detail.item.entries}
        if isinstance(detail.item, Timesheet)
        else {}
    )
    return [
        (
            f"{days.get(one.row_id, '')} {one.row_id}".strip(),
            formats.hours(one.minutes_billable)
            if one.minutes_billable is not None
            else formats.money(one.billable_minor or 0, currency=currency),
            formats.hours(one.minutes_written_off),
            formats.hours(one.minutes_moved),
        )
        for one in adjustments
    ]


def _question(one: ApprovalView) -> None:
    choices = {
        f"{decision.actor_name}: {decision_words(decision)}": decision.id
        for decision in one.disputed
    }
    with st.form(f"ruling_{one.case.id}_{one.case.version}"):
        chosen = st.radio(
            "Which decision stands?",
            [*choices, NEITHER],
            index=None,
            format_func=plain,
            key=f"stands_{one.case.id}_{one.case.version}",
        )
        note = st.text_area(
            "Why? Both people read it.",
            key=f"ruling_note_{one.case.id}_{one.case.version}",
            max_chars=4_000,
            height=80,
        )
        is_given: bool = st.form_submit_button("Rule", type="primary")
    if not is_given:
        return
    if chosen is None or not note.strip():
        st.warning("Choose what stands, and say why in a few words.", icon=":material/edit_note:")
        return
    request = AdjudicationRequest(
        version=one.case.version, stands=choices.get(chosen), note=note.strip()
    )
    with st.status("Writing your ruling down"):
        session.desk().client.adjudicate(one.case.id, request=request)
    st.query_params.pop("case", None)
    stands = "it is decided anew" if chosen == NEITHER else f"{chosen} stands"
    page.done(f"{one.case.id}: {stands}.")
