"""The filters of the list of cases, each of them in the address."""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any

import streamlit as st

from data.schemas.assessment import SCORES_OF_ITEMS
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.vocabulary import CaseStatus, ItemKind, Scope
from review_app import formats, session
from review_app.choices import choices
from review_app.screens.cases import case_views


class Due(StrEnum):
    """When the answer is wanted."""

    OVERDUE = "overdue"


def filters() -> dict[str, Any]:
    """Draw the filters, and give what they are set to as the API takes it; None means all."""
    clients, codes = choices().clients, _codes()
    case_views.apply_named(codes)
    case_views.apply_codes(codes)
    with st.container(horizontal=True, vertical_alignment="bottom", key="case_filters"):
        found = st.text_input(
            "Search",
            key=case_views.SEARCH,
            type="search",
            live="300ms",
            placeholder="Case, person, client",
            bind="query-params",
        )
        status = _choice("Status", codes, formats.words)
        kind = _choice("Kind", codes, formats.words)
        code = _choice("Finding", codes, _title)
        client_id = _choice("Client", codes, clients.__getitem__)
        due = _choice("Due", codes, formats.words)
        names = (case_views.SEARCH, *codes)
        kept = {name: str(set_) for name in names if (set_ := st.session_state.get(name))}
        case_views.draw(kept, codes)
    return {
        "q": (found or "").strip() or None,
        "status": None if status is None else CaseStatus(status),
        "kind": None if kind is None else ItemKind(kind),
        "code": None if code is None else ExceptionCode(code),
        "client_id": client_id,
        "is_late": True if due == Due.OVERDUE else None,
    }


def _codes() -> case_views.Codes:
    """The values that each filter may have; whoever judges blind is not offered the opinion."""
    hidden: Collection[str] = () if Scope.AUDIT in session.desk().me.scopes else SCORES_OF_ITEMS
    return {
        "cases_status": [one.value for one in CaseStatus],
        "cases_kind": [one.value for one in ItemKind],
        "cases_finding": [one.value for one in ExceptionCode if one not in hidden],
        "cases_client": list(choices().clients),
        "cases_due": [one.value for one in Due],
    }


def _choice(label: str, codes: case_views.Codes, words: Callable[[str], str]) -> str | None:
    key = f"cases_{label.lower()}"
    chosen: str | None = st.selectbox(
        label,
        list(codes[key]),
        index=None,
        placeholder="All",
        format_func=words,
        key=key,
        bind="query-params",
    )
    return chosen


def _title(code: str) -> str:
    return CATALOGUE[ExceptionCode(code)].title
