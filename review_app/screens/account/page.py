"""My account: my password, where I am logged in, and how the pages read and work for me."""

from __future__ import annotations

import streamlit as st

from review_app import formats, session
from review_app.components import page
from review_app.notices import problems_shown
from review_app.screens.account.devices import device_words
from review_app.screens.account.my_channels import channels
from review_app.screens.account.my_keys import my_keys
from review_app.screens.account.my_reading import reading
from review_app.screens.people.access_words import ROLE_WORDS
from service.wire.access import Me
from service.wire.accounts import SessionView


def account() -> None:
    """Show the tab that the address names, `?tab=Keys` and so on; only that one is loaded."""
    me = session.desk().me
    page.head("My account", facts=((me.name, _words(me)),))
    tabs = st.tabs(list(_TABS), key="tab", on_change="rerun", bind="query-params")
    for name, tab in zip(_TABS, tabs, strict=True):
        if tab.open:
            with tab, problems_shown():
                _TABS[name]()


def _words(me: Me) -> str:
    roles = ", ".join(ROLE_WORDS[role] for role in me.roles) or "no role"
    walls = "; some clients or units are hidden from you" if me.has_wall else ""
    return f"{roles}{walls}"


def _password() -> None:
    if not session.desk().me.has_password:
        page.empty(
            "You log in by your company's own log-in.",
            next_step="Change your password there; we know none of yours.",
        )
        return
    st.caption(
        "At least 12 characters; a short sentence is good. Signs and digits are not needed. "
        "Your other devices are logged out when you change it."
    )
    with st.form("password", border=False, width=480, clear_on_submit=True):
        current = st.text_input(
            "Current password", type="password", autocomplete="current-password",
            key="password_current", max_chars=1_000,
        )  # fmt: skip
        new = st.text_input("New password", type="password", autocomplete="new-password",
                            key="password_new", max_chars=1_000)  # fmt: skip
        again = st.text_input(
            "New password once more", type="password", autocomplete="new-password",
            key="password_again", max_chars=1_000,
        )  # fmt: skip
        is_sent = st.form_submit_button("Change password", type="primary", key="password_send")
    if is_sent:
        _change_password(current or "", new or "", again or "")


def _change_password(current: str, new: str, again: str) -> None:
    if not current or not new:
        st.warning("Type your current password, and the new one twice.")
    elif new != again:
        st.warning("The new password was not typed the same way twice. Nothing was changed.")
    else:
        session.desk().client.change_password(current=current, new=new)
        page.done("Your password is changed. Your other devices are logged out.")


def _devices() -> None:
    for one in session.desk().client.my_sessions().sessions:
        _device(one)
    st.caption("A session ends after 30 minutes without use, and after 10 hours in any case.")
    is_meant = page.asked_confirmation(
        "Log out everywhere", key="log_out_everywhere",
        question="Every device is logged out at once, this one as well.",
    )  # fmt: skip
    if is_meant:
        session.desk().workbench.close()
        session.desk().client.log_out_everywhere()
        session.end()
        st.rerun()


def _device(one: SessionView) -> None:
    zone = session.zone()
    with st.container(border=True, key=f"session_{one.id}"):
        st.text(device_words(one.device) + (" · this device" if one.is_current else ""))
        opened = formats.instant(one.opened_at, zone=zone)
        seen = formats.instant(one.last_seen_at, zone=zone)
        st.caption(f"Logged in {opened}, last used {seen}")


_TABS = {
    "Password": _password,
    "Devices": _devices,
    "Reading": reading,
    "Keys": my_keys,
    "Notifications": channels,
}
