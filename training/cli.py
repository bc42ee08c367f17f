"""Train, compare and release with one command: `python -m training.cli train --home DIR`.

Every command tells its progress on standard error; the last line of standard output is one JSON
object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from data.firm.generate import FirmSize, generate_firm
from models.bundle import BundleError
from models.columns import UTC_EPOCH
from training.comparison import champion_of
from training.drift import RECENT_DAYS, as_record, watch_drift
from training.fit import NothingToLearnError
from training.gates import Refused
from training.history_rows import history_rows, past_work_of
from training.mlflow_ui import NoPagesError, free_port, serve_pages
from training.pipeline import TooFewRowsError, Trained, train
from training.registry import Registry
from training.release import CHALLENGER_RECORD, read_release
from training.row_columns import RowColumns, together
from training.row_files import UnreadableRowError, read_columns, write_rows
from training.runs import RefusedVersionError, UnknownVersionError
from training.settings import SliceSettings, promising, read_clock, tracking_uri

app = typer.Typer(help="Train and release risk models.", no_args_is_help=True, add_completion=False)

Home = Annotated[Path, typer.Option(help="Folder of the deployment; bundles/ and mlflow/ go here.")]
RowsFiles = Annotated[
    list[Path], typer.Option(help="Training rows (.jsonl or .parquet); may be repeated.")
]
VersionNumber = Annotated[int, typer.Option(min=1, help="As `versions` lists it.")]
TrackingUri = Annotated[
    str | None,
    typer.Option(
        "--tracking-uri",
        help="MLflow server to use instead of the store in the home folder; also "
        "COUNTERSIGN_MLFLOW_TRACKING_URI.",
    ),
]
SALT = "training"
USUAL_SLICES = SliceSettings()
EXPECTED = (
    UnreadableRowError,
    TooFewRowsError,
    NothingToLearnError,
    UnknownVersionError,
    RefusedVersionError,
    BundleError,
    NoPagesError,
)
"""Errors that a person can mend; each says how."""


@app.command(
    "firm-rows", epilog="Example: ... firm-rows --out past.parquet --people 60 --months 12"
)
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
    _result({"rows": len(rows), "out": out.name})


@app.command(
    "train", epilog="Example: ... train --home .countersign --rows past.parquet --rows trail.jsonl"
)
def train_command(
    home: Home,
    rows: RowsFiles,
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
    purge_groups: Annotated[
        bool, typer.Option(help="Keep a contract's month on one side of each cut in time.")
    ] = False,
    tracking: TrackingUri = None,
) -> None:
    """Train a candidate, compare it with the champion, and promote it if the gate lets it."""
    with _told():
        known = _read(rows)
        slices = SliceSettings(
            verdict_maturity_days=verdict_maturity_days,
            outcome_maturity_days=outcome_maturity_days,
            purge_groups=purge_groups,
        )
        now = read_clock()
        trained = train(
            known,
            registry=_registry(home, tracking),
            settings=promising(alpha, seed=seed, slices=slices),
            cut=_last_known(known, otherwise=now),
            now=now,
            progress=_say,
        )
        _result(_told_of(trained))


@app.command("promote", epilog="Example: ... promote --home .countersign --version 3")
def promote_command(
    home: Home,
    version: VersionNumber,
    override: Annotated[bool, typer.Option(help="Even one that the gate refused.")] = False,
    tracking: TrackingUri = None,
) -> None:
    """Make a version champion; a running service takes it within a second."""
    with _told():
        release = _registry(home, tracking).promote_by_hand(
            version, now=read_clock(), is_overriding=override
        )
        _result(release.model_dump(mode="json"))


@app.command("rollback", epilog="Example: ... rollback --home .countersign --version 2")
def rollback_command(home: Home, version: VersionNumber, tracking: TrackingUri = None) -> None:
    """Make an earlier version champion again."""
    with _told():
        release = _registry(home, tracking).rollback(version, now=read_clock())
        _result(release.model_dump(mode="json"))


@app.command(
    "shadow", epilog="Examples: ... shadow --home .countersign --version 4; ... shadow --off"
)
def shadow_command(
    home: Home,
    version: Annotated[int | None, typer.Option(min=1, help="As `versions` lists it.")] = None,
    off: Annotated[bool, typer.Option(help="End the challenge.")] = False,
    tracking: TrackingUri = None,
) -> None:
    """Let a version answer beside the champion: its answers are stored and decide nothing."""
    if (version is None) == (not off):
        _say("say --version of the challenger, or --off to have none")
        raise typer.Exit(2)
    with _told():
        registry = _registry(home, tracking)
        if version is None:
            registry.end_challenge()
            _result({"challenger": None})
        else:
            release = registry.challenge(version, now=read_clock())
            _result({"challenger": release.model_dump(mode="json")})


@app.command("versions", epilog="Example: ... versions --home .countersign")
def versions_command(home: Home, tracking: TrackingUri = None) -> None:
    """List every version with its gate, the latest first, and who is champion and challenger."""
    with _told():
        registry = _registry(home, tracking)
        listed = registry.versions()
        for one in listed:
            names = ", ".join(one.aliases)
            _say(f"{one.version:4}  {one.bundle}  {one.gate:8} {names:12} {one.why}")
        champion = read_release(registry.bundles)
        challenger = read_release(registry.bundles, record=CHALLENGER_RECORD)
        _result(
            {
                "versions": [asdict(one) for one in listed],
                "champion": None if champion is None else champion.version,
                "challenger": None if challenger is None else challenger.version,
            }
        )


@app.command("drift", epilog="Example: ... drift --home .countersign --rows trail.jsonl")
def drift_command(
    home: Home,
    rows: RowsFiles,
    recent_days: Annotated[
        int, typer.Option(min=1, help="How far back the present reaches.")
    ] = RECENT_DAYS,
) -> None:
    """Say whether the champion still fits the items and the verdicts of the last days."""
    with _told():
        known = _read(rows)
        champion = champion_of(home / "bundles")
        if champion is None:
            _say("there is no champion yet: run `train` first")
            raise typer.Exit(1)
        now = _last_known(known, otherwise=read_clock())
        record = as_record(watch_drift(known, champion=champion, now=now, recent_days=recent_days))
        for reason in record["needs_retraining"] or ["the champion still fits"]:
            _say(reason)
        _result({"bundle": champion.id, **record})


@app.command("mlflow", epilog="Example: ... mlflow --home .countersign --port 5000")
def mlflow_command(
    home: Home,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")
    ] = 0,
    tracking: TrackingUri = None,
) -> None:
    """Open MLflow's pages on the runs of an installation; they end with Ctrl-C."""
    server = tracking or tracking_uri()
    if server is not None:
        _result({"address": server})
        return
    with _told():
        serve_pages(
            home.absolute(),
            port=port or free_port(),
            told=lambda address: _result({"address": address}),
        )


