"""Measure the product beside its peers: `python -m benchmarks.run [--quick] [--only NAME]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    assessments,
    audit_trail,
    bulk_import,
    bulk_rules,
    clauses,
    demo,
    desk_keys,
    desk_loop,
    desk_orders,
    desk_queue,
    firm_scale,
    many_workers,
    rules,
    waiting_cases,
)
from benchmarks.figures import Say, Section
from benchmarks.machine import load_line, machine_line
from benchmarks.report import to_json, to_markdown
from benchmarks.scale import QUICK, WHOLE, Scale

HERE = Path(__file__).parent
BENCHMARKS: dict[str, Callable[..., Section]] = {
    "assessments": assessments.measure,
    "import": bulk_import.measure,
    "rules": rules.measure,
    "bulk": bulk_rules.measure,
    "audit": audit_trail.measure,
    "clauses": clauses.measure,
    "demo": demo.measure,
    "firm": firm_scale.measure,
    "desk_queue": desk_queue.measure,
    "desk_orders": desk_orders.measure,
    "desk_loop": desk_loop.measure,
    "desk_keys": desk_keys.measure,
    "waiting": waiting_cases.measure,
    "workers": many_workers.measure,
}


def main() -> None:
    """Run what was asked for and write the figures; a part of the run writes to standard output."""
    asked = _arguments()
    scale = QUICK if asked.quick else WHOLE
    notes = [load_line()]
    if scale.is_quick:
        notes.append("a quick run: small firms and few requests, to see that all runs")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="countersign-bench-") as folder:
        names = asked.only or list(BENCHMARKS)
        sections = [_section(name, scale, Path(folder), started=started) for name in names]
    notes.append(f"the run took {time.monotonic() - started:.0f} s")
    machine = machine_line()
    page = to_markdown(sections, machine=machine, notes=notes)
    if asked.only or scale.is_quick:
        sys.stdout.write(page)
        return
    (HERE / "RESULTS.md").write_text(page, encoding="utf-8")
    figures = to_json(sections, machine=machine, notes=notes)
    (HERE / "results.json").write_text(f"{figures}\n", encoding="utf-8")


def _section(name: str, scale: Scale, folder: Path, *, started: float) -> Section:
    say = _teller(name, started=started)
    say("begins")
    return BENCHMARKS[name](scale, folder=folder, say=say)


def _teller(name: str, *, started: float) -> Say:
    def say(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - started:6.1f} s  {name}: {line}\n")
        sys.stderr.flush()

    return say


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, a few minutes in all")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    main()
