"""The scoring API: what may be sent, what comes back, and what a repeat does."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from data.schemas.vocabulary import AuditEvent
from tests.builders.api import BODY_LIMIT, raw
from tests.builders.firms import small_firm
from tests.builders.items import timesheet

JSON = {"Content-Type": "application/json"}


def _send(api, body, *, headers=JSON, who="full-key"):
    return api.call(who, "POST", "/v1/assessments", content=body, headers=headers)


def _entries(api, event, subject):
    with api.opener() as uow:
        return [one for one in uow.audit.entries(event) if one["subject"] == subject]


def test_items_of_a_real_firm_come_back_assessed_with_reasons_to_stop(api):
    items = [one.item for one in small_firm().submissions[:60]]
    answer = api.assess(*items).json()
    assert (answer["received"], answer["assessed"], answer["rejected"]) == (60, 60, 0)
    assert [one["assessment"]["item_id"] for one in answer["results"]] == [
        item.item_id for item in items
    ]
    # Without a released model nothing is cleared: each item has a case.
    assert all(one["case_id"] for one in answer["results"])


def test_a_bad_row_spoils_no_other_and_says_what_is_wrong(told_api):
    good = raw(timesheet(external_id="good"))
    rows = [
        good,
        raw(timesheet(external_id="zone")) | {"zone": "CEST"},
        raw(timesheet(external_id="extra")) | {"colour": "red"},
        {"kind": "invoice"},
        {},
    ]
    answer = told_api.assess_raw(rows).json()
    assert [one["outcome"] for one in answer["results"]] == ["assessed"] + ["rejected"] * 4
    zone = answer["results"][1]["rejection"]
    assert zone["external_id"] == "zone"
    assert zone["problems"][0]["field"] == "zone"
    assert all(one["rejection"]["problems"] for one in answer["results"][1:])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"\xff\xfe\x00", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"items": []}', 422),
        (b'{"items": {}}', 422),
        (b'{"items": [1]}', 422),
        (b'{"items": [{}], "more": 1}', 422),
        (b'{"items": [' + b"[" * 100_000, 422),
        (b'{"items": [{"a": ' + b"9" * 5_000 + b"}]}", 422),
        (json.dumps({"items": [{}] * 1_001}).encode(), 422),
    ],
)
def test_a_body_that_is_no_request_is_refused_as_a_whole(api, body, status):
    answer = _send(api, body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["remedy"]


@pytest.mark.parametrize("depth", [150, 300, 900, 960, 980, 990])
def test_a_deeply_nested_item_never_breaks_the_service(api, depth):
    body = b'{"items": [{"external_id": ' + b"[" * depth + b"]" * depth + b"}]}"
    assert _send(api, body).status_code in {200, 422}


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_figure_that_is_no_number_rejects_its_row(told_api, figure):
    row = json.dumps(raw(timesheet(external_id="nan"))).replace("480", figure)
    answer = _send(told_api, b'{"items": [' + row.encode() + b"]}")
    assert answer.json()["results"][0]["outcome"] == "rejected"


@pytest.mark.parametrize(
    "name", ['"a\\ud800b"', '"a\\u0000b"', '"a\\u202eb"', '"' + "x" * 500 + '"']
)
def test_a_strange_name_is_rejected_and_written_down(told_api, name):
    row = json.dumps(raw(timesheet(external_id="strange"))).replace('"strange"', name)
    answer = _send(told_api, b'{"items": [' + row.encode() + b"]}")
    assert answer.status_code == 200
    (result,) = answer.json()["results"]
    assert result["outcome"] == "rejected"
    subject = result["rejection"]["external_id"] or "(unnamed)"
    assert _entries(told_api, AuditEvent.ITEM_REJECTED, subject)


def test_a_thousand_items_are_taken(told_api):
    template = raw(timesheet())
    rows = [template | {"external_id": f"many-{number}"} for number in range(1_000)]
    answer = told_api.assess_raw(rows)
    assert answer.json()["assessed"] == 1_000


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_not_declared_as_json_is_refused(api, kind):
    answer = _send(api, b'{"items": [{}]}', headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert answer.json()["remedy"] == "Send the body as application/json."


def test_json_with_a_character_set_is_json(api):
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert _send(api, b'{"items": [{}]}', headers=headers).status_code == 200


@pytest.mark.parametrize("is_declared", [True, False])
def test_too_large_a_body_is_refused_in_the_same_words(api, is_declared):
    body = b'{"items": [' + b" " * BODY_LIMIT
    chunks = (body[at : at + 65_536] for at in range(0, len(body), 65_536))
    answer = _send(api, body if is_declared else chunks)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(BODY_LIMIT) in answer.json()["detail"]


def test_one_item_at_once_from_many_callers_without_keys_is_assessed_once(told_api):
    item = timesheet(external_id="crowd")
    with ThreadPoolExecutor(20) as pool:
        outcomes = [
            answer.json()["results"][0]["outcome"]
            for answer in pool.map(lambda _: told_api.assess(item), range(20))
        ]
    assert sorted(outcomes) == ["assessed"] + ["unchanged"] * 19


def test_a_request_that_breaks_the_models_hurts_no_other(told_api):
    told_api.scorer.broken = {"test:poison"}
    items = [timesheet(external_id=f"near-{number}") for number in range(15)]
    items.insert(7, timesheet(external_id="poison"))
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(told_api.assess, items))
    told_api.scorer.broken = set()
    codes = [answer.status_code for answer in answers]
    assert (codes.pop(7), set(codes)) == (500, {200})


def test_requests_that_come_together_are_scored_together(told_api):
    before = len(told_api.scorer.calls)
    items = [timesheet(external_id=f"together-{number}") for number in range(60)]
    with ThreadPoolExecutor(30) as pool:
        list(pool.map(told_api.assess, items))
    assert sum(told_api.scorer.calls[before:]) == 60
    assert len(told_api.scorer.calls) - before < 60


def test_a_stored_assessment_reads_back_equal(told_api):
    said = told_api.assess(timesheet(external_id="stored")).json()["results"][0]["assessment"]
    assert told_api.call("read-key", "GET", f"/v1/assessments/{said['id']}").json() == said
