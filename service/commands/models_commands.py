"""The commands of released models: train, compare, promote, put back, and look at them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated, Any

import typer

from data.schemas.vocabulary import ModelOrder
from service.commands.retrain import ask_training, change_models, train
from service.commands.shell import AsJson, Home, prepared, report, settings_of
from service.settings import environment

Version = Annotated[int, typer.Argument(min=1, help="Version in the registry; see models list.")]
MaturityDays = Annotated[
    int | None,
    typer.Option(min=0, help="Leave out reviewed items younger than this; by default 10."),
]


def add_models_commands(app: typer.Typer, models: typer.Typer) -> None:
    """Add the commands of models, and those that stand at the top."""
    app.command("train", epilog="Example: countersign train --json")(train_command)
    app.command("rollback", epilog="Example: countersign rollback 3")(rollback_command)
    app.command("mlflow", epilog="Example: countersign mlflow --port 5000")(mlflow_command)
    models.command("list", epilog="Example: countersign models list --json")(list_command)
    models.command("show", epilog="Example: countersign models show 3")(show_command)
    models.command("retrain", epilog="Example: countersign models retrain")(train_command)
    models.command("promote", epilog="Example: countersign models promote 4")(promote_command)
    models.command("rollback", epilog="Example: countersign models rollback 3")(rollback_command)
    models.command("shadow", epilog="Example: countersign models shadow 5")(shadow_command)
    models.command("drift", epilog="Example: countersign models drift --json")(drift_command)


def train_command(
    *, home: Home = None, verdict_maturity_days: MaturityDays = None, as_json: AsJson = False
) -> None:
    """Train on the decisions in the audit trail, and promote what the gate lets through."""
    result = train(prepared(home), verdict_maturity_days=verdict_maturity_days)
    report(result, as_json=as_json)


def promote_command(version: Version, *, home: Home = None, as_json: AsJson = False) -> None:
    """Make a version champion; the running service takes it within a second."""
    _change(ModelOrder.PROMOTE, version, home=home, as_json=as_json)


def rollback_command(version: Version, *, home: Home = None, as_json: AsJson = False) -> None:
    """Make an earlier model version champion again; the running service takes it at once."""
    _change(ModelOrder.ROLLBACK, version, home=home, as_json=as_json)


def shadow_command(
    version: Annotated[int | None, typer.Argument(min=1, help="Version to ask.")] = None,
    *,
    home: Home = None,
    off: Annotated[bool, typer.Option("--off", help="Ask none any more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask a version beside the champion, without any effect; --off ends it."""
    if off == (version is not None):
        raise typer.BadParameter("name the version to ask, or give --off")
    ordered = ModelOrder.END_SHADOW if off else ModelOrder.SHADOW
    _change(ordered, version, home=home, as_json=as_json)


def drift_command(*, home: Home = None, as_json: AsJson = False) -> None:
    """Look whether items, verdicts or calibration have moved away from what was learned."""
    _change(ModelOrder.DRIFT, None, home=home, as_json=as_json)


def list_command(*, home: Home = None, as_json: AsJson = False) -> None:
    """List every version, with its gate and what it is used for."""
    versions = _versions(home)
    if as_json:
        typer.echo(json.dumps(versions))
        return
    for one in versions:
        aliases = ", ".join(one.get("aliases") or ()) or "-"
        typer.echo(f"{one['version']:>4}  {one['bundle']}  {one.get('gate') or '-':<10} {aliases}")


def show_command(version: Version, *, home: Home = None, as_json: AsJson = False) -> None:
    """Show one version: its gate, its figures and what it is used for."""
    found = [one for one in _versions(home) if one["version"] == version]
    if not found:
        raise typer.BadParameter(f"there is no version {version}; see 'countersign models list'")
    report(found[0], as_json=as_json)


def mlflow_command(
    home: Home = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="Port; by default a free one.")
    ] = None,
) -> None:
    """Open MLflow on 127.0.0.1 over every run, figure and version; stop with Ctrl-C."""
    settings = prepared(home)
    arguments = ["mlflow", f"--home={settings.home.absolute()}"]
    arguments += [] if port is None else [f"--port={port}"]
    run = subprocess.run(  # noqa: S603 - our own module, arguments as a list
        [sys.executable, "-m", "training.cli", *arguments],
        env=environment(settings),
        check=False,
    )
    raise typer.Exit(run.returncode)


def _change(ordered: ModelOrder, version: int | None, *, home: Home, as_json: bool) -> None:
    report(change_models(prepared(home), ordered, version=version), as_json=as_json)


def _versions(home: Home) -> list[dict[str, Any]]:
    settings = settings_of(home)
    found = ask_training(settings, "versions", f"--home={settings.home.absolute()}")
    return list(found["versions"])
