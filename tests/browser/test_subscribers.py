"""Somebody keeps the subscribers of events, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from data.schemas.vocabulary import Role, SubscriberStatus
from service.clock import SystemClock, SystemIds
from service.connectors.subscriber_keys import SubscriberKeys
from service.domain.actor import Actor
from service.usecases.events.add_subscriber import add_subscriber
from service.wire.subscribers import SubscribeRequest
from tests.browser.real_desk import RealDesk, real_desk
from tests.builders.contracts import reference
from tests.fakes.scorer import FakeScorer

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
IVO = Actor(id="person-ivo", name="Ivo Horvat", roles=frozenset({Role.INTEGRATION_OWNER}))


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory) -> Iterator[RealDesk]:
    folder = tmp_path_factory.mktemp("subscribers")
    with real_desk(folder, browser, reference=reference(), scorer=FakeScorer()) as running:
        yield running


@pytest.fixture
def subscriber(desk):
    with desk.world.opener() as uow:
        made, _ = add_subscriber(
            SubscribeRequest(
                url="https://hooks.example.org/in", types=("countersign.posting.done",)
            ),
            actor=IVO, check=lambda _url: None, key_of=SubscriberKeys(b"k" * 32), uow=uow,
            now=SystemClock().now(), ids=SystemIds(),
        )  # fmt: skip
    return made.id


def test_a_subscriber_is_disabled_after_a_question_and_enabled_again(desk, subscriber):
    tab = desk.tab("ivo")
    tab.open(f"/exceptions?tab=Subscribers&subscriber={subscriber}")
    tab.says("countersign.posting.done")
    tab.page.get_by_role("button", name="Disable").click()
    tab.says("what waits is kept")
    tab.page.locator(".st-key-subscriber_disable_confirmed button").click()
    tab.says("Nothing is sent any more")
    assert desk.world.client("ivo").subscriber(subscriber).status is SubscriberStatus.DISABLED
    tab.page.get_by_role("button", name="Enable").click()
    tab.says("Events are sent again")
    assert desk.world.client("ivo").subscriber(subscriber).status is SubscriberStatus.ACTIVE
