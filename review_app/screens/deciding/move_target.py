"""Where moved minutes go: a line of this contract, or of another one by its id."""

from __future__ import annotations

import streamlit as st

from data.schemas.decision import MoveTarget
from data.schemas.items import Timesheet
from review_app import session
from review_app.notices import plain, problems_shown
from service.wire.cases import CaseDetail


def draw(detail: CaseDetail, *, key: str) -> None:
    """Draw the fields; only lines the service knows can be chosen."""
    contract, line = st.columns(2, vertical_alignment="bottom")
    named = contract.text_input(
        "Moved minutes go to contract", value=detail.case.contract_id, key=f"{key}_contract"
    )
    if not named:
        return
    with problems_shown():
        found = session.desk().client.contract(named.strip())
        own = detail.item.line_id if isinstance(detail.item, Timesheet) else None
        names = {one.id: one.name for one in found.lines if one.id != own}
        line.selectbox(
            f"Line of {plain(found.name)}",
            list(names),
            index=None,
            placeholder="Choose a line" if names else "No other line in this contract",
            format_func=lambda line_id: f"{names[line_id]} ({line_id})",
            key=f"{key}_line",
        )


def chosen(key: str) -> MoveTarget | None:
    """Give the line that was chosen, None while there is none."""
    contract_id: str | None = st.session_state.get(f"{key}_contract")
    line_id: str | None = st.session_state.get(f"{key}_line")
    if not contract_id or not line_id:
        return None
    return MoveTarget(contract_id=contract_id.strip(), line_id=line_id)
