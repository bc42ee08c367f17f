"""The audit trail: search it by an address, see whether it is whole, take evidence along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import streamlit as st

from data.schemas.vocabulary import AuditEvent
from review_app import formats, navigation, session
from review_app.components import page
from review_app.notices import problems_shown
from review_app.screens.audit.audit_chain import chain
from review_app.screens.audit.audit_entry import entry
from service.wire.audit import AuditEntryView, AuditPage, AuditQuery, EntryOrder

LIST = "audit"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
"""Without bounds of its own a calendar ends ten years from today."""
FILTERS = ("q", "subject", "actor", "event", "from", "to")


def audit() -> None:
    """Show whether the trail is whole, then the entries that the address asks for."""
    page.head("Audit")
    if session.desk().me.has_wall:
        _behind_a_wall()
        return
    with problems_shown():
        chain()
    page.section("Entries", help_name="audit_entry")
    asked = _filters()
    with problems_shown():
        wanted = AuditQuery.model_validate(asked)
        wanted = wanted.model_copy(
            update={
                "order": EntryOrder.NEWEST,
                "cursor": page.cursor(LIST, asked),
                "limit": page.PAGE,
            }
        )
        found = session.desk().client.audit_events(wanted)
        _list(found, is_filtered=bool(asked))
        page.pager(LIST, next_cursor=found.next_cursor)
        _export(wanted)


def row(one: AuditEntryView) -> dict[str, str]:
    """Give one line of the list."""
    body = one.body
    return {
        "Place": "waits" if one.index is None else formats.count(one.index),
        "When": formats.instant(datetime.fromisoformat(body["at"]), zone=session.zone()),
        "What": formats.words(body["event"]),
        "Who": one.actor_name or body["actor"],
        "About": body["subject"],
        "Facts": ", ".join(_facts(body.get("facts", {}))),
    }


def _facts(facts: Mapping[str, object]) -> Iterator[str]:
    """What a line has room for: hashes are read in the whole entry."""
    for name, told in facts.items():
        if not name.endswith("sha256") and told not in (None, False, [], {}):
            yield f"{formats.words(name).lower()} {told}"


def _behind_a_wall() -> None:
    page.empty(
        "The audit trail tells of every client, and no wall can cut it.",
        next_step="Ask an administrator for access without walls; the history of each case you "
        "may see stands on the case.",
    )
    navigation.link_to_cases()


def _filters() -> dict[str, Any]:
    """Draw the filters, each a part of the address; give those that are set."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Search", key="q", type="search", live="300ms",
                             placeholder="Any part of an entry", bind="query-params")  # fmt: skip
        subject = st.text_input("About", key="subject", placeholder="C-000123", bind="query-params")
        actor = st.text_input("Who", key="actor", placeholder="person-ana", bind="query-params",
                              help="The id of a person, a key, 'policy' or 'worker'.")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        event = st.selectbox("What", [one.value for one in AuditEvent], index=None,
                             placeholder="All", format_func=formats.words, key="event",
                             bind="query-params")  # fmt: skip
        since = st.date_input("From", None, EARLIEST, LATEST, key="from", bind="query-params")
        until = st.date_input(
            "Until, included", None, EARLIEST, LATEST, key="to", bind="query-params"
        )
        st.button("Clear", on_click=_clear, key="audit_clear")
    st.caption(f"Days begin at midnight in your time zone, {session.zone()}.")
    given = {
        "q": (text or "").strip() or None,
        "subject": (subject or "").strip() or None,
        "actor": (actor or "").strip() or None,
        "event": event,
        "from": _midnight(since),
        "to": _midnight(until + timedelta(days=1)) if until else None,
    }
    return {name: one for name, one in given.items() if one is not None}


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=session.zone())


def _clear() -> None:
    for name in FILTERS:
        st.session_state[name] = None if name in {"event", "from", "to"} else ""


def _narrow(name: str, value: str) -> None:
    _clear()
    st.session_state[name] = value


def _list(found: AuditPage, *, is_filtered: bool) -> None:
    if not found.entries:
        step = "Take one away to see more." if is_filtered else "Whatever is done stands here."
        page.empty("No entry passes these filters.", next_step=step)
        return
    by_id = {str(one.id): one for one in found.entries}
    chosen = page.table(
        {name: row(one) for name, one in by_id.items()},
        key=LIST,
        select="single-row",
        right=("Place",),
        alt="Entries of the audit trail, newest first",
    )
    if chosen:
        entry(by_id[chosen[0]], narrow=_narrow)
    else:
        st.caption("Select an entry to read all of it and to take evidence along.")


def _export(wanted: AuditQuery) -> None:
    asked = wanted.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"order", "cursor", "limit"}
    )
    client = session.desk().client
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, ending, mime in (("CSV", "csv", "text/csv"), ("Excel", "xlsx", EXCEL)):
            page.download(
                label,
                partial(client.exported, "audit", ending=ending, **asked),
                key=f"audit_export_{ending}",
                file=f"audit.{ending}",
                mime=mime,
            )
        st.caption("All entries that pass the filters; that you took them is an entry itself.")
