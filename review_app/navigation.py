"""Which screens a person has, and how screens lead to each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from data.schemas.vocabulary import Role
from service.wire.access import Me

DECIDERS = frozenset({Role.REVIEWER, Role.APPROVER})
"""Roles that work in the queue; every other role reads."""
_PAGES = "desk_pages"

Screens = dict[str, Callable[[], None]]


def offer(me: Me, *, screens: Screens) -> StreamlitPage:
    """Draw the menu for the person's roles and give the screen they are on."""
    pages = {name: _page(name, screens[name], me=me) for name in _names(me)}
    st.session_state[_PAGES] = pages
    shown = [page for name, page in pages.items() if name != "log_out"]
    # Hiding a screen is comfort; what a person may do is decided by the API alone.
    return st.navigation({"": shown, me.name: [pages["log_out"]]}, position="top")


def may_decide(me: Me) -> bool:
    """Say whether the person has a queue."""
    return bool(DECIDERS & set(me.roles))


def link_to_case(case_id: str) -> None:
    """Draw a link to one case."""
    page = _pages()["case"]
    st.page_link(page, label=f"Open {case_id}", query_params={"case": case_id})


def link_to_cases() -> None:
    """Draw a link to the list."""
    st.page_link(_pages()["cases"], label="All cases")


def go_to_case(case_id: str) -> None:
    """Leave for one case."""
    st.switch_page(_pages()["case"], query_params={"case": case_id})


def go_to_queue() -> None:
    """Leave for the queue."""
    st.switch_page(_pages()["queue"])


_TITLES = {
    "queue": ("Queue", ":material/inbox:"),
    "cases": ("Cases", ":material/list:"),
    "case": ("Case", ":material/description:"),
    "decisions": ("My decisions", ":material/history:"),
    "log_out": ("Log out", ":material/logout:"),
}
_BY_LINK_ONLY = frozenset({"case"})


def _names(me: Me) -> tuple[str, ...]:
    if may_decide(me):
        return ("queue", "cases", "case", "decisions", "log_out")
    return ("cases", "case", "log_out")


def _page(name: str, screen: Callable[[], None], *, me: Me) -> StreamlitPage:
    title, icon = _TITLES[name]
    is_first = name == _names(me)[0]
    shown: Literal["hidden", "visible"] = "hidden" if name in _BY_LINK_ONLY else "visible"
    return st.Page(
        screen, title=title, icon=icon, url_path=name, default=is_first, visibility=shown
    )


def _pages() -> dict[str, StreamlitPage]:
    pages: dict[str, StreamlitPage] = st.session_state[_PAGES]
    return pages
