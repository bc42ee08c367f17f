"""Acts in callbacks: what the API refuses is kept, and said where the page is drawn.

A callback runs before the page, and what it draws itself would stand above it, or in the way.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from pydantic import ValidationError

from review_app.notices import problems_shown
from service.client import ApiProblem, ApiUnreachableError

_FAILURE = "attempt"


def attempt(act: Callable[[], object], *, place: str) -> bool:
    """Do something; say whether it was done. A refusal is kept for `place`."""
    try:
        act()
    except (ApiProblem, ApiUnreachableError, ValidationError) as error:
        st.session_state[f"{_FAILURE}_{place}"] = error
        return False
    return True


def has_failed(*, place: str) -> bool:
    """Say whether a refusal waits to be shown."""
    return f"{_FAILURE}_{place}" in st.session_state


def show_failure(*, place: str) -> None:
    """Say once why the last attempt was refused."""
    failure = st.session_state.pop(f"{_FAILURE}_{place}", None)
    if failure is not None:
        with problems_shown():
            raise failure
