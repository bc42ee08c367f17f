"""The list of cases: filters and pages come from the server, fifty at a time."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from data.schemas.catalogue import CATALOGUE
from review_app import clock, formats, navigation, session
from review_app.components import page
from review_app.notices import problems_shown
from review_app.screens.cases import bulk
from review_app.screens.cases.filters import filters
from service.wire.cases import CasePage, CaseSummary

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LIST = "cases_list"


def cases() -> None:
    """List the cases that pass the filters; one opens, several are decided together."""
    page.head("Cases")
    bulk.draw_done()
    with problems_shown():
        asked = filters()
        cursor = page.cursor(_LIST, asked)
        found = session.desk().client.cases(cursor=cursor, limit=page.PAGE, **asked)
        _list(found, cursor=cursor)
        page.pager(_LIST, next_cursor=found.next_cursor)
        _export(asked)


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


def _list(found: CasePage, *, cursor: str | None) -> None:
    if not found.cases:
        page.empty("No case passes these filters.", next_step="Take one away to see more.")
        return
    by_id = {case.id: case for case in found.cases}
    chosen = page.table(
        {case_id: row(case) for case_id, case in by_id.items()},
        key=f"cases_{cursor or 'first'}",
        select="multi-row",
        right=("Amount", "At risk"),
        alt="Cases",
    )
    if len(chosen) == 1:
        with st.container(horizontal=True):
            st.button(
                f"Open {chosen[0]}",
                key="open_case",
                type="primary",
                shortcut="G",
                on_click=_open,
                args=(chosen[0],),
            )
    if st.session_state.pop(_OPENED, None):
        navigation.go_to_case(chosen[0])
    if navigation.may_decide(session.desk().me):
        bulk.draw([by_id[one] for one in chosen] if len(chosen) > 1 else [], key="bulk_list")


_OPENED = "cases_opened"


def _open(case_id: str) -> None:
    st.session_state[_OPENED] = case_id


def _export(wanted: dict[str, Any]) -> None:
    """Offer what passes the filters as a file; the service writes it, page by page."""
    client = session.desk().client
    asked = {name: str(one) for name, one in wanted.items() if one is not None}
    with st.container(horizontal=True):
        for label, ending, mime in (("CSV", "csv", "text/csv"), ("Excel", "xlsx", EXCEL)):
            page.download(
                label,
                partial(client.exported, "cases", ending=ending, **asked),
                key=f"export_{ending}",
                file=f"cases.{ending}",
                mime=mime,
            )
