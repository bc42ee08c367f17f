"""What "next" costs while 2,000 or 100,000 cases wait, and the poll beside it.

`python -m benchmarks.run --only desk_queue` gives the medians and their ratio. The ratio is what
counts: a claim that reads the whole queue is fifty times dearer over a queue fifty times as long.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, Say, Section
from benchmarks.scale import Scale
from data.schemas.vocabulary import CaseStatus, Lane
from service.audit.canonical import canonical
from service.domain.actor import Actor
from service.domain.wall import OPEN_WALL, Wall
from service.store.database import open_for_reading, open_for_writing
from service.store.screens import SqlScreens
from service.store.unit_of_work import WorkOpener
from service.usecases.queue.claim_case import claim_next
from tests.builders.items import timesheet
from tests.builders.service import REVIEWER, Workplace, database, never
from tests.fakes.clock import MONDAY_MORNING

SMALL, LARGE, QUICK_LARGE = 2_000, 100_000, 20_000
CLAIMS = 60
HOW = (
    f"CPU time of a claim in one process, median of {CLAIMS} by people who hold nothing yet; "
    "the peer is the same over the short queue. A claim takes the best of each lane, "
    "draws among them, and writes lease, exposure and audit entry."
)
WRITTEN_AT_ONCE = 5_000
CLIENTS = 200
LANES = (Lane.INDEX,) * 16 + (Lane.AUDIT, Lane.AUDIT, Lane.DOUBLE, Lane.RETURNED)


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Ask the same of a short queue and of a long one."""
    medians = {}
    for waiting in (SMALL, QUICK_LARGE if scale.is_quick else LARGE):
        say(f"{waiting:,} cases")
        place = folder / f"queue-{waiting}"
        place.mkdir()
        medians[waiting] = _medians(place, waiting)
    (few, short), (many, long) = medians.items()
    return Section(
        name="desk_queue",
        title=f"The next case of {many:,}",
        how=HOW,
        figures=[
            Figure(
                what=name, ours=long[name] * 1e3, unit="ms", peer=f"{few:,} cases waiting",
                peers=short[name] * 1e3, ratio_reads="times as dear",
            )
            for name in long
        ],
    )  # fmt: skip


def _medians(folder: Path, waiting: int) -> dict[str, float]:
    """The median seconds of each question over so many waiting cases."""
    url = database(folder)
    _fill(url, waiting)
    engine = open_for_writing(url)
    opener = WorkOpener(engine, canonical=canonical)
    reader = open_for_reading(url)
    screens = SqlScreens(reader)
    now = MONDAY_MORNING + timedelta(hours=1)

    def claim(number: int, wall: Wall) -> None:
        person = Actor(id=f"p-{number}", name="P", roles=REVIEWER.roles, wall=wall)
        with opener() as uow:
            assert claim_next(
                actor=person, count=1, uow=uow, now=now, coin=lambda _: random.random()
            )

    walled = Wall(client_ids=frozenset(f"client-{number}" for number in range(CLIENTS // 5)))
    found = {
        "claim": _median(lambda n: claim(n, OPEN_WALL)),
        "claim behind a wall": _median(lambda n: claim(10_000 + n, walled)),
        "what waits": _median(lambda _: screens.queue_summary(wall=OPEN_WALL, now=now)),
    }
    engine.dispose()
    reader.dispose()
    return found


def _median(work: Callable[[int], object]) -> float:
    seconds = []
    for number in range(CLAIMS):
        started = time.process_time()
        work(number)
        seconds.append(time.process_time() - started)
    return median(seconds)


def _fill(url: str, waiting: int) -> None:
    chance = random.Random(5)
    place = Workplace(url, coin=never)
    first = place.open_case(timesheet())
    left = waiting
    while left > 0:
        cases = [
            replace(
                first,
                id="",
                lane=chance.choice(LANES),
                status=CaseStatus.OPEN,
                client_id=f"client-{chance.randrange(CLIENTS)}",
                value_minor=chance.randrange(10_000_00),
                doubt=chance.random(),
                review_minutes=chance.uniform(0.5, 20.0),
                opened_at=MONDAY_MORNING - timedelta(minutes=chance.randrange(10_000)),
                due_at=MONDAY_MORNING + timedelta(minutes=chance.randrange(20_000)),
            )
            for _ in range(min(left, WRITTEN_AT_ONCE))
        ]
        place.run(lambda uow, cases=cases: uow.cases.add(cases))
        left -= len(cases)
    place.close()
