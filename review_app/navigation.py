"""The menu of a person, and how screens lead to each other; the pages stand in `pages.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from review_app.pages import Page, Section, home_of, may_decide, pages_of
from service.wire.access import Me

__all__ = [
    "Screens", "go_to", "go_to_case", "go_to_queue", "has_page", "link_to", "link_to_case",
    "link_to_cases", "may_decide", "offer",
]  # fmt: skip
_PAGES = "desk_pages"

Screens = Mapping[str, Callable[[], None]]


def offer(me: Me, *, screens: Screens) -> StreamlitPage:
    """Draw the menu for the person's roles and give the screen they are on."""
    built = frozenset(screens)
    home = home_of(me, built=built)
    mine = pages_of(me, built=built)
    drawn = {page.name: _drawn(page, screens[page.name]) for page in mine}
    st.session_state[_PAGES] = drawn
    menu: dict[str, list[StreamlitPage]] = {}
    for page in mine:
        heading = me.name if page.section is Section.PERSON else page.section.value
        menu.setdefault(heading, []).append(drawn[page.name])
    # Streamlit takes the address of its first page away: every page keeps its own, so that a link
    # to it opens the same page for everybody, whatever they start on.
    start = st.Page(
        screens[home], title=drawn[home].title, url_path="start", default=True, visibility="hidden"
    )
    menu.setdefault("", []).append(start)
    return st.navigation(menu, position="top")


def has_page(name: str) -> bool:
    """Say whether the person has this page."""
    return name in _pages()


def link_to(name: str, *, label: str, icon: str | None = None, **query: str) -> None:
    """Draw a link to one of the person's pages; where they do not have it, nothing."""
    if has_page(name):
        st.page_link(_pages()[name], label=label, icon=icon, query_params=query)


def go_to(name: str, **query: str) -> None:
    """Leave for one of the person's pages."""
    st.switch_page(_pages()[name], query_params=query)


def link_to_case(case_id: str, *, label: str | None = None) -> None:
    """Draw a link to one case."""
    link_to("case", label=label or f"Open {case_id}", case=case_id)


def link_to_cases() -> None:
    """Draw a link to the list."""
    link_to("cases", label="All cases")


def go_to_case(case_id: str) -> None:
    """Leave for one case."""
    go_to("case", case=case_id)


def go_to_queue() -> None:
    """Leave for the queue."""
    go_to("queue")


def _drawn(page: Page, screen: Callable[[], None]) -> StreamlitPage:
    shown: Literal["hidden", "visible"] = "hidden" if page.is_linked_only else "visible"
    return st.Page(
        screen,
        title=page.title,
        icon=page.icon,
        url_path=page.name,
        visibility=shown,
    )


def _pages() -> dict[str, StreamlitPage]:
    pages: dict[str, StreamlitPage] = st.session_state[_PAGES]
    return pages
