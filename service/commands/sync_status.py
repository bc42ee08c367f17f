"""Tell at the shell how the sources fare that work is read from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from data.schemas.vocabulary import SyncState
from service.clock import SystemClock
from service.commands.opened import opened_for_reading
from service.settings import Settings
from service.usecases.syncing.show_syncs import syncs_view
from service.wire.syncs import SyncsView, SyncView
from service.wiring.sync_plan import sync_plan_of


def syncs_status(settings: Settings) -> SyncsView:
    """Give every source that is read or is to be. Raises NotConfiguredError."""
    plan, now = sync_plan_of(settings), SystemClock().now()
    with opened_for_reading(settings) as open_work, open_work() as uow:
        return syncs_view(plan=plan, uow=uow, now=now)


def status_in_words(found: SyncsView) -> Iterator[str]:
    """Give a line for each source, and for one that fails what to do."""
    if not found.syncs:
        yield "Nothing was synced yet; name sources in COUNTERSIGN_SYNC_SOURCES, or sync one."
    for one in found.syncs:
        yield (
            f"{one.source:<20} {one.state.value.replace('_', ' '):<10} "
            f"well {_ago(one.done_at, now=found.at):<14} next {_next(one, now=found.at)}"
        )
        if one.failures:
            times = "once" if one.failures == 1 else f"{one.failures} times in a row"
            yield f"{'':<20} failed {times}; with {one.owner_name}: {one.told}"
            yield f"{'':<20} do: {one.remedy}"


def _ago(moment: datetime | None, *, now: datetime) -> str:
    return "never" if moment is None else f"{_span(now - moment)} ago"


def _next(one: SyncView, *, now: datetime) -> str:
    if one.state is SyncState.RUNNING:
        return "now"
    if one.next_due_at is None:
        return "at once" if one.every_seconds and one.began_at is None else "when somebody asks"
    return "at once" if one.next_due_at <= now else f"in {_span(one.next_due_at - now)}"


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
