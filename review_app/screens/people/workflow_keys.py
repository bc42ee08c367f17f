"""Keys of workflows: what each may do, a new one, and the end of one."""

from __future__ import annotations

import streamlit as st

from data.schemas.vocabulary import Scope
from review_app import formats, session
from review_app.components import page
from review_app.screens.people.person_form import wall_field, wall_words
from service.wire.accounts import KeyRequest, KeyView, NewKey
from service.wire.scope_words import SCOPE_WORDS, scopes_in_words

_SCOPES = (
    "Give as little as the program needs. read holds everything that the four to read hold; "
    "reference and assess together hold the four to write. One to write does not read."
)


def workflow_keys(*, may_change: bool) -> NewKey | None:
    """List every key; give a new one once it was made."""
    st.caption("A program calls the API with a key. No key ever decides a case.")
    found = session.desk().client.keys(cursor=page.cursor("keys"))
    keys = found.keys
    if not keys:
        page.empty("No workflow has a key.", next_step="Make one for the program that sends items.")
    chosen = page.table(
        {one.id: _row(one) for one in keys}, key="keys", alt="Every key there ever was",
        select="single-row" if may_change else None,
    ) if keys else []  # fmt: skip
    page.pager("keys", next_cursor=found.next_cursor)
    if not may_change:
        return None
    key = next((one for one in keys if [one.id] == chosen), None)
    if key is not None and not key.is_revoked:
        _revoke(key)
    return _new()


def _row(one: KeyView) -> dict[str, object]:
    made = formats.instant(one.created_at, zone=session.zone()) if one.created_at else "unknown"
    return {
        "For": one.name,
        "May": scopes_in_words(one.scopes),
        "Sees": wall_words(one.wall),
        "State": "revoked" if one.is_revoked else "in force",
        "Made": made,
    }


def _revoke(key: KeyView) -> None:
    if page.asked_confirmation(
        "Revoke the chosen key", key="key_revoke",
        question=f"{key.name}: whatever works with this key is refused from now on, for good.",
    ):  # fmt: skip
        session.desk().client.revoke_key(key.id)
        page.done(f"The key of {key.name} is revoked.")


def _new() -> NewKey | None:
    page.section("New key")
    with st.form("key", border=False, width=640, clear_on_submit=True):
        name = st.text_input("What is it for?", key="key_name", max_chars=200) or ""
        scopes = st.multiselect(
            "It may", list(Scope), key="key_scopes", placeholder="Nothing yet",
            format_func=lambda scope: f"{SCOPE_WORDS[scope]} ({scope})", help=_SCOPES,
        )  # fmt: skip
        wall = wall_field(None, "key")
        is_sent = st.form_submit_button("Make the key", type="primary", key="key_make")
    if not is_sent:
        return None
    if not name.strip() or not scopes:
        st.warning("Say what the key is for, and choose at least one thing it may do.")
        return None
    request = KeyRequest(name=name.strip(), scopes=tuple(scopes), wall=wall)
    return session.desk().client.make_key(request)
