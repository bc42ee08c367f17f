"""The commands `countersign connection ...`: check a file, print the schema, keep a secret."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.connections.check import check_connection
from service.commands.shell import AsJson, Home, prepared, report, say, settings_of
from service.connectors.rest_file import connection_schema
from service.wiring.connections import secret_files

Named = Annotated[
    str, typer.Argument(help="Connection file (.yaml), or its name in the home folder.")
]


def add_connection_commands(connection_app: typer.Typer) -> None:
    """Put these commands into the group `connection`."""
    connection_app.command("check", epilog="Example: countersign connection check psa.yaml --live")(
        check_command
    )
    connection_app.command(
        "schema", epilog="Example: countersign connection schema > connection.schema.json"
    )(schema_command)
    connection_app.command("secret", epilog="Example: countersign connection secret psa_token")(
        secret_command
    )


def check_command(
    file: Named,
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Also ask the system: one page of each entity, nothing written."
        ),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Explain every mistake of a connection file; with --live try it. Ends with 1 if one fails.

    Live, each entity's first page is read and mapped, changes of a day in ten years are asked for
    (no row may come: some systems ignore a filter they do not know), and the ledger is asked for a
    token that no bill carries.
    """
    found = check_connection(settings_of(home), file, is_live=live)
    if as_json:
        report(
            {
                "is_good": all(one.is_good for one in found),
                "findings": [
                    {"what": one.what, "is_good": one.is_good, "told": one.told} for one in found
                ],
            },
            as_json=True,
        )
    else:
        for one in found:
            typer.echo(f"{'ok ' if one.is_good else 'BAD'} {one.what}: {one.told}")
        if not live:
            say("the file is sound; --live asks its system too")
    raise typer.Exit(0 if all(one.is_good for one in found) else 1)


def schema_command() -> None:
    """Print the JSON Schema of a connection file, for editors that check while you type."""
    typer.echo(connection_schema(), nl=False)


def secret_command(
    name: Annotated[str, typer.Argument(help="The name the connection file gives the secret.")],
    home: Home = None,
) -> None:
    """Keep a secret that a connection file names; it is asked for, and never shown."""
    files = secret_files(prepared(home))
    files.keep(name, typer.prompt(f"Secret {name}", hide_input=True))
    typer.echo(f"The secret {name} is kept; connection files name it as `secret: {name}`.")
