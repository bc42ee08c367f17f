"""What every key does, in a sheet to read."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import Verdict
from review_app import navigation, session
from review_app.components.sheet import sheet_html
from review_app.keys import Step

_ASKED = "key_sheet_asked"
OTHERS = (
    ("1 to 9, 0", "The reason with that number, once a verdict asks for one"),
    ("?", "This sheet"),
    ("Tab, Shift + Tab", "From one control to the next, and back"),
    ("Escape", "Out of a field; then back to the verdicts"),
)


def ask() -> None:
    """Ask for the sheet in the run that follows."""
    st.session_state[_ASKED] = True


def is_asked() -> bool:
    """Say, once, whether the sheet was asked for."""
    return bool(st.session_state.pop(_ASKED, False))


@st.dialog("Keys", width="medium", on_dismiss="ignore")
def show() -> None:
    """Show the sheet; while it is open no letter decides anything."""
    keys = session.keys()
    verdicts = [(keys[one].shortcut, keys[one].label, keys[one].help) for one in Verdict]
    steps = [
        (keys[one].shortcut, keys[one].label, keys[one].help)
        for one in Step
        if one is not Step.CANCEL
    ]
    st.html(sheet_html(verdicts=verdicts, steps=steps, others=OTHERS))
    navigation.link_to("account", label="Choose other keys, or switch them off", tab="Keys")
