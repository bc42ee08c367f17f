"""How the reader wants figures and times: as they chose, else as their browser says."""

from __future__ import annotations

from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from babel import Locale, UnknownLocaleError
from streamlit.runtime.scriptrunner import get_script_run_ctx

USUAL_LOCALE = "en-GB"
"""For a reader of whom nothing is known."""
_LOCALE, _ZONE = "reader_locale", "reader_zone"


def remember(*, locale: str, time_zone: str) -> None:
    """Keep what the person chose in their preferences; empty means as the browser says."""
    st.session_state[_LOCALE], st.session_state[_ZONE] = locale, time_zone


def locale() -> Locale:
    """Give the reader's locale; outside a page the usual one."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return known_locale(USUAL_LOCALE)
    chosen: str = st.session_state.get(_LOCALE, "")
    return known_locale(chosen or st.context.locale or USUAL_LOCALE)


def zone() -> tzinfo:
    """Give the reader's time zone."""
    chosen: str = st.session_state.get(_ZONE, "")
    return known_zone(chosen or st.context.timezone or "UTC")


@lru_cache(maxsize=256)
def known_locale(tag: str) -> Locale:
    """Read a tag such as `de-AT`; an unknown one gives the usual locale, never an error."""
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(USUAL_LOCALE, sep="-")


@lru_cache(maxsize=256)
def known_zone(name: str) -> tzinfo:
    """Read an IANA name; an unknown one gives UTC, never an error."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
