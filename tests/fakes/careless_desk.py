"""The review app as it must not be: a press is replayed, and nothing checks what it was meant for.

Streamlit replays a callback when runs overlap; here every press is, on the case that came up after
it. It runs in the place of `review_app/app.py`, to show that hammering on the keys finds it.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from review_app import session
from review_app.components.worktop import Press
from review_app.launch import APP
from review_app.screens.deciding import pressing
from review_app.screens.deciding.asking import Ask
from review_app.screens.queue import page, steps


def _is_shown(_ask: Ask) -> bool:
    return True


def _press(pressed: Press, ask: Ask | None) -> None:
    steps.press(pressed, ask)
    claim = session.desk().workbench.current()
    if claim is not None:
        replayed = replace(pressed, stands=steps.stands(claim.detail))
        steps.press(replayed, page._ask(claim))


pressing.is_shown = _is_shown
page.press = _press

app = st.App(APP.with_name("desk.py"))
