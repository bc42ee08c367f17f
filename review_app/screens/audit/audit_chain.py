"""Whether the audit trail is whole: the signed head, and how far the entries were checked."""

from __future__ import annotations

import streamlit as st

from data.definitions import explain
from review_app import formats, session
from review_app.components import page
from review_app.notices import plain
from service.wire.audit import AuditVerification

_CHECKED = "audit_checked"


def chain() -> None:
    """Say in words what a check found: one when the page opens, and one for each press."""
    found = st.session_state.get(_CHECKED)
    if not isinstance(found, AuditVerification):
        found = st.session_state[_CHECKED] = session.desk().client.audit_verification()
    with st.container(horizontal=True, vertical_alignment="center"):
        _badge(found)
        st.markdown(plain(sentence(found)))
        label = "Check again" if found.is_complete else "Check on"
        st.button(label, key="audit_check", icon=":material/fact_check:", on_click=_forget)
    for one in found.problems:
        times = f" ({formats.count(one.count)} times)" if one.count > 1 else ""
        st.error(plain(f"{one.what}{times} {one.why} {one.remedy}"), icon=":material/error:")
    with st.expander("The signed head", key="audit_head"):
        _head(found)


def sentence(found: AuditVerification) -> str:
    """Say in one or two sentences what a check has shown."""
    checked, signed = formats.count(found.entries_checked), formats.count(found.entries_signed)
    waiting = formats.count(found.entries_waiting)
    rest = f" {waiting} newer entries wait for the next signature." if found.entries_waiting else ""
    if not found.is_whole:
        return f"{checked} of {signed} signed entries were read, and not all is as it was signed."
    if not found.is_complete:
        return f"{checked} of {signed} signed entries are as they were written; check on.{rest}"
    return f"All {signed} signed entries are as they were written.{rest}"


def _forget() -> None:
    st.session_state.pop(_CHECKED, None)


def _badge(found: AuditVerification) -> None:
    if not found.is_whole:
        st.badge("Not whole", icon=":material/gpp_bad:", color="red")
    elif found.is_complete:
        st.badge("Whole", icon=":material/verified_user:", color="green")
    else:
        st.badge("Whole so far", icon=":material/hourglass_top:", color="blue")


def _head(found: AuditVerification) -> None:
    st.caption(explain("audit_head"))
    if found.signed_at is None:
        page.empty("Nothing is signed yet.", next_step="The first head is signed within seconds.")
        return
    zone = session.zone()
    st.markdown(
        plain(
            f"Signed {formats.instant(found.signed_at, zone=zone)} over "
            f"{formats.count(found.entries_signed)} entries, with the root"
        )
    )
    st.code(found.root, language=None)
    st.caption(
        "Compare it with a copy kept elsewhere: `countersign audit verify` checks every entry "
        "against every head that was ever kept, without this service."
    )
