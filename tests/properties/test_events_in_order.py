"""Whatever a receiver answers, it gets every event, and those of each case in order."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from itertools import chain, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.wall import OPEN_WALL
from service.ports.event_sender import Answer
from service.usecases.events.deliver_events import deliver_events
from tests.builders.databases import database
from tests.builders.event_world import TAKEN, EventWorld
from tests.builders.items import timesheet
from tests.builders.service import Workplace

CASES = 3
LOST = None
"""It was taken, and the courier died before it could note that."""
ANSWERS = st.sampled_from(
    [TAKEN, TAKEN, Answer(is_taken=False, why="500"), Answer(is_taken=False, is_gone=True), LOST]
)


class DiedError(Exception):
    """The process ended."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Three cases, each opened, decided and with a bill."""
    world = EventWorld(Workplace(database(tmp_path_factory.mktemp("events"))))
    for number in range(CASES):
        world.place.open_case(timesheet(external_id=f"TS-{number}"))
    for number in range(CASES):
        world.place.decide(world.place.claim(f"C-{number + 1:06d}"))
    world.write()
    yield world
    world.place.close()


def from_the_first(world):
    """A new subscriber of everything there ever was."""
    made = replace(world.subscribe(), position=0)
    world.place.run(lambda uow: uow.subscribers.save(made))
    return made


def waits(world, subscriber):
    """Say whether anything is missing, and let a disabled subscriber go on."""
    kept = world.of(subscriber)
    if not kept.is_active:
        world.place.run(lambda uow: uow.subscribers.save(kept.enabled()))
    return (
        world.place.run(lambda uow: uow.event_deliveries.backlog(kept, wall=OPEN_WALL)).waiting > 0
    )


@settings(max_examples=20)
@given(st.lists(ANSWERS, max_size=20))
def test_nothing_is_lost_and_nothing_overtakes_within_a_case(world, answers):
    given_in_turn, came = chain(answers, repeat(TAKEN)), []

    def answer(event):
        chosen = next(given_in_turn)
        if chosen is LOST or chosen.is_taken:
            came.append((event["subject"], int(event["sequence"])))
        if chosen is LOST:
            raise DiedError
        return chosen

    world.receiver.answer = answer
    subscriber = from_the_first(world)
    while waits(world, subscriber):
        with suppress(DiedError):
            deliver_events(subscriber.id, courier=world.courier())
        world.place.clock.forward(hours=31)
    assert set(came) == {(one.subject, one.sequence) for one in world.events()}
    by_case = defaultdict(list)
    for subject, number in came:
        by_case[subject].append(number)
    for numbers in by_case.values():
        # A repeat is the last one again; nothing newer came before it was noted.
        assert numbers == sorted(numbers)
