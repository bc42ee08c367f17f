from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.builders.review import detail, entry, timesheet

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


def test_a_link_opens_a_case_and_leads_to_the_desk(desk):
    desk.open("/case?case=C-000006")
    desk.shows("C-000006")
    desk.page.get_by_role("button", name="Claim and decide").click()
    desk.page.get_by_role("button", name="Approve").wait_for()

    desk.shows("C-000006")


def test_a_case_that_does_not_exist_is_told_plainly(desk):
    desk.open("/case?case=C-999999")

    desk.says("There is no case 'C-999999'")


def test_the_list_is_filtered_by_the_server(desk):
    desk.open("/cases?cases_q=hafen")
    table = desk.page.locator("[data-testid=stDataFrame]")
    expect(table).to_be_visible()

    expect(desk.page.get_by_placeholder("Case, person, client")).to_have_value("hafen")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_desk_does_not_scroll_sideways(desk, width):
    desk.page.set_viewport_size({"width": width, "height": 800})
    desk.page.wait_for_timeout(300)
    overflow = desk.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )

    assert overflow <= 0


def test_hostile_text_runs_nothing_and_loads_nothing(tab, api):
    payload = (
        "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    )
    sheet = timesheet(entries=(entry(1, narrative=payload),))
    api.reset((detail(1, item=sheet, title=payload),))
    requests: list[str] = []
    tab.page.on("request", lambda request: requests.append(request.url))
    tab.log_in()
    tab.shows("C-000001")

    assert tab.page.title() != "owned"
    assert tab.page.locator(".cs-card img, .cs-card script").count() == 0
    assert all(url.startswith(("http://127.0.0.1:", "data:", "blob:")) for url in requests)


def test_the_streamlit_door_for_numbers_is_shut(desk):
    answer = desk.page.request.get(f"{desk.url}/_stcore/metrics")

    assert answer.status == 404
    assert answer.headers["x-frame-options"] == "DENY"
