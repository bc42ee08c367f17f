"""How trouble reads: what happened, why, what to do; never only a toast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st
from pydantic import ValidationError

from review_app import session
from review_app.work.outbox import UNAUTHORIZED
from service.client import ApiProblem, ApiUnreachableError
from service.wire.access import Problem

_MARKDOWN = frozenset("\\`*_{}[]()<>#+-!|~$:&")
_ADDRESS = re.compile(r"(https?:(?=//)|www(?=\.))", re.IGNORECASE)
_WORD_JOINER = "\u2060"


@contextmanager
def problems_shown(fields: Mapping[str, str] | None = None) -> Iterator[None]:
    """Show what the API refused instead of the rest of the block; an ended session signs out.

    `fields` says how the form on the screen calls the fields of the API.
    """
    try:
        yield
    except ApiProblem as error:
        if error.problem.status == UNAUTHORIZED:
            session.end()
            st.rerun()
        show_problem(error.problem, fields=fields)
    except ApiUnreachableError as error:
        show_unreachable(str(error))
    except ValidationError as error:
        show_unfit(error, fields=fields)


def show_problem(problem: Problem, *, fields: Mapping[str, str] | None = None) -> None:
    """Show a refusal with its remedy, in the words of the form."""
    remedy = f" {problem.remedy}" if problem.remedy else ""
    # The title is HTTP's own phrase, "Conflict" and the like, and tells nobody anything.
    said = f"{problem.detail}{remedy}"
    for name, words in (fields or {}).items():
        said = re.sub(rf"\b{name}\b", words, said)
    st.error(plain(said), icon=":material/error:")


def show_unfit(error: ValidationError, *, fields: Mapping[str, str] | None = None) -> None:
    """Show what is wrong with something that was typed, before anything was sent."""
    for one in error.errors():
        name = str(one["loc"][0]) if one["loc"] else ""
        words = (fields or {}).get(name, name.replace("_", " ").capitalize() or "This")
        said = one["msg"].removeprefix("Value error, ")
        st.error(plain(f"{words}: {said}."), icon=":material/error:")


def show_unreachable(reason: str) -> None:
    """Show that the API is down, with a way to try again."""
    st.error(plain(f"The service does not answer. {reason}"), icon=":material/cloud_off:")
    st.button("Try again", key="try_again_load")


def plain(text: str) -> str:
    """Escape what Markdown would read, so that what others wrote stays text.

    No escape keeps a bare address from becoming a link: it is parted where nobody sees it.
    """
    parted = _ADDRESS.sub(rf"\1{_WORD_JOINER}", text)
    return "".join(f"\\{char}" if char in _MARKDOWN else char for char in parted)
