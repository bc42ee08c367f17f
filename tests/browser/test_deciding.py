from __future__ import annotations

import pytest
from playwright.sync_api import expect

from data.schemas.vocabulary import OverrideCause, ReasonCode, Verdict

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


def test_a_suspicion_is_approved_with_one_key(desk, api):
    desk.skip_to(4)
    desk.press("a")
    desk.shows("C-000005")

    assert api.decided() == ["C-000004"]
    assert api.requests[0][1].reason_codes == (ReasonCode.CLAUSE_SATISFIED,)


def test_a_proved_fault_is_approved_only_with_its_reason(desk, api):
    desk.press("a")
    desk.says("Why is it right to bill?")
    assert api.decided() == []

    desk.press("2")
    desk.says("What would make it right next time?")
    desk.press("4")
    desk.shows("C-000002")
    sent = api.requests[0][1]
    assert sent.reason_codes == (ReasonCode.EVIDENCE_SUPPLIED,)
    assert sent.override_cause is OverrideCause.ONE_OFF


def test_a_case_is_rejected_with_a_key_and_a_digit(desk, api):
    desk.press("x")
    desk.says("Why does it go back?")
    desk.press("6")
    desk.shows("C-000002")

    case_id, sent = api.requests[0]
    assert (case_id, sent.verdict) == ("C-000001", Verdict.REJECT)
    assert sent.reason_codes == (ReasonCode.EVIDENCE_MISSING,)
    assert sent.active_seconds > 0.4


def test_other_needs_a_note(desk, api):
    desk.press("x")
    desk.says("Why does it go back?")
    desk.press("0")
    desk.says("'Other' needs a note")
    note = desk.page.get_by_label("Note that goes with the decision")
    note.fill("Client asked to split the sheet.")
    note.press("Enter")
    note.press("Escape")
    desk.page.wait_for_timeout(500)
    desk.press("0")
    desk.shows("C-000002")

    assert api.requests[0][1].note == "Client asked to split the sheet."


def test_minutes_are_adjusted_in_place_and_the_money_follows(desk, api):
    desk.press("d")
    field = desk.page.get_by_label("Tue 3 Mar: minutes to bill")
    expect(field).to_be_focused()
    field.fill("600")
    field.press("Enter")
    desk.says("EUR 450.00")  # three hours less at 150.00
    field.press("Escape")
    desk.press("2")
    desk.shows("C-000002")

    sent = api.requests[0][1]
    assert [(one.row_id, one.minutes_billable) for one in sent.adjustments] == [("entry-1", 600)]


def test_undo_brings_the_case_back_until_its_window_closes(desk, api):
    desk.press("x")
    desk.says("Why does it go back?")
    desk.press("1")
    desk.shows("C-000002")
    desk.press("u")
    desk.shows("C-000001")

    assert api.decided() == []


def test_a_held_key_decides_once(desk, api):
    desk.skip_to(4)
    for _ in range(20):  # what a keyboard sends while the key is held for a second
        desk.page.keyboard.down("a")
        desk.page.wait_for_timeout(50)
    desk.page.keyboard.up("a")
    desk.page.wait_for_timeout(800)

    assert api.decided() == ["C-000004"]


def test_hammering_a_key_never_decides_a_case_nobody_could_have_read(desk, api):
    desk.skip_to(4)
    for _ in range(6):
        desk.press("a")
        desk.page.wait_for_timeout(30)
    desk.page.wait_for_timeout(800)

    assert api.decided() == ["C-000004"]


def test_letters_in_a_field_are_letters(desk, api):
    desk.press("n")
    note = desk.page.get_by_label("Note that goes with the decision")
    expect(note).to_be_focused()
    desk.page.keyboard.type("a d x w")
    desk.page.wait_for_timeout(500)

    expect(note).to_have_value("a d x w")
    assert api.requests == []


def test_a_lost_lease_is_told_and_stays_until_it_was_read(desk, api):
    api.steal_lease("C-000001")
    desk.press("x")
    desk.says("Why does it go back?")
    desk.press("1")
    desk.shows("C-000002")
    desk.says("Reject was not taken")
    expect(desk.page.get_by_text("Open C-000001")).to_be_visible()

    desk.page.get_by_role("button", name="I have read this").click()
    expect(desk.page.get_by_text("Reject was not taken")).to_be_hidden()
    assert api.decided() == []


def test_an_outage_keeps_decisions_and_sends_them_afterwards(desk, api):
    api.fail_next(1_000)
    desk.press("x")
    desk.says("Why does it go back?")
    desk.press("1")
    desk.shows("C-000002")
    desk.says("1 of your decisions wait here")
    assert api.decided() == []

    api.fail_next(0)
    desk.says("All saved")
    assert api.decided() == ["C-000001"]


def test_a_clear_queue_says_so(desk, api):
    for number in range(1, 7):
        desk.shows(f"C-{number:06d}")
        desk.press("e")
        desk.says("Why does an approver decide?")
        desk.press("1")
    desk.says("Queue clear")

    assert len(api.decided()) == 6
