"""Sync a source by its name: a system of ours, or a connection."""

from __future__ import annotations

from service.commands.connections.sync import sync_connection, sync_odoo
from service.commands.ingest import Say
from service.commands.sync_redmine import sync_redmine
from service.commands.sync_tryton import sync_tryton
from service.commands.syncing.recorded import Counts, recorded
from service.settings import Settings
from service.wiring.sync_plan import require_source


def sync_source_now(settings: Settings, named: str, *, say: Say, may_empty: bool = False) -> Counts:
    """Sync what a person names, and note how it ended.

    Raises SyncRunsError while another sync of it runs, NotConfiguredError, FileMistakesError or
    MissingSecretError before anything is noted, or what the system answers.
    """
    source = require_source(settings, named)
    return recorded(
        settings, source, lambda: pull_source(settings, named, say=say, may_empty=may_empty)
    )


def pull_source(settings: Settings, named: str, *, say: Say, may_empty: bool = False) -> Counts:
    """Pull what changed in a source, and have it assessed; nothing is noted of how it ends."""
    match named:
        case "tryton":
            return sync_tryton(settings, say=say)
        case "redmine":
            return sync_redmine(settings, say=say)
        case "odoo":
            return sync_odoo(settings, say=say, may_empty=may_empty)
        case _:
            return sync_connection(settings, named, say=say, may_empty=may_empty)
