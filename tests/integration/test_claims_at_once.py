"""Many people press "next" at once, and some of them never come back."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest

from service.audit.canonical import canonical
from service.domain.actor import Actor
from service.store.database import open_for_writing
from service.store.unit_of_work import WorkOpener
from service.store.writer import Writer
from service.usecases.queue.claim_case import claim_next
from service.usecases.upkeep.sweep_cases import sweep_cases
from tests.builders.items import timesheet
from tests.builders.service import REVIEWER, Workplace, database, never

CLAIMERS, CASES = 16, 1_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A thousand waiting cases and the one writer of the service."""
    place = Workplace(database(tmp_path_factory.mktemp("claims")))
    for start in range(0, CASES, 250):
        place.assess(
            *(timesheet(external_id=f"TS-{number}") for number in range(start, start + 250))
        )
    opener = WorkOpener(open_for_writing(place.url), canonical=canonical)
    writer = Writer(opener, on_tick=lambda _: lambda: None, is_tick_due=lambda: False)
    writer.start()
    yield place, writer
    writer.stop()
    opener.engine.dispose()
    place.close()


def _claim(place, writer, person_id, *, count=5):
    person = Actor(id=person_id, name="P", roles=REVIEWER.roles)
    return writer.run(
        lambda uow: claim_next(
            actor=person, count=count, uow=uow, now=place.clock.now(), coin=never
        )
    )


def test_each_of_a_thousand_cases_goes_to_one_person_and_a_dead_client_gives_back(desk):
    place, writer = desk
    taken, lock = [], threading.Lock()

    def work(number):
        turn = 0
        # A person with another name each time has nothing in hand, as one who died.
        while claimed := _claim(place, writer, f"p-{number}-{turn}"):
            with lock:
                taken.extend((case.id, case.lease_token) for case in claimed)
            turn += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLAIMERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == CASES
    assert set(Counter(case_id for case_id, _ in taken).values()) == {1}
    # Nobody came back: after their holds every case waits again, with the next token.
    place.clock.forward(seconds=timedelta(minutes=31).total_seconds())
    again = _claim(place, writer, "late")
    assert len(again) == 5
    assert {case.lease_token for case in again} == {2}


def test_what_nobody_came_back_for_is_swept_up_in_bounded_runs(desk):
    place, writer = desk
    place.clock.forward(seconds=timedelta(minutes=31).total_seconds())
    swept = []
    while not swept or swept[-1] > 0:
        swept.append(writer.run(lambda uow: sweep_cases(context=place.context(uow))).lapsed)
    assert sum(swept) == CASES
    assert max(swept) <= 200
