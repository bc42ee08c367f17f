"""The review queue over HTTP: lists, claims, decisions, and what reviewers are not told."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import Lane
from tests.builders.items import MONDAY, milestone, timesheet
from tests.fakes.scorer import CHECK, CLEAR, HOLD, SHARE, finding


def _pages(api, path, name, *, who="rita", **filters):
    """Every row of a list, page by page."""
    cursor, rows = None, []
    while True:
        page = api.call(who, "GET", path, params=filters | ({"cursor": cursor} if cursor else {}))
        assert page.status_code == 200, page.text
        rows += page.json()[name]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            return rows


def _case_id(answer, row=0):
    return answer.json()["results"][row]["case_id"]


def _get(api, path, who="rita"):
    return api.call(who, "GET", path).json()


def test_paging_visits_every_case_once_newest_first(told_api):
    items = [timesheet(external_id=f"page-{number:02}") for number in range(25)]
    made = [one["case_id"] for one in told_api.assess(*items).json()["results"]]
    seen = [one["id"] for one in _pages(told_api, "/v1/cases", "cases", limit=7, q="page-")]
    assert seen == made[::-1]


def test_paging_is_not_disturbed_by_what_arrives_meanwhile(told_api):
    items = [timesheet(external_id=f"calm-{number}") for number in range(6)]
    told_api.assess(*items)
    first = _get(told_api, "/v1/cases?q=calm-&limit=3")
    told_api.assess(timesheet(external_id="calm-late"))
    second = _get(told_api, f"/v1/cases?q=calm-&limit=3&cursor={first['next_cursor']}")
    names = [one["item_id"] for page in (first, second) for one in page["cases"]]
    assert names == [f"test:calm-{number}" for number in range(5, -1, -1)]


def test_filters_narrow_and_combine(told_api):
    told_api.scorer.says("test:filter-1", findings=(finding(),))
    told_api.scorer.says("test:filter-3", **HOLD)
    told_api.assess(
        timesheet(external_id="filter-1"),
        timesheet(external_id="filter-2"),
        timesheet(external_id="filter-3"),
        milestone(external_id="filter-4"),
    )

    def found(**filters):
        rows = _pages(told_api, "/v1/cases", "cases", q="filter-", **filters)
        return [row["item_id"][-1] for row in rows]

    # The milestone was submitted on Monday, the sheets on Friday: what came first counts first.
    assert found() == ["3", "2", "1", "4"]
    assert found(kind="milestone") == ["4"]
    assert found(status="held") == ["3"]
    assert found(code=ExceptionCode.RATE_MISMATCH) == ["1"]
    assert found(client_id="acme", kind="timesheet", status="open") == ["2", "1"]
    assert found(client_id="nobody") == []
    assert _pages(told_api, "/v1/cases", "cases", q="100%_") == []


def test_a_case_shows_the_item_the_clauses_and_names_for_ids(told_api):
    told_api.scorer.says("test:shown", findings=(finding(),))
    case_id = _case_id(told_api.assess(timesheet(external_id="shown")))
    detail = _get(told_api, f"/v1/cases/{case_id}")
    assert detail["case"]["title"] == "Ada, 2026-03-02 to 2026-03-06"
    assert (detail["case"]["client_name"], detail["case"]["contract_name"]) == (
        "Acme",
        "Acme platform",
    )
    assert [one["id"] for one in detail["clauses"]] == ["CL-rate_schedule"]
    assert detail["names"] == {
        "ada": "Ada", "mia": "Mia", "P-1": "Platform", "T-1": "Build", "T-2": "Test",
    }  # fmt: skip
    assert detail["item"]["external_id"] == "shown"
    events = [one["event"] for one in detail["history"]]
    assert events[0] == "case_viewed"
    assert {"item_received", "item_assessed", "case_opened"} <= set(events)


def test_only_the_look_of_a_person_is_written_down(told_api):
    case_id = _case_id(told_api.assess(timesheet(external_id="looked")))
    for who in ("read-key", "otto", "read-key"):
        detail = _get(told_api, f"/v1/cases/{case_id}", who)
    seen = [one["actor"] for one in detail["history"] if one["event"] == "case_viewed"]
    assert seen == ["Otto Auditor"]


def test_a_decision_from_claim_to_undo(told_api):
    claim = told_api.claimed(timesheet(external_id="straight"))
    assert claim["detail"]["case"]["assignee_name"] == "Rita Reviewer"
    decided = told_api.decide(claim).json()
    assert decided["case"]["status"] == "decided"
    assert decided["decision"]["posting"] == "pending"
    assert decided["decision"]["undo_until"] > decided["decision"]["decided_at"]
    undone = told_api.call("rita", "POST", f"/v1/decisions/{decided['decision']['id']}/undo").json()
    assert undone["decision"]["is_undone"]
    assert (undone["case"]["status"], undone["decision"]["posting"]) == ("open", "cancelled")


@pytest.mark.parametrize(
    ("spoilt", "status", "kind"),
    [
        ({"lease_token": 99}, 409, "stale-lease"),
        ({"version": 1}, 409, "stale-version"),
        ({"reason_codes": []}, 422, "malformed"),
        ({"reason_codes": ["because"]}, 422, "malformed"),
        ({"reason_codes": ["wrong_rate"]}, 422, "invalid-request"),
        ({"reason_codes": ["other"]}, 422, "invalid-request"),
        ({"verdict": "maybe"}, 422, "malformed"),
        ({"verdict": "adjust", "reason_codes": ["wrong_rate"]}, 422, "invalid-request"),
        ({"active_seconds": -1}, 422, "malformed"),
        ({"actor_id": "carl"}, 422, "malformed"),
        ({"version": "2"}, 422, "malformed"),
    ],
)
def test_a_decision_that_does_not_fit_changes_nothing(told_api, spoilt, status, kind):
    claim = told_api.claimed(timesheet(external_id=f"spoilt-{json.dumps(spoilt)}"))
    answer = told_api.decide(claim, **spoilt)
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:countersign:problem:{kind}"
    assert answer.json()["remedy"]
    case = _get(told_api, f"/v1/cases/{claim['detail']['case']['id']}")["case"]
    assert (case["status"], case["version"]) == ("claimed", 2)


def test_a_figure_that_is_no_number_is_no_decision(told_api):
    claim = told_api.claimed(timesheet(external_id="nan-decision"))
    path = f"/v1/cases/{claim['detail']['case']['id']}/decision"
    body = json.dumps({
        "lease_token": claim["lease_token"], "version": 2, "verdict": "approve",
        "reason_codes": ["clause_satisfied"], "active_seconds": float("nan"),
    })  # fmt: skip
    headers = {"Content-Type": "application/json"}
    answer = told_api.call("rita", "POST", path, content=body, headers=headers)
    assert answer.status_code == 422
    assert told_api.call("rita", "POST", path, content="{", headers=headers).status_code == 400
    deep = '{"note": ' + "[" * 950 + "]" * 950 + "}"
    assert told_api.call("rita", "POST", path, content=deep, headers=headers).status_code == 422
    assert told_api.call("rita", "POST", path, content=body).status_code == 415


def test_twenty_presses_of_one_button_decide_once(told_api):
    claim = told_api.claimed(timesheet(external_id="button"))
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: told_api.decide(claim, key="press-1"), range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["decision"]["id"] for answer in answers}) == 1
    case_id = claim["detail"]["case"]["id"]
    assert len(_get(told_api, f"/v1/cases/{case_id}")["decisions"]) == 1


def test_two_reviewers_never_get_the_same_case(told_api):
    items = [timesheet(external_id=f"duel-{number}") for number in range(10)]
    told_api.assess(*items)
    rita = {one["detail"]["case"]["id"] for one in told_api.claim("rita", count=5).json()["claims"]}
    carl = {one["detail"]["case"]["id"] for one in told_api.claim("carl", count=5).json()["claims"]}
    assert len(rita) == len(carl) == 5
    assert not rita & carl


@pytest.mark.parametrize("count", [0, 6])
def test_a_claim_takes_one_to_five(told_api, count):
    assert told_api.claim("rita", count=count).status_code == 422


def test_a_lease_is_extended_and_given_back(told_api):
    claim = told_api.claimed(timesheet(external_id="lease"))
    lease = f"/v1/cases/{claim['detail']['case']['id']}/lease"
    body = {"lease_token": claim["lease_token"]}
    longer = told_api.call("rita", "POST", f"{lease}/extend", json=body).json()
    assert longer["lease_expires_at"] > claim["lease_expires_at"]
    back = told_api.call("rita", "POST", f"{lease}/release", json=body).json()
    assert back == {"lease_expires_at": None}
    assert told_api.call("rita", "POST", f"{lease}/release", json=body).status_code == 409


def test_decisions_are_paged_newest_first_and_ones_own(told_api):
    made = []
    for number in range(5):
        claim = told_api.claimed(timesheet(external_id=f"mine-{number}"), who="carl")
        made.append(told_api.decide(claim, who="carl").json()["decision"]["id"])
    own = _pages(told_api, "/v1/decisions", "decisions", who="carl", limit=2)
    seen = [one["id"] for one in own]
    assert seen == made[::-1]
    everybody = _pages(told_api, "/v1/decisions", "decisions", who="anna", limit=3, mine=False)
    assert len(everybody) > len(seen)


def test_postings_are_paged_and_filtered(told_api):
    items = [timesheet(external_id=f"cleared-{number}") for number in range(5)]
    for item in items:
        told_api.scorer.says(item.item_id, **CLEAR)
    told_api.assess(*items)
    seen = _pages(told_api, "/v1/postings", "postings", who="read-key", limit=2)
    ours = [one["item_id"] for one in seen if "cleared" in one["item_id"]]
    assert ours == [item.item_id for item in items][::-1]
    assert len({one["id"] for one in seen}) == len(seen)
    assert _pages(told_api, "/v1/postings", "postings", status="refused") == []


def test_the_queue_says_what_waits_and_a_lease_that_ran_out_waits(told_api):
    before = _get(told_api, "/v1/queue")
    claim = told_api.claimed(timesheet(external_id="summed"))
    during = _get(told_api, "/v1/queue")
    assert during["claimed"] == before["claimed"] + 1
    assert during["money_at_stake_minor"]["EUR"] >= 4_800_00
    with told_api.opener.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE review_case SET lease_expires_at = '2020-01-01T00:00:00.000000Z' "
            f"WHERE number = {int(claim['detail']['case']['id'][2:])}"
        )
    after = _get(told_api, "/v1/queue")
    assert (after["claimed"], after["waiting"]) == (before["claimed"], before["waiting"] + 1)


def _twins(api, name):
    """Two cases alike but for the lane: an ordinary one and a check of what was cleared."""
    items = [timesheet(external_id=f"{name}-{letter}") for letter in "ab"]
    api.scorer.says(items[1].item_id, **CHECK)
    return [one["case_id"] for one in api.assess(*items).json()["results"]]


def _everything_a_reviewer_reads(api, case_id):
    detail = _get(api, f"/v1/cases/{case_id}")
    said = _get(api, f"/v1/assessments/{detail['assessment']['id']}")
    row = next(
        one for one in _pages(api, "/v1/cases", "cases", q=detail["case"]["item_id"])
        if one["id"] == case_id
    )  # fmt: skip
    claim = api.claim("rita", case_id=case_id).json()["claims"][0]
    decided = api.decide(claim).json()
    return [detail, said, row, claim, decided, _get(api, f"/v1/cases/{case_id}")]


ROUTING = ("route", "lane", "propensity", "route_reason")
HIDDEN = {"audit", "auto_clear", SHARE, "told by the test"}
"""What only the check carries: its lane, its route, its propensity and its reason."""


def _leaves(node):
    if isinstance(node, dict):
        for child in node.values():
            yield from _leaves(child)
    elif isinstance(node, list):
        for child in node:
            yield from _leaves(child)
    else:
        yield node


def test_a_check_cannot_be_told_from_work_by_a_reviewer(told_api):
    ordinary, check = _twins(told_api, "lane")
    shapes = []
    for case_id in (ordinary, check):
        seen = _everything_a_reviewer_reads(told_api, case_id)
        leaves = list(_leaves(seen))
        assert not HIDDEN & {leaf for leaf in leaves if isinstance(leaf, str | float)}
        assert "auto_clear" not in json.dumps(seen)
        said = [[one["assessment"][name] for name in ROUTING] for one in (seen[0], seen[5])]
        shapes.append((said, seen[0]["case"]["route"], seen[2]["route"], len(leaves)))
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("who", ["otto", "dora", "adam", "read-key"])
def test_those_who_judge_the_checks_are_told(told_api, who):
    _, check = _twins(told_api, f"told-{who}")
    detail = _get(told_api, f"/v1/cases/{check}", who)
    said = _get(told_api, f"/v1/assessments/{detail['assessment']['id']}", who)
    assert said == detail["assessment"]
    assert (said["lane"], said["propensity"], said["route"]) == ("audit", SHARE, "auto_clear")


def test_a_held_case_looks_the_same_whether_drawn_or_not(told_api):
    items = [timesheet(external_id=f"hold-{letter}") for letter in "ab"]
    told_api.scorer.says(items[0].item_id, **HOLD)
    told_api.scorer.says(items[1].item_id, **(dict(HOLD) | {"lane": Lane.AUDIT}))
    answers = told_api.assess(*items)
    said = [_get(told_api, f"/v1/cases/{_case_id(answers, row)}")["assessment"] for row in (0, 1)]
    assert [said[0][name] for name in ROUTING] == [said[1][name] for name in ROUTING]


def test_a_history_tells_who_did_what_in_words(told_api):
    claim = told_api.claimed(timesheet(external_id="history", period_start=MONDAY))
    told_api.decide(claim)
    history = _get(told_api, f"/v1/cases/{claim['detail']['case']['id']}")["history"]
    decided = next(one for one in history if one["event"] == "case_decided")
    assert (decided["actor"], decided["text"]) == ("Rita Reviewer", "verdict approve")
    assert [one["at"] for one in history] == sorted((one["at"] for one in history), reverse=True)
