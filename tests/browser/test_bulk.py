"""Several cases decided together in a browser: what the screen adds up is what the service does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from data.schemas.vocabulary import ReasonCode, Verdict
from service.wire.cases import ClaimRequest
from service.wire.deciding import BulkCase, BulkRequest
from tests.browser.grid import pick
from tests.browser.queue_room import QueueRoom, queue_room
from tests.browser.real_desk import Tab

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
WAITING = {"open", "claimed"}


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory) -> Iterator[QueueRoom]:
    with queue_room(tmp_path_factory.mktemp("bulk"), browser) as running:
        yield running


@pytest.fixture
def cases(room: QueueRoom, ana: Tab) -> Iterator[list[str]]:
    """Four cases of one person, all but the last of which Ana has read.

    She has logged in before they are there: the queue she comes to would give her one.
    """
    opened = room.opens(4)
    caller = room.desk.world.client("ana")
    for case_id in opened[:-1]:
        (claim,) = caller.claim(ClaimRequest(case_id=case_id)).claims
        caller.release_lease(case_id, lease_token=claim.lease_token)
    yield opened
    room.clear()


@pytest.fixture
def ana(room: QueueRoom) -> Iterator[Tab]:
    tab = room.desk.tab("ana")
    yield tab
    tab.page.context.close()


def _preview(room: QueueRoom, cases: list[str], verdict: Verdict, code: ReasonCode):
    ana, reader = room.desk.world.client("ana"), room.desk.world.client("olga")
    versions = {one: reader.case(one).case.version for one in cases}
    request = BulkRequest(
        cases=tuple(BulkCase(case_id=one, version=version) for one, version in versions.items()),
        verdict=verdict,
        reason_codes=(code,),
    )
    return ana.preview_bulk(request)


def test_relatives_are_decided_together_and_all_of_it_is_taken_back(room, cases, ana):
    ana.open(f"/case?case={cases[0]}&tab=related")
    pick(ana, cases[1], cases[2], cases[3])
    told = _preview(room, cases, Verdict.APPROVE, ReasonCode.CLAUSE_SATISFIED)
    assert (told.included, told.total_minor) == (3, {"EUR": 3 * 960_00})
    ana.says("EUR 2,880.00")
    expect(ana.page.locator("[data-testid=stDataFrame] table").last).to_contain_text(
        "You have not opened it yet"
    )
    ana.page.get_by_role("button", name="Approve 3 cases").click()
    ana.says("3 cases were decided together")
    assert [room.status(one) for one in cases[:3]] == ["decided"] * 3
    assert room.status(cases[3]) in WAITING

    ana.page.get_by_role("button", name="Take all of it back").click()
    ana.settles()
    expect(ana.page.get_by_role("button", name="Take all of it back")).to_have_count(0)
    assert {room.status(one) for one in cases} <= WAITING


def test_cases_of_the_list_are_decided_together(room, cases, ana):
    ana.open("/cases?cases_status=Open")
    pick(ana, cases[0], cases[1])
    ana.says("EUR 1,920.00")
    ana.page.get_by_role("button", name="Approve 2 cases").click()
    ana.says("2 cases were decided together")
    ana.page.get_by_role("button", name="I have read this").click()
    expect(ana.page.get_by_text("were decided together")).to_have_count(0)
    assert [room.status(one) for one in cases[:2]] == ["decided"] * 2


def test_a_case_that_changed_since_the_list_was_read_is_left_out_and_told(room, cases, ana):
    ana.open("/cases?cases_status=Open")
    pick(ana, cases[0], cases[1])
    ana.says("Approve 2 cases")
    bo = room.desk.world.client("bo")
    bo.claim(ClaimRequest(case_id=cases[1]))
    ana.page.get_by_role("button", name="Approve 2 cases").click()
    ana.says("One case was decided")
    expect(ana.page.locator("[data-testid=stDataFrame] table").first).to_contain_text(
        "A colleague is working on it"
    )
    assert room.status(cases[0]) == "decided"
    assert room.status(cases[1]) == "claimed"
