"""A reviewer's whole work without a pointer: nothing here is clicked after the log-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import Proof
from tests.browser.queue_room import QueueRoom, queue_room
from tests.browser.real_desk import Tab
from tests.builders.items import milestone
from tests.fakes.scorer import finding

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
LARGE_MINOR = 30_000_00
"""From 25,000.00 on people make their own call first."""
BAR = ("Approve", "Adjust", "Reject", "Write off", "Ask", "Escalate", "Skip", "Note", "More")
MOST_TABS = 40
FOCUSED = """() => {
  const at = document.activeElement;
  return at.getAttribute("aria-label") ?? at.innerText.trim().split("\\n")[0];
}"""


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
    """Ana at a queue in which nothing waits."""
    tab = room.tab()
    tab.says("Queue clear")
    yield tab
    tab.page.context.close()


def _claims(tab: Tab, case_id: str) -> None:
    """Look again, and wait until a case stands there."""
    tab.settles()
    tab.press("g")
    tab.shows(case_id)


def _heard(tab: Tab) -> Locator:
    """What a screen reader says aloud."""
    return tab.page.locator(".st-key-keyguard [role=status], [role=status]").last


def _types(tab: Tab, text: str) -> None:
    """Replace what stands in the field that has the focus, and go on to the next."""
    tab.press("Control+a")
    tab.page.keyboard.type(text)
    tab.press("Tab")
    tab.settles()


def _tabs_to(tab: Tab, name: str) -> None:
    for _ in range(MOST_TABS):
        if tab.page.evaluate(FOCUSED) == name:
            return
        tab.press("Tab")
    pytest.fail(f"no way to {name!r} by Tab")


def test_claim_decide_and_undo(room, ana):
    first, second = room.opens(2)
    _claims(ana, first)
    ana.press("a")
    ana.shows(second)
    expect(_heard(ana)).to_contain_text(f"{first}: Approve recorded. {second} loaded")
    ana.says("All saved")
    room.ends_with((first, "Ana Diaz", "approve"))

    ana.press("u")
    ana.shows(first)
    expect(_heard(ana)).to_contain_text(f"{first}: decision undone. {first} loaded")
    assert room.status(first) == "claimed"
    assert room.decided() == []


def test_a_rejection_is_a_letter_and_a_digit_and_escape_leads_back(room, ana):
    (case_id,) = room.opens(findings=(finding(),), risk_minor=100_00)
    _claims(ana, case_id)
    ana.press("x")
    ana.says("Why does it go back?")
    ana.press("Escape")
    expect(ana.page.get_by_role("button", name="Approve", exact=True)).to_be_visible()
    ana.settles()
    ana.press("x")
    ana.says("Why does it go back?")
    ana.settles()
    ana.press("3")
    ana.says("Queue clear")
    expect(_heard(ana)).to_contain_text(f"{case_id}: Reject recorded. The queue is clear.")
    ana.says("All saved")

    room.ends_with((case_id, "Ana Diaz", "reject"))


def test_hours_are_divided_into_parts_and_the_money_is_the_stored_one(room, ana):
    (case_id,) = room.opens(findings=(finding(),), risk_minor=100_00)
    _claims(ana, case_id)
    ana.press("d")
    bill = ana.page.get_by_label("minutes to bill")
    expect(bill).to_be_focused()
    _types(ana, "360")
    _types(ana, "60")
    _types(ana, "60")
    _tabs_to(ana, "Moved minutes go to contract")
    ana.press("Tab")
    ana.page.keyboard.type("L-2")
    ana.press("Enter")
    ana.says("720.00")
    shown = ana.page.get_by_text("of EUR 960.00 charged").inner_text()
    ana.press("Escape")
    ana.settles()
    ana.press("5")
    ana.says("Queue clear")
    ana.says("All saved")

    (kept,) = [
        one
        for one in room.desk.world.client("ana").decisions(mine=True, limit=5).decisions
        if one.case_id == case_id
    ]
    said = (kept.approved_minor, kept.written_off_minor, kept.moved_minor)
    assert said == (720_00, 120_00, 120_00)
    for minor in said:
        assert f"{minor / 100:.2f}" in shown


def test_a_case_is_put_away_until_a_day(room, ana):
    first, second = room.opens(2)
    _claims(ana, first)
    ana.press("s")
    expect(ana.page.get_by_label("Why", exact=True)).to_be_focused()
    ana.page.keyboard.type("The client is away")
    ana.press("Tab")
    _tabs_to(ana, "Snooze")
    ana.press("Enter")
    ana.shows(second)
    expect(_heard(ana)).to_contain_text(f"{first} sleeps until")

    assert room.status(first) == "snoozed"


def test_on_large_money_the_own_call_comes_before_the_models_opinion(room, ana):
    said = finding(code=ExceptionCode.LIKELY_VIOLATION, proof=Proof.MODEL, probability=0.31)
    case_id = room.opens_of(milestone(amount_minor=LARGE_MINOR), findings=(said,))
    _claims(ana, case_id)
    ana.says("Your call first.")
    expect(ana.page.get_by_text("Fault no rule proved")).to_have_count(0)
    ana.press("a")
    ana.says("You said Approve.")
    ana.says("Fault no rule proved")
    expect(_heard(ana)).to_contain_text("Your call: Approve. The models' opinion stands there now.")
    assert case_id not in {one for one, _, _ in room.decided()}

    ana.shows(case_id)
    ana.press("a")
    ana.says("Queue clear")
    ana.says("All saved")
    room.ends_with((case_id, "Ana Diaz", "approve"))


def test_the_sheet_of_keys_opens_by_its_sign_and_under_it_no_letter_decides(room, ana):
    (case_id,) = room.opens()
    _claims(ana, case_id)
    ana.press("?")
    sheet = ana.page.get_by_role("dialog")
    expect(sheet).to_contain_text("Bill the item as it stands")
    ana.press("a")
    ana.press("x")
    ana.settles()
    ana.press("Escape")
    expect(sheet).to_have_count(0)
    expect(ana.page.get_by_role("button", name="Approve", exact=True)).to_be_visible()

    assert room.status(case_id) == "claimed"


def test_letters_typed_before_the_note_stands_there_decide_nothing(room, ana):
    first, _ = room.opens(2)
    _claims(ana, first)
    ana.page.keyboard.type("nasked the client and x-rayed the sheet", delay=20)
    ana.settles()
    expect(ana.page.get_by_label("Note that goes with the decision")).to_be_focused()
    ana.shows(first)

    assert room.status(first) == "claimed"
    assert [one for one in room.decided() if one[0] == first] == []


def test_focus_goes_from_the_case_to_the_verdicts_in_the_order_they_are_read(room, ana):
    (case_id,) = room.opens()
    _claims(ana, case_id)
    expect(ana.page.locator("#cs-title")).to_be_focused()
    passed: list[str] = []
    while len(passed) < MOST_TABS and BAR[0] not in passed:
        ana.press("Shift+Tab")
        passed.append(ana.page.evaluate(FOCUSED))
    in_order = [name for name in reversed(passed) if name in BAR]

    assert tuple(in_order) == BAR
