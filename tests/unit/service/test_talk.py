"""Whom a text mentions, and how often what leaves the house is tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.vocabulary import Channel, DeliveryStatus
from service.domain.notification import MOST_ATTEMPTS, Delivery
from service.domain.talk import mentions_in
from service.domain.wall import OPEN_WALL, Wall

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@bo please look", ("bo",)),
        ("Look, @Bo, and you too (@chen.wei).", ("bo", "chen.wei")),
        ("@bo @bo @bo", ("bo",)),
        ("mail bo@example.org about it", ()),  # an address mentions nobody
        ("@ana@example.org", ("ana@example.org",)),  # a log-in name may be an address
        ("40 h @ 120 EUR", ()),
        ("@", ()),
        ("done.@bo", ()),
    ],
)
def test_an_at_sign_before_a_name_mentions_somebody(text, names):
    assert mentions_in(text) == names


@given(st.text())
def test_any_text_can_be_read_for_mentions(text):
    assert all(name and name == name.casefold() for name in mentions_in(text))


def test_a_delivery_is_tried_six_times_with_growing_pauses_and_then_left():
    delivery = Delivery(notification_id="ntf-1", channel=Channel.EMAIL, due_at=NOW)
    now, pauses = NOW, []
    while delivery.status is DeliveryStatus.WAITING:
        delivery = delivery.begun(now=now).failed("no mail server", for_good=False)
        pauses.append(delivery.due_at - now)
        now = delivery.due_at
    assert delivery.attempts == MOST_ATTEMPTS
    assert pauses == [timedelta(minutes=m) for m in (1, 2, 4, 8, 16, 32)]
    assert delivery.error == "no mail server"


def test_what_can_never_succeed_is_not_tried_again():
    delivery = Delivery(notification_id="ntf-1", channel=Channel.EMAIL, due_at=NOW)
    after = delivery.begun(now=NOW).failed("no such mailbox", for_good=True)
    assert (after.status, after.attempts) == (DeliveryStatus.FAILED, 1)


@pytest.mark.parametrize(
    ("outer", "inner", "is_covered"),
    [
        (OPEN_WALL, Wall(client_ids=frozenset({"acme"})), True),
        (Wall(client_ids=frozenset({"acme"})), OPEN_WALL, False),
        (Wall(client_ids=frozenset({"acme", "bolt"})), Wall(client_ids=frozenset({"acme"})), True),
        (Wall(client_ids=frozenset({"acme"})), Wall(client_ids=frozenset({"bolt"})), False),
        (Wall(business_units=frozenset({"a"})), Wall(client_ids=frozenset({"acme"})), False),
    ],
)
def test_a_wall_covers_another_when_nothing_of_it_is_hidden(outer, inner, is_covered):
    assert outer.covers(inner) is is_covered
