"""What I did today, for my own eyes: nobody is ranked by it."""

from __future__ import annotations

import streamlit as st

from review_app import formats, session
from review_app.components import page
from service.wire.my_work import MyDay

SECONDS_PER_MINUTE = 60


def day(mine: MyDay) -> None:
    """Draw the count and the median time."""
    since = formats.instant(mine.since, zone=session.zone())
    st.caption(f"Since {since}. Only you see this.")
    columns = st.columns(3)
    page.tile("my_decided", str(mine.decided), place=columns[0])
    page.tile("my_median_time", _time(mine.median_active_seconds), place=columns[1])


def _time(seconds: float | None) -> str:
    """`1 min 05 s`."""
    if seconds is None:
        return "None yet"
    minutes, rest = divmod(round(seconds), SECONDS_PER_MINUTE)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
