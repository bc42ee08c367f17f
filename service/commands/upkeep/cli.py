"""Commands for whoever keeps an installation: schema, examination, backup and restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.shell import AsJson, Home, counted, report, say, settings_of
from service.commands.upkeep.backup import back_up
from service.commands.upkeep.doctor import examine
from service.commands.upkeep.findings import State
from service.commands.upkeep.migrate_database import migrate_database, missing_migrations
from service.commands.upkeep.restore import restore
from service.commands.upkeep.transfer_progress import watched

Target = Annotated[Path, typer.Argument(help="A new folder, or a new file ending in .tar.gz.")]
Source = Annotated[Path, typer.Argument(exists=True, help="What countersign backup wrote.")]


def add_upkeep_commands(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("migrate", epilog="Example: countersign migrate --check")(migrate_command)
    app.command("doctor", epilog="Example: countersign doctor --json")(doctor_command)
    app.command(
        "backup", epilog="Example: countersign backup /backups/2026-03-02.tar.gz --with-keys"
    )(backup_command)
    app.command(
        "restore", epilog="Example: countersign restore 2026-03-02.tar.gz --home /srv/countersign"
    )(restore_command)


def migrate_command(
    home: Home = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; end with 1 if anything is missing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database to the schema of this version."""
    settings = settings_of(home)
    steps = missing_migrations(settings) if check else migrate_database(settings)
    for one in steps:
        say(f"{one.revision} {one.what}")
    said = "missing" if check else "applied"
    report({said: [one.revision for one in steps]}, as_json=as_json)
    raise typer.Exit(1 if check and steps else 0)


def doctor_command(home: Home = None, as_json: AsJson = False) -> None:
    """Examine the installation and its control totals. Ends with 1 if anything is red."""
    findings = []
    for one in examine(settings_of(home)):
        findings.append(one)
        if not as_json:
            typer.echo(f"{one.state.value:<8} {one.what:<18} {one.said}")
            if one.remedy:
                typer.echo(f"{'':<8} {'':<18} do: {one.remedy}")
    red = [one for one in findings if one.state is State.RED]
    if as_json:
        lines = [
            {"what": one.what, "state": one.state.value, "said": one.said, "remedy": one.remedy}
            for one in findings
        ]
        report({"is_well": not red, "findings": lines}, as_json=True)
    else:
        typer.echo(f"{counted(len(red), 'thing')} to mend" if red else "all is well")
    raise typer.Exit(1 if red else 0)


def backup_command(
    target: Target,
    home: Home = None,
    with_keys: Annotated[
        bool,
        typer.Option(
            "--with-keys",
            help="Put the secret keys in too; without them a restore needs them from elsewhere.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy the installation as it is at one moment, while it runs."""
    with watched() as progress:
        made = back_up(settings_of(home), target, with_keys=with_keys, progress=progress)
    report(
        {
            "backup": str(target), "rows": made.rows, "files": len(made.files),
            "bytes": made.size_bytes, "schema": made.schema, "keys": made.has_keys,
        },
        as_json=as_json,
    )  # fmt: skip


def restore_command(source: Source, home: Home = None, as_json: AsJson = False) -> None:
    """Put a backup into an empty home and an empty database, and prove that all of it is there."""
    with watched() as progress:
        found = restore(settings_of(home), source, progress=progress)
    if not found.has_keys:
        say("the backup holds no keys: put the folder secrets back before anything is started")
    report(
        {
            "restored": str(source), "rows": found.rows, "entries_verified": found.entries,
            "control_totals": "difference 0", "keys": found.has_keys,
        },
        as_json=as_json,
    )  # fmt: skip
