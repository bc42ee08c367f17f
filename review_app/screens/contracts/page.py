"""Contracts and clauses: found by words, read by day, confirmed beside their source text."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data.schemas.contracts import Contract
from review_app import formats, session
from review_app.components import page
from review_app.notices import problems_shown
from review_app.screens.contracts.contract_ceilings import ceilings
from review_app.screens.contracts.contract_orders import orders
from review_app.screens.contracts.contract_proposals import proposals
from review_app.screens.contracts.contract_terms import terms
from review_app.screens.contracts.contract_view import contract_row

LIST, CHOSEN = "contracts", "contract"


def contracts() -> None:
    """List the contracts, or show the one that the address names, `?contract=`."""
    name = st.query_params.get(CHOSEN)
    with problems_shown():
        if name:
            _one(name)
        else:
            _list()


def _list() -> None:
    page.head("Contracts and clauses")
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="contract_filters")
    text = bar.text_input(
        "Search", key="contracts_q", type="search", live="300ms", bind="query-params",
        placeholder="Contract, client", width=420,
    )  # fmt: skip
    only_open = bar.toggle("With clauses to confirm", key="contracts_open", bind="query-params")
    filters = ((text or "").strip(), only_open)
    found = session.desk().client.contracts(
        q=filters[0] or None, has_proposals=only_open, cursor=page.cursor(LIST, filters),
        limit=page.PAGE,
    )  # fmt: skip
    if not found.contracts:
        _nothing(is_filtered=any(filters))
        return
    chosen = page.table(
        {one.id: contract_row(one) for one in found.contracts}, key=LIST, select="single-row",
        right=("Lines", "Clauses", "To confirm"), alt="Contracts",
    )  # fmt: skip
    st.caption("Select a contract to read it.")
    page.pager(LIST, next_cursor=found.next_cursor)
    if chosen:
        st.query_params[CHOSEN] = chosen[0]
        st.rerun()


def _nothing(*, is_filtered: bool) -> None:
    if is_filtered:
        page.empty("No contract passes these filters.", next_step="Take one away to see more.")
    else:
        page.empty(
            "There is no contract yet.",
            next_step="Put terms with 'countersign terms put', or bring them by PUT /v1/contracts.",
        )


def _one(name: str) -> None:
    contract = session.desk().client.contract(name)
    page.head(
        contract.name,
        facts=(
            ("", contract.id),
            ("", f"client {contract.client_id}"),
            ("", formats.words(contract.type)),
            ("", contract.currency),
            ("", f"signed {formats.full_day(contract.signed_on)}"),
        ),
    )
    st.button("All contracts", key="contracts_all", icon=":material/arrow_back:", on_click=_leave)
    _tabs(contract)


def _tabs(contract: Contract) -> None:
    page.tabbed(
        {
            "Clauses": partial(terms, contract),
            "Ceilings": partial(ceilings, contract),
            "Lines, rates and orders": partial(orders, contract),
            "To confirm": partial(proposals, contract),
        },
        key="contract_tab",
    )


def _leave() -> None:
    for name in (CHOSEN, "proposal"):
        st.query_params.pop(name, None)
