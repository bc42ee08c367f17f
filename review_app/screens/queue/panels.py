"""Panels over the card: snooze, relatives, recent decisions; one key opens each, Escape closes."""

from __future__ import annotations

import streamlit as st

from review_app import session
from review_app.keys import Step
from review_app.screens.deciding.asking import Ask
from review_app.screens.deciding.pressing import press_button
from review_app.screens.queue import recent, related, snooze
from service.wire.cases import Claim


def draw(panel: Step, ask: Ask, claim: Claim) -> None:
    """Draw one panel in the place of the verdicts: while it is open no letter decides."""
    with st.container(key="desk_panel", border=True):
        if panel is Step.SNOOZE:
            snooze.draw(ask, claim)
        elif panel is Step.RELATED:
            related.draw(ask.detail.case)
        else:
            recent.draw()
        press_button(ask, session.keys()[Step.CANCEL], name="close_panel", act=_close)


def _close(_ask: Ask) -> None:
    session.set_draft()
