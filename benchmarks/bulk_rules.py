"""The rules over a million time entries from a file, and over ten million in a stream."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bulk_entries import write_entries
from benchmarks.bulk_world import CONTRACTS, PEOPLE
from benchmarks.figures import Figure, Say, Section
from benchmarks.scale import Scale

SEED = 7
ROW_GROUP = 250_000
ROUNDS = 3
HOW = (
    f"A Parquet file of time entries of {PEOPLE:,} people on {CONTRACTS} contracts with every "
    "kind of clause about time in force, one entry in twelve with a fault, three narratives in "
    "five unique. Measured from opening the file to the table of findings, as `countersign check` "
    "does it, in a process of its own: one thread reads and lays out, two run the rules. The peer "
    "is `pandas.read_parquet` of the same file, on both cores."
)
PEER = "pandas.read_parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one way through a file took."""

    seconds: float
    cpu_seconds: float
    found: int
    peak_mb: float


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Write both files and measure every way through them."""
    small, large = folder / "entries.parquet", folder / "stream.parquet"
    count, stream = scale.rule_entries, scale.streamed_entries
    say(f"writing {count:,} entries")
    write_entries(small, entries=count, seed=SEED, row_group=ROW_GROUP)
    say("checking them, and reading them with pandas")
    peer = _take(small, way="pandas", entries=count, rounds=ROUNDS)
    columns = _take(small, way="columns", entries=count, rounds=ROUNDS)
    words = _take(small, way="words", entries=count, rounds=ROUNDS)
    say(f"writing {stream:,} entries")
    write_entries(large, entries=stream, seed=SEED, row_group=ROW_GROUP)
    say("checking them in a stream")
    streamed = _take(large, way="columns", entries=stream, rounds=1)
    return Section(
        name="bulk",
        title=f"The rules over {count:,} entries, and {stream:,} in a stream",
        how=f"{HOW} {columns.found:,} pieces of evidence were found in {count:,} entries.",
        figures=[
            _time("from file to findings as columns", columns, peer),
            _time("from file to findings in words", words, peer),
            _cpu("CPU time from file to findings as columns", columns, peer),
            _rate("entries a second, findings as columns", columns, peer, entries=count),
            _rate("entries a second, findings in words", words, peer, entries=count),
            _memory(f"peak memory over {count:,} entries", columns, peer=PEER, other=peer),
            _rate(f"entries a second in a stream of {stream:,}", streamed, peer, entries=stream,
                  peer_entries=count),
            Figure(
                what=f"CPU time of the stream of {stream:,}", ours=streamed.cpu_seconds, unit="s",
                peer=f"{stream / count:.3g} times the {count:,}",
                peers=columns.cpu_seconds * stream / count, ratio_reads="of linear",
            ),
            _memory(f"peak memory over {stream:,} entries", streamed,
                    peer=f"{count:,} entries", other=columns),
        ],
    )  # fmt: skip


def _time(what: str, ours: Taken, peer: Taken) -> Figure:
    return Figure(
        what=what, ours=ours.seconds, unit="s", peer=PEER, peers=peer.seconds,
        ratio_reads="times the reading",
    )  # fmt: skip


def _cpu(what: str, ours: Taken, peer: Taken) -> Figure:
    return Figure(
        what=what, ours=ours.cpu_seconds, unit="s", peer=PEER, peers=peer.cpu_seconds,
        ratio_reads="times the reading",
    )  # fmt: skip


def _rate(
    what: str, ours: Taken, peer: Taken, *, entries: int, peer_entries: int | None = None
) -> Figure:
    return Figure(
        what=what, ours=entries / ours.seconds, unit="1/s", peer=PEER,
        peers=(peer_entries or entries) / peer.seconds, ratio_reads="of the rate",
    )  # fmt: skip


def _memory(what: str, ours: Taken, *, peer: str, other: Taken) -> Figure:
    return Figure(
        what=what, ours=ours.peak_mb, unit="MB", peer=peer, peers=other.peak_mb,
        ratio_reads="times the memory",
    )  # fmt: skip


def _take(file: Path, *, way: str, entries: int, rounds: int) -> Taken:
    command = [
        sys.executable, "-m", "benchmarks.bulk_child", str(file),
        "--way", way, "--entries", str(entries), "--rounds", str(rounds),
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Taken(**json.loads(done.stdout.splitlines()[-1]))
