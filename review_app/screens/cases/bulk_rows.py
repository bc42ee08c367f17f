"""What a bulk would do, and what it did, row by row."""

from __future__ import annotations

import streamlit as st

from review_app import formats
from review_app.notices import plain
from service.wire.deciding import BulkAnswer, BulkPreview, BulkRow


def draw_preview(preview: BulkPreview) -> None:
    """Draw the sum, and every case that is left out with its reason."""
    total = " + ".join(
        formats.money(minor, currency=currency)
        for currency, minor in sorted(preview.total_minor.items())
    )
    st.markdown(
        f"**{preview.included} of {formats.cases(len(preview.rows))}, {total or 'no money'}.**"
    )
    left_out = [row for row in preview.rows if not row.is_included]
    if left_out:
        st.dataframe(
            [_row(row) | {"Left out because": row.why_not or ""} for row in left_out],
            hide_index=True,
            alt="Cases that are left out",
        )


def draw_answer(answer: BulkAnswer) -> None:
    """Draw what became of every case."""
    refused = [row for row in answer.rows if not row.is_included]
    taken = len(answer.rows) - len(refused)
    told = "One case was decided." if taken == 1 else f"{taken} cases were decided together."
    st.success(plain(told), icon=":material/done_all:")
    if refused:
        st.dataframe(
            [_row(row) | {"Not decided because": row.why_not or ""} for row in refused],
            hide_index=True,
            alt="Cases that were not decided",
        )


def _row(row: BulkRow) -> dict[str, str]:
    return {
        "Case": row.case_id,
        "What": row.title,
        "Amount": formats.money(row.amount_minor, currency=row.currency),
    }
