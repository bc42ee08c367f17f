"""What somebody sees who is not logged in."""

from __future__ import annotations

import streamlit as st

from review_app import session
from review_app.notices import show_unreachable


def welcome() -> None:
    """Invite to log in."""
    with _middle():
        st.title("Countersign")
        st.write("Every billable item, read before it is billed.")
        _log_in_button()


def ended() -> None:
    """Say that the session is over, and name what was not saved."""
    with _middle():
        st.title("Your session has ended")
        st.write("You were logged out, or were away for long. Log in again to go on.")
        unsent = session.desk().workbench.standing().unsent if session.has_desk() else ()
        if unsent:
            named = ", ".join(unsent)
            st.warning(f"Not saved: {named}. These cases come back to the queue.")
        _log_in_button()


def unreachable(reason: str) -> None:
    """Say that the API is down before anybody could be recognised."""
    with _middle():
        st.title("Countersign")
        show_unreachable(reason)


def _log_in_button() -> None:
    st.button("Log in", key="log_in", type="primary", on_click=st.login)


def _middle() -> st.delta_generator.DeltaGenerator:
    _, middle, _ = st.columns([1, 2, 1])
    return middle
