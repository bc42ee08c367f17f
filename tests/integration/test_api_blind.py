"""Blind work over HTTP: nothing a reviewer reads tells a repeat from work, nor a hidden score."""

from __future__ import annotations

import difflib
import json
from datetime import timedelta

import pytest

from data.schemas.assessment import EvidenceRow
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import Proof
from service.clock import SystemClock
from service.scoring.watching import LiveWatcher
from service.usecases.deciding.conclude_decision import conclude_decision
from tests.builders.api import use_coin
from tests.builders.items import timesheet
from tests.fakes.scorer import finding


def _row(actual, exposure_minor, *, field="item"):
    return EvidenceRow(
        row_id="E-1", field=field, actual=actual, expected="-", exposure_minor=exposure_minor
    )


SAID = {
    "violation_probability": 0.4321,
    "delay_probability": 0.2109,
    "risk_minor": 43_217,
    "leak_minor": 21_097,
    "findings": (
        finding(code=ExceptionCode.LIKELY_VIOLATION, proof=Proof.MODEL, probability=0.4321),
        finding(
            code=ExceptionCode.MISCODED_PROJECT,
            proof=Proof.MODEL,
            probability=0.3579,
            summary="Likely with a probability of 36%",
            evidence=(_row("Likely with a probability of 36%", 35_791),),
            exposure_minor=35_791,
        ),
        finding(evidence=(_row("120.00", 100_00, field="rate"),)),
    ),
}
OPINION = ("0.4321", "0.2109", "0.3579", "likely_violation", "43217", "21097", "35791", "36%")
"""The models' probabilities, and every word and amount from which one could be worked out."""


@pytest.fixture
def blind_api(told_api):
    """The API, whose coin is put back afterwards; what the tests before left is taken."""
    yield told_api
    use_coin(told_api.app, lambda _: 0.999)


def _case(api, name, **said):
    item = timesheet(external_id=name)
    api.scorer.says(item.item_id, **said)
    return api.assess(item).json()["results"][0]["case_id"]


def _clear_the_queue(api):
    """Close what other tests left, so that a claim has one thing to give."""
    with api.opener.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE review_case SET status = 'closed' WHERE status != 'decided'"
        )


def _conclude(api, decision_id, *, coin):
    with api.opener() as uow:
        now = SystemClock().now() + timedelta(minutes=1)
        conclude_decision(decision_id, uow=uow, watcher=LiveWatcher(), coin=coin, now=now)


def _decided(api, name, *, who="rita"):
    claim = api.claim(who, case_id=_case(api, name)).json()["claims"][0]
    return api.decide(claim, who=who).json()


def _read(api, claim, who):
    """Everything a person reads of a case on the way from the claim to the decision."""
    case_id = claim["detail"]["case"]["id"]
    detail = api.call(who, "GET", f"/v1/cases/{case_id}").json()
    said = api.call(who, "GET", f"/v1/assessments/{detail['assessment']['id']}").json()
    rows = api.call(who, "GET", "/v1/cases", params={"q": detail["case"]["item_id"]}).json()
    row = next(one for one in rows["cases"] if one["id"] == case_id)
    decided = api.decide(claim, who=who).json()
    after = api.call(who, "GET", f"/v1/cases/{case_id}").json()
    return {"claim": claim, "detail": detail, "said": said, "row": row, "decided": decided,
            "after": after}  # fmt: skip


VARYING = {
    "id", "entries_sha256", "item_id", "external_id", "case_id", "item_sha256", "actor_id", "title",
    "at", "assessed_at", "opened_at", "due_at", "decided_at", "lease_expires_at", "undo_until",
    "history_through", "sentence", "feedback",
}  # fmt: skip
"""Names and moments, which differ between any two cases."""


def _shape(node, name=""):
    if isinstance(node, dict):
        return {key: _shape(child, key) for key, child in node.items()}
    if isinstance(node, list):
        return [_shape(child, name) for child in node]
    return "…" if name in VARYING and node is not None else node


def _same_looks(ordinary, repeat):
    told = (json.dumps(_shape(one), indent=1).splitlines() for one in (ordinary, repeat))
    differing = "\n".join(difflib.unified_diff(*told, n=2))
    assert not differing, differing
    for word in ("double", "gold", "seeded", "repeats", "reserved"):
        assert word not in json.dumps(repeat | {"decided": None, "after": None})


