"""Posts many bills through a proxy that goes wrong, and holds both sides against each other."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from data.schemas.vocabulary import PostingStatus
from service.clock import SystemClock
from service.domain.wall import OPEN_WALL
from service.scoring.watching import LiveWatcher
from service.store.tables import posting
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.post_billing import Gates
from service.workflows.engine import DbosEngine, prepare_engine
from service.workflows.flows import FlowParts, launch, shut_down
from tests.builders.databases import sqlite_database
from tests.builders.items import timesheet
from tests.builders.service import Workplace, never
from tests.fakes.scorer import CLEAR
from tests.faults.http_ledger import HttpLedger

PER_REQUEST = 500
LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What both sides say in the end."""

    bills: int
    faults: dict[str, int]
    """How often each kind struck."""
    documents: int
    posted: int
    in_queue: dict[str, int]
    """Bills in the exception queue, by reason."""
    lost: int
    """Bills that we take for posted and the ledger does not have, or that wait for ever."""
    doubled: int
    undercut: int
    early: int
    seconds: float


def run_faulted(bills: int, *, share: float, seed: int, folder: Path, patience: float) -> Told:
    """Post so many bills, of which a share meets a fault, until none waits."""
    url = sqlite_database(folder)
    prepare_engine(url)
    place = Workplace(url)
    try:
        with _faulted_ledger(share, seed) as (address, ended):
            begun = time.monotonic()
            _post_all(place, bills, address=address, patience=patience)
            seconds = time.monotonic() - begun
            return _compared(place, bills, ended(), seconds=seconds)
    finally:
        place.close()


def _post_all(place: Workplace, bills: int, *, address: str, patience: float) -> None:
    with closing(DbosEngine(place.url)) as engine, closing(HttpLedger(address)) as ledger:
        place.engine = engine  # type: ignore[assignment]
        for start in range(0, bills, PER_REQUEST):
            numbers = range(start, min(bills, start + PER_REQUEST))
            sheets = [timesheet(external_id=f"F-{number}") for number in numbers]
            for one in sheets:
                place.scorer.says(one.item_id, **CLEAR)
            place.assess(*sheets)
        launch(
            FlowParts(
                open_work=place.open_work,
                ledger=ledger,
                gates=Gates(billed=BilledRows(), regions={}),
                watcher=LiveWatcher(),
                coin=never,
                carry_out=_carries_nothing,
                now=SystemClock().now,
                owner_of_failures="ines",
                engine=engine,
                draw=random.Random(0).random,
            ),
            database_url=place.url,
            executor_id="worker-0",
        )
        try:
            deadline = time.monotonic() + patience
            while _pending(place) and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)
        finally:
            shut_down()


def _pending(place: Workplace) -> int:
    query = select(func.count()).where(posting.c.status == PostingStatus.PENDING.value)
    with place.reader.connect() as connection:
        return int(connection.execute(query).scalar_one())


def _compared(place: Workplace, bills: int, told: dict[str, Any], *, seconds: float) -> Told:
    with place.reader.connect() as connection:
        rows = connection.execute(select(posting.c.token, posting.c.status)).all()
        reasons = place.screens.posting_reasons(wall=OPEN_WALL, now=SystemClock().now()).reasons
    written = Counter(one["token"] for one in told["documents"])
    done = [row.token for row in rows if row.status == PostingStatus.DONE.value]
    waiting = sum(row.status == PostingStatus.PENDING.value for row in rows)
    return Told(
        bills=bills,
        faults=told["faults"],
        documents=len(told["documents"]),
        posted=len(done),
        in_queue={one.name: one.postings for one in reasons},
        lost=waiting + sum(written[token] == 0 for token in done) + bills - len(rows),
        doubled=sum(count > 1 for count in written.values()),
        undercut=told["undercut"],
        early=told["early"],
        seconds=seconds,
    )


@contextmanager
def _faulted_ledger(share: float, seed: int) -> Iterator[tuple[str, Any]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.faulted_ledger", str(share), str(seed)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    port = process.stdout.readline().strip()

    def ended() -> dict[str, Any]:
        told, _ = process.communicate()
        found: dict[str, Any] = json.loads(told)
        return found

    try:
        yield f"http://127.0.0.1:{port}", ended
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _carries_nothing(_job_id: str) -> object:
    raise AssertionError("no order to the models is given here")
