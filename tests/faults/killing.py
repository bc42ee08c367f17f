"""Ends a worker at one numbered point after the other, and starts it again.

A process of its own: it imports everything once, and each worker is a fork of it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from dbos import DBOS

from data.schemas.vocabulary import PostingStatus
from service.ports.faults import PassBy, Point
from service.usecases.billing.post_billing import post_billing
from service.workflows.flows import launch
from tests.faults.defects import DEFECTS
from tests.faults.scene import opened, parts, postings

SETTLE_SECONDS = 60.0
LOOK_SECONDS = 0.05
UNFINISHED = ["PENDING", "ENQUEUED", "DELAYED"]
NOT_REACHED = 20
AT_A_TIME = 4
"""Workers mostly wait for the queue's next look; more of them than cores is no load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One worker that dies at the `occurrence`-th pass of a point, and one that takes over."""

    url: str
    folder: str
    point: str | None = None
    occurrence: int = 1
    defect: str | None = None


def main() -> None:
    """Read rounds from standard input, and write how each ended to standard output."""
    waiting = [Round(**one) for one in json.load(sys.stdin)]
    running: dict[int, Round] = {}
    while waiting or running:
        while waiting and len(running) < AT_A_TIME:
            one = waiting.pop(0)
            running[_forked(lambda one=one: _play(one))] = one
        process, status = os.wait()
        ended = running.pop(process)
        told = {"round": asdict(ended), "code": os.waitstatus_to_exitcode(status)}
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()


def _play(one: Round) -> int:
    """Give 0 where the first worker died at its point and the second ended everything.

    Gives NOT_REACHED where the first ended everything without passing its point.
    """
    first = _ended(_forked(lambda: _work(one, passing=_killer(one))))
    if first == 0 and one.point is not None:
        return NOT_REACHED
    if first not in {0, -signal.SIGKILL}:
        return 11
    return _ended(_forked(lambda: _work(one, passing=lambda _point: None)))


def _work(one: Round, *, passing: PassBy) -> int:
    post = DEFECTS[one.defect] if one.defect else post_billing
    folder = Path(one.folder)
    with parts(one.url, folder, passing=passing, post=post) as flow_parts:  # type: ignore[arg-type]
        launch(flow_parts, database_url=one.url, executor_id="worker-0")
        return 0 if _is_settled(one.url) else 3


def _killer(one: Round) -> PassBy:
    passed: Counter[Point] = Counter()
    lock = threading.Lock()
    trace = Path(one.folder) / "passed.jsonl"

    def passing(point: Point) -> None:
        with lock:
            passed[point] += 1
            if one.point is None:
                with trace.open("a") as file:
                    file.write(f"{json.dumps([point.value, passed[point]])}\n")
            if (point.value, passed[point]) == (one.point, one.occurrence):
                os.kill(os.getpid(), signal.SIGKILL)

    return passing


def _is_settled(url: str) -> bool:
    """Wait until no bill waits and no flow is under way."""
    deadline = time.monotonic() + SETTLE_SECONDS
    with opened(url) as open_work:
        while time.monotonic() < deadline:
            is_open = any(
                one.status is PostingStatus.PENDING for one in postings(open_work).values()
            )
            if not is_open and not DBOS.list_workflows(status=UNFINISHED, limit=1):
                return True
            time.sleep(LOOK_SECONDS)
    return False


def _forked(work: Callable[[], int]) -> int:
    process = os.fork()
    if process:
        return process
    code = 12
    try:
        code = work()
    finally:
        # Without the clean-up of an orderly end: the next worker has to cope with that as well.
        sys.stdout.flush()
        os._exit(code)


def _ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


if __name__ == "__main__":
    main()
