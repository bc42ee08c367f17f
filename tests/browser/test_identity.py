from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


def test_a_wrong_password_is_refused_without_telling_which_half_was_wrong(tab, api):
    tab.log_in(password="wrong")
    alert = tab.page.get_by_role("alert")
    expect(alert).to_have_text("Name and password do not fit. Check both and try again.")
    first = alert.inner_text()

    tab.page.get_by_label("Name").fill("nobody")
    tab.page.get_by_label("Password").fill("wrong")
    tab.press("Enter")
    expect(alert).to_have_text(first)
    assert api.sessions == {}


def test_repeated_failures_lock_the_door_for_a_while(tab):
    tab.log_in(password="wrong")
    for _ in range(3):
        tab.page.get_by_role("alert").wait_for()
        tab.page.get_by_label("Password").fill("wrong")
        tab.press("Enter")

    expect(tab.page.get_by_role("alert")).to_contain_text("try again in 5 minutes")


def test_a_reload_keeps_the_session_and_the_case(desk, api):
    desk.page.reload()
    desk.shows("C-000001")

    assert len(api.sessions) == 1


def test_logging_out_ends_the_session_and_frees_the_cases(desk, api):
    desk.page.get_by_role("button", name="Ana Diaz").click()
    desk.page.get_by_text("Log out").click()
    expect(desk.page.get_by_role("button", name="Log in")).to_be_visible()

    assert api.sessions == {}
    assert all(held.owner is None for held in api.cases.values())


def test_a_revoked_session_leads_to_the_log_in(desk, api):
    api.revoke_sessions()
    desk.press("x")
    desk.says("Why does it go back?")
    desk.press("1")
    desk.says("Your session has ended")
    desk.says("Not saved: C-000001")
    assert api.decided() == []

    desk.log_in()
    expect(desk.page.locator(".cs-card")).to_be_visible()


def test_an_auditor_reads_and_has_no_queue(tab, api):
    tab.log_in(name="otto")
    tab.page.get_by_role("link", name="Cases", exact=True).click()
    expect(tab.page.locator("[data-testid=stDataFrame]")).to_be_visible()
    expect(tab.page.get_by_role("link", name="Queue")).to_have_count(0)

    tab.open("/case?case=C-000002")
    tab.shows("C-000002")
    expect(tab.page.get_by_role("button", name="Claim and decide")).to_have_count(0)
