"""Decisions over HTTP by more than one person, many at once, corrected, and previewed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from data.schemas.vocabulary import Role
from tests.builders.items import entry, milestone, timesheet

APPROVE = {"verdict": "approve", "reason_codes": ["clause_satisfied"]}
WRITE_OFF = {"verdict": "write_off", "reason_codes": ["late"], "note": "a telling note"}
ADJUST = {"verdict": "adjust", "reason_codes": ["miscoded"]}
PARTS = ("approved_minor", "written_off_minor", "moved_minor", "not_billed_minor")


def _large(api, name, who="rita", **said):
    """Has somebody decide a milestone of 60,000.00; gives its case as a second person sees it."""
    claim = api.claimed(milestone(external_id=name, amount_minor=60_000_00), who=who)
    answer = api.decide(claim, who=who, **said)
    assert answer.json()["case"]["status"] == "awaiting_signature"
    return answer.json()


def _second(api, decided, who="anna", **said):
    path = f"/v1/cases/{decided['case']['id']}/second-verdict"
    body = {"version": decided["case"]["version"]} | (said or APPROVE)
    return api.call(who, "POST", path, json=body)


def test_large_money_goes_past_two_people(told_api):
    decided = _large(told_api, "large")
    assert _second(told_api, decided, who="carl").status_code == 403
    seconded = _second(told_api, decided)
    assert seconded.json()["case"]["status"] == "decided"
    shown = told_api.call("otto", "GET", f"/v1/cases/{decided['case']['id']}").json()
    assert {one["posting"] for one in shown["decisions"]} == {"pending", None}
    assert _second(told_api, decided).status_code == 409


@pytest.mark.parametrize("who", ["rita", "carl", "adam", "otto", "dora", "full-key"])
def test_nobody_but_an_approver_gives_the_second_verdict_not_even_an_administrator(told_api, who):
    decided = _large(told_api, f"not-{who}")
    assert _second(told_api, decided, who=who).status_code == 403
    shown = told_api.call("otto", "GET", f"/v1/cases/{decided['case']['id']}").json()
    assert shown["case"]["status"] == "awaiting_signature"


def test_nobody_gives_both_verdicts(told_api):
    decided = _large(told_api, "own", who="anna")
    answer = _second(told_api, decided)
    assert answer.status_code == 403
    assert "nobody gives both verdicts" in answer.json()["detail"]


def test_no_read_tells_an_approver_the_first_verdict_before_their_own(told_api):
    decided = _large(told_api, "blind", **WRITE_OFF)
    case_id, decision_id = decided["case"]["id"], decided["decision"]["id"]
    reads = (
        f"/v1/cases/{case_id}",
        f"/v1/cases/{case_id}/similar",
        f"/v1/cases/{case_id}/relatives",
        f"/v1/cases?q={decided['case']['item_id']}",
        "/v1/decisions?mine=false&limit=200",
        "/v1/approvals",
        "/v1/exports/decisions.csv?mine=false",
    )
    for path in reads:
        answer = told_api.call("anna", "GET", path)
        assert answer.status_code == 200, path
        assert not any(word in answer.text for word in (decision_id, "telling", "write_off")), path
    assert told_api.call("anna", "GET", f"/v1/audit/events?subject={case_id}").status_code == 403
    mine = told_api.call("rita", "GET", f"/v1/cases/{case_id}").json()
    assert [one["id"] for one in mine["decisions"]] == [decision_id]
    _second(told_api, decided)
    assert decision_id in told_api.call("anna", "GET", f"/v1/cases/{case_id}").text


def test_an_approver_who_also_audits_reads_no_first_verdict_in_the_trail(told_api):
    decided = _large(told_api, "both-hats", **WRITE_OFF)
    case_id = decided["case"]["id"]
    with told_api.opener() as uow:
        anna = uow.accounts.by_person("person-anna")
        uow.accounts.save(replace(anna, roles=frozenset({Role.APPROVER, Role.AUDITOR})))
    try:
        trail = told_api.call("anna", "GET", f"/v1/audit/events?subject={case_id}")
        assert "case_decided" in trail.text
        assert "write_off" not in trail.text
        export = told_api.call("anna", "GET", f"/v1/exports/audit.csv?subject={case_id}")
        assert "write_off" not in export.text
        proofs = f"/v1/cases/{case_id}/evidence.zip"
        assert told_api.call("anna", "GET", proofs).status_code == 403
        _second(told_api, decided)
        assert told_api.call("anna", "GET", proofs).status_code == 200
        trail = told_api.call("anna", "GET", f"/v1/audit/events?subject={case_id}")
        assert "write_off" in trail.text
    finally:
        with told_api.opener() as uow:
            uow.accounts.save(anna)


def test_a_dispute_is_told_to_whoever_may_rule_on_it(told_api):
    decided = _large(told_api, "dispute")
    assert _second(told_api, decided, **WRITE_OFF).json()["case"]["status"] == (
        "awaiting_adjudication"
    )
    page = told_api.call("anna", "GET", "/v1/approvals").json()["approvals"]
    found = next(one for one in page if one["case"]["id"] == decided["case"]["id"])
    assert (found["asked"], found["may_i"]) == ("adjudication", False)
    assert "third person" in found["why_not"]
    assert [one["verdict"] for one in found["disputed"]] == ["approve", "write_off"]
    path = f"/v1/cases/{decided['case']['id']}/adjudication"
    body = {"version": found["case"]["version"], "stands": None, "note": "neither"}
    assert told_api.call("anna", "POST", path, json=body).status_code == 403


def test_the_preview_is_what_is_stored(told_api):
    rows = (entry(id="E-1"), entry(id="E-2"))
    claim = told_api.claimed(timesheet(external_id="preview", entries=rows))
    said = ADJUST | {
        "adjustments": [
            {"row_id": "E-1", "minutes_billable": 300, "minutes_written_off": 61},
            {"row_id": "E-2", "minutes_billable": 7},
        ]
    }
    case_id = claim["detail"]["case"]["id"]
    preview = told_api.call("rita", "POST", "/v1/decisions/preview",
                            json=said | {"case_id": case_id}).json()  # fmt: skip
    stored = told_api.decide(claim, **said).json()["decision"]
    assert {name: preview[name] for name in PARTS} == {name: stored[name] for name in PARTS}
    assert sum(preview[name] for name in PARTS) == preview["charged_minor"]


def test_figures_without_sense_are_named_and_nothing_is_decided(told_api):
    claim = told_api.claimed(timesheet(external_id="senseless", entries=(entry(),)))
    over = {"row_id": "E-1", "minutes_billable": 400, "minutes_written_off": 100}
    lost = {"row_id": "E-1", "minutes_billable": 400, "minutes_moved": 10}
    for adjustment, word in ((over, "together"), (lost, "moved_to")):
        answer = told_api.decide(claim, **ADJUST, adjustments=[adjustment])
        assert answer.status_code == 422
        assert word in answer.text
        assert answer.json()["remedy"]
    assert told_api.decide(claim).status_code == 200


def test_a_bulk_decides_answers_the_same_again_and_goes_back_whole(told_api):
    names = ["bulk-1", "bulk-2"]
    for name in names:
        claim = told_api.claimed(timesheet(external_id=name))
        lease = {"lease_token": claim["lease_token"]}
        path = f"/v1/cases/{claim['detail']['case']['id']}/lease/release"
        told_api.call("rita", "POST", path, json=lease)
    page = told_api.call("rita", "GET", "/v1/cases?q=test:bulk-").json()["cases"]
    cases = [{"case_id": one["id"], "version": one["version"]} for one in page]
    body = APPROVE | {"cases": [*cases, {"case_id": "C-999999", "version": 1}]}
    preview = told_api.call("rita", "POST", "/v1/bulk/preview", json=body).json()
    assert (preview["included"], preview["rows"][2]["is_included"]) == (2, False)
    key = {"Idempotency-Key": str(UUID(int=7))}
    first = told_api.call("rita", "POST", "/v1/bulk", json=body, headers=key)
    assert first.json()["rows"] == preview["rows"]
    assert told_api.call("rita", "POST", "/v1/bulk", json=body, headers=key).json() == first.json()
    bulk_id = first.json()["bulk_id"]
    assert told_api.call("carl", "POST", f"/v1/bulk/{bulk_id}/revert").status_code == 404
    back = told_api.call("rita", "POST", f"/v1/bulk/{bulk_id}/revert").json()["bulks"]
    assert (back[0]["id"], back[0]["is_reverted"], back[0]["decisions"]) == (bulk_id, True, 2)
    after = told_api.call("rita", "GET", "/v1/cases?q=test:bulk-").json()["cases"]
    assert {one["status"] for one in after} == {"open"}


@pytest.mark.parametrize("who", ["otto", "dora", "adam", "full-key"])
def test_who_does_not_decide_neither_bulks_nor_corrects(told_api, who):
    body = APPROVE | {"cases": [{"case_id": "C-000001", "version": 1}]}
    for path in ("/v1/bulk", "/v1/bulk/preview"):
        assert told_api.call(who, "POST", path, json=body).status_code == 403
    path = "/v1/decisions/dec-1/correct"
    assert told_api.call(who, "POST", path, json=APPROVE | {"note": "x"}).status_code == 403


def test_a_final_decision_is_corrected_by_another_one(told_api):
    claim = told_api.claimed(timesheet(external_id="wrong"))
    reject = {"verdict": "reject", "reason_codes": ["evidence_missing"]}
    decided = told_api.decide(claim, **reject).json()["decision"]
    path = f"/v1/decisions/{decided['id']}/correct"
    assert told_api.call("carl", "POST", path, json=APPROVE).status_code == 422
    body = APPROVE | {"note": "the evidence came"}
    corrected = told_api.call("carl", "POST", path, json=body).json()
    assert corrected["decision"]["supersedes_id"] == decided["id"]
    assert corrected["decision"]["posting"] == "pending"
    again = told_api.call("carl", "POST", path, json=body)
    assert again.status_code == 409
    assert again.json()["remedy"]


def test_why_a_machine_was_overridden_is_kept(told_api):
    claim = told_api.claimed(timesheet(external_id="override"))
    decided = told_api.decide(claim, override_cause="data_late").json()["decision"]
    assert decided["override_cause"] == "data_late"
    claim = told_api.claimed(timesheet(external_id="override-2"))
    assert told_api.decide(claim, override_cause="bad luck").status_code == 422


def test_a_transfer_that_is_not_there_is_not_settled(told_api):
    answer = told_api.call("rita", "POST", "/v1/transfers/move-x/settle", json={"is_done": True})
    assert answer.status_code == 404
    assert told_api.call("read-key", "GET", "/v1/transfers").json()["transfers"] == []
