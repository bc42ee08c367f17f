"""One person's access: the form that invites or changes them, and what is done to their log-in."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from data.schemas.vocabulary import Role
from review_app import session
from review_app.components import page
from review_app.screens.people.access_words import ROLE_WORDS
from service.wire.accounts import (
    AccountChange,
    AccountView,
    Invitation,
    InvitationRequest,
    WallView,
)

LOG_IN_RULE = ("^[a-z0-9][a-z0-9._@+-]{0,99}$", "Small letters and digits, . _ @ + - between them")

_TURN = "invite_turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form."""

    name: str
    email: str
    roles: tuple[Role, ...]
    is_trainee: bool
    is_active: bool
    wall: WallView
    subject: str | None

    def complaint(self) -> str | None:
        """Say what is missing."""
        if not self.name.strip():
            return "A name is missing."
        if not self.roles and self.is_active:
            return "Give at least one role, or shut the account."
        return None

    def change(self) -> AccountChange:
        """Give it as the API takes it."""
        return AccountChange(
            name=self.name.strip(), email=self.email.strip(), roles=self.roles,
            is_active=self.is_active, is_trainee=self.is_trainee, wall=self.wall,
            subject=self.subject,
        )  # fmt: skip


def invitation(*, has_outside_log_in: bool) -> Invitation | None:
    """Draw the form of a new person; give the invitation once it was sent."""
    st.caption(
        "They log in by the company's own log-in: give the name it knows them by."
        if has_outside_log_in
        else "They come in with a one-time password and choose their own at the first log-in."
    )
    turn = st.session_state.get(_TURN, 0)
    with st.form("invite", border=False, width=640):
        login = st.text_input("Log-in name", key=f"invite_login_{turn}", validate=LOG_IN_RULE)
        filled = _fields(None, f"invite_{turn}", has_outside_log_in=has_outside_log_in)
        is_sent = st.form_submit_button("Invite", type="primary", key="invite_send")
    if not is_sent:
        return None
    named = (login or "").strip().casefold()
    complaint = filled.complaint() or (None if named else "A log-in name is missing.")
    if complaint is not None:
        st.warning(complaint)
        return None
    invited = session.desk().client.invite(InvitationRequest(login=named, **dict(filled.change())))
    # The next invitation starts with empty fields.
    st.session_state[_TURN] = turn + 1
    return invited


def one_person(account: AccountView, *, has_outside_log_in: bool, may_change: bool) -> str | None:
    """Draw one person; give their new one-time password once one was made."""
    page.section(account.name)
    devices = "one device" if account.sessions == 1 else f"{account.sessions} devices"
    st.caption(f"{state_words(account).capitalize()}; logged in on {devices}.")
    is_self = account.person_id == session.desk().me.id
    if not may_change or is_self:
        _read(account, is_self=is_self and may_change)
        return None
    _change(account, has_outside_log_in=has_outside_log_in)
    with st.container(horizontal=True):
        return _log_in(account, has_outside_log_in=has_outside_log_in)


def _read(account: AccountView, *, is_self: bool) -> None:
    roles = ", ".join(ROLE_WORDS[role] for role in account.roles) or "no role"
    st.text(f"{account.login}: {roles}")
    if is_self:
        st.caption("Nobody changes their own access. Ask another administrator.")


def _change(account: AccountView, *, has_outside_log_in: bool) -> None:
    with st.form(f"person_{account.person_id}", border=False, width=640):
        filled = _fields(account, account.person_id, has_outside_log_in=has_outside_log_in)
        st.caption("Other roles or walls log the person out at once, on every device.")
        is_sent = st.form_submit_button("Save", type="primary", key="person_save")
    if not is_sent:
        return
    complaint = filled.complaint()
    if complaint is not None:
        st.warning(complaint)
        return
    session.desk().client.change_account(account.person_id, filled.change())
    page.done(f"Saved. {account.name} works with these rights from now on.")