def _registry(home: Path, tracking: str | None) -> Registry:
    return Registry(home, tracking_uri=tracking or tracking_uri())


def _read(paths: list[Path]) -> RowColumns:
    return together([read_columns(path) for path in paths])


def _last_known(rows: RowColumns, *, otherwise: datetime) -> datetime:
    """What was known last is the present of these rows."""
    if len(rows) == 0:
        return otherwise
    return UTC_EPOCH + timedelta(microseconds=int(rows.known_us.max()))


def _told_of(trained: Trained) -> dict[str, object]:
    reasons = trained.gate.reasons if isinstance(trained.gate, Refused) else ()
    return {
        "bundle": trained.bundle,
        "version": trained.version,
        "promoted": trained.is_promoted,
        "gate": trained.gate.outcome,
        "reasons": list(reasons),
        "left_out": {question.value: list(why) for question, why in trained.dropped.items()},
        "metrics": {name: round(value, 6) for name, value in sorted(trained.metrics.items())},
        "rows": trained.rows,
        "rows_of_trail": trained.rows_of_trail,
        "run_id": trained.run_id,
    }


@contextmanager
def _told() -> Iterator[None]:
    """Tell an error that a person can mend in its own words, and end with 1."""
    try:
        yield
    except EXPECTED as error:
        _say(str(error))
        raise typer.Exit(1) from error


def _start_of_day(day: datetime) -> datetime:
    return datetime.combine(day.date(), time.min, tzinfo=UTC)


def _result(record: dict[str, Any]) -> None:
    typer.echo(json.dumps(record))


def _say(line: str) -> None:
    typer.echo(line, err=True)


if __name__ == "__main__":
    app()
