"""What commands share with the person at the shell: the home folder, and how results are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from service.clock import SystemClock
from service.home import prepare_home
from service.settings import Settings

Home = Annotated[
    Path | None,
    typer.Option(help="Folder of all state; else COUNTERSIGN_HOME, else .countersign"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]


def settings_of(home: Path | None) -> Settings:
    """Give the settings in force, with the home folder of the command line."""
    settings = Settings()
    return settings if home is None else settings.model_copy(update={"home": home})


def prepared(home: Path | None) -> Settings:
    """Give the settings in force over a home folder that is ready."""
    settings = settings_of(home)
    prepare_home(settings, clock=SystemClock())
    return settings


def say(line: str) -> None:
    """Tell the person something that is no result."""
    typer.echo(line, err=True)


def counted(count: int, thing: str) -> str:
    """Give a number with its noun: 1 mistake, 2 mistakes."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def report(result: dict[str, object], *, as_json: bool) -> None:
    """Print the result, for a person or as one line of JSON."""
    if as_json:
        typer.echo(json.dumps(result))
        return
    for name, value in result.items():
        typer.echo(f"{name.replace('_', ' '):<18} {value}")
