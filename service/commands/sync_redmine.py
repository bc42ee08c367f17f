"""Pull what changed in Redmine, and have it assessed."""

from __future__ import annotations

from contextlib import closing

from service.clock import SystemClock
from service.commands.ingest import Say
from service.commands.sync_changes import sync_changes
from service.connectors.redmine_sync import pull_changes
from service.connectors.terms_file import read_terms
from service.settings import Settings
from service.wiring.redmine import build_redmine


def sync_redmine(settings: Settings, *, say: Say) -> dict[str, object]:
    """Read what differs from the last sync. Raises NotConfiguredError, or what Redmine answers."""
    terms, clock = read_terms(settings.terms_path), SystemClock()
    with closing(build_redmine(settings)) as redmine:
        return sync_changes(
            settings,
            lambda cursor: pull_changes(
                redmine.source, terms=terms, cursor=cursor, now=clock.now()
            ),
            source=redmine.source.name,
            say=say,
        )
