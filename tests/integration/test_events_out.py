"""From a case to somebody else's server: over the API, the worker's couriers and a real socket."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from data.schemas.vocabulary import Role
from service import cli
from service.clock import SystemClock
from service.commands.add_person import add_person
from service.commands.shell import prepared
from service.connectors.outside_address import OutsideHosts
from service.connectors.webhook import WebhookSender
from service.ports.event_sender import Letter
from service.wire.webhooks import key_of
from service.wiring.events import build_couriers
from tests.builders.api import RunningApi, running_api
from tests.builders.contracts import reference
from tests.builders.databases import settings_over
from tests.builders.items import timesheet
from tests.fakes.event_receiver import (
    LONGEST_WAIT_SECONDS,
    EventReceiver,
    dripping_server,
    event_receiver,
)


@dataclass
class Telling:
    """The API, with its couriers at work, and servers that may be told of events."""

    api: RunningApi
    receivers: list[EventReceiver]

    def subscribe(self) -> tuple[EventReceiver, str]:
        """Have a server that nobody used told of everything; give it and its path."""
        receiver = self.receivers.pop()
        made = self.api.call("adam", "POST", "/v1/subscribers", json={"url": receiver.url}).json()
        receiver.secrets = [made["secret"]]
        return receiver, f"/v1/subscribers/{made['subscriber']['id']}"

    def comes_to(self, path: str, status: str) -> None:
        """Wait until a subscriber has a status: the courier writes it behind the answer."""
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while (found := self.api.call("adam", "GET", path).json()["status"]) != status:
            assert time.monotonic() < until, f"still {found}"
            time.sleep(0.05)


@pytest.fixture
def receiver():
    with event_receiver() as running:
        yield running


@pytest.fixture(scope="module")
def telling(tmp_path_factory):
    home = tmp_path_factory.mktemp("telling")
    with ExitStack() as stack:
        receivers = [stack.enter_context(event_receiver()) for _ in range(4)]
        settings = {"subscriber_inside_hosts": tuple(host_of(one) for one in receivers)}
        api = stack.enter_context(running_api(home, reference=reference(), **settings))
        couriers = build_couriers(settings_over(home, **settings), name="worker-0")
        couriers.start()
        stack.callback(couriers.stop)
        yield Telling(api, receivers)


def host_of(receiver):
    return receiver.url.split("/")[2]


def test_a_decided_case_reaches_a_subscriber_signed_in_order_and_its_view_says_so(telling):
    receiver, path = telling.subscribe()
    claim = telling.api.claimed(timesheet(external_id="TS-1"))
    assert receiver.next()["type"] == "countersign.case.opened"
    # The receiver is down for one moment: the event comes again under its own id.
    receiver.answers = [(503, {"Retry-After": "1"})]
    telling.api.decide(claim)
    first, second = receiver.next(), receiver.next()
    assert first == second
    assert first["type"] == "countersign.case.decided"
    assert first["sequence"] == "0000000002"
    assert first["data"]["verdict"] == "approve"
    ids = [headers["webhook-id"] for headers in receiver.headers]
    assert ids[1] == ids[2] == first["id"]
    assert receiver.headers[0]["Content-Type"].startswith("application/cloudevents+json")
    view = telling.api.call("adam", "GET", path).json()
    assert view["status"] == "active"
    assert view["delivered_at"] is not None


def test_a_receiver_that_is_gone_is_disabled_and_enabled_again_misses_nothing(telling):
    receiver, path = telling.subscribe()
    receiver.answers = [(410, {})]
    telling.api.assess(timesheet(external_id="TS-2"))
    first = receiver.next()
    telling.api.assess(timesheet(external_id="TS-3"))
    telling.comes_to(path, "disabled")
    assert telling.api.call("adam", "POST", f"{path}/enable").json()["status"] == "active"
    assert receiver.next() == first
    assert receiver.next()["data"]["item_id"] == "test:TS-3"


def test_a_test_event_and_a_new_secret_over_the_api(telling):
    receiver, path = telling.subscribe()
    tried = telling.api.call("adam", "POST", f"{path}/test").json()
    assert tried == {"is_taken": True, "why": ""}
    assert receiver.next()["type"] == "countersign.test"
    old = receiver.secrets
    new = [telling.api.call("adam", "POST", f"{path}/rotate-secret").json()["secret"]]
    assert new != old
    for receiver.secrets in (new, old):
        assert telling.api.call("adam", "POST", f"{path}/test").json()["is_taken"]


def test_an_address_nobody_allowed_is_refused_with_what_to_do(telling):
    for url in ("http://169.254.169.254/", "https://hooks.example.org/", "file:///etc/passwd"):
        answer = telling.api.call("adam", "POST", "/v1/subscribers", json={"url": url})
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:countersign:problem:invalid-request"
    types = telling.api.call("rita", "GET", "/v1/event-types").json()["types"]
    assert {"countersign.case.decided", "countersign.capacity.released"} <= {
        one["type"] for one in types
    }


def test_a_receiver_that_drips_its_answer_is_given_up_in_time():
    with dripping_server() as port:
        sender = WebhookSender(hosts=OutsideHosts(inside=(f"127.0.0.1:{port}",)), seconds=0.5)
        letter = Letter(id="evt-1", url=f"http://127.0.0.1:{port}/", body=b"{}", keys=(b"k" * 32,))
        answer = sender.send(letter, now=SystemClock().now())
    assert not answer.is_taken
    assert answer.why == "no answer: ReadTimeout"


def test_a_redirect_is_not_followed(receiver):
    receiver.answers = [(307, {"Location": receiver.url})]
    receiver.secrets = ["whsec_" + "a" * 44]
    host = host_of(receiver)
    letter = Letter(id="evt-1", url=receiver.url, body=b"{}", keys=(key_of(receiver.secrets[0]),))
    answer = WebhookSender(hosts=OutsideHosts(inside=(host,))).send(letter, now=SystemClock().now())
    assert answer.why == "the receiver answered 307"
    receiver.next()
    assert receiver.is_quiet()


def test_at_the_shell_a_subscriber_is_made_listed_tried_stopped_and_replayed(
    tmp_path, receiver, monkeypatch
):
    monkeypatch.setenv("COUNTERSIGN_SUBSCRIBER_INSIDE_HOSTS", json.dumps([host_of(receiver)]))
    password = "quarry lantern oxbow"
    home = prepared(tmp_path / "home").home
    add_person(
        prepared(home), login="ingo", name="Ingo", password=password,
        roles=[Role.INTEGRATION_OWNER],
    )  # fmt: skip

    def said(*arguments):
        answer = CliRunner().invoke(
            cli.app,
            ["events", *arguments, f"--home={home}", "--login=ingo", f"--password={password}"],
        )
        assert answer.exit_code == 0, answer.output
        return answer.stdout.strip().splitlines()[-1]

    made = json.loads(said("subscribe", receiver.url, "--types=countersign.posting.done", "--json"))
    receiver.secrets = [made["secret"]]
    name = made["subscriber"]
    assert said("test", name) == "taken"
    assert json.loads(said("rotate-secret", name, "--json"))["secret"].startswith("whsec_")
    assert json.loads(said("disable", name, "--json"))["why"] == "Ingo disabled it"
    assert json.loads(said("list"))["status"] == "disabled"
    assert json.loads(said("enable", name, "--json"))["status"] == "active"
    assert json.loads(said("replay", name, "--from=2026-03-02", "--json"))["status"] == "active"
    assert CliRunner().invoke(cli.app, ["events", "types"]).stdout.count("countersign.") >= 13


def test_of_two_who_saw_the_same_secret_one_makes_the_next(telling):
    _, path = telling.subscribe()
    given = {"If-Match": telling.api.call("adam", "GET", path).headers["etag"]}
    rotate = f"{path}/rotate-secret"
    assert telling.api.call("adam", "POST", rotate, headers=given).status_code == 200
    assert telling.api.call("adam", "POST", rotate, headers=given).status_code == 412
    assert telling.api.call("adam", "POST", rotate).status_code == 200
