"""Clients and business units there are to choose, asked for once a session."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from review_app import session

_KNOWN = "choices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What filters offer, as far as the reader may see it."""

    clients: dict[str, str]
    """Names by id."""
    business_units: tuple[str, ...]


def choices() -> Choices:
    """Give the clients and business units that the reader may choose."""
    if _KNOWN not in st.session_state:
        seen = session.desk().client.operations(days=1)
        st.session_state[_KNOWN] = Choices(
            clients={one.id: one.name for one in seen.clients}, business_units=seen.business_units
        )
    known: Choices = st.session_state[_KNOWN]
    return known
