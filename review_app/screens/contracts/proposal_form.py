"""The form in which a person confirms a clause, with its figures as read or as they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from data.schemas.contracts import Contract
from data.schemas.proposals import Proposal
from review_app import session
from review_app.components import page
from review_app.notices import plain, problems_shown
from review_app.screens.contracts.clause_fields import (
    ClauseField,
    Input,
    UnreadableTermsError,
    fields_of,
    read_terms,
)
from review_app.screens.contracts.clause_words import kind_words
from service.wire.proposals import ConfirmRequest

WHOLE = ""
DAYS = "YYYY-MM-DD"
SINCE, UNTIL, GOVERNS = "Holds from", "Until (open without)", "Governs"
CALLED = {
    "valid_from": f"“{SINCE}”",
    "valid_to": "“Until”",
    "line_id": f"choice under “{GOVERNS}”",
}
"""How this form calls the fields of the API."""
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


def confirm_form(proposal: Proposal, contract: Contract, *, following: str) -> None:
    """Draw the parameters of a proposed clause and put it in force as they stand."""
    draft, name = proposal.draft, proposal.id
    fields = list(fields_of(draft.kind, draft.terms, currency=contract.currency))
    with st.form(f"confirm_{name}", border=True):
        written = {one.name: _drawn(one, key=f"{name}_{one.name}") for one in fields}
        if not fields:
            st.caption("This clause has no figures: it holds as it is worded.")
        since, until, line_id = _span(proposal, contract)
        is_confirmed = st.form_submit_button(
            "Confirm", key=f"confirmed_{name}", type="primary", icon=":material/check:",
            shortcut="Ctrl+Enter" if session.desk().me.preferences.are_keys_on else None,
        )  # fmt: skip
    if not is_confirmed:
        return
    try:
        inputs = {one.name: one.input for one in fields}
        terms = read_terms(draft.kind, written, inputs=inputs, currency=contract.currency)
    except UnreadableTermsError as error:
        for problem in error.problems:
            st.error(plain(problem), icon=":material/error:")
        return
    request = ConfirmRequest(
        terms=None if terms == draft.terms else terms,
        valid_from=since,
        valid_to=until,
        line_id=line_id or None,
    )
    # A refusal stands under the form, which stays as it was filled.
    with problems_shown(CALLED):
        session.desk().client.confirm_clause(name, request)
        st.query_params["proposal"] = following
        page.done(f"{kind_words(draft.kind)} is in force, confirmed by you.")


def _span(proposal: Proposal, contract: Contract) -> tuple[date | None, date | None, str | None]:
    name = proposal.id
    since, until = st.columns(2)
    valid_from = since.date_input(
        SINCE, value=contract.signed_on, min_value=FIRST_DAY, max_value=LAST_DAY,
        key=f"{name}_from", format=DAYS,
    )  # fmt: skip
    valid_to = until.date_input(
        UNTIL, value=None, min_value=FIRST_DAY, max_value=LAST_DAY,
        key=f"{name}_to", format=DAYS,
    )  # fmt: skip
    lines = {WHOLE: "The whole contract"} | {line.id: line.name for line in contract.lines}
    line_id = st.selectbox(
        GOVERNS, list(lines), format_func=lines.__getitem__,
        index=list(lines).index(proposal.line_id or WHOLE), key=f"{name}_line",
        disabled=proposal.line_id is not None,
    )  # fmt: skip
    return valid_from, valid_to, line_id


_NUMBERS: dict[Input, dict[str, Any]] = {
    Input.MONEY: {"min_value": 0.0, "step": 100.0, "format": "%.2f"},
    Input.NUMBER: {"min_value": 0, "step": 1},
    Input.SHARE: {"min_value": 0.0, "step": 0.01, "format": "%.4g"},
}


def _drawn(one: ClauseField, *, key: str) -> Any:  # noqa: ANN401 - whatever the input gives
    label = f"{one.label} *" if one.is_required else one.label
    if one.input in _NUMBERS:
        return st.number_input(label, value=one.shown, key=key, **_NUMBERS[one.input])
    match one.input:
        case Input.DAY:
            return st.date_input(label, value=one.shown, min_value=FIRST_DAY,
                                 max_value=LAST_DAY, key=key, format=DAYS)  # fmt: skip
        case Input.YES_NO:
            return st.checkbox(label, value=bool(one.shown), key=key)
        case Input.CHOICE:
            index = one.choices.index(one.shown) if one.shown in one.choices else None
            return st.selectbox(label, one.choices, index=index, key=key)
        case Input.WORD:
            return st.text_input(label, value=one.shown or "", key=key)
        case _:
            return st.text_area(label, value=one.shown or "", key=key, height=110)
