"""Examine the sources that work is read from: one that fails means that work is missing here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from data.schemas.vocabulary import SyncState
from service.commands.sync_status import syncs_status
from service.commands.upkeep.findings import Finding, ago, ok, red
from service.settings import NotConfiguredError, Settings
from service.wire.syncs import SyncView


def sources(settings: Settings) -> Sequence[Finding]:
    """Give a line for each source; one that fails or is overdue is red."""
    try:
        found = syncs_status(settings)
    except NotConfiguredError as error:
        return [red("sources", str(error), "set what is named, and run this again")]
    return [_finding(one, now=found.at) for one in found.syncs]


def _finding(one: SyncView, *, now: datetime) -> Finding:
    what = f"source {one.source}"
    if one.failures:
        times = "once" if one.failures == 1 else f"{one.failures} times in a row"
        return red(what, f"failed {times}: {one.told}", one.remedy)
    if one.state is SyncState.OVERDUE and one.next_due_at is not None:
        said = f"should have been read at {one.next_due_at:%Y-%m-%d %H:%M} UTC"
        return red(what, said, "start countersign serve, and look at logs/worker.log")
    if one.done_at is None:
        return ok(what, "was never read yet")
    return ok(what, f"was read well {ago(now - one.done_at)}")
