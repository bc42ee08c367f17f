"""Parts that every page is made of: its head, tiles, tables with pages, and questions before acts.

An act asks first (`asked_reason`, `asked_confirmation`), then does it, then calls `done`: one
question is open at a time, and it stays open with what was typed until the act succeeded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import streamlit as st

from data.definitions import DEFINITIONS, explain
from review_app import clock, formats, session
from review_app.components.card import line_html, template
from review_app.notices import plain, problems_shown

PAGE = 50
"""Rows of one page of a table; the server gives no more at once."""
SECONDS_BETWEEN_LOOKS = 30
REST_AFTER_SECONDS = 900
_DONE, _ASKED, _CURSORS, _LOOKS = "page_done", "page_asked", "page_cursors", "page_looks"


def head(title: str, *, facts: Sequence[tuple[str, str]] = (), state: str = "") -> None:
    """Draw the name of the page with its figures, then what was done last."""
    st.html(line_html(title=title, facts=facts, state=state))
    said, trouble = st.session_state.pop(_DONE, ("", ()))
    if said:
        st.success(plain(said), icon=":material/check_circle:")
    for one in trouble:
        st.error(plain(one), icon=":material/error:")


def as_of(moment: datetime) -> str:
    """`as of 14:30 CET`: how old what is shown is."""
    zone = session.zone()
    return f"as of {formats.clock(moment, zone=zone)} {moment.astimezone(zone).tzname()}"


def tabbed(tabs: Mapping[str, Callable[[], None]], *, key: str = "tab") -> None:
    """Draw the tab that the address names, `?tab=Name`; only that one is loaded."""
    drawn = st.tabs(list(tabs), key=key, on_change="rerun", bind="query-params")
    for draw, tab in zip(tabs.values(), drawn, strict=True):
        if tab.open:
            with tab:
                draw()


def tile(name: str, figure: str, *, note: str = "", place: Any = st) -> None:  # noqa: ANN401 - Streamlit's containers share no public type
    """Draw a figure under the title of its definition, with what it means one click away.

    Sums of several currencies, joined by plus signs, stand below each other.
    """
    drawn = template("tile.html.jinja").render(
        title=DEFINITIONS[name].title, told=explain(name), lines=figure.split(" + "), note=note
    )
    place.html(drawn)


def section(title: str, *, help_name: str | None = None) -> None:
    """Draw the heading of a part of the page; `help_name` is a definition told under it."""
    told = explain(help_name) if help_name else ""
    st.html(template("section.html.jinja").render(title=title, told=told))


def empty(text: str, *, next_step: str = "") -> None:
    """Say that there is nothing here, and what to do about it."""
    st.info(plain(f"{text} {next_step}".strip()), icon=":material/info:")


def quote(text: str) -> None:
    """Draw what stands in a document, word for word."""
    st.html(template("quote.html.jinja").render(text=" ".join(text.split())))


def not_measured(text: str) -> None:
    """Say plainly what this page does not know yet."""
    st.caption(plain(f"Not measured yet: {text}"))


def table(
    rows: Mapping[str, Mapping[str, object]],
    *,
    key: str,
    select: Literal["single-row", "multi-row"] | None = None,
    right: Sequence[str] = (),
    alt: str | None = None,
) -> list[str]:
    """Draw rows by their ids, and give the ids of those selected.

    `right` names the columns of figures. What is selected is a position, which must not move to
    another row when the rows change: the widget lives and dies with the ids shown. Without rows
    nothing is drawn: the page says in words what is empty.
    """
    if not rows:
        return []
    ids = list(rows)
    drawn = f"{key}_{abs(hash(tuple(ids)))}"
    columns = {name: st.column_config.TextColumn(alignment="right") for name in right}
    if select is None:
        st.dataframe(
            list(rows.values()), key=drawn, hide_index=True, column_config=columns, alt=alt
        )
        return []
    chosen = st.dataframe(
        list(rows.values()), key=drawn, hide_index=True, column_config=columns, alt=alt,
        on_select="rerun", selection_mode=select,
    )  # fmt: skip
    return [ids[position] for position in chosen["selection"]["rows"]]


def cursor(key: str, filters: object = None) -> str | None:
    """Give the cursor of the page of a list that is shown; another filter starts at the first."""
    kept = st.session_state.get(f"{_CURSORS}_{key}")
    if kept is None or kept[0] != filters:
        st.session_state[f"{_CURSORS}_{key}"] = (filters, [None])
        return None
    shown: str | None = kept[1][-1]
    return shown


def pager(key: str, *, next_cursor: str | None) -> None:
    """Draw the buttons that turn a list's pages; none when there is one page only."""
    filters, cursors = st.session_state[f"{_CURSORS}_{key}"]
    if len(cursors) == 1 and next_cursor is None:
        return

    def turn(to: list[str | None]) -> None:
        st.session_state[f"{_CURSORS}_{key}"] = (filters, to)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Back", key=f"{key}_back", disabled=len(cursors) == 1, on_click=turn,
                  args=(cursors[:-1],))  # fmt: skip
        st.button("More", key=f"{key}_more", disabled=next_cursor is None, on_click=turn,
                  args=([*cursors, next_cursor],))  # fmt: skip
        st.caption(f"Page {len(cursors)}")


