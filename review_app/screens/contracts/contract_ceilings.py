"""Who used up a ceiling, entry by entry, and what another order would pay."""

from __future__ import annotations

import streamlit as st

from data.schemas.allocation import Allocation
from data.schemas.contracts import Contract
from review_app import clock, formats, session
from review_app.components import page
from review_app.notices import plain
from review_app.screens.contracts.contract_view import ceiling_words, entry_rows, used_share

WHOLE = ""
SHOWN_ENTRIES = 200
"""Rows drawn at most, the last ones: they are those a ceiling cuts."""


def ceilings(contract: Contract) -> None:
    """Show the ceiling of the line that is chosen, or of the whole contract."""
    names = {WHOLE: "The whole contract"} | {line.id: line.name for line in contract.lines}
    chosen = st.selectbox(
        "Ceiling of", list(names), format_func=names.__getitem__, key="contract_line", width=420
    )
    today = clock.now().astimezone(session.zone()).date()
    used = session.desk().client.allocation(contract.id, line_id=chosen or None, on=today)
    page.section(names[chosen or WHOLE], help_name="ceiling_used")
    st.progress(used_share(used), text=plain(ceiling_words(used)))
    _figures(used)
    if not used.entries:
        page.empty("Nothing counts against it yet.")
        return
    left_out = len(used.entries) - SHOWN_ENTRIES
    if left_out > 0:
        st.caption(f"The first {formats.count(left_out)} entries lie inside and are left out.")
    page.table(
        entry_rows(used.entries[-SHOWN_ENTRIES:], currency=used.currency), key="contract_entries",
        right=("Amount", "Used with it", "Inside", "Over"), alt="Entries that use the ceiling up",
    )  # fmt: skip
    _reordered(used)


def _figures(used: Allocation) -> None:
    tiles = {
        "Invoiced": used.invoiced_minor,
        "Committed, not invoiced": used.committed_minor,
        "Inside": used.inside_minor,
        "Over": used.over_minor,
    }
    for (title, minor), column in zip(tiles.items(), st.columns(len(tiles)), strict=True):
        column.metric(title, formats.money(minor, currency=used.currency), border=True)


def _reordered(used: Allocation) -> None:
    if not used.reorderings:
        return
    page.section("What another order would pay whole")
    for one in used.reorderings:
        st.markdown(f"- {plain(one.summary)}")
