"""Who is told what, by which way, and how it leaves the house."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from data.schemas.vocabulary import (
    AuditEvent,
    Channel,
    DeliveryStatus,
    NotificationKind,
    ReasonCode,
    Role,
    Verdict,
)
from service.domain.account import Account
from service.domain.actor import Actor
from service.domain.notification import MOST_ATTEMPTS
from service.domain.wall import OPEN_WALL, Wall
from service.ports.messenger import NotDeliveredError
from service.usecases.people.set_absence import return_leases_of_the_absent
from service.usecases.telling.deliver_notifications import deliver_notifications
from service.usecases.telling.notify import notify, notify_role
from service.usecases.telling.tell import tell_posting_refused
from service.usecases.telling.tell_known_cases import monday_of, tell_known_cases
from service.usecases.upkeep.time_out_case import time_out_case
from tests.builders.items import milestone, timesheet, week

APPROVER_ANNA = Actor(id="anna", name="Anna", roles=frozenset({Role.APPROVER}))
MENTIONED, APPROVAL = NotificationKind.MENTIONED, NotificationKind.APPROVAL_NEEDED


class FakeMessenger:
    """Keeps what it is sent; raises what it is told to."""

    def __init__(self):
        self.sent, self.fails = [], None

    def send(self, message, *, now):
        if self.fails is not None:
            raise self.fails
        self.sent.append(message)


def account(login, *roles, **more):
    return Account(
        person_id=login,
        login=login,
        name=login.title(),
        password_hash="-",
        roles=frozenset(roles or {Role.REVIEWER}),
        email=f"{login}@example.org",
        **more,
    )


@pytest.fixture
def office(workplace):
    """Rita reviews; Anna and Arno approve."""
    workplace.run(
        lambda uow: [
            uow.accounts.save(one)
            for one in (
                account("rita"),
                account("anna", Role.APPROVER),
                account("arno", Role.APPROVER),
            )
        ]
    )
    return workplace


def choose(office, login, **notify_by):
    chosen = json.dumps({"notify": notify_by})
    office.run(
        lambda uow: uow.accounts.save(replace(uow.accounts.by_login(login), preferences=chosen))
    )


def tell(office, *people, kind=MENTIONED, words="look", **more):
    now = office.clock.now()
    office.run(lambda uow: notify(*people, kind=kind, text=words, uow=uow, now=now, **more))


def told(office, person_id):
    with office.open_work() as uow:
        found = uow.notifications.of(
            person_id, wall=OPEN_WALL, before=None, limit=50, is_unread=False
        )
    return [one.notification.text for one in found]


def unread(office, person_id):
    with office.open_work() as uow:
        return uow.notifications.count_unread(person_id, wall=OPEN_WALL)


def deliver(office, **messengers):
    return deliver_notifications(
        open_work=office.open_work,
        messengers={Channel(name): one for name, one in messengers.items()},
        link_of=lambda note: f"https://desk/{note.case_id}",
        now=office.clock.now,
    )


def deliveries(office, status):
    with office.open_work() as uow:
        return [one.delivery for one in uow.notifications.deliveries(status, limit=50)]


def test_telling_the_same_at_one_time_tells_it_once(office):
    tell(office, "rita", "rita")
    tell(office, "rita")
    assert told(office, "rita") == ["look"]


def test_a_person_is_told_by_the_ways_they_chose(office):
    choose(office, "rita", mentioned=["email", "webhook"])
    tell(office, "rita", "anna")
    mail, hook = FakeMessenger(), FakeMessenger()
    assert deliver(office, email=mail, webhook=hook) == 2
    assert [one.to_email for one in mail.sent] == ["rita@example.org"]
    assert {one.id.rsplit("-", 1)[1] for one in mail.sent + hook.sent} == {"email", "webhook"}
    # Chosen elsewhere only: in the list, but not counted as new.
    assert told(office, "rita") == ["look"]
    assert (unread(office, "rita"), unread(office, "anna")) == (0, 1)


def test_what_arrived_is_not_sent_again(office):
    choose(office, "rita", mentioned=["in_app", "email"])
    tell(office, "rita")
    mail = FakeMessenger()
    assert [deliver(office, email=mail), deliver(office, email=mail)] == [1, 0]
    assert len(mail.sent) == 1


def test_a_failure_is_tried_again_later_and_at_last_shown(office):
    choose(office, "rita", mentioned=["in_app", "email"])
    tell(office, "rita")
    mail = FakeMessenger()
    mail.fails = NotDeliveredError("no mail server: ConnectionRefusedError")
    for _ in range(MOST_ATTEMPTS):
        deliver(office, email=mail)
        deliver(office, email=mail)  # not due yet: not counted
        office.clock.forward(hours=1)
    failed = deliveries(office, DeliveryStatus.FAILED)
    assert [(one.attempts, one.error) for one in failed] == [
        (MOST_ATTEMPTS, "no mail server: ConnectionRefusedError")
    ]
    with office.open_work() as uow:
        shown = uow.notifications.of("rita", wall=OPEN_WALL, before=None, limit=1, is_unread=False)
    assert shown[0].failure == "no mail server: ConnectionRefusedError"


def test_one_failure_leaves_the_channel_alone_until_the_next_look(office):
    choose(office, "rita", mentioned=["email"])
    for number in range(3):
        tell(office, "rita", words=f"look {number}")
    mail = FakeMessenger()
    mail.fails = NotDeliveredError("down")
    deliver(office, email=mail)
    assert sorted(one.attempts for one in deliveries(office, DeliveryStatus.WAITING)) == [0, 0, 1]


def test_a_channel_that_is_not_set_up_is_told_as_such(office):
    choose(office, "rita", mentioned=["webhook"])
    tell(office, "rita")
    deliver(office)
    assert "no webhook is set up" in deliveries(office, DeliveryStatus.FAILED)[0].error


def test_nothing_that_leaves_names_the_client_or_the_money(office):
    choose(office, "rita", case_late=["email"])
    held = office.claim(office.open_case(timesheet()).id)
    tell(office, "rita", kind=NotificationKind.CASE_LATE, words=f"{held.id} is late.", case=held)
    mail = FakeMessenger()
    deliver(office, email=mail)
    said = f"{mail.sent[0].text} {mail.sent[0].link}"
    assert held.client_id not in said
    assert str(held.amount_minor // 100) not in said


def test_a_role_is_told_but_not_whoever_caused_it_or_cannot_see_it(office):
    held = office.claim(office.open_case(timesheet()).id)
    office.run(
        lambda uow: uow.accounts.save(
            account("wally", Role.APPROVER, wall=Wall(client_ids=frozenset({"another"})))
        )
    )
    now = office.clock.now()
    office.run(
        lambda uow: notify_role(
            Role.APPROVER, kind=APPROVAL, text="sign", uow=uow, now=now, case=held,
            but_not=frozenset({"arno"}),
        )
    )  # fmt: skip
    assert [told(office, name) for name in ("anna", "arno", "wally", "rita")] == [
        ["sign"], [], [], [],
    ]  # fmt: skip


def test_while_somebody_is_away_their_deputy_is_asked_as_well(office):
    now = office.clock.now()
    away = {"absent_from": now, "absent_until": now + timedelta(days=1), "deputy_id": "arno"}
    office.run(lambda uow: uow.accounts.save(replace(uow.accounts.by_login("anna"), **away)))
    tell(office, "anna", kind=APPROVAL, words="sign")
    tell(office, "anna", kind=MENTIONED, words="hello")
    assert sorted(told(office, "anna")) == ["hello", "sign"]
    assert told(office, "arno") == ["sign"]


def test_whoever_left_is_told_nothing(office):
    office.run(
        lambda uow: uow.accounts.save(replace(uow.accounts.by_login("rita"), is_active=False))
    )
    tell(office, "rita", "nobody")
    assert told(office, "rita") == []


def test_an_absence_that_begins_returns_what_the_person_holds(office):
    held = office.claim(office.open_case(timesheet()).id)
    now = office.clock.now()
    away = {
        "absent_from": now + timedelta(minutes=1),
        "absent_until": now + timedelta(days=1),
    }
    office.run(lambda uow: uow.accounts.save(replace(uow.accounts.by_login("rita"), **away)))
    sweep = lambda uow: return_leases_of_the_absent(uow=uow, now=office.clock.now())  # noqa: E731
    assert office.run(sweep) == 0
    office.clock.forward(minutes=2)
    assert [office.run(sweep), office.run(sweep)] == [1, 0]
    released = office.audited(AuditEvent.CASE_RELEASED)[-1]
    assert (released["subject"], released["facts"]["why"]) == (held.id, "its holder is away")
    # Whoever works all the same keeps what they claim.
    office.clock.forward(minutes=10)
    office.claim(held.id)
    assert office.run(sweep) == 0


class TestWhoIsToldWhen:
    """The desk's own moments, each with the people it concerns."""

    def test_large_money_asks_other_approvers(self, office):
        office.decided(milestone(amount_minor=60_000_00), APPROVER_ANNA)
        assert "needs the verdict of a second person" in " ".join(told(office, "arno"))
        assert told(office, "anna") == []

    def test_a_case_that_nobody_answers_is_told_to_approvers_once_for_each_step(self, office):
        case = office.open_case(timesheet())
        office.clock.forward(days=30)
        office.run(lambda uow: time_out_case(case, context=office.context(uow)))
        assert told(office, "anna") == [f"Nobody answered case {case.id} in time."]
        assert told(office, "rita") == []

    def test_whoever_asked_is_told_when_a_newer_version_comes(self, office):
        asked = {
            "verdict": Verdict.REQUEST_INFORMATION,
            "reason_codes": (ReasonCode.EVIDENCE_MISSING,),
        }
        office.decided(timesheet(), **asked)
        office.assess(timesheet(entries=week(of="TS-1", minutes_worked=420)))
        assert "which you asked about" in " ".join(told(office, "rita"))

    def test_a_posting_without_a_known_owner_is_told_to_all_who_mend_them(self, office):
        office.run(lambda uow: uow.accounts.save(account("ivo", Role.INTEGRATION_OWNER)))
        now = office.clock.now()
        office.run(lambda uow: tell_posting_refused("pst-1", owner_id="nobody", uow=uow, now=now))
        assert told(office, "ivo") == [
            "The posting pst-1 failed for good and waits in the exception queue."
        ]

    def test_nothing_is_told_twice_of_one_week_of_practice(self, office):
        now = office.clock.now()
        mondays = {office.run(lambda uow: tell_known_cases(uow=uow, now=now)) for _ in range(2)}
        assert mondays == {monday_of(now)}
        assert told(office, "rita") == []
