"""POST /v1/assessments over sockets, durable: one item at a time, and in batches."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import installation, predict_alone
from benchmarks.figures import Figure, Say, Section, percentile
from benchmarks.firm import served_firm
from benchmarks.installation import Server
from benchmarks.meter import Meter
from benchmarks.scale import WARM_UP_REQUESTS, LoadShape, Scale
from data.schemas.items import AnyItem
from service.settings import Settings
from service.supervisor import Part, Supervisor

Item = AnyItem
BARE = "bare FastAPI + predict, nothing kept"
HOW = (
    "A real uvicorn process over a temporary home with a trained champion, a firm's contracts and "
    "its past; a load generator in a process of its own. Every item is new, every request carries "
    "an Idempotency-Key, and every answer is on disk (synchronous=FULL) with its audit entries "
    "before it is given. Peers: the same two boosters' `Booster.predict` alone on the very same "
    "rows, and behind a bare FastAPI that reads the same items as strictly and keeps nothing."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one shape of load showed at one server."""

    shape: LoadShape
    items_a_second: float
    p50_ms: float
    p99_ms: float
    cpu_us_an_item: float
    peak_mb: float


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Load the product and its peer with the same requests."""
    trained = installation.trained_home(scale, folder=folder, say=say)
    say(f"generating the firm that is served: {scale.served.people} people")
    served = served_firm(scale)
    settings = installation.prepared(folder / "served", trained=trained)
    say(f"telling it {len(served.past)} past items; {len(served.to_bill)} are there to assess")
    installation.feed(settings, served)
    files = list(_bodies(scale, served.to_bill, folder=folder))
    with installation.serving(settings) as server:
        ours = _runs(server, files, say=say)
    with _bare(settings) as server:
        peers = _runs(server, files, say=lambda line: say(f"bare FastAPI: {line}"))
    bundle = predict_alone.champion_of(settings)
    rows = predict_alone.served_rows(settings, at_most=2_000)
    alone = {size: predict_alone.predict_us(bundle, rows, batch=size) for size in (1, 500)}
    figures = [
        figure
        for one, peer in zip(ours, peers, strict=True)
        for figure in _figures(one, peer, predict_us=alone[one.shape.batch])
    ]
    memory = Figure(
        what="peak memory over all loads", ours=max(one.peak_mb for one in ours), unit="MB",
        peer=BARE, peers=max(one.peak_mb for one in peers), ratio_reads="times the memory",
    )  # fmt: skip
    return Section(
        name="assessments",
        title="Assessing over HTTP, durable",
        how=f"{HOW} {_routes(settings)}",
        figures=[*figures, memory],
    )


def _figures(ours: Run, bare: Run, *, predict_us: float) -> Iterator[Figure]:
    name = ours.shape.name
    yield Figure(
        what=f"CPU per item, {name}", ours=ours.cpu_us_an_item, unit="us",
        peer="Booster.predict alone, both heads", peers=predict_us,
        ratio_reads="times the cost of predict alone",
    )  # fmt: skip
    for what, mine, other, unit, reads in (
        ("CPU per item", ours.cpu_us_an_item, bare.cpu_us_an_item, "us", "times the cost"),
        ("items a second", ours.items_a_second, bare.items_a_second, "1/s", "of the rate"),
        ("latency p50", ours.p50_ms, bare.p50_ms, "ms", "times as long"),
        ("latency p99", ours.p99_ms, bare.p99_ms, "ms", "times as long"),
    ):
        yield Figure(
            what=f"{what}, {name}", ours=mine, unit=unit, peer=BARE, peers=other, ratio_reads=reads
        )


def _routes(settings: Settings) -> str:
    """Say where the items went, for the work after the scores depends on it."""
    with sqlite3.connect(settings.home / "countersign.db") as connection:
        counted = connection.execute(
            "select route, count(*) from assessment group by route order by route"
        ).fetchall()
    return "Routes: " + ", ".join(f"{number} {route}" for route, number in counted) + "."


def _bodies(
    scale: Scale, items: Sequence[Item], *, folder: Path
) -> Iterator[tuple[LoadShape, Path]]:
    """Write the request bodies of each shape to a file; no item is sent twice."""
    at = 0
    warm_up = LoadShape(batch=1, clients=1, requests=WARM_UP_REQUESTS)
    for number, shape in enumerate((warm_up, *scale.shapes)):
        if at + shape.items > len(items):
            raise ValueError(f"{len(items)} items are too few for '{shape.name}'; enlarge the firm")
        path = folder / f"load-{number}.jsonl"
        with path.open("w") as file:
            for _ in range(shape.requests):
                some = [one.model_dump(mode="json") for one in items[at : at + shape.batch]]
                file.write(json.dumps({"items": some}) + "\n")
                at += shape.batch
        yield shape, path


def _runs(server: Server, files: Sequence[tuple[LoadShape, Path]], *, say: Say) -> list[Run]:
    runs = []
    for shape, path in files:
        run = _run(server, shape, path)
        say(f"{shape.name}: {run.items_a_second:.0f} items/s, {run.cpu_us_an_item:.0f} us CPU each")
        runs.append(run)
    # The first is the warm-up.
    return runs[1:]


def _run(server: Server, shape: LoadShape, path: Path) -> Run:
    with Meter(server.pid) as meter:
        seen = _load(server, shape, path)
    if seen["assessed"] != shape.items:
        raise RuntimeError(f"of {shape.items} items {seen['assessed']} were assessed: {seen}")
    return Run(
        shape=shape,
        items_a_second=shape.items / seen["seconds"],
        p50_ms=percentile(seen["latencies_ms"], 0.5),
        p99_ms=percentile(seen["latencies_ms"], 0.99),
        cpu_us_an_item=meter.cpu_seconds / shape.items * 1e6,
        peak_mb=meter.peak_mb["process"],
    )


def _load(server: Server, shape: LoadShape, path: Path) -> dict[str, Any]:
    port = server.settings.api_port
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.load",
         str(port), server.key, str(shape.clients), str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode != 0:
        raise RuntimeError(f"the load generator failed:\n{run.stderr[-2_000:]}")
    seen: dict[str, Any] = json.loads(run.stdout)
    return seen


@contextmanager
def _bare(settings: Settings) -> Iterator[Server]:
    """Run the peer over the same bundle."""
    port = settings.api_port
    part = Part(
        name="bare",
        arguments=(
            "-m", "uvicorn", "benchmarks.bare_server:create_app", "--factory", "--host=127.0.0.1",
            f"--port={port}", "--log-level=warning", "--no-access-log",
        ),
        ready_url=f"http://127.0.0.1:{port}/readyz",
    )  # fmt: skip
    supervisor = Supervisor(settings, [part])
    supervisor.start()
    try:
        yield Server(settings=settings, pid=supervisor.pids()["bare"], key="none")
    finally:
        supervisor.stop()
