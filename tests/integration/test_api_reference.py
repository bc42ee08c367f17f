"""Reference objects and the audit trail over HTTP."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest

from data.schemas.vocabulary import AuditEvent
from tests.builders.calendars import calendar, leave, overtime, region
from tests.builders.checking import invoice
from tests.builders.contracts import assignment, client, contract, person, project
from tests.builders.expenses import preapproval, trip
from tests.builders.items import milestone, timesheet
from tests.fakes.clock import MONDAY_MORNING

NAMED = {
    "clients": client(id="new"),
    "contracts": contract(id="new", client_id="new"),
    "people": person(id="new"),
    "projects": project(id="new", contract_id="new"),
}


def _put(api, kind, one, *, object_id=None):
    path = f"/v1/{kind}/{quote(object_id or one.id, safe='')}"
    return api.call("reference-key", "PUT", path, json=one.model_dump(mode="json"))


@pytest.mark.parametrize("kind", NAMED)
def test_what_was_put_is_given_back(told_api, kind):
    one = NAMED[kind]
    assert _put(told_api, kind, one).json() == {"received": 1, "changed": 1}
    assert _put(told_api, kind, one).json() == {"received": 1, "changed": 0}
    assert told_api.call("read-key", "GET", f"/v1/{kind}/new").json() == one.model_dump(mode="json")


def test_ids_of_other_systems_may_hold_slashes_and_blanks(told_api):
    one = contract(id="ACME/2026 01/b", client_id="acme")
    assert _put(told_api, "contracts", one).json()["changed"] == 1
    path = f"/v1/contracts/{quote(one.id, safe='')}"
    assert told_api.call("read-key", "GET", path).json()["id"] == one.id
    sheet = timesheet(external_id="slash", contract_id=one.id)
    assert sheet.contract_id == one.id


def test_an_id_that_differs_from_the_path_is_refused(told_api):
    answer = _put(told_api, "clients", client(id="left"), object_id="right")
    assert answer.status_code == 422
    assert "differs from 'right'" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("spoilt", "field"),
    [
        ({"country": "Austria"}, "country"),
        ({"payment_terms_days": "30"}, "payment_terms_days"),
        ({"colour": "red"}, "colour"),
        ({"name": None}, "name"),
        ({"name": "a\u202eb"}, "name"),
    ],
)
def test_a_bad_field_is_named_with_the_reason(told_api, spoilt, field):
    body = client(id="bad").model_dump(mode="json") | spoilt
    answer = told_api.call("reference-key", "PUT", "/v1/clients/bad", json=body)
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert problem["field"] == field
    assert problem["reason"]
    assert told_api.call("read-key", "GET", "/v1/clients/bad").status_code == 404


@pytest.mark.parametrize(
    ("path", "objects"),
    [
        ("/v1/assignments", [assignment(id="A-7"), assignment(id="A-8")]),
        ("/v1/invoices", [invoice("E-1", id="INV-7")]),
        ("/v1/regions", [region()]),
        ("/v1/calendars", [calendar()]),
        ("/v1/leave", [leave(), leave(id="LV-2")]),
        ("/v1/overtime-approvals", [overtime()]),
        ("/v1/trips", [trip()]),
        ("/v1/preapprovals", [preapproval()]),
    ],
)
def test_lists_are_taken_and_a_repeat_changes_nothing(told_api, path, objects):
    body = [one.model_dump(mode="json") for one in objects]
    taken = told_api.call("reference-key", "POST", path, json=body).json()
    assert taken == {"received": len(objects), "changed": len(objects)}
    assert told_api.call("reference-key", "POST", path, json=body).json()["changed"] == 0


def test_one_bad_row_refuses_the_whole_list_of_reference_objects(told_api):
    good = assignment(id="A-9").model_dump(mode="json")
    body = [good, good | {"id": "A-10", "end": "2020-01-01"}]
    answer = told_api.call("reference-key", "POST", "/v1/assignments", json=body)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"].startswith("1")
    assert told_api.call("reference-key", "POST", "/v1/assignments", json=[good]).json() == {
        "received": 1,
        "changed": 1,
    }


def test_a_contract_put_now_covers_the_next_item(api):
    unknown = api.assess(timesheet(external_id="early")).json()
    assert unknown["rejected"] == 1
    for kind, one in (
        ("clients", client()),
        ("contracts", contract()),
        ("people", person()),
        ("projects", project()),
    ):
        assert _put(api, kind, one).status_code == 200
    answer = api.assess(timesheet(external_id="early"), milestone(external_id="early-m")).json()
    assert answer["assessed"] == 2
    codes = {finding["code"] for finding in answer["results"][0]["assessment"]["findings"]}
    assert "unassigned_resource" in codes  # Ada is known, her assignment is not


@pytest.mark.parametrize(
    ("path", "row"),
    [
        (
            "/v1/disputes",
            {"id": "D-1", "invoice_id": "INV-1", "row_id": "E-1", "reason": "QTY",
             "opened_on": "2026-03-20", "credited_minor": 0,
             "recorded_at": "2026-03-20T09:00:00Z"},
        ),
        (
            "/v1/write-offs",
            {"id": "W-1", "item_id": "test:TS-1", "amount_minor": 5_00,
             "recorded_at": "2026-03-20T09:00:00Z"},
        ),
    ],
)  # fmt: skip
def test_what_was_lost_after_review_is_told_by_id_and_once(told_api, path, row):
    for changed in (1, 0):
        answer = told_api.call("reference-key", "POST", path, json=[row])
        assert answer.json() == {"received": 1, "changed": changed}
    unknown = told_api.call("reference-key", "POST", path, json=[row | {"mood": "bad"}])
    assert unknown.status_code == 422


def test_history_is_taken_once_and_never_assessed(told_api):
    row = {"item": timesheet(external_id="past").model_dump(mode="json"), "is_violation": True}
    for changed in (1, 0):
        answer = told_api.call("reference-key", "POST", "/v1/history", json=[row])
        assert answer.json() == {"received": 1, "changed": changed}
    (result,) = told_api.assess(timesheet(external_id="past")).json()["results"]
    assert result["outcome"] == "rejected"
    assert "taken as history" in result["rejection"]["problems"][0]["reason"]


def test_history_that_repeats_itself_is_refused_by_name(told_api):
    row = {"item": timesheet(external_id="twice").model_dump(mode="json")}
    answer = told_api.call("reference-key", "POST", "/v1/history", json=[row, row])
    assert answer.status_code == 422
    assert "'twice'" in answer.json()["detail"]


def _events(api, **filters):
    cursor, entries = None, []
    while True:
        params = filters | ({"cursor": cursor} if cursor else {})
        page = api.call("audit-key", "GET", "/v1/audit/events", params=params).json()
        entries += page["entries"]
        cursor = page["next_cursor"]
        if cursor is None:
            return entries


def test_the_trail_is_paged_oldest_first_without_gap_or_repeat(told_api):
    told_api.assess(timesheet(external_id="trail"))
    entries = _events(told_api, limit=37)
    numbers = [one["id"] for one in entries]
    assert numbers == sorted(set(numbers))
    with told_api.opener() as uow:
        assert len(entries) == len(list(uow.audit.entries(*AuditEvent)))


def test_the_trail_of_one_subject_is_its_story(told_api):
    told_api.assess(timesheet(external_id="story"))
    events = [one["body"]["event"] for one in _events(told_api, subject="test:story")]
    assert events == ["item_assessed", "item_received"]


def test_every_entry_gets_its_place_in_the_signed_log(told_api):
    told_api.assess(timesheet(external_id="sequenced"))
    deadline = time.monotonic() + 10
    indexes = [None]
    while None in indexes and time.monotonic() < deadline:
        time.sleep(0.05)
        indexes = [one["index"] for one in _events(told_api, limit=200)]
    assert indexes == list(range(len(indexes)))


def test_names_and_notes_stay_out_of_the_trail(told_api):
    claim = told_api.claimed(timesheet(external_id="private"))
    note = "Frau Müller rang me up"
    told_api.decide(claim, note=note)
    text = str([one["body"] for one in _events(told_api, limit=200)])
    assert note not in text
    assert "Rita Reviewer" not in text
    assert MONDAY_MORNING.isoformat() not in text
