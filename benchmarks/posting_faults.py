"""Bills through a connection that goes wrong in nine ways: `python -m benchmarks.posting_faults`.

One in ten bills meets a fault at its first write to the ledger, which knows no unique token.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.faults.faulted_run import Told, run_faulted

PATIENCE_SECONDS = 3_600.0


def main() -> None:
    """Measure, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bills", type=int, default=10_000)
    arguments.add_argument("--share", type=float, default=0.1, help="share that meets a fault")
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = run_faulted(
            chosen.bills,
            share=chosen.share,
            seed=chosen.seed,
            folder=Path(folder),
            patience=PATIENCE_SECONDS,
        )
    print(table(told))


def table(told: Told) -> str:
    """Give the figures as a table."""
    rows = [
        ("bills", told.bills),
        *((f"  {kind}", count) for kind, count in sorted(told.faults.items())),
        ("documents in the ledger", told.documents),
        ("posted", told.posted),
        *((f"  in the queue: {name}", count) for name, count in told.in_queue.items()),
        ("lost", told.lost),
        ("doubled", told.doubled),
        ("Retry-After undercut, same bill", told.undercut),
        ("Retry-After undercut, other bills", told.early),
        ("bills a second", round(told.bills / told.seconds, 1)),
    ]
    return "\n".join(f"| {name:<60} | {figure:>9} |" for name, figure in rows)


if __name__ == "__main__":
    main()