def test_a_blind_second_review_cannot_be_told_from_work_by_a_reviewer(blind_api):
    api = blind_api
    _clear_the_queue(api)
    use_coin(api.app, lambda _: 0.0)  # the score is hidden in both
    _case(api, "work-0")
    (claim,) = api.claim("carl").json()["claims"]
    ordinary = _read(api, claim, "carl")
    first = _decided(api, "judged")
    _conclude(api, first["decision"]["id"], coin=lambda _: 0.0)
    (claim,) = api.claim("carl").json()["claims"]
    assert claim["detail"]["item"]["external_id"] == "judged"
    assert claim["detail"]["case"]["id"] != first["case"]["id"]
    _same_looks(ordinary, _read(api, claim, "carl"))


def test_a_case_with_a_known_answer_cannot_be_told_from_work_before_the_verdict(blind_api):
    api = blind_api
    _clear_the_queue(api)
    first = _decided(api, "answered")
    named = api.call(
        "anna", "POST", "/v1/known-cases",
        json={"case_id": first["case"]["id"], "is_faulty": True, "why": "Booked twice."},
    )  # fmt: skip
    assert named.status_code == 201
    _case(api, "work-1")
    # Without a draw the score is shown, and ordinary work is handed out.
    (claim,) = api.claim("carl").json()["claims"]
    ordinary = _read(api, claim, "carl")
    _case(api, "work-2")
    use_coin(api.app, lambda name: 0.0 if name.startswith(("lane", "gold")) else 0.999)
    (claim,) = api.claim("carl").json()["claims"]
    assert claim["detail"]["item"]["external_id"] == "answered"
    known = _read(api, claim, "carl")
    assert known["decided"].pop("feedback").startswith("Not this time")
    assert ordinary["decided"].pop("feedback") is None
    _same_looks(ordinary, known)
    listed = api.call("anna", "GET", "/v1/known-cases").json()["known_cases"]
    assert (listed[0]["shown"], listed[0]["right"]) == (1, 0)
    known_id = listed[0]["id"]
    assert api.call("anna", "DELETE", f"/v1/known-cases/{known_id}").status_code == 204
    assert api.call("anna", "GET", "/v1/known-cases").json() == {
        "known_cases": [],
        "next_cursor": None,
    }


@pytest.mark.parametrize("who", ["rita", "otto", "dora", "read-key"])
def test_only_approvers_and_administrators_see_known_answers(blind_api, who):
    assert blind_api.call(who, "GET", "/v1/known-cases").status_code == 403


def _everything_told(api, case_id, who):
    detail = api.call(who, "GET", f"/v1/cases/{case_id}").json()
    said = api.call(who, "GET", f"/v1/assessments/{detail['assessment']['id']}").json()
    rows = api.call(who, "GET", "/v1/cases", params={"q": detail["case"]["item_id"]}).json()
    kin = api.call(who, "GET", f"/v1/cases/{case_id}/relatives").json()
    return detail, json.dumps([detail, said, rows, kin])


def test_a_hidden_score_is_in_no_byte_and_what_rules_found_stays(blind_api):
    use_coin(blind_api.app, lambda _: 0.0)
    case_id = _case(blind_api, "hidden", **SAID)
    detail, told = _everything_told(blind_api, case_id, "rita")
    assert not [one for one in OPINION if one in told]
    assert detail["exposure"] == "hidden"
    assert detail["why_next"] is None
    codes = [one["code"] for one in detail["assessment"]["findings"]]
    assert codes == ["miscoded_project", "rate_mismatch"]
    _, told = _everything_told(blind_api, case_id, "otto")
    assert all(one in told for one in OPINION)


def test_the_own_call_comes_first_and_opens_the_models_opinion(blind_api):
    use_coin(blind_api.app, lambda _: 0.15)
    case_id = _case(blind_api, "call-first", **SAID)
    claim = blind_api.claim("rita", case_id=case_id).json()["claims"][0]
    detail, told = _everything_told(blind_api, case_id, "rita")
    assert (detail["must_call_first"], detail["asked_of_me"]) == (True, "decision")
    assert not [one for one in OPINION if one in told]
    body = {"lease_token": claim["lease_token"], "verdict": "reject"}
    path = f"/v1/cases/{case_id}/own-call"
    assert blind_api.call("carl", "POST", path, json=body).status_code == 409
    called = blind_api.call("rita", "POST", path, json=body).json()
    assert (called["must_call_first"], called["own_verdict"]) == (False, "reject")
    assert called["assessment"]["violation_probability"] == 0.4321
    assert called["why_next"]["doubt"] == 1.0


