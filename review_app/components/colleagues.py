"""Ask for a colleague: who is to see to something from now on."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from review_app import session
from service.wire.talk import Colleague


def asked_colleague(key: str, *, place: DeltaGenerator) -> Colleague | None:
    """Draw the button that hands something over; gives who was chosen, once."""
    people = {one.id: one for one in session.desk().client.colleagues().colleagues}
    with place.popover("Give to …", icon=":material/person_add:"):
        person_id = st.selectbox(
            "Who sees to it?", list(people), format_func=lambda name: _called(people[name]),
            index=None, key=f"{key}_assignee",
        )  # fmt: skip
        is_meant = st.button("Give", key=f"{key}_assign", disabled=person_id is None)
    return people[person_id] if is_meant and person_id is not None else None


def _called(one: Colleague) -> str:
    return one.name if one.away_until is None else f"{one.name} (away)"
