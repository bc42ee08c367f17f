"""Large money in two browsers: the second person judges blind, and a third rules on a dispute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, WebSocket, expect

from data.schemas.vocabulary import ReasonCode, Role, Verdict
from service.wire.cases import ClaimRequest, DecisionRequest
from service.wire.deciding import SecondVerdictRequest
from service.wire.preferences import Preferences
from tests.browser.queue_room import QueueRoom, queue_room
from tests.browser.real_desk import Tab
from tests.builders.items import milestone

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
LARGE_MINOR = 60_000_00
NOTE = "Nobody accepted the west wing"
APPROVE = {"verdict": Verdict.APPROVE, "reason_codes": (ReasonCode.CLAUSE_SATISFIED,)}
WRITE_OFF = {"verdict": Verdict.WRITE_OFF, "reason_codes": (ReasonCode.LATE,), "note": NOTE}


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory) -> Iterator[QueueRoom]:
    with queue_room(tmp_path_factory.mktemp("two"), browser) as running:
        world = running.desk.world
        world.client("chen").save_preferences(Preferences(has_seen_guide=True))
        with world.opener() as uow:
            third = uow.accounts.by_person("person-bo")
            uow.accounts.save(replace(third, roles=frozenset({Role.APPROVER})))
        yield running


@pytest.fixture
def enter(room: QueueRoom) -> Iterator[Callable[[str], Tab]]:
    """Opens a tab of somebody, and closes it with the test."""
    opened: list[Tab] = []

    def enter_as(login: str) -> Tab:
        opened.append(room.desk.tab(login))
        return opened[-1]

    yield enter_as
    for tab in opened:
        tab.page.context.close()


@pytest.fixture
def decided(room: QueueRoom) -> Iterator[Callable[..., str]]:
    """Has Chen decide a large milestone, and gives its case."""
    numbers = iter(range(1, 99))

    def decide(name: str, **said) -> str:
        external_id = f"{name}-{next(numbers)}"
        case_id = room.opens_of(milestone(external_id=external_id, amount_minor=LARGE_MINOR))
        client = room.desk.world.client("chen")
        (claim,) = client.claim(ClaimRequest(case_id=case_id)).claims
        request = DecisionRequest(
            lease_token=claim.lease_token, version=claim.detail.case.version, **(said or APPROVE)
        )
        client.decide(case_id, request=request, idempotency_key=external_id)
        return case_id

    yield decide
    room.clear()


def heard(tab: Tab) -> list[bytes]:
    """Everything the review app will have sent to this tab."""
    received: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda said: received.append(said if isinstance(said, bytes) else said.encode()),
        )

    tab.page.on("websocket", listen)
    return received


def test_large_money_waits_until_a_second_person_came_to_the_same(room, enter):
    case_id = room.opens_of(milestone(external_id="MS-agreed", amount_minor=LARGE_MINOR))
    chen = enter("chen")
    chen.open("/queue")
    chen.shows(case_id)
    chen.press("a")  # what Chen would do before the models' opinion is told
    chen.says("You said Approve")
    chen.shows(case_id)
    chen.press("a")
    chen.says("All saved")
    room.comes_to(case_id, "awaiting_signature")

    carla = enter("carla")
    carla.open(f"/approvals?case={case_id}")
    carla.shows(case_id)
    carla.press("a")
    carla.says("you and your colleague came to the same")
    room.comes_to(case_id, "decided")
    assert {name for case, name, _ in room.decided() if case == case_id} == {
        "Chen Wei",
        "Carla Moreau",
    }


def test_nothing_that_reaches_the_second_person_tells_the_first_verdict(room, enter, decided):
    case_id = decided("MS-blind", **WRITE_OFF)
    client = room.desk.world.client("chen")
    (first,) = client.case(case_id).decisions
    carla = enter("carla")
    received = heard(carla)
    for path in (
        f"/approvals?case={case_id}",
        "/approvals",
        *(f"/case?case={case_id}&tab={tab}" for tab in ("case", "timeline", "similar", "related")),
        f"/cases?cases_q={case_id}",
        "/my_work?tab=Notifications",
    ):
        carla.open(path)
        carla.page.locator(".cs-page, .cs-card").first.wait_for()
        carla.settles()
        page = carla.page.content() + carla.page.locator("body").inner_text()
        for secret in (NOTE, first.id, "Written off"):
            assert secret not in page, path
    # Hidden is what never arrives, not what the page leaves out.
    arrived = b"".join(received)
    assert case_id.encode() in arrived
    assert NOTE.encode() not in arrived
    assert first.id.encode() not in arrived


def test_of_two_who_disagree_a_third_says_which_verdict_stands(room, enter, decided):
    case_id = decided("MS-disputed", **WRITE_OFF)
    carla = enter("carla")
    carla.open(f"/approvals?case={case_id}")
    carla.shows(case_id)
    carla.press("a")
    carla.says("A third person rules on it")
    room.comes_to(case_id, "awaiting_adjudication")
    carla.open(f"/approvals?case={case_id}")
    carla.says("third person")
    expect(carla.page.get_by_role("button", name="Rule", exact=True)).to_have_count(0)

    bo = enter("bo")
    bo.open(f"/approvals?case={case_id}")
    bo.says(NOTE)
    bo.says("Chen Wei")
    bo.says("Carla Moreau")
    bo.page.get_by_role("button", name="Rule", exact=True).click()
    bo.says("Choose what stands, and say why")
    bo.page.get_by_text("Chen Wei: Written off").last.click()
    bo.settles()
    bo.page.get_by_label("Why? Both people read it.").fill("The acceptance is missing.")
    bo.page.get_by_role("button", name="Rule", exact=True).click()
    bo.says("Chen Wei: Written off stands")
    room.comes_to(case_id, "decided")


def test_nobody_gives_the_second_verdict_on_their_own_first(room, enter, decided):
    case_id = decided("MS-own")
    chen = enter("chen")
    chen.open(f"/approvals?case={case_id}")
    chen.shows(case_id)
    chen.says("You decided this case; a second person has to.")
    expect(chen.page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    chen.press("a")
    chen.settles()
    assert room.status(case_id) == "awaiting_signature"


def test_a_verdict_on_what_a_colleague_settled_meanwhile_is_refused_and_told(room, enter, decided):
    case_id = decided("MS-raced")
    bo = enter("bo")
    bo.open(f"/approvals?case={case_id}")
    bo.shows(case_id)
    version = room.desk.world.client("carla").case(case_id).case.version
    room.desk.world.client("carla").second_verdict(
        case_id, request=SecondVerdictRequest(version=version, **APPROVE)
    )
    bo.press("a")
    bo.says("Not taken")
    assert room.status(case_id) == "decided"
