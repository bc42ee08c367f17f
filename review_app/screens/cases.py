"""The list of cases: filters and pages come from the server."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import streamlit as st

from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.vocabulary import CaseStatus, ItemKind
from review_app import clock, formats, navigation, session
from review_app.components.card import line_html
from review_app.notices import problems_shown
from service.wire.cases import CasePage, CaseSummary

PAGE = 50
_CURSORS = "desk_cursors"

E = TypeVar("E", bound=StrEnum)


def cases() -> None:
    """List the cases that pass the filters; choosing one opens it."""
    st.html(line_html(title="Cases"))
    filters = _filters()
    cursors = _cursors(filters)
    with problems_shown():
        page = session.desk().client.cases(cursor=cursors[-1], limit=PAGE, **filters)
        _table(page, token=f"{filters}{cursors[-1]}")
        _pager(page, cursors)


def row(case: CaseSummary) -> dict[str, str]:
    """Give one line of the list."""
    return {
        "Case": case.id,
        "What": case.title,
        "Client": case.client_name,
        "Status": formats.words(case.status),
        "Amount": formats.money(case.amount_minor, currency=case.currency),
        "At risk": formats.money(case.risk_minor, currency=case.currency),
        "Findings": ", ".join(CATALOGUE[code].title for code in case.codes),
        "Due": formats.due(case.due_at, now=clock.now()),
        "With": case.assignee_name or "",
    }


def _filters() -> dict[str, Any]:
    columns = st.columns([2, 1, 1, 2])
    found = columns[0].text_input(
        "Search", key="cases_q", placeholder="Case, person, client", bind="query-params"
    )
    status = _choice(columns[1], "Status", CaseStatus, formats.words)
    kind = _choice(columns[2], "Kind", ItemKind, formats.words)
    code = _choice(columns[3], "Finding", ExceptionCode, _title)
    return {"q": found.strip() or None, "status": status, "kind": kind, "code": code}


def _choice(
    place: Any,  # noqa: ANN401 - Streamlit's containers share no public type
    label: str,
    kind: type[E],
    words: Callable[[str], str],
) -> E | None:
    chosen = place.selectbox(
        label,
        [one.value for one in kind],
        index=None,
        placeholder="All",
        format_func=words,
        key=f"cases_{label.lower()}",
        bind="query-params",
    )
    return None if chosen is None else kind(chosen)


def _title(code: str) -> str:
    return CATALOGUE[ExceptionCode(code)].title


def _table(page: CasePage, *, token: str) -> None:
    if not page.cases:
        st.info("No case passes these filters. Take one away to see more.")
        return
    # The key carries the page: a selection is a position, and must not move to another case.
    chosen = st.dataframe(
        [row(case) for case in page.cases],
        key=f"cases_{hash(token)}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Amount": st.column_config.TextColumn(alignment="right"),
            "At risk": st.column_config.TextColumn(alignment="right"),
        },
    )
    rows = chosen["selection"]["rows"]
    if rows:
        navigation.go_to_case(page.cases[rows[0]].id)


def _pager(page: CasePage, cursors: list[str | None]) -> None:
    with st.container(horizontal=True):
        st.button(
            "Back", key="cases_back", disabled=len(cursors) == 1, on_click=_turn, args=(None,)
        )
        st.button(
            "More",
            key="cases_more",
            disabled=page.next_cursor is None,
            on_click=_turn,
            args=(page.next_cursor,),
        )


def _turn(cursor: str | None) -> None:
    filters, cursors = st.session_state[_CURSORS]
    turned = cursors[:-1] if cursor is None else [*cursors, cursor]
    st.session_state[_CURSORS] = (filters, turned)


def _cursors(filters: dict[str, Any]) -> list[str | None]:
    """Give the cursors of the pages turned so far; another filter starts at the first page."""
    kept = st.session_state.get(_CURSORS)
    if kept is None or kept[0] != filters:
        st.session_state[_CURSORS] = (filters, [None])
    cursors: list[str | None] = st.session_state[_CURSORS][1]
    return cursors
