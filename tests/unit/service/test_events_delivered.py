"""Events arrive: in order per case, at least once, for three days, and nobody holds up the rest."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from data.schemas.vocabulary import SubscriberStatus
from service.domain.event import JITTER, WAITS, next_try
from service.domain.subscriber import PATIENCE
from service.domain.wall import OPEN_WALL
from service.ports.event_sender import Answer
from service.usecases.events.replay_events import replay_events
from service.usecases.events.switch_subscriber import disable_subscriber, enable_subscriber
from service.usecases.events.try_subscriber import try_subscriber
from service.wire.webhooks import secret_of, signed_headers, verify_webhook
from tests.builders.event_world import KEYS, SOURCE, TAKEN, EventWorld
from tests.builders.items import timesheet
from tests.fakes.clock import MONDAY_MORNING as NOW

DOWN = Answer(is_taken=False, why="the receiver answered 500")
GONE = Answer(is_taken=False, is_gone=True, why="the receiver answered 410")


@pytest.fixture
def world(workplace):
    return EventWorld(workplace)


def open_cases(world, *names):
    return [world.place.open_case(timesheet(external_id=name)).id for name in names]


def took(world):
    return [(one["subject"], int(one["sequence"])) for one in world.receiver.took]


def ready(world):
    return world.place.run(lambda uow: uow.event_deliveries.ready_ids(now=world.place.clock.now()))


def told_owner(world):
    return world.place.run(
        lambda uow: uow.notifications.of(
            "ingo", wall=OPEN_WALL, before=None, limit=9, is_unread=True
        )
    )


def test_a_case_whose_event_fails_waits_for_it_and_the_other_cases_do_not(world):
    subscriber = world.subscribe()
    stuck, free = open_cases(world, "TS-1", "TS-2")
    world.place.decide(world.place.claim(stuck))
    world.place.decide(world.place.claim(free))
    world.receiver.answer = lambda event: DOWN if event["subject"] == stuck else TAKEN
    while world.deliver(subscriber):
        pass
    assert [number for subject, number in took(world) if subject == free] == [1, 2, 3]
    assert not [number for subject, number in took(world) if subject == stuck]
    world.receiver.answer = lambda _event: TAKEN
    world.place.clock.forward(seconds=10)
    while world.deliver(subscriber):
        pass
    assert [number for subject, number in took(world) if subject == stuck] == [1, 2, 3]


def test_every_try_of_an_event_carries_the_same_id_and_the_same_bytes(world):
    subscriber = world.subscribe()
    open_cases(world, "TS-1")
    world.receiver.answer = lambda _event: DOWN
    world.deliver(subscriber)
    world.place.clock.forward(minutes=1)
    world.receiver.answer = lambda _event: TAKEN
    world.deliver(subscriber)
    first, second = world.receiver.tried
    assert (first.id, first.body) == (second.id, second.body)
    assert json.loads(first.body)["id"] == first.id


def test_a_crash_between_the_answer_and_its_note_sends_the_same_event_once_more(world):
    subscriber = world.subscribe()
    open_cases(world, "TS-1")

    def taken_and_crash(_event):
        raise KeyboardInterrupt

    world.receiver.answer = taken_and_crash
    with pytest.raises(KeyboardInterrupt):
        world.deliver(subscriber)
    world.receiver.answer = lambda _event: TAKEN
    assert world.deliver(subscriber) == 1
    assert len({letter.id for letter in world.receiver.tried}) == 1


def test_a_second_courier_keeps_away_until_the_first_has_been_silent_for_a_minute(world):
    subscriber = world.subscribe()
    open_cases(world, "TS-1", "TS-2")
    world.deliver(subscriber, courier="worker-0")
    open_cases(world, "TS-3")
    assert world.deliver(subscriber, courier="worker-1") == 0
    world.place.clock.forward(seconds=61)
    assert world.deliver(subscriber, courier="worker-1") == 1


def test_after_three_failures_in_a_row_a_subscriber_is_left_alone_for_a_while(world):
    subscriber = world.subscribe()
    open_cases(world, *(f"TS-{number}" for number in range(9)))
    world.receiver.answer = lambda _event: DOWN
    world.deliver(subscriber)
    assert len(world.receiver.tried) == PATIENCE
    assert ready(world) == []
    world.place.clock.forward(seconds=5)
    assert ready(world) == [subscriber.id]


def test_a_receiver_that_asks_for_time_gets_it(world):
    subscriber = world.subscribe()
    open_cases(world, "TS-1", "TS-2")
    wait = timedelta(minutes=7)
    world.receiver.answer = lambda _event: Answer(is_taken=False, retry_after=wait, why="429")
    world.deliver(subscriber)
    assert len(world.receiver.tried) == 1
    assert world.of(subscriber).paused_until == world.place.clock.now() + wait
    world.receiver.answer = lambda _event: TAKEN
    world.place.clock.forward(minutes=7)
    assert world.deliver(subscriber) == 2


def test_a_receiver_that_is_gone_is_disabled_at_once_and_its_owner_told(world):
    subscriber = world.subscribe()
    open_cases(world, "TS-1", "TS-2")
    world.receiver.answer = lambda _event: GONE
    world.deliver(subscriber)
    assert len(world.receiver.tried) == 1
    kept = world.of(subscriber)
    assert (kept.status, kept.why) == (SubscriberStatus.DISABLED, "it answered 410, Gone")
    (told,) = told_owner(world)
    assert subscriber.id in told.notification.text


def test_a_receiver_that_stays_away_for_three_days_is_disabled_and_nothing_is_lost(world):
    subscriber = world.subscribe()
    open_cases(world, "TS-1")
    world.receiver.answer = lambda _event: DOWN
    began = world.place.clock.now()
    while world.of(subscriber).is_active:
        world.deliver(subscriber)
        world.place.clock.forward(hours=1)
    assert world.place.clock.now() - began > timedelta(days=3)
    assert len(world.receiver.tried) == len(WAITS) + 1
    assert len(told_owner(world)) == 1
    open_cases(world, "TS-2")
    assert world.deliver(subscriber) == 0
    world.receiver.answer = lambda _event: TAKEN
    now = world.place.clock.now()
    owner = world.owner()
    world.place.run(lambda uow: enable_subscriber(subscriber.id, actor=owner, uow=uow, now=now))
    assert world.deliver(subscriber) == 2
    assert took(world) == [("C-000001", 1), ("C-000002", 1)]


def test_who_disables_a_subscriber_stops_it_in_the_middle_of_its_work(world):
    subscriber, owner = world.subscribe(), world.owner()
    open_cases(world, "TS-1", "TS-2", "TS-3")

    def disable_meanwhile(_event):
        now = world.place.clock.now()
        world.place.run(
            lambda uow: disable_subscriber(subscriber.id, actor=owner, uow=uow, now=now)
        )
        return TAKEN

    world.receiver.answer = disable_meanwhile
    assert world.deliver(subscriber) == 1
    assert world.of(subscriber).why == "Ingo disabled it"


def test_a_replay_sends_everything_since_a_moment_again_in_order_under_the_same_ids(world):
    subscriber, owner = world.subscribe(), world.owner()
    open_cases(world, "TS-1")
    world.deliver(subscriber)
    since = world.place.clock.forward(minutes=1)
    open_cases(world, "TS-2", "TS-3")
    world.deliver(subscriber)
    first = [one["id"] for one in world.receiver.took]
    world.place.run(
        lambda uow: replay_events(subscriber.id, since=since, actor=owner, uow=uow, now=since)
    )
    open_cases(world, "TS-4")
    while world.deliver(subscriber):
        pass
    assert [one["id"] for one in world.receiver.took][3:5] == first[1:3]
    assert took(world)[-1] == ("C-000004", 1)


def test_no_more_than_a_window_waits_and_the_rest_follows(world):
    subscriber = world.subscribe()
    open_cases(world, *(f"TS-{number}" for number in range(7)))
    world.write()
    now = world.place.clock.now()
    position = world.place.run(
        lambda uow: uow.event_deliveries.spread(subscriber, wall=OPEN_WALL, now=now, window=3)
    )
    backlog = world.place.run(lambda uow: uow.event_deliveries.backlog(subscriber, wall=OPEN_WALL))
    assert position > 0
    assert backlog.waiting == 7
    assert backlog.oldest_at == now
    while world.deliver(subscriber):
        pass
    assert sorted(took(world)) == [(f"C-{number:06d}", 1) for number in range(1, 8)]


def test_a_test_event_goes_out_signed_at_once_and_stands_in_no_order(world):
    subscriber = world.subscribe()
    answer = try_subscriber(
        subscriber, sender=world.receiver, key_of=KEYS, source=SOURCE, now=NOW, ids=world.place.ids
    )
    assert answer.is_taken
    (letter,) = world.receiver.tried
    headers = signed_headers(letter.id, body=letter.body, keys=letter.keys, now=NOW)
    secrets = [secret_of(KEYS(one.id)) for one in subscriber.secrets]
    proved = verify_webhook(headers, letter.body, secrets=secrets, now=NOW)
    assert proved.event["type"] == "countersign.test"
    assert world.events() == []


@pytest.mark.parametrize("draw", [0.0, 0.999])
def test_waits_grow_to_three_days_and_never_undercut_what_was_asked_for(draw):
    waits = [next_try(number, now=NOW, draw=draw, retry_after=None) - NOW
             for number in range(1, len(WAITS) + 1)]  # fmt: skip
    assert waits == sorted(waits)
    assert timedelta(days=3) < sum(waits, timedelta()) < timedelta(days=4)
    assert all(one <= wait <= one * (1 + JITTER) for one, wait in zip(WAITS, waits, strict=True))
    assert next_try(len(WAITS) + 1, now=NOW, draw=draw, retry_after=None) is None
    asked = timedelta(hours=1)
    assert next_try(1, now=NOW, draw=draw, retry_after=asked) == NOW + asked
