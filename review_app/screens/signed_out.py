"""What somebody sees who is not logged in."""

from __future__ import annotations

import streamlit as st

from review_app import session
from review_app.notices import show_problem, show_unreachable
from review_app.work.outbox import SERVER_ERROR, UNAUTHORIZED
from service.wire.access import Problem


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


def not_let_in(problem: Problem) -> None:
    """Say why the API opens no desk: the session is over, the API is down, or has no account."""
    if problem.status == UNAUTHORIZED:
        ended()
    elif problem.status >= SERVER_ERROR:
        unreachable(problem.detail)
    else:
        _refused(problem)


def _refused(problem: Problem) -> None:
    with _middle():
        st.title("Countersign")
        show_problem(problem)
        st.button("Log in as somebody else", key="log_in_again", on_click=st.logout)


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
