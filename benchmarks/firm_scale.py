"""A generated firm from one practice to a million time entries: rate, memory, and two cores."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure, Say, Section
from benchmarks.firm_child import Drawn
from benchmarks.scale import Scale

ONE, TWO = "one worker", "two workers"
HOW = (
    "Whole firms of twelve months with contracts, signatures, truth, invoices, payments and "
    "verdicts, drawn as practices in processes of their own and handed on one at a time. Time "
    "and memory are those of all processes together, their start and imports with them. CPU time "
    "says what a machine without other work would take: divide it by the workers."
)


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Draw two practices by one worker and by two, then the large firm."""
    del folder
    say("two practices, one worker")
    alone = _take(scale, people=2 * scale.practice_people, workers=1)
    say("two practices, two workers")
    beside = _take(scale, people=2 * scale.practice_people, workers=2)
    say(f"{scale.drawn_people:,} people")
    large = _take(scale, people=scale.drawn_people, workers=2)
    return Section(
        name="firm",
        title=f"A generated firm of {scale.drawn_people:,} people",
        how=f"{HOW} {large.entries:,} time entries came from {large.practices} practices.",
        figures=[
            Figure(what=f"entries a second, {ONE}", ours=_rate(alone), unit="1/s"),
            Figure(
                what=f"entries a second, {TWO}", ours=_rate(beside), unit="1/s",
                peer=ONE, peers=_rate(alone), ratio_reads="times the rate",
            ),
            Figure(
                what=f"{large.entries:,} entries, {TWO}", ours=large.seconds, unit="s",
                peer=f"{ONE} at its rate", peers=large.entries / _rate(alone),
                ratio_reads="of the time",
            ),
            Figure(
                what=f"CPU time of {large.entries:,} entries", ours=large.cpu_seconds, unit="s",
                peer=f"{alone.entries:,} entries, grown",
                peers=alone.cpu_seconds * large.entries / alone.entries, ratio_reads="of linear",
            ),
            Figure(
                what=f"peak memory over {large.practices} practices", ours=large.peak_mb,
                unit="MB", peer="two practices", peers=beside.peak_mb,
                ratio_reads="times the memory",
            ),
        ],
    )  # fmt: skip


def _rate(drawn: Drawn) -> float:
    return drawn.entries / drawn.seconds


def _take(scale: Scale, *, people: int, workers: int) -> Drawn:
    command = [
        sys.executable, "-m", "benchmarks.firm_child", "--people", str(people),
        "--largest", str(scale.practice_people), "--workers", str(workers),
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Drawn(**json.loads(done.stdout.splitlines()[-1]))
