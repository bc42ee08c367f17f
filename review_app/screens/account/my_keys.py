"""Which letter does what for me; or none at all."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from review_app import session
from review_app.keys import FIXED, KEYS, may_be_key
from review_app.screens.account.my_reading import save

COLUMNS = 3
LABELS = {str(action): key.label for action, key in KEYS.items() if action not in FIXED}
USUAL = {str(action): key.shortcut or "" for action, key in KEYS.items() if action not in FIXED}
_TURN = "keys_turn"


def my_keys() -> None:
    """Draw a field for each action; two actions never share a letter."""
    kept = session.desk().me.preferences
    st.caption(
        "Letters work in the queue while no field has the focus. C and R belong to the page "
        "itself. Whoever speaks to their computer may want to switch the letters off."
    )
    turn = st.session_state.get(_TURN, 0)
    with st.form("keys", border=False):
        are_on = st.toggle("Letters decide", value=kept.are_keys_on, key=f"keys_on_{turn}")
        letters = _fields(kept.keys, turn)
        with st.container(horizontal=True):
            is_sent = st.form_submit_button("Save", type="primary", key="keys_save")
            is_reset = st.form_submit_button("Back to the usual letters", key="keys_reset")
    if is_reset:
        # A new turn has new fields; the old ones would keep what was typed.
        st.session_state[_TURN] = turn + 1
        save(kept.model_copy(update={"keys": {}, "are_keys_on": True}), said="The usual letters.")
    complaint = why_not(letters) if is_sent else None
    if complaint is not None:
        st.warning(complaint)
    elif is_sent:
        own = {name: letter for name, letter in letters.items() if letter != USUAL[name]}
        save(kept.model_copy(update={"keys": own, "are_keys_on": are_on}), said="Saved.")


def _fields(chosen: Mapping[str, str], turn: int) -> dict[str, str]:
    columns = st.columns(COLUMNS)
    letters = {}
    for place, (name, label) in enumerate(LABELS.items()):
        typed = columns[place % COLUMNS].text_input(
            label, value=chosen.get(name) or USUAL[name], max_chars=1, key=f"keys_{name}_{turn}"
        )
        letters[name] = (typed or "").upper()
    return letters


def why_not(letters: Mapping[str, str]) -> str | None:
    """Say what is wrong with a choice of letters; None when it works."""
    for name, letter in letters.items():
        if not may_be_key(letter):
            what = f"'{letter}' cannot be a key" if letter else "a key is missing"
            return f"{LABELS[name]}: {what}. Give one letter from A to Z, but not C or R."
        rivals = [LABELS[other] for other, its in letters.items() if its == letter]
        if len(rivals) > 1:
            return f"{letter} cannot do two things: {' and '.join(rivals)}."
    return None
