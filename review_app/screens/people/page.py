"""People and access: who may log in, what each may do, and the keys of workflows."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import Role
from review_app import formats, session
from review_app.components import page
from review_app.notices import plain, problems_shown
from review_app.screens.people.access_words import ABILITIES, ROLE_WORDS
from review_app.screens.people.person_form import invitation, one_person, state_words, wall_words
from review_app.screens.people.workflow_keys import workflow_keys
from service.wire.accounts import AccountPage, AccountView

_SECRET = "people_secret"  # noqa: S105 - the name of a place


def people() -> None:
    """Show the tab that the address names, `?tab=Keys` and so on; only that one is loaded."""
    page.head("People and access")
    _show_secret()
    names = _TABS if may_change() else {name: _TABS[name] for name in _TABS if name != "Invite"}
    tabs = st.tabs(list(names), key="tab", on_change="rerun", bind="query-params")
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            with tab, problems_shown():
                names[name]()


def may_change() -> bool:
    """Say whether the person gives access; whoever does not, reads who has it."""
    return Role.ADMIN in session.desk().me.roles


def show_once(*, what: str, secret: str, said: str) -> None:
    """Keep a secret on the screen until its reader has put it away, and draw the page anew."""
    st.session_state[_SECRET] = (what, secret)
    page.done(said)


def _show_secret() -> None:
    shown: tuple[str, str] | None = st.session_state.get(_SECRET)
    if shown is None:
        return
    what, secret = shown
    with st.container(border=True, key="secret"):
        st.markdown(plain(what))
        st.code(secret, language=None)
        st.caption("It is shown this once. Pass it on by a way that only that person reads.")
        st.button("I have it", key="secret_read", on_click=st.session_state.pop, args=(_SECRET,))


def _everybody() -> None:
    found = session.desk().client.accounts(cursor=page.cursor("people"))
    if found.has_outside_roles:
        st.caption(
            "The company's directory gives roles: what is changed here holds until the person's "
            "next log-in. Walls, trainees and shut accounts are kept here."
        )
    chosen = page.table(
        {one.person_id: _row(one) for one in found.accounts}, key="people", select="single-row",
        alt="Everybody who may log in, or once could",
    )  # fmt: skip
    page.pager("people", next_cursor=found.next_cursor)
    named = chosen[0] if chosen else st.query_params.get("person")
    account = next((one for one in found.accounts if one.person_id == named), None)
    if account is None:
        st.caption("Choose a person to see or change what they may do.")
        return
    st.query_params["person"] = account.person_id
    _person(account, found)


def _person(account: AccountView, found: AccountPage) -> None:
    secret = one_person(
        account, has_outside_log_in=found.has_outside_log_in, may_change=may_change()
    )
    if secret is not None:
        show_once(
            what=f"One-time password of {account.name}, log-in name {account.login}",
            secret=secret,
            said=f"{account.name} chooses an own password at the next log-in.",
        )


def _row(one: AccountView) -> dict[str, object]:
    return {
        "Name": one.name,
        "Log-in": one.login,
        "Roles": ", ".join(ROLE_WORDS[role] for role in one.roles),
        "Sees": wall_words(one.wall),
        "State": state_words(one),
        "Last used": formats.instant(one.last_seen_at, zone=session.zone())
        if one.last_seen_at
        else "not logged in",
    }


def _invite() -> None:
    invited = invitation(
        has_outside_log_in=session.desk().client.accounts(limit=1).has_outside_log_in
    )
    if invited is None:
        return
    account = invited.account
    if invited.one_time_password is None:
        page.done(f"{account.name} can log in by the company's log-in.")
        return
    show_once(
        what=f"One-time password of {account.name}, log-in name {account.login}",
        secret=invited.one_time_password,
        said=f"{account.name} is invited.",
    )


def _keys() -> None:
    made = workflow_keys(may_change=may_change())
    if made is not None:
        show_once(what=f"Key of {made.key.name}", secret=made.secret, said="The key is made.")


def _who_may_what() -> None:
    st.caption(
        "What a role allows, everywhere in the product. Walls by client and business unit cut "
        "each line down to what lies on the person's side. Nobody changes their own roles."
    )
    rows = {
        ability.words: {"May": ability.words}
        | {ROLE_WORDS[role]: "yes" if role in ability.roles else "–" for role in Role}  # noqa: RUF001 - a dash
        for ability in ABILITIES
    }
    page.table(rows, key="abilities", alt="Which role may do what")


_TABS = {
    "People": _everybody,
    "Invite": _invite,
    "Keys": _keys,
    "Who may what": _who_may_what,
}
