"""The commands `countersign sync ...`: read a source now, and tell how all of them fare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.connections.cli import Named
from service.commands.shell import AsJson, Home, prepared, report, say
from service.commands.sync_status import status_in_words, syncs_status
from service.commands.syncing.sync_source import sync_source_now
from service.settings import Settings

MayEmpty = Annotated[
    bool,
    typer.Option("--may-empty", help="Believe an answer without any row, though many were known."),
]
Terms = Annotated[
    Path | None, typer.Option(help="Contract terms in YAML; by default COUNTERSIGN_TERMS_FILE.")
]


def add_sync_commands(sync_app: typer.Typer) -> None:
    """Put these commands into the group `sync`."""
    sync_app.command("tryton", epilog="Example: countersign sync tryton --terms tryton_terms.yaml")(
        sync_tryton_command
    )
    sync_app.command(
        "redmine", epilog="Example: countersign sync redmine --terms redmine_terms.yaml"
    )(sync_redmine_command)
    sync_app.command("connection", epilog="Example: countersign sync psa.yaml --json")(sync_command)
    sync_app.command("odoo", epilog="Example: countersign sync odoo --json")(sync_odoo_command)
    sync_app.command("status", epilog="Example: countersign sync status --json")(status_command)


def sync_tryton_command(home: Home = None, terms: Terms = None, as_json: AsJson = False) -> None:
    """Pull what changed in Tryton since the last time, and have it assessed."""
    settings = _with_terms(prepared(home), terms)
    report(sync_source_now(settings, "tryton", say=say), as_json=as_json)


def sync_redmine_command(home: Home = None, terms: Terms = None, as_json: AsJson = False) -> None:
    """Pull time and milestones that differ from the last time, and have them assessed.

    Redmine tells no changes of time entries, so the open billing period and the 35 days before it
    are read whole and compared; what is missing there was deleted.
    """
    settings = _with_terms(prepared(home), terms)
    report(sync_source_now(settings, "redmine", say=say), as_json=as_json)


def sync_command(
    file: Named,
    home: Home = None,
    may_empty: MayEmpty = False,
    as_json: AsJson = False,
) -> None:
    """Pull what changed in a connection's system, and have it assessed; `sync FILE` says the same.

    Rows that are gone there are withdrawn here. Repeating it changes nothing.
    """
    counts = sync_source_now(prepared(home), file, say=say, may_empty=may_empty)
    report(counts, as_json=as_json)


def sync_odoo_command(
    home: Home = None, may_empty: MayEmpty = False, as_json: AsJson = False
) -> None:
    """Pull what changed in Odoo since the last time, and have it assessed.

    Set COUNTERSIGN_ODOO_URL, COUNTERSIGN_ODOO_KEY and COUNTERSIGN_ODOO_FILE. Rows that are gone
    there are withdrawn here. Repeating it changes nothing.
    """
    counts = sync_source_now(prepared(home), "odoo", say=say, may_empty=may_empty)
    report(counts, as_json=as_json)


def status_command(home: Home = None, as_json: AsJson = False) -> None:
    """Tell how each source fares: its last sync, its next, and why one fails.

    COUNTERSIGN_SYNC_EVERY and COUNTERSIGN_SYNC_SOURCES say which are read by themselves.
    """
    found = syncs_status(prepared(home))
    if as_json:
        typer.echo(found.model_dump_json())
        return
    for line in status_in_words(found):
        typer.echo(line)


def _with_terms(settings: Settings, terms: Path | None) -> Settings:
    return settings if terms is None else settings.model_copy(update={"terms_file": terms})
