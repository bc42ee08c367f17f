"""What a contract says on one day, each clause with its text and its place."""

from __future__ import annotations

from datetime import date

import streamlit as st

from data.schemas.contracts import Clause, Contract
from review_app import clock, session
from review_app.components import page
from review_app.notices import plain
from review_app.screens.contracts.clause_words import held_from_to, kind_words, parameters, place_of
from review_app.screens.contracts.contract_view import term_rows

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


def terms(contract: Contract) -> None:
    """Show the clauses in force on the day the address names; one that is selected is opened."""
    today = clock.now().astimezone(session.zone()).date()
    day = st.date_input(
        "In force on",
        value=today,
        key="contract_day",
        width=220,
        format="YYYY-MM-DD",
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
    )
    said = session.desk().client.contract_terms(contract.id, on=day)
    if not said.held:
        page.empty(
            "No clause of this contract holds on that day.",
            next_step="Choose another day, or confirm what was read out of its text.",
        )
    else:
        chosen = page.table(
            term_rows(said.held, contract), key="contract_terms", select="single-row",
            alt="Clauses in force",
        )  # fmt: skip
        by_id = {one.clause.id: one.clause for one in said.held}
        for name in chosen:
            _show(by_id[name], contract)
        if not chosen:
            st.caption("Select a clause to read its words.")
    if said.unconfirmed:
        page.section(f"Written down, and not in force ({len(said.unconfirmed)})")
        st.caption("Nobody stands behind these clauses; nothing is held against them.")
        for clause in said.unconfirmed:
            _show(clause, contract)


def _show(clause: Clause, contract: Contract) -> None:
    with st.container(border=True):
        figures = " · ".join(
            f"{plain(name)} **{plain(value)}**"
            for name, value in parameters(clause.terms, currency=contract.currency)
        )
        st.markdown(f"**{plain(kind_words(clause.terms.kind))}** {figures}")
        page.quote(clause.text)
        st.caption(plain(f"{clause.id} · {held_from_to(clause)} · {place_of(clause)}"))
