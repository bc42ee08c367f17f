"""The sources that work is read from: how the last sync went, who sees to it, and read it now."""

from __future__ import annotations

from datetime import datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.schemas.vocabulary import SyncState
from review_app import clock, formats, session
from review_app.components import page
from review_app.components.colleagues import asked_colleague
from review_app.components.plain_table import plain_table
from review_app.notices import plain
from review_app.screens.exceptions.acting import may_mend
from service.wire.syncs import SyncRunView, SyncView

CHOSEN = "source"
"""The part of the address that names one."""
STATES = {
    SyncState.NEVER_RUN: "○ never read",
    SyncState.RUNNING: "… is being read",
    SyncState.WORKS: "✓ works",
    SyncState.FAILING: "⚠ fails",
    SyncState.OVERDUE: "⚠ overdue",
}


def sources() -> None:
    """List the sources; whichever is selected, or named in the address, is opened below."""
    page.section("Sources that work is read from")
    if session.desk().me.has_wall:
        st.caption("Shown to people without walls: what a source says may name any client.")
        return
    found = session.desk().client.syncs().syncs
    if not found:
        page.empty(
            "No source is read here.",
            next_step="Name some in COUNTERSIGN_SYNC_SOURCES, or read one: countersign sync tryton",
        )
        return
    chosen = page.table(
        {one.source: row(one) for one in found},
        key="sources",
        select="single-row",
        alt="Sources that work is read from",
    )
    name = chosen[0] if chosen else st.query_params.get(CHOSEN, "")
    if name in {one.source for one in found}:
        _opened(name)
    else:
        st.caption("Select one to see its last syncs, and to act on it.")


def row(one: SyncView) -> dict[str, str]:
    """Give one line of the list."""
    now = clock.now()
    return {
        "Source": one.source,
        "State": STATES[one.state],
        "Read well": formats.distance(now - one.done_at) if one.done_at else "never",
        "Next": next_of(one, now=now),
        "With": owner_of(one),
        "Why": one.told,
    }


def owner_of(one: SyncView) -> str:
    """Name who sees to a source; an owner without an account is a role in words."""
    return formats.words(one.owner_name) if one.owner_name == one.owner_id else one.owner_name


def next_of(one: SyncView, *, now: datetime) -> str:
    """Tell when a source is read next."""
    if one.state is SyncState.RUNNING:
        return "now"
    if one.next_due_at is None:
        return "in a moment" if one.every_seconds and one.began_at is None else "when asked for"
    return "in a moment" if one.next_due_at <= now else formats.distance(one.next_due_at - now)


def _opened(name: str) -> None:
    detail = session.desk().client.sync(name)
    one = detail.sync
    if one.failures:
        times = "once" if one.failures == 1 else f"{one.failures} times in a row"
        st.warning(
            plain(f"{one.source} failed {times}. {one.told} What to do: {one.remedy}"),
            icon=":material/warning:",
        )
    if may_mend():
        bar = st.container(horizontal=True)
        _sync_now(one, bar)
        _assign(one, bar)
    if detail.runs:
        plain_table(
            ("Began", "Took", "Ended", "What came"),
            [_run(run) for run in detail.runs],
            caption=f"The last syncs of {one.source}",
        )


def _run(run: SyncRunView) -> tuple[str, str, str, str]:
    return (
        formats.instant(run.began_at, zone=session.zone()),
        formats.distance(run.ended_at - run.began_at),
        formats.words(run.outcome),
        run.told or counts_in_words(run.counts),
    )


def counts_in_words(counts: dict[str, int]) -> str:
    """Give what a sync counted, without what came to nothing."""
    told = [f"{formats.words(name).lower()} {count}" for name, count in counts.items() if count]
    return ", ".join(told) or "nothing new"


def _sync_now(one: SyncView, bar: DeltaGenerator) -> None:
    is_possible = one.is_scheduled and one.state is not SyncState.RUNNING
    if bar.button("Sync now", key="source_run", icon=":material/sync:", disabled=not is_possible):
        session.desk().client.run_sync(one.source)
        page.done(f"{one.source} is read in a moment.")
    if not one.is_scheduled:
        st.caption(
            f"Read by hand only: countersign sync {one.source}. The worker reads what "
            "COUNTERSIGN_SYNC_SOURCES names."
        )


def _assign(one: SyncView, bar: DeltaGenerator) -> None:
    chosen = asked_colleague("source", place=bar)
    if chosen is not None:
        session.desk().client.assign_sync(one.source, person_id=chosen.id)
        page.done(f"{one.source} is with {chosen.name} now.")
