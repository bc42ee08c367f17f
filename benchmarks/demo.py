"""The demo: how long the whole line takes, and how much memory, against what is promised."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import Figure, Say, Section
from benchmarks.meter import FamilyMeter
from benchmarks.scale import Scale
from service.settings import Settings, environment

PROMISED_SECONDS = 180.0
PROMISED_MB = 1_500.0
LEAST_MB = 5.0
"""A process between fork and exec holds less, and is none of ours yet."""
NAMES = (
    ("service.app:create_app", "API"),
    ("service.worker", "posting worker"),
    ("firm-rows", "labelling the past"),
    ("training.cli", "training"),
    ("models.check_bundle", "bundle check"),
    ("service.cli", "demo"),
)
"""What a command line contains, and what the process is called in the table."""


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Run `countersign demo --once` in an empty home."""
    say(f"the demo with {scale.demo_people} people over {scale.demo_months} months")
    settings = Settings(home=folder / "demo")
    started = time.monotonic()
    with (folder / "demo.log").open("wb") as log:
        run = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "demo", "--once",
             f"--home={settings.home}", f"--people={scale.demo_people}",
             f"--months={scale.demo_months}"],
            stdout=subprocess.PIPE, stderr=log, env=environment(settings),
        )  # fmt: skip
        with FamilyMeter(run.pid, name_of=_name) as meter:
            out, _ = run.communicate()
    took_seconds = time.monotonic() - started
    if run.returncode != 0:
        raise RuntimeError((folder / "demo.log").read_text()[-2_000:])
    result = json.loads(out.strip().splitlines()[-1])
    assessed, cleared = result["assessed"], result["auto_cleared"]
    promise = "the promise"
    return Section(
        name="demo",
        title="The demo from nothing to a verified trail",
        how=(
            f"`countersign demo --once`: {scale.demo_people} people, {scale.demo_months} months; "
            f"{assessed} items assessed, {cleared} cleared, {result['decisions']} decisions, "
            f"{result['postings_done']} postings, {result['audit_entries']} audit entries, "
            f"verified: {result['audit_verified']}. Memory is sampled four times a second: of each "
            "process all that is resident (RSS), of all together with shared pages once (PSS)."
        ),
        figures=[
            Figure(what="wall time", ours=took_seconds, unit="s", peer=promise,
                   peers=PROMISED_SECONDS, ratio_reads="of the promised time"),
            Figure(what="peak memory of the largest process", ours=max(meter.peak_mb.values()),
                   unit="MB", peer=promise, peers=PROMISED_MB,
                   ratio_reads="of the promised memory"),
            Figure(what="memory of all processes at once", ours=meter.peak_total_mb, unit="MB"),
            *(
                Figure(what=f"peak memory, {name}", ours=peak_mb, unit="MB")
                for name, peak_mb in sorted(meter.peak_mb.items(), key=lambda one: -one[1])
                if peak_mb > LEAST_MB
            ),
        ],
    )  # fmt: skip


def _name(arguments: list[str]) -> str:
    line = " ".join(arguments)
    return next((name for part, name in NAMES if part in line), "other")
