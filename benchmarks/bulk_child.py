"""One way through a file of time entries in a process of its own, so that its memory is its own.

`python -m benchmarks.bulk_child FILE --way pandas|columns|words --entries N` writes one JSON line.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from benchmarks.bulk_world import bulk_reference
from models.bulk.bulk_check import BulkCheck, Checked, check_stream, whole_moments
from models.bulk.findings_table import findings_table, worded_table
from service.commands.check_file import RULES_AT_ONCE
from service.commands.peak_memory import peak_memory_mb
from service.connectors.entry_file import entry_tables

DECIDED_AT = datetime(2027, 1, 15, tzinfo=UTC)


Figures = dict[str, float]


def main() -> None:
    """Measure the way that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--way", choices=WAYS, required=True)
    parser.add_argument("--entries", type=int, required=True)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    taken = WAYS[asked.way](asked.file, entries=asked.entries, rounds=asked.rounds)
    print(json.dumps({**taken, "peak_mb": peak_memory_mb()}))


def _read_with_pandas(file: Path, *, entries: int, rounds: int) -> Figures:
    del entries
    return _best(lambda: len(pd.read_parquet(file)), rounds=rounds)


def _check_as_columns(file: Path, *, entries: int, rounds: int) -> Figures:
    return _check(file, findings_of=findings_table, entries=entries, rounds=rounds)


def _check_in_words(file: Path, *, entries: int, rounds: int) -> Figures:
    return _check(file, findings_of=worded_table, entries=entries, rounds=rounds)


def _check(
    file: Path, *, findings_of: Callable[..., pa.Table], entries: int, rounds: int
) -> Figures:
    """Everything from the file to the table of findings; master data is compiled before."""
    reference = bulk_reference(entries=entries)

    def once(bulk: BulkCheck) -> int:
        with ThreadPoolExecutor(max_workers=1) as ahead:
            stream = check_stream(whole_moments(entry_tables(file)), bulk=bulk, ahead=ahead)
            return sum(_rows(one, findings_of) for one in stream)

    with ThreadPoolExecutor(max_workers=RULES_AT_ONCE) as rules:
        compiled = [
            BulkCheck(reference, decided_at=DECIDED_AT, run_all=rules.map) for _ in range(rounds)
        ]
        return _best(lambda: once(compiled.pop()), rounds=rounds)


def _rows(checked: Checked, findings_of: Callable[..., pa.Table]) -> int:
    rows: int = findings_of(checked.found, facts=checked.facts).num_rows
    return rows


def _best(work: Callable[[], int], *, rounds: int) -> Figures:
    """The best of some rounds, by the clock and by CPU time apart: others share the machine."""
    taken: list[tuple[float, float]] = []
    found = 0
    for _ in range(rounds):
        started, cpu_started = time.perf_counter(), time.process_time()
        found = work()
        taken.append((time.perf_counter() - started, time.process_time() - cpu_started))
    seconds, cpu_seconds = (min(each) for each in zip(*taken, strict=True))
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "found": found}


WAYS: dict[str, Callable[..., Figures]] = {
    "pandas": _read_with_pandas,
    "columns": _check_as_columns,
    "words": _check_in_words,
}

if __name__ == "__main__":
    main()