def test_a_list_tells_no_opinion_to_those_who_judge(blind_api):
    _case(blind_api, "listed", **SAID)
    (row,) = blind_api.call("rita", "GET", "/v1/cases", params={"q": "listed"}).json()["cases"]
    assert (row["violation_probability"], row["delay_probability"]) == (None, None)
    assert "likely_violation" not in row["codes"]
    assert (row["risk_minor"], row["leak_minor"]) == (100_00, 0)
    exported = blind_api.call("rita", "GET", "/v1/exports/cases.csv", params={"q": "listed"}).text
    assert '"100.00","0.00"' in exported
    assert "432.17" not in exported
    (row,) = blind_api.call("otto", "GET", "/v1/cases", params={"q": "listed"}).json()["cases"]
    assert row["violation_probability"] == 0.4321


@pytest.mark.parametrize("path", ["/v1/cases", "/v1/exports/cases.csv"])
def test_no_filter_tells_the_opinion_that_a_list_keeps_from_those_who_judge(blind_api, path):
    name = f"filtered-{path[-3:]}"
    case_id = _case(blind_api, name, **SAID)
    by_opinion = {"q": name, "code": "likely_violation"}
    refused = blind_api.call("rita", "GET", path, params=by_opinion)
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("code = 'likely_violation'")
    assert "what was found" in refused.json()["detail"]
    assert case_id not in refused.text
    assert case_id in blind_api.call("otto", "GET", path, params=by_opinion).text
    by_rule = {"q": name, "code": "rate_mismatch"}
    assert case_id in blind_api.call("rita", "GET", path, params=by_rule).text


def test_the_late_are_those_overdue_that_still_need_somebody(blind_api):
    late, due, done = (_case(blind_api, f"when-{name}") for name in ("late", "due", "done"))
    with blind_api.opener.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE review_case SET due_at = '2020-01-01T00:00:00.000000Z'"
            f" WHERE number IN ({int(late[2:])}, {int(done[2:])})"
        )
        connection.exec_driver_sql(
            f"UPDATE review_case SET status = 'closed' WHERE number = {int(done[2:])}"
        )
    told = blind_api.call("rita", "GET", "/v1/cases", params={"q": "when-", "is_late": True}).json()
    assert [one["id"] for one in told["cases"]] == [late]
    every = blind_api.call("rita", "GET", "/v1/cases", params={"q": "when-"}).json()
    assert {one["id"] for one in every["cases"]} == {late, due, done}


def test_a_case_is_put_off_and_says_until_when(blind_api):
    claim = blind_api.claimed(timesheet(external_id="snoozed"))
    case_id = claim["detail"]["case"]["id"]
    until = (SystemClock().now() + timedelta(days=2)).isoformat()
    body = {"lease_token": claim["lease_token"], "until": until, "reason": "Order missing"}
    path = f"/v1/cases/{case_id}/snooze"
    assert blind_api.call("rita", "POST", path, json=body | {"reason": ""}).status_code == 422
    assert blind_api.call("rita", "POST", path, json=body).json() == {"lease_expires_at": None}
    case = blind_api.call("rita", "GET", f"/v1/cases/{case_id}").json()["case"]
    assert (case["status"], case["boost"]) == ("snoozed", "Put off: Order missing")
    assert case["snoozed_until"] is not None


def test_relatives_share_something_and_examples_say_what_became_of_them(blind_api):
    api = blind_api
    _clear_the_queue(api)
    decided = _decided(api, "kin-decided")
    one, other = _case(api, "kin-1", findings=(finding(),)), _case(api, "kin-2")
    relatives = api.call("rita", "GET", f"/v1/cases/{one}/relatives").json()["relatives"]
    found = {view["case"]["id"]: view["shares"] for view in relatives}
    assert found[other] == ["client", "project", "person"]
    similar = api.call("rita", "GET", f"/v1/cases/{one}/similar").json()["similar"]
    assert len(similar) <= 5
    mine = next(view for view in similar if view["case_id"] == decided["case"]["id"])
    assert (mine["verdict"], mine["outcome"]) == ("approve", "its bill is on its way to the ledger")
    assert one not in {view["case_id"] for view in similar}
    assert api.call("rita", "GET", "/v1/cases/C-999999/similar").status_code == 404
