"""Pull what changed in Tryton, and have it assessed."""

from __future__ import annotations

from contextlib import closing

from service.clock import SystemClock
from service.commands.ingest import Say
from service.commands.sync_changes import sync_changes
from service.connectors.terms_file import read_terms
from service.connectors.tryton_sync import pull_changes
from service.settings import Settings
from service.wiring.outside import build_tryton


def sync_tryton(settings: Settings, *, say: Say) -> dict[str, object]:
    """Read rows changed since the last sync. Raises NotConfiguredError, or what Tryton answers."""
    terms, clock = read_terms(settings.terms_path), SystemClock()
    with closing(build_tryton(settings)) as tryton:
        return sync_changes(
            settings,
            lambda cursor: pull_changes(tryton.source, terms=terms, cursor=cursor, now=clock.now()),
            source=tryton.source.name,
            say=say,
        )
