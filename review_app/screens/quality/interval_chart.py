"""Shares with their intervals on one scale; the same in words for whoever does not see it."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import streamlit as st

from review_app.screens.quality import quality_words as words
from service.wire.quality import Figure

ROW_PIXELS = 28
NEUTRAL = "#7b8794"
"""Three to one against the ground of either theme."""


def interval_chart(figures: Mapping[str, Figure], *, caption: str) -> None:
    """Draw each share that is told as a point on its interval; nothing where none is."""
    rows = [
        {"What": name, "Share": one.value, "Low": one.low, "High": one.high}
        for name, one in figures.items()
        if one.value is not None
    ]
    if not rows:
        return
    chart = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("What:N", sort=None, title=None, axis=alt.Axis(labelLimit=220))
    )
    scale = alt.Scale(domain=[0, 1])
    percent = alt.Axis(format="%", title=caption)
    interval = chart.mark_rule(strokeWidth=3, color=NEUTRAL).encode(
        x=alt.X("Low:Q", scale=scale, axis=percent), x2="High:Q"
    )
    point = chart.mark_point(filled=True, size=90).encode(
        x=alt.X("Share:Q", scale=scale),
        tooltip=[
            alt.Tooltip("What:N"),
            *(alt.Tooltip(f"{name}:Q", format=".0%") for name in ("Share", "Low", "High")),
        ],
    )
    st.altair_chart(
        (interval + point).properties(height=alt.Step(ROW_PIXELS)),
        alt=in_words(figures),
        key="quality_intervals",
    )


def in_words(figures: Mapping[str, Figure]) -> str:
    """Give what the chart shows as one sentence for each share."""
    return " ".join(
        f"{name}: {words.share_text(one)}, {words.note(one)}."
        for name, one in figures.items()
        if one.value is not None
    )
