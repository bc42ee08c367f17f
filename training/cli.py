"""Train, compare and release with one command: `python -m training.cli train --home DIR`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from data.firm.generate import FirmSize, generate_firm
from training.dataset import UnreadableRowError, read_rows, write_rows
from training.fit import NothingToLearnError
from training.gates import Refused
from training.history_rows import history_rows, past_work_of
from training.pipeline import TooFewRowsError, Trained, train
from training.registry import Registry, UnknownVersionError
from training.settings import SliceSettings, promising, read_clock

app = typer.Typer(help="Train and release risk models.", no_args_is_help=True)

Home = Annotated[Path, typer.Option(help="Folder of the deployment; bundles/ and mlflow/ go here.")]
SALT = "training"
USUAL_SLICES = SliceSettings()


@app.command("firm-rows")
def firm_rows_command(
    out: Annotated[Path, typer.Option(help="File to write (.jsonl or .parquet).")],
    people: Annotated[int, typer.Option(min=1, help="People in the firm.")] = 60,
    clients: Annotated[int, typer.Option(min=1, help="Clients of the firm.")] = 25,
    contracts: Annotated[int, typer.Option(min=1, help="Contracts of the firm.")] = 40,
    months: Annotated[int, typer.Option(min=1, help="Months of work.")] = 12,
    seed: Annotated[int, typer.Option(help="Same seed, same firm.")] = 7,
    end: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of the work.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Know only what was known then.")
    ] = None,
) -> None:
    """Write training rows from the past of a generated firm, labelled as its reviewers did."""
    size = FirmSize(people=people, clients=clients, contracts=contracts, months=months, seed=seed)
    if end is not None:
        size = replace(size, end=end.date())
    _say(f"making up {size.months} months of a firm of {size.people} people")
    work = past_work_of(generate_firm(size))
    cut = _start_of_day(until) if until else max(label.known_at for label in work.labels)
    rows = history_rows(work, cut=cut, salt=SALT, progress=_say)
    write_rows(rows, path=out)
    typer.echo(json.dumps({"rows": len(rows), "out": out.name}))


@app.command("train")
def train_command(
    home: Home,
    rows: Annotated[
        list[Path], typer.Option(help="Training rows (.jsonl or .parquet); may be repeated.")
    ],
    seed: Annotated[int, typer.Option(help="Seed of the fit.")] = 7,
    alpha: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Most that may be wrong of what is cleared.")
    ] = 0.05,
    verdict_maturity_days: Annotated[
        int, typer.Option(min=0, help="Leave out reviewed items younger than this.")
    ] = USUAL_SLICES.verdict_maturity_days,
    outcome_maturity_days: Annotated[
        int, typer.Option(min=0, help="Leave out billed items younger than this.")
    ] = USUAL_SLICES.outcome_maturity_days,
) -> None:
    """Train a candidate, compare it with the champion, and promote it if the gate lets it.

    Progress goes to standard error; the last line on standard output is one JSON object.
    """
    try:
        known = [row for path in rows for row in read_rows(path)]
        trained = train(
            known,
            registry=Registry(home),
            settings=promising(
                alpha,
                seed=seed,
                slices=SliceSettings(
                    verdict_maturity_days=verdict_maturity_days,
                    outcome_maturity_days=outcome_maturity_days,
                ),
            ),
            cut=max((row.known_at for row in known), default=read_clock()),
            now=read_clock(),
            progress=_say,
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
        "rows_of_trail": trained.rows_of_trail,
        "run_id": trained.run_id,
    }


def _start_of_day(day: datetime) -> datetime:
    return datetime.combine(day.date(), time.min, tzinfo=UTC)


def _say(line: str) -> None:
    typer.echo(line, err=True)


if __name__ == "__main__":
    app()
