"""Buttons that act only on the case that stands on the screen, and was there to be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from review_app import clock, session
from review_app.keys import Key
from review_app.screens.deciding.asking import Ask, stage_of

MIN_DWELL_SECONDS = 0.4
"""Nobody reads a case faster: an earlier key was meant for what stood there before."""


def press_button(
    ask: Ask, key: Key, *, name: str, act: Callable[..., None], args: tuple[Any, ...] = ()
) -> None:
    """Draw a button of one case; `act` gets the ask and the arguments."""
    case = ask.detail.case
    st.button(
        key.label,
        # Id and version make each case's button its own: a late key cannot reach the next case.
        key=f"{name}_{case.id}_{case.version}",
        shortcut=key.shortcut,
        # No tooltip: ten of them took the browser 25 ms on every case; the sheet of keys explains.
        on_click=guarded,
        args=(ask, act, args),
    )


def guarded(ask: Ask, act: Callable[..., None], args: tuple[Any, ...] = ()) -> None:
    """Act only if the case stands on the screen as it was drawn, and has stood for a moment.

    Streamlit replays an old button's callback when runs overlap, and keyboards repeat.
    """
    if is_shown(ask) and ask.is_open():
        act(ask, *args)


def is_shown(ask: Ask) -> bool:
    """Say whether what was asked stands on the screen and could have been read."""
    case, shown = ask.detail.case, session.presented()
    drawn = (case.id, case.version, stage_of(ask.detail))
    if shown is None or (shown.case_id, shown.version, shown.stage) != drawn:
        return False
    return clock.steady_seconds() - shown.since_seconds >= MIN_DWELL_SECONDS
