"""How dates, amounts and texts read for me."""

from __future__ import annotations

from zoneinfo import available_timezones

import streamlit as st

from review_app import clock, formats, session
from review_app.components import page
from service.wire.preferences import Preferences

LOCALES = {
    "": "As my browser says",
    "en-GB": "English, day first (United Kingdom)",
    "en-US": "English, month first (United States)",
    "de-AT": "German way of writing figures (Austria)",
    "de-DE": "German way of writing figures (Germany)",
    "de-CH": "German way of writing figures (Switzerland)",
    "fr-FR": "French way of writing figures (France)",
    "es-ES": "Spanish way of writing figures (Spain)",
    "it-IT": "Italian way of writing figures (Italy)",
    "nl-NL": "Dutch way of writing figures (Netherlands)",
}
_AS_BROWSER = "As my browser says"


def reading() -> None:
    """Draw the form; what is saved holds from the next page on."""
    kept = session.desk().me.preferences
    zones = ["", *sorted(available_timezones())]
    locales = list(LOCALES | ({kept.locale: kept.locale} if kept.locale not in LOCALES else {}))
    with st.form("reading", border=False, width=480):
        locale = st.selectbox(
            "Dates and figures", locales, index=locales.index(kept.locale), key="reading_locale",
            format_func=lambda one: LOCALES.get(one, one),
        )  # fmt: skip
        zone = st.selectbox(
            "Time zone", zones, index=zones.index(kept.time_zone), key="reading_zone",
            format_func=lambda one: one.replace("_", " ") or _AS_BROWSER,
        )  # fmt: skip
        hides = st.toggle(
            "Leave out the summary of a case", value=kept.hides_summary, key="reading_summary"
        )
        now = formats.instant(clock.now(), zone=session.zone())
        st.caption(f"As it is now: {now}, {formats.money(123450, currency='EUR')}")
        is_sent = st.form_submit_button("Save", type="primary", key="reading_save")
    if is_sent:
        change = {"locale": locale or "", "time_zone": zone or "", "hides_summary": hides}
        save(kept.model_copy(update=change), said="Saved. Pages read this way from now on.")
    if kept.has_seen_guide:
        st.button("Show the guided first case again", key="reading_guide", on_click=_show_guide)


def save(preferences: Preferences, *, said: str) -> None:
    """Store what the person chose, and draw the page with it."""
    session.desk().client.save_preferences(preferences)
    session.refresh_me()
    page.done(said)


def _show_guide() -> None:
    kept = session.desk().me.preferences
    session.desk().client.save_preferences(kept.model_copy(update={"has_seen_guide": False}))
    session.refresh_me()
