"""The token of the person in front of the browser: of our own log-in, or exchanged for theirs."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from review_app.settings import settings
from service.client import CountersignClient

SESSION_LIFE = timedelta(hours=10)
MOST_SESSIONS = 10_000


def session_token() -> str:
    """Give the person's API session token.

    Our own log-in gives it to Streamlit's cookie. A company's log-in gives an identity token,
    which the API takes once; what it gave for it is remembered here, so that a reload keeps the
    session. Raises ApiProblem when the API refuses it, ApiUnreachableError when it is down.
    """
    tokens = st.user.tokens
    if settings().outside_log_in is None:
        own: str = tokens["access"]
        return own
    return _exchanged(tokens["id"], _device=st.context.headers.get("User-Agent", ""))


@st.cache_resource(ttl=SESSION_LIFE, max_entries=MOST_SESSIONS, show_spinner=False)
def _exchanged(identity_token: str, *, _device: str) -> str:
    with CountersignClient(settings().api_url, token=None, retries=0) as client:
        return client.open_session(identity_token=identity_token, device=_device).token
