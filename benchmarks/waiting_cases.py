"""What waiting for people costs the worker: nothing, or one thread and some kilobytes a case.

`python -m benchmarks.run --only waiting` starts the worker over an empty installation and over one
in which 100,000 decisions wait for approval, and compares start, memory and the way of a decision.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from sqlalchemy import insert, select

from benchmarks.figures import Figure, Say, Section
from benchmarks.scale import Scale
from data.schemas.vocabulary import CaseStatus, PostingStatus
from service.clock import SystemClock
from service.home import prepare_home
from service.settings import Settings, environment
from service.store.cases import case_number
from service.store.flow_tables import approval
from service.store.tables import decision
from service.workflows.engine import DbosEngine
from tests.builders.approvals import WRITE_OFF, policy, requests, rule
from tests.builders.items import milestone
from tests.builders.policies import publish
from tests.builders.service import Workplace

WAITING, QUICK_WAITING = 100_000, 5_000
WRITTEN_AT_ONCE = 5_000
DECISIONS = 20
PATIENCE_SECONDS = 120.0
LATE_HOURS = 24 * 90
"""No reminder falls due: what waiting itself costs is measured."""
HOW = (
    "`python -m service.worker` over two homes, one after the other in the same run. A start lasts "
    "until the first round of the upkeep is over; memory is the resident set after "
    f"{DECISIONS} decisions; a decision without undo window, until its bill is in the sandbox "
    "ledger, is the median of those, looked for every 10 ms."
)
NAMES = {"start": ("Start of the worker", "s"), "memory": ("Memory of the worker", "MB"),
         "decision": ("Decision to bill", "ms")}  # fmt: skip


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Run the worker over an empty installation, then over a full one."""
    waiting = QUICK_WAITING if scale.is_quick else WAITING
    found = {}
    for count in (0, waiting):
        say(f"{count:,} decisions wait")
        found[count] = _measured(folder / f"waiting-{count}", count)
    return Section(
        name="waiting",
        title=f"{waiting:,} decisions wait for people",
        how=HOW,
        figures=[
            Figure(
                what=what, ours=found[waiting][name], unit=unit, peer="nothing waits",
                peers=found[0][name], ratio_reads="times as much",
            )
            for name, (what, unit) in NAMES.items()
        ],
    )  # fmt: skip


def _measured(home: Path, waiting: int) -> dict[str, float]:
    settings = Settings(home=home, undo_seconds=0.0)
    prepare_home(settings, clock=SystemClock())
    place = Workplace(settings.database, undo_window=timedelta())
    place.engine = DbosEngine(settings.database)  # type: ignore[assignment]  # the real one
    try:
        if waiting:
            _fill(place, waiting)
        with _worker(settings) as (process, start_seconds):
            seconds = [_posted(place, number) for number in range(DECISIONS)]
            memory_mb = process.memory_info().rss / 1e6
        return {"start": start_seconds, "memory": memory_mb, "decision": median(seconds) * 1e3}
    finally:
        place.engine.close()  # type: ignore[attr-defined]  # the real one
        place.close()


@contextmanager
def _worker(settings: Settings) -> Iterator[tuple[psutil.Process, float]]:
    """The worker, once its first round of upkeep is over, with how long that took."""
    settings.worker_seen_file.unlink(missing_ok=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "service.worker"]
    process = subprocess.Popen(command, env=environment(settings))
    try:
        _until(settings.worker_seen_file.exists)
        yield psutil.Process(process.pid), time.monotonic() - started
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def _posted(place: Workplace, number: int) -> float:
    """Decide one case, and give the seconds until its bill is in the ledger."""
    name = f"latency-{number}"
    claimed = place.claim(place.open_case(milestone(external_id=name)).id)
    started = time.monotonic()
    place.decide(claimed)
    _until(lambda: place.postings(f"test:{name}")[0].status is PostingStatus.DONE)
    return time.monotonic() - started


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the worker did not come so far")
        time.sleep(0.01)


def _fill(place: Workplace, waiting: int) -> None:
    """Copy one decision that waits for approval, with its case and its request, many times."""
    late = {"remind_hours": LATE_HOURS, "respond_hours": LATE_HOURS}
    place.clock.forward(days=(SystemClock().now() - place.clock.now()).days)
    publish(place, policy(rule(**late)))
    made = place.decided(milestone(external_id="waiting"), **WRITE_OFF)
    first, (asked,) = place.case(made.case_id), requests(place, made.id)
    with place.open_work() as uow:
        rows = [
            dict(uow.connection.execute(select(table).where(table.c.id == name)).mappings().one())
            for table, name in ((decision, made.id), (approval, asked.id))
        ]
    for start in range(1, waiting, WRITTEN_AT_ONCE):
        count = min(WRITTEN_AT_ONCE, waiting - start)
        with place.open_work() as uow:
            new = replace(first, id="", status=CaseStatus.AWAITING_APPROVAL)
            numbers = [case_number(one.id) for one in uow.cases.add([new] * count)]
            _copy(uow.connection, rows, numbers)


def _copy(connection: Any, rows: list[dict[str, Any]], numbers: list[int]) -> None:
    """Insert a decision and its request for each case."""
    decided, asked = rows
    connection.execute(
        insert(decision),
        [decided | {"id": f"dec-w{number}", "case_number": number} for number in numbers],
    )
    connection.execute(
        insert(approval),
        [
            asked
            | {
                "id": f"apr-w{number}", "decision_id": f"dec-w{number}", "case_number": number,
            }
            for number in numbers
        ],
    )  # fmt: skip