def _log_in(account: AccountView, *, has_outside_log_in: bool) -> str | None:
    client = session.desk().client
    if not has_outside_log_in and page.asked_confirmation(
        "One-time password", key="person_reset",
        question=f"{account.name}'s password stops working, and they are logged out everywhere.",
    ):  # fmt: skip
        return client.give_one_time_password(account.person_id).one_time_password
    if account.sessions and page.asked_confirmation(
        f"Log out everywhere ({account.sessions})", key="person_log_out",
        question=f"{account.name} is logged out on every device at once.",
    ):  # fmt: skip
        client.log_person_out(account.person_id)
        page.done(f"{account.name} is logged out everywhere.")
    return None


def _fields(account: AccountView | None, key: str, *, has_outside_log_in: bool) -> Filled:
    name = st.text_input("Name", value=account.name if account else "", key=f"name_{key}",
                         max_chars=200)  # fmt: skip
    email = st.text_input("E-mail", value=account.email if account else "", key=f"email_{key}",
                          max_chars=200)  # fmt: skip
    roles = st.multiselect(
        "Roles", list(Role), default=list(account.roles if account else ()), key=f"roles_{key}",
        format_func=lambda role: ROLE_WORDS[role], placeholder="None yet",
    )  # fmt: skip
    wall = wall_field(account.wall if account else None, key)
    subject = account.subject or "" if account else ""
    if has_outside_log_in:
        subject = st.text_input(
            "Name at the company's log-in", value=subject, key=f"subject_{key}",
            help="The subject (sub) that the log-in gives for this person; ask who keeps it.",
        )  # fmt: skip
    is_trainee = st.toggle("Trainee: a second person decides the same cases", key=f"trainee_{key}",
                           value=bool(account and account.is_trainee))  # fmt: skip
    is_active = st.toggle("May log in", value=account is None or account.is_active,
                          key=f"active_{key}")  # fmt: skip
    return Filled(
        name=name or "", email=email or "", roles=tuple(roles), is_trainee=is_trainee,
        is_active=is_active, wall=wall, subject=(subject or "").strip() or None,
    )  # fmt: skip


def wall_field(kept: WallView | None, key: str) -> WallView:
    """Draw what somebody is held to; nothing chosen stands for everything."""
    wall, sides = kept or WallView(), session.desk().client.sides()
    names = {one.id: f"{one.name} ({one.id})" for one in sides.clients}
    clients = _held(
        "Held to these clients", wall.client_ids, options=list(names), names=names,
        key=f"clients_{key}",
    )  # fmt: skip
    units = _held(
        "Held to these business units", wall.business_units, options=list(sides.business_units),
        names={}, key=f"units_{key}",
    )  # fmt: skip
    return WallView(client_ids=clients, business_units=units)


def _held(
    label: str,
    kept: tuple[str, ...] | None,
    *,
    options: list[str],
    names: dict[str, str],
    key: str,
) -> tuple[str, ...] | None:
    every = [*options, *(name for name in kept or () if name not in options)]
    chosen = st.multiselect(
        label, every, default=list(kept or ()), key=key, placeholder="Everything",
        format_func=lambda one: names.get(one, one),
    )  # fmt: skip
    # An empty list that was stored on purpose hides everything; the form must not open it.
    return tuple(chosen) or (kept if kept == () else None)


def state_words(one: AccountView) -> str:
    """Say in words how it stands with an account."""
    if not one.is_active:
        return "shut"
    words = [
        "trainee" if one.is_trainee else "",
        "locked for now" if one.locked_until else "",
        "one-time password waits" if one.must_change_password else "",
        "away" if one.absent_until else "",
    ]
    return ", ".join(word for word in words if word) or "active"


def wall_words(wall: WallView) -> str:
    """Say what lies on somebody's side."""
    sides = (("clients", wall.client_ids), ("units", wall.business_units))
    held = [f"{word} {', '.join(names) or 'none'}" for word, names in sides if names is not None]
    return "; ".join(held) or "everything"
