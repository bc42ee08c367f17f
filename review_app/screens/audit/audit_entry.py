"""One entry of the audit trail, and the evidence of the case it is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import streamlit as st

from review_app import navigation, session
from review_app.components import page
from review_app.notices import plain
from service.wire.audit import AuditEntryView

CASE = re.compile(r"C-\d{6,}")


def entry(one: AuditEntryView, *, narrow: Callable[[str, str], None]) -> None:
    """Show the whole entry as it is hashed; `narrow` lists what one filter lets through."""
    with st.container(border=True):
        place = "It waits for its place in the log." if one.index is None else ""
        st.markdown(plain(place or f"Entry {one.index} of the signed log, as it is hashed:"))
        st.json(one.body)
        with st.container(horizontal=True, vertical_alignment="center"):
            subject = str(one.body["subject"])
            if CASE.fullmatch(subject):
                navigation.link_to_case(subject)
                evidence(subject)
            actor = str(one.body["actor"])
            for label, name, value in (
                (f"All about {subject}", "subject", subject),
                (f"All by {one.actor_name or actor}", "actor", actor),
            ):
                st.button(plain(label), key=f"narrow_{name}", on_click=narrow, args=(name, value))


def evidence(case_id: str) -> None:
    """Offer the evidence of a case."""
    page.download(
        f"Evidence of {case_id}",
        partial(session.desk().client.evidence, case_id),
        key=f"evidence_{case_id}",
        file=f"{case_id}-evidence.zip",
        mime="application/zip",
    )
