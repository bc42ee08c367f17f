"""Every write under a key has one effect and one answer, whatever happens in between."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta

import pytest

from data.schemas.vocabulary import AuditEvent
from service.api import idempotency
from service.clock import SystemClock
from tests.builders.api import held_up, running_api, tell
from tests.builders.contracts import reference
from tests.builders.items import timesheet
from tests.fakes.scorer import CLEAR

SOON, PATIENCE = 0.05, 60
KEPT_DAYS = 2


@pytest.fixture(scope="module")
def hasty_api(tmp_path_factory):
    """An API in which repeats hardly wait for the first request."""
    home = tmp_path_factory.mktemp("hasty")
    with running_api(home, reference=reference(), key_wait_seconds=SOON) as running:
        running.scorer = tell(running)
        yield running


def _entries(api, event, subject):
    with api.opener() as uow:
        return [one for one in uow.audit.entries(event) if one["subject"] == subject]


def _under(key):
    return {"headers": {"Idempotency-Key": key}}


def _view(api, name, *, key, who="rita"):
    body = {"page": "cases", "name": name, "filters": {}, "is_shared": False}
    return api.call(who, "POST", "/v1/views", json=body, **_under(key))


def _kind(answer):
    return answer.json()["type"].removeprefix("urn:countersign:problem:")


def test_a_repeat_gives_the_same_bytes_and_says_so(told_api):
    first = told_api.assess(timesheet(external_id="again"), key="again-1")
    again = told_api.assess(timesheet(external_id="again"), key="again-1")
    assert first.content == again.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(_entries(told_api, AuditEvent.ITEM_RECEIVED, "test:again")) == 1


def test_a_key_with_another_body_is_refused(told_api):
    told_api.assess(timesheet(external_id="one"), key="one-key")
    answer = told_api.assess(timesheet(external_id="two"), key="one-key")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("idempotency-reused")
    assert _entries(told_api, AuditEvent.ITEM_RECEIVED, "test:two") == []


def test_keys_of_two_callers_do_not_meet(told_api):
    told_api.assess(timesheet(external_id="mine"), key="shared", who="full-key")
    theirs = told_api.assess(timesheet(external_id="theirs"), key="shared", who="assess-key")
    assert theirs.json()["assessed"] == 1


def test_fifty_at_once_under_one_key_have_one_effect(told_api):
    told_api.scorer.says("test:fifty", **CLEAR)
    item = timesheet(external_id="fifty")
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: told_api.assess(item, key="fifty-key"), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(_entries(told_api, AuditEvent.ITEM_RECEIVED, "test:fifty")) == 1
    with told_api.opener() as uow:
        assert len(uow.postings.of_item("test:fifty")) == 1


def test_rejected_rows_under_one_key_at_once_are_answered_once(told_api):
    rows = [{"kind": "invoice"}]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: told_api.assess_raw(rows, key="rejected-key"), range(20)))
    assert len({answer.content for answer in answers}) == 1


def test_two_bodies_at_once_under_one_key_have_one_winner(told_api):
    items = [timesheet(external_id=f"race-{number % 2}") for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda item: told_api.assess(item, key="race-key"), items))
    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [200] * 10 + [422] * 10
    received = [
        len(_entries(told_api, AuditEvent.ITEM_RECEIVED, f"test:race-{number}"))
        for number in range(2)
    ]
    assert sorted(received) == [0, 1]


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\tbed", "na\xefve"])
def test_a_key_without_sense_is_refused(told_api, key):
    answer = _view(told_api, "senseless", key=key.encode("latin-1"))
    assert (answer.status_code, _kind(answer)) == (400, "key-missing")


MONEY = (
    "/v1/assessments", "/v1/bulk", "/v1/cases/C-1/decision", "/v1/cases/C-1/second-verdict",
    "/v1/cases/C-1/adjudication", "/v1/decisions/dec-1/correct",
)  # fmt: skip


@pytest.mark.parametrize("path", MONEY)
def test_what_moves_money_is_refused_without_a_key(told_api, path):
    signed = {"Authorization": "Bearer rita"}
    answer = told_api.client.post(path, json={}, headers=signed)
    assert (answer.status_code, _kind(answer)) == (400, "key-missing")
    assert "Idempotency-Key" in answer.json()["remedy"]
    assert told_api.client.post(path, json={}).status_code == 401


def test_fifty_decisions_at_once_under_one_key_are_one(told_api):
    claim = told_api.claimed(timesheet(external_id="fifty-decisions"))
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: told_api.decide(claim, key="decide-50"), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    case_id = claim["detail"]["case"]["id"]
    assert len(_entries(told_api, AuditEvent.CASE_DECIDED, case_id)) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 49


def test_the_status_of_the_first_answer_is_repeated_as_well(told_api):
    view_id = _view(told_api, "short-lived", key="view-made").json()["id"]
    path = f"/v1/views/{view_id}"
    first = told_api.call("rita", "DELETE", path, **_under("view-gone"))
    again = told_api.call("rita", "DELETE", path, **_under("view-gone"))
    assert (first.status_code, again.status_code) == (204, 204)
    assert told_api.call("rita", "DELETE", path).status_code == 404


def test_a_key_stands_for_one_route(told_api):
    made = _view(told_api, "one-route", key="one-route")
    other = told_api.call("rita", "DELETE", f"/v1/views/{made.json()['id']}", **_under("one-route"))
    assert (other.status_code, _kind(other)) == (422, "idempotency-reused")


def test_what_was_refused_may_be_sent_again_under_its_key(told_api):
    body = {"page": "cases", "name": "", "filters": {}, "is_shared": False}
    refused = told_api.call("rita", "POST", "/v1/views", json=body, **_under("second-try"))
    assert refused.status_code == 422
    assert _view(told_api, "second try", key="second-try").status_code == 200


def test_a_repeat_that_overtakes_its_first_request_is_told_so(hasty_api):
    item = timesheet(external_id="slow")
    with ThreadPoolExecutor(2) as pool, held_up(hasty_api):
        twice = [pool.submit(hasty_api.assess, item, key="slow-key") for _ in range(2)]
        # While nothing is written only the one that came second can be answered.
        (over,), (first,) = wait(twice, return_when=FIRST_COMPLETED)
        overtaking = over.result()
        other = hasty_api.assess(timesheet(external_id="other"), key="slow-key")
    assert first.result().status_code == 200
    assert (overtaking.status_code, _kind(overtaking)) == (409, "key-in-flight")
    assert overtaking.headers["retry-after"] == "1"
    assert (other.status_code, _kind(other)) == (422, "idempotency-reused")
    assert hasty_api.assess(item, key="slow-key").json()["assessed"] == 1


def test_the_wrong_request_never_takes_a_key_from_the_right_one(told_api, monkeypatch):
    right, wrong = timesheet(external_id="right"), timesheet(external_id="wrong")
    first = told_api.assess(right, key="right-key")
    looked, go, find = threading.Event(), threading.Event(), idempotency._kept

    def slowly(call, parts):
        if not looked.is_set():
            looked.set()
            assert go.wait(PATIENCE)
        return find(call, parts)

    monkeypatch.setattr(idempotency, "_kept", slowly)
    with ThreadPoolExecutor(2) as pool:
        refused = pool.submit(told_api.assess, wrong, key="right-key")
        assert looked.wait(PATIENCE)
        repeated = pool.submit(told_api.assess, right, key="right-key")
        is_answered_early = bool(wait([repeated], timeout=0.2).done)
        go.set()
    assert not is_answered_early
    assert refused.result().status_code == 422
    assert repeated.result().content == first.content


class _ForgetfulWriter:
    """Does what it is told, and loses the answer that is to be kept afterwards."""

    def __init__(self, writer):
        self._writer = writer

    def run(self, work):
        return self._writer.run(work)

    def submit(self, _work):
        lost = Future()
        lost.set_exception(RuntimeError("the process ended here"))
        return lost


def test_an_answer_lost_after_its_effect_is_given_without_a_second_effect(told_api):
    claim = told_api.claimed(timesheet(external_id="lost"))
    parts = told_api.app.state.parts
    told_api.app.state.parts = replace(parts, writer=_ForgetfulWriter(parts.writer))
    assert told_api.decide(claim, key="lost-key").status_code == 500
    told_api.app.state.parts = parts
    again = told_api.decide(claim, key="lost-key")
    third = told_api.decide(claim, key="lost-key")
    assert (again.status_code, again.content) == (200, third.content)
    case_id = claim["detail"]["case"]["id"]
    assert len(_entries(told_api, AuditEvent.CASE_DECIDED, case_id)) == 1


def test_a_secret_is_told_once_and_kept_nowhere(told_api):
    body = {"name": "nightly", "scopes": ["read"]}
    first = told_api.call("adam", "POST", "/v1/keys", json=body, **_under("new-key"))
    again = told_api.call("adam", "POST", "/v1/keys", json=body, **_under("new-key"))
    assert (first.status_code, again.status_code) == (201, 409)
    assert _kind(again) == "answer-not-kept"
    with told_api.opener() as uow:
        kept = uow.answers.find(owner="person-adam", key="new-key")
    assert (kept.status, kept.result, kept.body) == (None, None, b"")


def test_nothing_of_a_password_is_kept_under_a_key(told_api):
    body = {"current_password": "not the one", "new_password": "correct horse battery"}
    told_api.call("carl", "PUT", "/v1/me/password", json=body, **_under("pass-key"))
    with told_api.opener() as uow:
        assert uow.answers.find(owner="person-carl", key="pass-key") is None


def test_keys_are_forgotten_after_two_days(told_api):
    _view(told_api, "old", key="old-key")
    now = SystemClock().now()
    with told_api.opener() as uow:
        uow.answers.forget(until=now - timedelta(days=KEPT_DAYS))
        assert uow.answers.find(owner="person-rita", key="old-key") is not None
        uow.answers.forget(until=now + timedelta(seconds=1))
        assert uow.answers.find(owner="person-rita", key="old-key") is None


def test_nobody_reads_an_answer_under_somebody_elses_key(told_api):
    mine = _view(told_api, "mine", key="same-words")
    theirs = _view(told_api, "mine", key="same-words", who="carl")
    assert mine.json()["id"] != theirs.json()["id"]
    stranger = told_api.client.post(
        "/v1/views", json={}, headers={"Idempotency-Key": "same-words", "Authorization": "Bearer x"}
    )
    assert stranger.status_code == 401


def test_reading_needs_no_key_and_ignores_one(told_api):
    first = told_api.call("rita", "GET", "/v1/queue", **_under("read-1"))
    assert "idempotent-replayed" not in first.headers
    assert told_api.call("rita", "GET", "/v1/views", **_under("read-1")).status_code == 200
