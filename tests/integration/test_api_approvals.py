"""Approvals over HTTP: what waits for whom, and a yes or no that counts once."""

from __future__ import annotations

import pytest

from data.schemas.approval_policy import ApprovalPolicy, ApprovalRule, Approver
from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import ApprovalKind, Role
from tests.builders.api import running_api, tell
from tests.builders.contracts import reference
from tests.builders.items import milestone

RULE = ApprovalRule(
    kind=ApprovalKind.WRITE_OFF,
    from_major=1_000,
    approvers=(Approver(role=Role.APPROVER), Approver(role=Role.ADMIN)),
)
POLICY = STANDARD_REVIEW_POLICY.model_copy(update={"approvals": ApprovalPolicy(rules=(RULE,))})


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("approvals"), reference=reference()) as running:
        running.scorer = tell(running)
        body = {"policy": POLICY.model_dump(mode="json"), "note": "Write-offs need two yeses."}
        draft = running.call("anna", "POST", "/v1/policy/drafts", json=body).json()
        assert [one["path"] for one in draft["changes"]] == ["approvals.rules"]
        running.call("adam", "POST", f"/v1/policy/drafts/{draft['id']}/publish")
        yield running


def written_off(office, name):
    item = milestone(external_id=name, amount_minor=20_000_00)
    answer = office.decide(
        office.claimed(item), verdict="write_off", reason_codes=["late"], note="They left"
    )
    assert answer.json()["case"]["status"] == "awaiting_approval"
    waiting = office.call("anna", "GET", "/v1/approval-requests").json()["approvals"]
    return next(one for one in waiting if one["case_id"] == answer.json()["case"]["id"])


def word(office, asked, who, **said):
    body = {"is_approved": True, "note": ""} | said
    return office.call(who, "POST", f"/v1/approval-requests/{asked['id']}/word", json=body)


def status(office, asked):
    return office.call("rita", "GET", f"/v1/cases/{asked['case_id']}").json()["case"]["status"]


def test_what_waits_says_from_whom_since_when_until_when_and_for_whom(office):
    asked = written_off(office, "told")
    assert (asked["decided_by_name"], asked["note"]) == ("Rita Reviewer", "They left")
    assert (asked["amount_minor"], asked["currency"]) == (20_000_00, "EUR")
    assert (asked["may_i"], asked["waits_for"]) == (True, "approver")
    assert asked["since"] < asked["until"]
    seen_by_rita = office.call("rita", "GET", f"/v1/approval-requests/{asked['id']}").json()
    assert not seen_by_rita["may_i"]
    assert "your own decision" in seen_by_rita["why_not"]


def test_both_in_turn_let_the_decision_take_effect(office):
    asked = written_off(office, "both")
    early = word(office, asked, "adam")
    assert early.status_code == 403
    assert "waits for approver" in early.json()["detail"]
    after = word(office, asked, "anna").json()
    assert [one["is_approved"] for one in after["steps"]] == [True, None]
    assert (after["waits_for"], status(office, asked)) == ("admin", "awaiting_approval")
    assert word(office, asked, "adam").json()["status"] == "approved"
    assert status(office, asked) == "decided"


def test_a_no_sends_the_case_back_and_a_second_word_meets_a_conflict_with_its_remedy(office):
    asked = written_off(office, "no")
    assert word(office, asked, "anna", is_approved=False).status_code == 422
    refused = word(office, asked, "anna", is_approved=False, note="They stay")
    assert refused.json()["status"] == "rejected"
    assert status(office, asked) == "open"
    again = word(office, asked, "adam")
    assert (again.status_code, again.json()["type"]) == (
        409, "urn:countersign:problem:approval-settled",
    )  # fmt: skip
    assert "List what waits" in again.json()["remedy"]


def test_what_has_ended_no_longer_stands_in_the_list(office):
    asked = written_off(office, "ended")
    word(office, asked, "anna", is_approved=False, note="No")
    listed = office.call("anna", "GET", "/v1/approval-requests").json()["approvals"]
    assert asked["id"] not in {one["id"] for one in listed}


def test_a_request_nobody_ever_made_is_not_there(office):
    assert word(office, {"id": "apr-none"}, "anna").status_code == 404
