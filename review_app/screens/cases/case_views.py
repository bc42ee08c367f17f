"""Saved views of the list of cases: filters under a name, one's own or shared."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from review_app import navigation, session
from review_app.notices import plain, problems_shown
from service.wire.talk import SavedViewView, ViewRequest

_APPLIED = "case_view_applied"
SEARCH = "cases_q"
Codes = Mapping[str, Collection[str]]
"""The values that each filter of the list may have."""


def apply_codes(codes: Codes) -> None:
    """Let an address name a filter by its code, as links of other pages do, besides its label."""
    for name, known in codes.items():
        asked = st.query_params.get(name)
        if asked in known and name not in st.session_state:
            st.session_state[name] = asked


def apply_named(codes: Codes) -> None:
    """Put the filters of the view that the address names into place, once for each address."""
    named = st.query_params.get("view")
    if named is None or st.session_state.get(_APPLIED) == named:
        return
    st.session_state[_APPLIED] = named
    with problems_shown():
        found = [one for one in _views() if one.id == named]
        for one in found:
            st.session_state.update(_known(one, codes))
        if not found:
            st.info("There is no such view any more. These are all cases.")


def draw(filters: Mapping[str, str], codes: Codes) -> None:
    """Offer the saved views, and to keep the filters that are set as one more."""
    menu = st.popover("Views", icon=":material/bookmarks:", key="views", on_change="rerun")
    if menu.open:
        with menu, problems_shown():
            for view in _views():
                _line(view, codes)
            _keep(filters)


def _line(view: SavedViewView, codes: Codes) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        shared = "" if view.is_mine else f" (from {view.owner_name})"
        label = plain(f"{view.name}{shared}")
        navigation.link_to("cases", label=label, view=view.id, **_known(view, codes))
        if view.is_mine:
            st.button(
                "Delete",
                key=f"delete_view_{view.id}",
                type="tertiary",
                on_click=_delete,
                args=(view.id,),
            )


def _known(view: SavedViewView, codes: Codes) -> dict[str, str]:
    """Give the filters of a view that this list has; whoever saved it may have named any other."""
    return {
        name: value
        for name, value in view.filters.items()
        if name == SEARCH or value in codes.get(name, ())
    }


def _keep(filters: Mapping[str, str]) -> None:
    if not filters:
        st.caption("Set a filter, and it can be kept here under a name.")
        return
    name = st.text_input("Keep these filters as", key="view_name", max_chars=80)
    is_shared = st.checkbox("Share with colleagues", key="view_shared")
    st.button(
        "Keep",
        key="keep_view",
        disabled=not (name or "").strip(),
        on_click=_save,
        args=((name or "").strip(), dict(filters)),
        kwargs={"is_shared": is_shared},
    )


def _views() -> tuple[SavedViewView, ...]:
    return tuple(one for one in session.desk().client.views().views if one.page == "cases")


def _save(name: str, filters: dict[str, str], *, is_shared: bool) -> None:
    with problems_shown():
        request = ViewRequest(page="cases", name=name, filters=filters, is_shared=is_shared)
        session.desk().client.save_view(request)


def _delete(view_id: str) -> None:
    with problems_shown():
        session.desk().client.delete_view(view_id)
