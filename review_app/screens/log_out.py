"""Logging out: what is unsent goes out, cases go back, and the session is worth nothing after."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from review_app import session
from service.client import ApiProblem, ApiUnreachableError


def log_out() -> None:
    """End the session at the API and in the browser."""
    desk = session.desk()
    desk.workbench.close()
    # Without an answer the cookie still goes; the API ends an idle session by itself.
    with suppress(ApiProblem, ApiUnreachableError):
        desk.client.log_out()
    desk.close()
    st.logout()
