"""The service goes away and comes back while people work; sessions end under their hands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.queue_room import QueueRoom, queue_room
from tests.browser.real_desk import Tab

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def running(browser: Browser, tmp_path_factory) -> Iterator[QueueRoom]:
    with queue_room(tmp_path_factory.mktemp("room"), browser) as room:
        yield room


@pytest.fixture
def room(running: QueueRoom) -> Iterator[QueueRoom]:
    running.clear()
    yield running
    running.clear()


@pytest.fixture
def ana(room: QueueRoom) -> Iterator[Tab]:
    """Ana at her queue of three cases."""
    room.opens(3)
    tab = room.tab()
    yield tab
    tab.page.context.close()


def _decides(tab: Tab) -> str:
    """Approve what stands there; the next case comes."""
    case_id = tab.shown_case()
    tab.shows(case_id)
    tab.press("a")
    tab.page.locator(f"[data-case='{case_id}']").wait_for(state="detached")
    return case_id


def test_while_the_service_is_away_decisions_wait_and_afterwards_they_are_sent(room, ana):
    world = room.desk.world
    ana.says("All saved")
    world.stop()
    first = _decides(ana)
    ana.says("1 of your decisions wait here")
    second = _decides(ana)
    ana.says("2 of your decisions wait here")
    ana.says("2 not saved yet")
    world.start()
    ana.says("All saved")
    expect(ana.page.get_by_text("The service does not answer")).to_have_count(0)

    room.ends_with(
        (first, "Ana Diaz", "approve"),
        (second, "Ana Diaz", "approve"),
    )


def test_a_page_opened_while_the_service_is_away_says_so_and_comes_back(room, ana):
    ana.says("All saved")
    room.desk.world.stop()
    ana.page.reload()
    ana.says("The service does not answer")
    room.desk.world.start()
    ana.page.get_by_role("button", name="Try again").click()
    expect(ana.page.locator("[data-case]")).to_be_visible()


def test_a_restart_of_the_service_ends_no_session_and_frees_no_case(room, ana):
    case_id = ana.shown_case()
    ana.says("All saved")
    room.desk.world.stop()
    room.desk.world.start()
    ana.page.reload()
    ana.shows(case_id)
    assert _decides(ana) == case_id
    ana.says("All saved")

    room.ends_with((case_id, "Ana Diaz", "approve"))


def test_a_session_that_an_administrator_ended_names_what_was_not_saved(room, ana):
    world = room.desk.world
    ana.says("All saved")
    world.client("rosa").log_person_out("person-ana")
    case_id = ana.shown_case()
    ana.shows(case_id)
    ana.press("a")
    ana.says("Your session has ended")
    ana.says(f"Not saved: {case_id}")
    assert [one for one in room.decided() if one[0] == case_id] == []

    ana.log_in("ana")
    expect(ana.page.locator("[data-case]")).to_be_visible()
    assert room.status(case_id) == "claimed"
    del room.desk.cookies["ana"]
    world.sign_in_again()