def download(label: str, content: Callable[[], bytes], *, key: str, file: str, mime: str) -> None:
    """Draw a download; its content is fetched when it is asked for."""
    st.download_button(label, content, file_name=file, mime=mime, key=key, on_click="ignore",
                       icon=":material/download:")  # fmt: skip


def asked_reason(
    label: str,
    *,
    key: str,
    question: str,
    place: Any = st,  # noqa: ANN401 - Streamlit's containers share no public type
    **button: Any,  # noqa: ANN401 - passed on to st.button
) -> str | None:
    """Draw a button that asks for a reason first; give the reason once it was confirmed.

    The button stands in `place`, the question where this is called.
    """
    if not _is_open(label, key=key, place=place, **button):
        return None
    with st.form(f"{key}_form"):
        st.markdown(plain(question))
        reason: str = st.text_area("Reason", key=f"{key}_reason", max_chars=1_000, height=80)
        is_confirmed = _answered(label, key=key)
    if is_confirmed and not reason.strip():
        st.warning("Say why, in a few words; it goes into the audit trail.")
        return None
    return reason.strip() if is_confirmed else None


def asked_confirmation(
    label: str,
    *,
    key: str,
    question: str,
    place: Any = st,  # noqa: ANN401 - Streamlit's containers share no public type
    **button: Any,  # noqa: ANN401 - passed on to st.button
) -> bool:
    """Draw a button that asks whether it is meant; say whether it was confirmed."""
    if not _is_open(label, key=key, place=place, **button):
        return False
    with st.form(f"{key}_form"):
        st.markdown(plain(question))
        return _answered(label, key=key)


def done(said: str, *, trouble: Sequence[str] = ()) -> None:
    """Close the open question, and draw the page anew with what was done and what was not."""
    st.session_state.pop(_ASKED, None)
    st.session_state[_DONE] = (said, tuple(trouble))
    st.rerun()


def live(draw: Callable[[], None], *, key: str, seconds: int) -> None:
    """Draw a part of the page again every few seconds.

    It rests after a quarter of an hour without a touch: a page left open must not keep its
    session alive.
    """
    name = f"{_LOOKS}_{key}"
    st.session_state[name] = 0

    def look() -> None:
        looks = st.session_state.get(name, 0)
        st.session_state[name] = looks + 1
        if looks * seconds <= REST_AFTER_SECONDS:
            with problems_shown():
                draw()
        elif st.button("Look again", key=f"{key}_look_again"):
            st.rerun()

    st.fragment(look, run_every=seconds)()


def refresh_when(changed: Callable[[], bool], *, key: str) -> None:
    """Draw the page anew once what it shows has changed; not while somebody is asked something."""
    begun = clock.steady_seconds()

    def look() -> None:
        is_first = clock.steady_seconds() - begun < SECONDS_BETWEEN_LOOKS / 2
        if not is_first and st.session_state.get(_ASKED) is None and changed():
            st.rerun()

    live(look, key=key, seconds=SECONDS_BETWEEN_LOOKS)


def _is_open(label: str, *, key: str, place: Any, **button: Any) -> bool:  # noqa: ANN401 - passed on
    def ask() -> None:
        st.session_state[_ASKED] = key

    place.button(label, key=key, on_click=ask, **button)
    return st.session_state.get(_ASKED) == key


def _answered(label: str, *, key: str) -> bool:
    def close() -> None:
        st.session_state.pop(_ASKED, None)

    with st.container(horizontal=True):
        is_confirmed: bool = st.form_submit_button(label, type="primary", key=f"{key}_confirmed")
        st.form_submit_button("Cancel", on_click=close, key=f"{key}_cancelled")
    return is_confirmed
