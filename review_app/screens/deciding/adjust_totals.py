"""What an adjustment comes to, as the service counts it when it stores the decision."""

from __future__ import annotations

import streamlit as st

from data.definitions import explain
from data.schemas.decision import Adjustment
from data.schemas.vocabulary import REASONS_BY_VERDICT, Verdict
from review_app import formats, session
from review_app.notices import problems_shown
from service.wire.cases import CaseDetail
from service.wire.deciding import PreviewRequest


def draw(
    detail: CaseDetail, *, adjustments: tuple[Adjustment, ...], approved_minor: int | None
) -> None:
    """Draw the money of each part, counted by the service and nobody else."""
    with problems_shown():
        totals = session.desk().client.preview_decision(
            PreviewRequest(
                case_id=detail.case.id,
                verdict=Verdict.ADJUST,
                # Any reason does: it is not asked yet, and money does not depend on it.
                reason_codes=REASONS_BY_VERDICT[Verdict.ADJUST][:1],
                adjustments=adjustments,
                approved_minor=approved_minor,
            )
        )
        shown = (
            ("Bills", totals.approved_minor),
            ("writes off", totals.written_off_minor),
            ("moves", totals.moved_minor),
            ("does not bill", totals.not_billed_minor),
        )
        said = ", ".join(
            f"{word} **{formats.money(minor, currency=detail.case.currency)}**"
            for word, minor in shown
            if minor or word == "Bills"
        )
        charged = formats.money(detail.case.amount_minor, currency=detail.case.currency)
        st.markdown(f"{said}, of {charged} charged.", help=explain("approved_money"))
