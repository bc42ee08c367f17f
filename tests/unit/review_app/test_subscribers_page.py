"""Subscribers on the page: what reaches them, and the ways to stop, resume and repeat it."""

from __future__ import annotations

import pytest

from data.schemas.vocabulary import Role, SubscriberStatus
from service.clock import SystemClock, SystemIds
from service.connectors.subscriber_keys import SubscriberKeys
from service.domain.actor import Actor
from service.usecases.events.add_subscriber import add_subscriber
from service.wire.subscribers import SubscribeRequest
from tests.builders.contracts import reference
from tests.builders.desk_world import serving_desk
from tests.builders.opened_screen import drawn, labels, opening_screens
from tests.fakes.scorer import FakeScorer

pytestmark = pytest.mark.enable_socket
IVO = Actor(id="person-ivo", name="Ivo Horvat", roles=frozenset({Role.INTEGRATION_OWNER}))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    home = tmp_path_factory.mktemp("subscribers")
    with serving_desk(home, reference=reference(), scorer=FakeScorer()) as running:
        yield running


@pytest.fixture
def screens(world, monkeypatch):
    with opening_screens(world, monkeypatch) as open_screen:
        yield open_screen


@pytest.fixture
def subscriber(world):
    with world.opener() as uow:
        made, _ = add_subscriber(
            SubscribeRequest(url="https://hooks.example.org/token-abc"), actor=IVO,
            check=lambda _url: None, key_of=SubscriberKeys(b"k" * 32), uow=uow,
            now=SystemClock().now(), ids=SystemIds(),
        )  # fmt: skip
    return made.id


def opened(screens, who, name):
    return screens("exceptions", who, tab="Subscribers", subscriber=name)


def test_a_subscriber_is_stopped_and_goes_on(screens, world, subscriber):
    app = opened(screens, "ivo", subscriber)
    assert not app.exception
    app.button(key="subscriber_disable").click().run()
    app.button(key="subscriber_disable_confirmed").click().run()
    assert "Nothing is sent any more" in drawn(app)
    kept = world.client("ivo").subscriber(subscriber)
    assert (kept.status, kept.why) == (SubscriberStatus.DISABLED, "Ivo Horvat disabled it")
    app.button(key="subscriber_enable").click().run()
    assert not app.exception
    assert world.client("ivo").subscriber(subscriber).status is SubscriberStatus.ACTIVE


def test_a_new_secret_stays_until_its_reader_has_put_it_away(screens, subscriber):
    app = opened(screens, "ivo", subscriber)
    app.button(key="subscriber_rotate").click().run()
    app.button(key="subscriber_rotate_confirmed").click().run()
    assert not app.exception
    assert app.code[0].value.startswith("whsec_")
    app.button(key="secret_read").click().run()
    assert not app.code


def test_a_test_event_that_may_not_leave_says_why(screens, subscriber):
    app = opened(screens, "ivo", subscriber)
    app.button(key="subscriber_test").click().run()
    assert not app.exception
    assert "not among those that may be called" in drawn(app).replace("\\", "")


def test_a_replay_asks_first_and_says_what_it_did(screens, subscriber):
    app = opened(screens, "ivo", subscriber)
    app.button(key="subscriber_replay").click().run()
    app.button(key="subscriber_replay_confirmed").click().run()
    assert not app.exception
    assert "are on their way again" in drawn(app)


def test_a_colleague_sees_the_host_and_neither_the_path_nor_the_secret(screens, subscriber):
    app = opened(screens, "rosa", subscriber)
    assert not app.exception
    assert next(iter(app.dataframe[0].value["Address"])) == "https://hooks.example.org/..."
    assert "New secret" not in labels(app)


def test_whoever_keeps_no_integrations_has_no_such_tab(screens):
    app = screens("exceptions", "carla")
    assert "Subscribers" not in [tab.label for tab in app.tabs]
