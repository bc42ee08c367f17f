"""Cases of the same client, project, person or finding, to read and to decide together."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from review_app import formats, session
from review_app.components import page
from review_app.components.card import heading_html
from review_app.notices import problems_shown
from review_app.screens.cases import bulk
from service.wire.cases import CaseSummary


def draw(case: CaseSummary) -> None:
    """List the relatives of a case; those selected can be decided together with it."""
    st.html(heading_html("Related cases"))
    with problems_shown():
        found = session.desk().client.relatives(case.id).relatives
        if not found:
            st.write("No other open case shares the client, project, person or finding.")
            return
        rows = {one.case.id: row(one.case, shares=one.shares) for one in found}
        chosen = page.table(
            rows,
            key=f"relatives_{case.id}_{case.version}",
            select="multi-row",
            right=("Amount", "At risk"),
            alt="Related cases",
        )
        by_id = {one.case.id: one.case for one in found}
        bulk.draw([case, *(by_id[one] for one in chosen)] if chosen else [], key=f"bulk_{case.id}")


def row(case: CaseSummary, *, shares: Sequence[str]) -> dict[str, object]:
    """Give one line of the list."""
    return {
        "Case": case.id,
        "What": case.title,
        "Shares": ", ".join(shares),
        "Status": formats.words(case.status),
        "Amount": formats.money(case.amount_minor, currency=case.currency),
        "At risk": formats.money(case.risk_minor, currency=case.currency),
    }
