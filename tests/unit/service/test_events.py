"""What is told outside: every case in order, ids and money, and nothing that must stay inside."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from data.schemas.vocabulary import (
    AuditEvent,
    ItemKind,
    Lane,
    ReasonCode,
    Role,
    SubscriberStatus,
    Verdict,
)
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError, NotAllowedError, NotFoundError
from service.domain.wall import Wall
from service.ports.outside import ForbiddenAddressError
from service.store.event_tables import subscriber_secret
from service.usecases.events.add_subscriber import add_subscriber
from service.usecases.events.deliver_events import cloud_event
from service.usecases.events.rotate_secret import rotate_secret
from service.usecases.events.see_subscriber import see_subscriber
from service.usecases.events.switch_subscriber import disable_subscriber, enable_subscriber
from service.wire.events import KIND_OF, MOST_FREED, CapacityReleasedTold, FreedPerson
from service.wire.subscribers import SubscribeRequest
from service.wire.webhooks import key_of
from tests.builders.event_world import KEYS, SOURCE, EventWorld
from tests.builders.items import milestone, timesheet
from tests.builders.service import APPROVER, REVIEWER
from tests.fakes.scorer import CLEAR

LARGE = {"verdict": Verdict.WRITE_OFF, "reason_codes": (ReasonCode.LATE,)}


@pytest.fixture
def world(workplace):
    return EventWorld(workplace)


def told(world):
    world.write()
    return [(one.type.removeprefix("countersign."), one.subject, one.sequence)
            for one in world.events()]  # fmt: skip


def data_of(world, kind):
    world.write()
    return [json.loads(one.body) for one in world.events() if one.type == f"countersign.{kind}"]


def test_a_case_is_told_of_from_its_opening_to_its_undo_in_order(world):
    decision = world.place.decided(timesheet())
    world.place.undo(decision)
    case_id = decision.case_id
    assert [row for row in told(world) if row[1] == case_id] == [
        ("case.opened", case_id, 1),
        ("case.decided", case_id, 2),
        ("posting.opened", case_id, 3),
        ("case.undone", case_id, 4),
    ]


def test_numbers_run_per_case_without_gaps_also_when_cases_are_told_of_in_turn(world):
    for name in ("TS-1", "TS-2", "TS-3"):
        world.place.open_case(timesheet(external_id=name))
        world.write()
    for case_id in ("C-000001", "C-000002", "C-000003"):
        world.place.decide(world.place.claim(case_id))
    rows = told(world)
    for case_id in ("C-000001", "C-000002", "C-000003"):
        numbers = [number for _, subject, number in rows if subject == case_id]
        assert numbers == list(range(1, len(numbers) + 1))


def test_an_item_that_never_had_a_case_is_told_of_under_its_own_name(world):
    world.place.scorer.says("test:TS-9", **CLEAR)
    world.place.assess(timesheet(external_id="TS-9"))
    assert ("posting.opened", "test:TS-9", 1) in told(world)


def test_a_verdict_says_what_is_billed_and_carries_no_word_that_anybody_wrote(world):
    world.place.decided(timesheet(), note="the client is furious")
    (decided,) = data_of(world, "case.decided")
    assert decided["verdict"] == "approve"
    assert decided["is_final"]
    assert decided["approved_minor"] > 0
    everything = json.dumps([json.loads(one.body) for one in world.events()])
    assert "furious" not in everything
    assert REVIEWER.id not in everything
    assert "lane" not in everything


def test_the_first_verdict_stays_inside_while_a_second_person_judges_blind(world):
    decision = world.place.decided(milestone(amount_minor=60_000_00), **LARGE)
    (first,) = data_of(world, "case.decided")
    assert (first["verdict"], first["written_off_minor"], first["is_final"]) == (None, None, False)
    assert first["reason_codes"] == []
    world.place.sign(decision)
    (second,) = data_of(world, "case.seconded")
    assert (second["verdict"], second["is_final"]) == ("write_off", True)


def test_neither_verdict_of_two_who_disagree_is_told_before_a_third_person_ruled(world):
    decision = world.place.decided(milestone(amount_minor=60_000_00), **LARGE)
    second = world.place.sign(
        decision, verdict=Verdict.APPROVE, reason_codes=(ReasonCode.CLAUSE_SATISFIED,)
    )
    (told_second,) = data_of(world, "case.seconded")
    assert (told_second["verdict"], told_second["approved_minor"]) == (None, None)
    world.place.adjudicate(decision, stands=second.id)
    (ruled,) = data_of(world, "case.adjudicated")
    assert (ruled["verdict"], ruled["is_final"]) == ("approve", True)


@pytest.mark.parametrize("lane", [Lane.GOLD, Lane.DOUBLE])
def test_nobody_outside_is_told_of_cases_that_measure_who_judges(world, lane):
    case = world.place.open_case(timesheet())
    world.place.run(lambda uow: uow.cases.add([replace(uow.cases.get(case.id), id="", lane=lane)]))
    world.place.run(
        lambda uow: uow.audit.record(
            AuditEntry(
                event=AuditEvent.CASE_DECIDED, at=world.place.clock.now(), actor_id="rita",
                subject="C-000002", facts={"decision": "d", "needs_second": True},
            )
        )
    )  # fmt: skip
    assert {subject for _, subject, _ in told(world)} == {case.id}


def test_the_trail_is_read_once_and_an_event_never_made_twice(world):
    world.place.decided(timesheet())
    before = told(world)
    assert told(world) == before
    assert len({one.id for one in world.events()}) == len(before)


def test_an_envelope_is_a_cloudevent_that_names_its_place_in_the_trail(world):
    world.place.open_case(timesheet())
    world.write()
    (event,) = world.events()
    envelope = json.loads(cloud_event(event, source=SOURCE).model_dump_json())
    assert envelope["specversion"] == "1.0"
    assert (envelope["source"], envelope["type"]) == (SOURCE, "countersign.case.opened")
    assert envelope["sequence"] == "0000000001"
    assert envelope["id"].startswith(f"evt-{event.index:012d}-")
    assert envelope["time"].endswith("Z")
    assert set(envelope) == {"specversion", "id", "source", "type", "subject", "time", "sequence",
                             "datacontenttype", "data"}  # fmt: skip


def test_the_largest_event_there_can_be_stays_below_twenty_kilobytes(world):
    longest = "x" * 200
    freed = FreedPerson(person_id=longest, assignment_id=longest, planned_until=date(2026, 12, 31))
    told_most = CapacityReleasedTold(
        item_id=longest,
        item_kind=ItemKind.MILESTONE,
        contract_id=longest,
        client_id=longest,
        business_unit=longest,
        case_id="C-000001",
        project_id=longest,
        freed=(freed,) * MOST_FREED,
        freed_count=9_999,
    )
    world.place.open_case(timesheet())
    world.write()
    event = replace(world.events()[0], body=told_most.model_dump_json())
    assert len(cloud_event(event, source=SOURCE).model_dump_json().encode()) < 20_000


def test_every_row_of_the_table_of_types_has_its_data(world):
    assert len({kind.name for kind in KIND_OF.values()}) == len(KIND_OF)
    assert all(kind.name.startswith("countersign.") and kind.says for kind in KIND_OF.values())
    del world


def test_a_subscriber_begins_with_what_happens_after_it_was_made(world):
    world.place.open_case(timesheet(external_id="TS-1"))
    world.write()
    subscriber = world.subscribe()
    world.place.open_case(timesheet(external_id="TS-2"))
    world.deliver(subscriber)
    assert [one["data"]["item_id"] for one in world.receiver.took] == ["test:TS-2"]


def test_only_the_types_that_were_asked_for_are_sent(world):
    subscriber = world.subscribe(world.owner(), "countersign.case.decided")
    world.place.decided(timesheet())
    world.deliver(subscriber)
    assert [one["type"] for one in world.receiver.took] == ["countersign.case.decided"]


def test_what_lies_behind_the_wall_of_its_maker_is_never_sent(world):
    walled = world.subscribe(world.owner("wanda", wall=Wall(client_ids=frozenset({"other"}))))
    seeing = world.subscribe(world.owner("anna", wall=Wall(client_ids=frozenset({"acme"}))))
    world.place.open_case(timesheet())
    assert world.deliver(walled) == 0
    assert world.deliver(seeing) == 1


def test_a_wall_that_closes_later_holds_for_what_was_on_its_way_already(world):
    subscriber = world.subscribe(world.owner("wanda"))
    world.place.open_case(timesheet())
    world.receiver.answer = lambda _event: pytest.fail("it was sent")
    world.write()
    world.place.run(
        lambda uow: uow.event_deliveries.spread(
            subscriber, wall=Wall(), now=world.place.clock.now(), window=10
        )
    )
    world.owner("wanda", wall=Wall(client_ids=frozenset({"other"})))
    assert world.deliver(subscriber) == 0


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": {Role.REVIEWER}}])
def test_who_may_have_events_no_more_gets_none_and_the_others_are_told(world, change):
    subscriber = world.subscribe(world.owner("ingo"))
    world.owner("ines")
    world.owner("ingo", **change)
    world.place.open_case(timesheet())
    assert world.deliver(subscriber) == 0
    assert world.of(subscriber).status is SubscriberStatus.DISABLED
    told_ines = world.place.run(
        lambda uow: uow.notifications.of("ines", wall=Wall(), before=None, limit=5, is_unread=True)
    )
    assert subscriber.id in told_ines[0].notification.text


@pytest.mark.parametrize("actor", [REVIEWER, APPROVER])
def test_whoever_keeps_no_integrations_neither_makes_nor_sees_subscribers(world, actor):
    with pytest.raises(NotAllowedError):
        world.subscribe(actor)
    kept = world.subscribe()
    with pytest.raises(NotAllowedError):
        world.place.run(lambda uow: see_subscriber(kept.id, actor=actor, uow=uow))


def test_an_address_that_may_not_be_called_and_an_unknown_type_are_refused(world):
    owner = world.owner()

    def refuse(_url):
        raise ForbiddenAddressError("it leads home", remedy="Give another one.")

    def add(request, check):
        return world.place.run(
            lambda uow: add_subscriber(
                request, actor=owner, check=check, key_of=KEYS, uow=uow,
                now=world.place.clock.now(), ids=world.place.ids,
            )
        )  # fmt: skip

    with pytest.raises(InvalidRequestError, match=r"Give another one\."):
        add(SubscribeRequest(url="https://127.0.0.1/"), refuse)
    with pytest.raises(InvalidRequestError, match=r"case\.opened"):
        add(SubscribeRequest(url="https://a.example.org/", types=("case",)), lambda _url: None)
    assert world.place.run(lambda uow: uow.subscribers.all()) == []


def test_a_secret_is_shown_once_and_stands_in_no_table_and_in_no_trail(world):
    owner = world.owner()
    subscriber = world.subscribe(owner)
    _, secret = world.place.run(
        lambda uow: rotate_secret(
            subscriber.id, actor=owner, key_of=KEYS, uow=uow,
            now=world.place.clock.now(), ids=world.place.ids,
        )
    )  # fmt: skip
    assert len(key_of(secret)) == 32
    with world.place.reader.begin() as connection:
        rows = str(connection.execute(subscriber_secret.select()).all())
    assert secret not in rows + str(world.place.audited())
    assert secret.removeprefix("whsec_") not in rows + str(world.place.audited())


def test_two_secrets_sign_while_one_is_rotated_and_the_new_one_alone_after_a_day(world):
    owner = world.owner()
    subscriber = world.subscribe(owner)

    def rotate(actor):
        return world.place.run(
            lambda uow: rotate_secret(
                subscriber.id, actor=actor, key_of=KEYS, uow=uow,
                now=world.place.clock.now(), ids=world.place.ids,
            )
        )[1]  # fmt: skip

    with pytest.raises(NotAllowedError):
        rotate(world.owner("ines"))
    new = rotate(owner)
    world.place.open_case(timesheet(external_id="TS-1"))
    world.deliver(subscriber)
    assert world.receiver.tried[-1].keys[0] == key_of(new)
    assert len(world.receiver.tried[-1].keys) == 2
    world.place.clock.forward(hours=25)
    world.place.open_case(timesheet(external_id="TS-2"))
    world.deliver(subscriber)
    assert world.receiver.tried[-1].keys == (key_of(new),)


def test_every_change_of_a_subscriber_stands_in_the_trail_without_its_address(world):
    owner = world.owner()
    subscriber = world.subscribe(owner, url="https://hooks.example.org/token-abc")
    now = world.place.clock.now()
    for change in (disable_subscriber, disable_subscriber, enable_subscriber):
        world.place.run(
            lambda uow, change=change: change(subscriber.id, actor=owner, uow=uow, now=now)
        )
    entries = world.place.audited(AuditEvent.SUBSCRIBER_ADDED, AuditEvent.SUBSCRIBER_CHANGED)
    assert [one["facts"].get("what") for one in entries] == [None, "disabled", "enabled"]
    assert {one["actor"] for one in entries} == {"ingo"}
    assert "token-abc" not in str(entries)


def test_a_subscriber_that_is_not_there_is_not_found(world):
    owner = world.owner()
    with pytest.raises(NotFoundError):
        world.place.run(lambda uow: see_subscriber("sub-x", actor=owner, uow=uow))
