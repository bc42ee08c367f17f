"""Train, compare and release with one command: `python -m training.cli train --home DIR`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from data.firm.generate import FirmSize, generate_firm
from data.schemas.decision import TrainingRow
from training.dataset import UnreadableRowError, read_rows
from training.fit import NothingToLearnError
from training.gates import Refused
from training.history_rows import history_rows, past_work_of
from training.pipeline import TooFewRowsError, Trained, train
from training.registry import Registry, UnknownVersionError
from training.settings import promising, read_clock

app = typer.Typer(help="Train and release risk models.", no_args_is_help=True)

Home = Annotated[Path, typer.Option(help="Folder of the deployment; bundles/ and mlflow/ go here.")]
SALT = "training"


@app.command("train")
def train_command(
    home: Home,
    rows: Annotated[
        list[Path] | None, typer.Option(help="Training rows the service exported (.jsonl).")
    ] = None,
    firm_people: Annotated[int, typer.Option(help="Size of the made-up past; 0 for none.")] = 60,
    firm_months: Annotated[int, typer.Option(help="Length of the made-up past.")] = 12,
    seed: Annotated[int, typer.Option(help="Seed of the made-up past and of the fit.")] = 7,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Use only what was known then.")
    ] = None,
    alpha: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Most that may be wrong of what is cleared.")
    ] = 0.05,
    json_only: Annotated[
        bool, typer.Option("--json", help="Print nothing but the result.")
    ] = False,
) -> None:
    """Train a candidate, compare it with the champion, and promote it if the gate lets it."""
    say = _silence if json_only else _say
    cut = _end_of_day(until) if until else None
    try:
        known = [row for path in rows or [] for row in read_rows(path)]
        if firm_people:
            size = FirmSize(people=firm_people, months=firm_months, seed=seed)
            known = [*_firm_rows(size, cut=cut, say=say), *known]
        trained = train(
            known,
            registry=Registry(home),
            settings=promising(alpha, seed=seed),
            cut=cut or max((row.known_at for row in known), default=read_clock()),
            now=read_clock(),
            progress=say,
        )
    except (UnreadableRowError, TooFewRowsError, NothingToLearnError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(json.dumps(_result(trained)))


@app.command("rollback")
def rollback_command(
    home: Home, version: Annotated[int, typer.Option(help="The version to serve again.")]
) -> None:
    """Make an earlier version champion again."""
    try:
        release = Registry(home).rollback(version, now=read_clock())
    except UnknownVersionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(release.model_dump_json())


def _firm_rows(
    size: FirmSize, *, cut: datetime | None, say: Callable[[str], None]
) -> list[TrainingRow]:
    say(f"making up {size.months} months of a firm of {size.people} people")
    work = past_work_of(generate_firm(size))
    last = max(label.known_at for label in work.labels)
    return history_rows(work, cut=cut or last, salt=SALT, progress=say)


def _result(trained: Trained) -> dict[str, object]:
    reasons = trained.gate.reasons if isinstance(trained.gate, Refused) else ()
    return {
        "bundle": trained.bundle,
        "version": trained.version,
        "promoted": trained.is_promoted,
        "gate": trained.gate.outcome,
        "reasons": list(reasons),
        "metrics": {name: round(value, 6) for name, value in sorted(trained.metrics.items())},
        "rows": trained.rows,
        "run_id": trained.run_id,
    }


def _end_of_day(day: datetime) -> datetime:
    return datetime.combine(day.date(), time.max, tzinfo=UTC)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _silence(line: str) -> None:
    """Say nothing."""
    del line


if __name__ == "__main__":
    app()
