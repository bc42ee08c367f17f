"""How the parts of the installation and the systems beside it fare."""

from __future__ import annotations

import streamlit as st

from review_app import formats, session
from review_app.components import page
from review_app.notices import plain
from review_app.screens.exceptions.sources import sources
from service.wire.integrations import SystemState, SystemView

STATES = {
    SystemState.WORKS: "✓ works",
    SystemState.TROUBLE: "⚠ trouble",
    SystemState.NOT_CONNECTED: "○ not connected",
}


def systems() -> None:
    """List every part in the order in which a bill needs it."""
    found = session.desk().client.integrations()
    troubled = [one for one in found.systems if one.state is SystemState.TROUBLE]
    for one in troubled:
        st.warning(plain(f"{one.name}: {one.text}"), icon=":material/warning:")
    page.table(
        {one.name: row(one) for one in found.systems},
        key="systems",
        alt="Parts of the installation and the systems beside it",
    )
    st.caption(f"Shown {page.as_of(found.at)}. Nothing outside is called to find this out.")
    sources()


def row(one: SystemView) -> dict[str, str]:
    """Give one line of the list."""
    return {
        "Part": one.name,
        "State": STATES[one.state],
        "What is known": one.text,
        "Last active": formats.instant(one.at, zone=session.zone()) if one.at else "",
    }
