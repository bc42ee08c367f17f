"""Two people at one queue in two browsers: nobody works twice, and nobody loses work in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from service.usecases.queue import claim_case, hold_case
from tests.browser.queue_room import QueueRoom, queue_room
from tests.browser.real_desk import Tab
from tests.fakes.scorer import finding

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
AFTER_THE_HOLD = timedelta(minutes=25)
"""Longer than the hold on a case of some minutes, shorter than a session may idle."""


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
def enter(room: QueueRoom) -> Iterator:
    """Opens the queue of a person, and closes the tab with the test."""
    opened: list[Tab] = []

    def enter_as(login: str) -> Tab:
        opened.append(room.tab(login))
        return opened[-1]

    yield enter_as
    for tab in opened:
        tab.page.context.close()


def _approves(tab: Tab, *, case_id: str) -> None:
    """Read the case that stands there, and approve it."""
    tab.shows(case_id)
    tab.press("a")
    tab.page.locator(f"[data-case='{case_id}']").wait_for(state="detached")


def test_two_people_are_never_given_the_same_case(room, enter):
    opened = room.opens(8)
    ana, bo = enter("ana"), enter("bo")
    decided = []
    for _ in range(4):
        hers, his = ana.shown_case(), bo.shown_case()
        assert hers != his
        _approves(ana, case_id=hers)
        _approves(bo, case_id=his)
        decided += [(hers, "Ana Diaz", "approve"), (his, "Bo Lindqvist", "approve")]
    ana.says("Queue clear")
    bo.says("Queue clear")

    assert sorted(case_id for case_id, _, _ in decided) == sorted(opened)
    room.ends_with(*decided)


def test_a_case_in_a_colleagues_hands_can_be_read_and_not_taken(room, enter):
    (case_id,) = room.opens()
    ana, bo = enter("ana"), enter("bo")
    ana.shows(case_id)
    bo.open(f"/case?case={case_id}")
    bo.says("Ana Diaz works on this case until")
    bo.settles()
    bo.press("g")
    bo.says("held by a colleague")
    _approves(ana, case_id=case_id)
    ana.says("All saved")

    room.ends_with((case_id, "Ana Diaz", "approve"))


def test_a_hold_that_ran_out_is_told_to_its_holder_and_the_other_has_the_case(room, enter):
    (case_id,) = room.opens()
    ana = enter("ana")
    ana.shows(case_id)
    room.clock.ahead = AFTER_THE_HOLD
    bo = enter("bo")
    bo.shows(case_id)
    ana.press("a")
    ana.says("Approve was not taken")
    ana.says(f"Your hold on case {case_id} is over")
    expect(ana.page.get_by_role("link", name=f"Open {case_id}")).to_be_visible()
    assert room.status(case_id) == "claimed"

    _approves(bo, case_id=case_id)
    bo.says("All saved")
    room.ends_with((case_id, "Bo Lindqvist", "approve"))


def test_a_case_decided_by_its_link_meanwhile_is_told_and_the_note_is_not_lost(room, enter):
    (case_id,) = room.opens()
    ana = enter("ana")
    ana.shows(case_id)
    ana.press("n")
    note = ana.page.get_by_label("Note that goes with the decision")
    expect(note).to_be_focused()
    ana.page.keyboard.type("Asked the client on Monday")
    ana.press("Enter")
    ana.press("Escape")
    ana.settles()
    room.clock.ahead = AFTER_THE_HOLD
    bo = room.desk.tab("bo")
    bo.open(f"/case?case={case_id}")
    bo.shows(case_id)
    bo.press("g")
    bo.page.wait_for_url("**/queue*")
    _approves(bo, case_id=case_id)
    room.ends_with((case_id, "Bo Lindqvist", "approve"))
    bo.page.context.close()

    ana.press("a")
    ana.says("Approve was not taken")
    ana.says("Asked the client on Monday")
    ana.page.get_by_role("button", name="I have read this").click()
    expect(ana.page.get_by_text("Approve was not taken")).to_be_hidden()
    assert [one for one in room.decided() if one[0] == case_id] == [
        (case_id, "Bo Lindqvist", "approve")
    ]


def test_a_newer_version_of_what_is_on_the_screen_is_never_decided_unread(room, enter):
    sheet = room.sheet()
    case_id = room.opens_of(sheet)
    ana = enter("ana")
    ana.shows(case_id)
    version = ana.page.locator("[data-case]").get_attribute("data-version")
    longer = room.sheet(
        external_id=sheet.external_id,
        entries=tuple(
            one.model_copy(update={"narrative": "Ran the migration again"}) for one in sheet.entries
        ),
    )
    assert room.opens_of(longer, findings=(finding(),), risk_minor=100_00) == case_id

    ana.press("a")
    ana.says("Approve was not taken")
    assert [one for one in room.decided() if one[0] == case_id] == []
    ana.shows(case_id)
    expect(ana.page.get_by_text("Ran the migration again")).to_be_visible()
    assert ana.page.locator("[data-case]").get_attribute("data-version") != version


def test_the_end_of_a_hold_is_said_before_it_comes_and_one_key_keeps_the_case(
    room, enter, monkeypatch
):
    monkeypatch.setattr(claim_case, "SHORTEST_HOLD", timedelta(seconds=130))
    monkeypatch.setattr(claim_case, "LONGEST_HOLD", timedelta(seconds=130))
    monkeypatch.setattr(hold_case, "EXTENSION", timedelta(seconds=126))
    (case_id,) = room.opens()
    ana = enter("ana")
    ana.shows(case_id)
    ana.says(f"Your hold on {case_id} ends at")
    monkeypatch.setattr(hold_case, "EXTENSION", timedelta(minutes=10))
    ana.page.get_by_role("button", name="Keep it").click()
    expect(ana.page.get_by_text("Your hold on")).to_have_count(0)
