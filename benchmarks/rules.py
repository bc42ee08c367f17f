"""The rules: items and entries a second through `check`, all in one batch."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import Figure, Say, Section
from benchmarks.firm import firm_of
from benchmarks.scale import Scale
from data.schemas.items import ITEM
from models.codes import Codes
from models.columns import to_batch
from models.past.history import History
from models.rules.check import check
from models.terms import Terms

ROUNDS = 2
HOW = (
    "A whole firm's items, one call of `check` with every rule and every clause; the items are "
    "objects already. `to_batch` lays them out as columns. The peer is reading the same items "
    "from JSON with pydantic, which every way of checking them must do first."
)


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Check every item of the served firm at once."""
    del folder
    say(f"generating a firm of {scale.served.people} people")
    firm = firm_of(scale.served)
    items = [one.item for one in firm.submissions]
    codes = Codes()
    terms = Terms.build(firm.reference, codes=codes)
    decided_at = max(one.received_at for one in firm.submissions) + timedelta(days=1)
    past = History(codes=codes).past(
        to_batch([], codes=codes), decided_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    batch = to_batch(items, codes=codes)
    say(f"checking {len(batch)} items with {len(batch.entries)} entries")
    laid_out = _timed(lambda: to_batch(items, codes=codes))
    checked = _timed(lambda: check(batch, past=past, terms=terms, decided_at=decided_at))
    bodies = [one.model_dump_json() for one in items]
    read = _timed(lambda: [ITEM.validate_json(body) for body in bodies])
    return Section(
        name="rules",
        title="The rules alone",
        how=f"{HOW} {len(batch)} items with {len(batch.entries)} entries.",
        figures=[
            _figure("items checked", checked, read, len(batch)),
            _figure("entries checked", checked, read, len(batch.entries)),
            _figure("items laid out as columns", laid_out, read, len(batch)),
        ],
    )


def _figure(what: str, seconds: float, peer_seconds: float, number: int) -> Figure:
    return Figure(
        what=f"{what} a second of CPU",
        ours=number / seconds,
        unit="1/s",
        peer="reading the same items from JSON",
        peers=number / peer_seconds,
        ratio_reads="of the rate",
    )


def _timed(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best
