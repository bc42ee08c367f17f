"""A table that is read, not worked with: sentences wrap, and a screen reader hears its rows."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from review_app.components.card import template


def plain_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str,
    right: Sequence[str] = (),
) -> None:
    """Draw rows of text under the names of their columns; `right` names those of figures."""
    drawn = template("plain_table.html.jinja")
    st.html(drawn.render(columns=columns, rows=rows, caption=caption, right=right))
