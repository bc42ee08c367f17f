"""How trouble reads: what happened, why, what to do; never only a toast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from review_app import session
from review_app.components.outbox import UNAUTHORIZED
from service.client import ApiProblem, ApiUnreachableError
from service.wire.access import Problem

_MARKDOWN = frozenset("\\`*_{}[]()<>#+-!|~$:&")


@contextmanager
def problems_shown() -> Iterator[None]:
    """Show what the API refused instead of the rest of the block; an ended session signs out."""
    try:
        yield
    except ApiProblem as error:
        if error.problem.status == UNAUTHORIZED:
            session.end()
            st.rerun()
        show_problem(error.problem)
    except ApiUnreachableError as error:
        show_unreachable(str(error))


def show_problem(problem: Problem) -> None:
    """Show a refusal with its remedy."""
    remedy = f" {problem.remedy}" if problem.remedy else ""
    st.error(plain(f"{problem.title}. {problem.detail}{remedy}"), icon=":material/error:")


def show_unreachable(reason: str) -> None:
    """Show that the API is down, with a way to try again."""
    st.error(plain(f"The service does not answer. {reason}"), icon=":material/cloud_off:")
    st.button("Try again", key="try_again_load")


def plain(text: str) -> str:
    """Escape what Markdown would read, so that what others wrote stays text."""
    return "".join(f"\\{char}" if char in _MARKDOWN else char for char in text)
