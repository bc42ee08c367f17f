"""A line on the pages while all posting is stopped: who stopped it, when and why."""

from __future__ import annotations

import streamlit as st

from review_app import formats, session
from review_app.notices import plain
from service.wire.flows import HoldView


def posting_banner() -> HoldView | None:
    """Draw the line while posting is stopped, and give what is known of it; None otherwise."""
    stopped = session.desk().client.posting_switch().posting_stopped
    if stopped is not None:
        at = formats.instant(stopped.at, zone=session.zone())
        st.warning(
            plain(
                f"All posting is stopped by {stopped.by_name} since {at}: {stopped.reason}. "
                "Decisions are taken as ever; their bills wait."
            ),
            icon=":material/pause_circle:",
        )
    return stopped
