"""Items over HTTP: their versions, and what becomes of one that its source deleted."""

from __future__ import annotations

from urllib.parse import quote

from tests.builders.items import timesheet, week

PATH = f"/v1/items/{quote('test:TS-1', safe='')}"


def test_a_workflow_withdraws_an_item_and_reads_its_versions(told_api):
    told_api.assess(timesheet())
    told_api.assess(timesheet(entries=week(of="TS-1", minutes_worked=420)))
    answer = told_api.call("assess-key", "DELETE", PATH, params={"reason": "booked by mistake"})
    assert (answer.status_code, answer.json()["posting_id"]) == (200, None)
    versions = told_api.call("read-key", "GET", f"{PATH}/versions").json()["versions"]
    assert [(one["version"], one["is_superseded"]) for one in versions] == [(1, True), (2, False)]
    assert [one["withdrawn_at"] is not None for one in versions] == [False, True]
    assert versions[0]["item"]["entries"][0]["minutes_worked"] == 480


def test_an_item_nobody_sent_is_not_there(told_api):
    answer = told_api.call("assess-key", "DELETE", "/v1/items/test%3Aother")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")
    assert told_api.call("read-key", "GET", "/v1/items/test%3Aother/versions").status_code == 404


def test_only_a_workflow_that_hands_in_items_may_withdraw_them(told_api):
    assert told_api.call("read-key", "DELETE", PATH).status_code == 403
