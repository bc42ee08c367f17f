"""Postings by one, two and four workers over PostgreSQL, and PostgreSQL crashed in mid-load.

`python -m benchmarks.run --only workers` starts the workers as `serve --workers` does.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

from benchmarks.figures import Figure, Say, Section
from benchmarks.scale import Scale
from tests.builders.postgres_server import PostgresServer
from tests.builders.posting_crew import Crew, posting_crew

CREWS = (1, 2, 4)
BILLS, QUICK_BILLS = 1_000, 100
CRASHES, QUICK_CRASHES = 20, 2
BILLS_A_CRASH = 40
HOW = (
    "PostgreSQL 18 from its wheel with its own settings (fsync on), on this machine. Bills that "
    "policy cleared lie ready, five to a run; the clock goes from the first document to the last, "
    "into the sandbox ledger, which is one SQLite file. For the crashes two workers post while "
    "bills come in and the server is ended with `pg_ctl -m immediate`, again and again; lost is an "
    "accepted bill without a document, doubled a second document of a bill."
)


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Post with each crew, then crash the server."""
    server = PostgresServer()
    bills = QUICK_BILLS if scale.is_quick else BILLS
    try:
        pace = {}
        for workers in CREWS:
            say(f"{bills:,} bills by {workers}")
            pace[workers] = _pace(server, folder, workers=workers, bills=bills)
        crashes = QUICK_CRASHES if scale.is_quick else CRASHES
        say(f"{crashes} crashes of the database")
        figures = _crashed(server, folder, crashes=crashes)
    finally:
        server.stop()
    return Section(
        name="workers",
        title="Several workers over PostgreSQL",
        how=HOW,
        figures=[
            *(
                Figure(
                    what=f"Bills posted by {workers} workers", ours=pace[workers], unit="per s",
                    peer="one worker", peers=pace[1], ratio_reads="times as many",
                )
                for workers in CREWS[1:]
            ),
            *figures,
        ],
    )  # fmt: skip


def _pace(server: PostgresServer, folder: Path, *, workers: int, bills: int) -> float:
    name = f"crew_{workers}"
    with posting_crew(folder / name, server=server, database=name, workers=workers) as crew:
        crew.give(bills)
        crew.supervisor.start()
        crew.until(lambda: crew.done() > 0)
        first, started = crew.done(), time.monotonic()
        crew.until(lambda: crew.done() == bills)
        return (bills - first) / (time.monotonic() - started)


def _crashed(server: PostgresServer, folder: Path, *, crashes: int) -> list[Figure]:
    gaps = []
    with posting_crew(folder / "crashed", server=server, database="crashed", workers=2) as crew:
        crew.supervisor.start()
        accepted = crew.give(BILLS_A_CRASH)
        crew.until(lambda: crew.done() > 0)
        for _ in range(crashes):
            # What is given first is being posted when the server ends; the rest meets a dead one.
            accepted += crew.give(BILLS_A_CRASH)
            crash = threading.Thread(target=server.crash_and_start)
            crash.start()
            accepted += crew.give(BILLS_A_CRASH)
            crash.join()
            gaps.append(_back(crew))
        crew.until(lambda: crew.done() == len(crew.tokens()))
        tokens, documents = crew.tokens(), crew.documents()
        differences = crew.place.differences()
    missing = len(set(tokens) - set(documents)) + max(0, accepted - len(tokens))
    return [
        Figure(what=f"Bills accepted around {crashes} crashes", ours=len(tokens), unit=""),
        Figure(what="Bills lost", ours=missing, unit=""),
        Figure(what="Bills doubled", ours=len(documents) - len(set(documents)), unit=""),
        Figure(what="Control totals with a difference", ours=len(differences), unit=""),
        Figure(what="Longest wait for the next bill after a crash", ours=max(gaps), unit="s"),
    ]


def _back(crew: Crew) -> float:
    """Give how long the workers take, once the server is there again, to post the next bill."""
    before = 0

    def is_there() -> bool:
        nonlocal before
        before = crew.done()
        return True

    waited = crew.until(is_there)
    if before == len(crew.tokens()):
        return waited
    return waited + crew.until(lambda: crew.done() > before)
