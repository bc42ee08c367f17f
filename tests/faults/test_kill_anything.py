"""Processes are killed at random moments; what was accepted stays, and nothing is billed twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from data.schemas.vocabulary import CaseStatus, PostingStatus, ReasonCode, Role, Scope, Verdict
from service.client import ApiProblem, ApiUnreachableError, CountersignClient
from service.clock import SystemClock
from service.commands.add_person import add_key, add_person
from service.commands.oidc_log_in import LogInFailedError, log_in_over_http
from service.commands.verify_audit import verify_audit
from service.connectors.sandbox import SandboxLedger
from service.home import prepare_home
from service.settings import Settings, environment
from service.store.database import open_for_reading
from service.supervisor import free_port
from service.wire.cases import ClaimRequest, DecisionRequest
from service.wire.deciding import SecondVerdictRequest
from tests.builders.databases import settings_over
from tests.builders.firms import small_firm

VICTIMS = ("api",) * 10 + ("worker",) * 10 + ("supervisor",) * 2
ITEMS = 120
BATCH = 4
PASSWORD = "a long test password"
REVIEWERS = ("ana", "bo")
"""Two, as large money and every repeated case wait for another person than the first."""
SETTLE_SECONDS = 90.0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_accepted_item_is_lost_and_no_bill_doubled_when_anything_is_killed(
    tmp_path: Path,
) -> None:
    settings = settings_over(tmp_path / "home", api_port=free_port(), undo_seconds=0)
    prepare_home(settings, clock=SystemClock())
    key = add_key(settings, name="test", scopes=frozenset(Scope))
    for login in REVIEWERS:
        add_person(
            settings, login=login, name=login.title(), password=PASSWORD,
            roles={Role.REVIEWER, Role.APPROVER},
        )  # fmt: skip
    accepted: dict[str, str] = {}
    ended = threading.Event()
    with _installation(settings) as kill:
        _feed_reference(settings, key)
        feeder = threading.Thread(target=_feed, args=(settings, key, accepted))
        reviewers = [
            threading.Thread(target=_review, args=(settings, login, ended)) for login in REVIEWERS
        ]
        for one in (feeder, *reviewers):
            one.start()
        chance = random.Random(7)
        for victim in chance.sample(VICTIMS, len(VICTIMS)):
            time.sleep(chance.uniform(0.05, 2.5))
            kill(victim)
        feeder.join(SETTLE_SECONDS)
        _until(lambda: _nothing_waits(settings, key))
        ended.set()
        for one in reviewers:
            one.join(SETTLE_SECONDS)
        _until(lambda: _nothing_pending(settings, key))
        _until(lambda: verify_audit(settings).pending == 0)
    assert not feeder.is_alive()
    assert len(accepted) == ITEMS
    _assert_every_item_stands(settings, accepted)
    _assert_each_bill_once(settings)
    assert verify_audit(settings).verification.is_verified


def _assert_every_item_stands(settings: Settings, accepted: dict[str, str]) -> None:
    stored = _rows(
        settings,
        "select item.item_id, assessment.id from item join assessment "
        "on assessment.item_seq = item.seq",
    )
    assert dict(stored) == accepted


def _assert_each_bill_once(settings: Settings) -> None:
    postings = dict(_rows(settings, "select token, total_minor from posting where status = 'done'"))
    [(decided,)] = _rows(
        settings,
        "select count(*) from decision join review_case on number = case_number "
        "where verdict = 'approve' and signs_id is null and lane <> 'double'",
    )
    documents = SandboxLedger(settings.sandbox_file).documents()
    assert len(documents) == len({one.bill.token for one in documents})
    assert {one.bill.token: one.bill.total_minor for one in documents} == postings
    assert len(postings) == decided


def _rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    engine = open_for_reading(settings.database)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]
    finally:
        engine.dispose()


def _feed_reference(settings: Settings, key: str) -> None:
    reference = small_firm().reference
    with CountersignClient(settings.api_url, token=key) as client:
        for put, objects in (
            (client.put_client, reference.clients),
            (client.put_person, reference.people),
            (client.put_contract, reference.contracts),
            (client.put_project, reference.projects),
        ):
            for one in objects.values():
                put(one)  # type: ignore[operator]
        client.add_assignments(reference.assignments)


def _feed(settings: Settings, key: str, accepted: dict[str, str]) -> None:
    """Send every batch until it is answered, as a careful workflow does: same key, same body."""
    items = [one.item.model_dump(mode="json") for one in small_firm().submissions[:ITEMS]]
    with CountersignClient(settings.api_url, token=key) as client:
        for start in range(0, ITEMS, BATCH):
            rows = items[start : start + BATCH]
            answer = _insist(lambda rows=rows, start=start: client.assess(
                rows, idempotency_key=f"batch-{start}"
            ))  # fmt: skip
            for one in answer.results:
                assert one.assessment is not None
                accepted[one.assessment.item_id] = one.assessment.id


def _review(settings: Settings, login: str, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            token = log_in_over_http(settings, login=login, password=PASSWORD)
            break
        except (LogInFailedError, httpx2.HTTPError):
            time.sleep(0.1)
    else:
        return
    with CountersignClient(settings.api_url, token=token) as client:
        while not ended.is_set():
            try:
                is_decided = _decide_next(client) or _second_next(client)
            except (ApiUnreachableError, ApiProblem):
                is_decided = False
            if not is_decided:
                time.sleep(0.1)


def _decide_next(client: CountersignClient) -> bool:
    claims = client.claim(ClaimRequest()).claims
    for claim in claims:
        case = claim.detail.case
        if claim.detail.must_call_first:
            client.call_first(case.id, lease_token=claim.lease_token, verdict=Verdict.APPROVE)
        client.decide(
            case.id,
            request=DecisionRequest(
                lease_token=claim.lease_token,
                version=case.version,
                verdict=Verdict.APPROVE,
                reason_codes=(ReasonCode.CLAUSE_SATISFIED,),
            ),
            idempotency_key=f"{case.id}-{case.version}",
        )
    return bool(claims)


def _second_next(client: CountersignClient) -> bool:
    """Second the next decision of the other person over large money."""
    waiting = client.cases(status=CaseStatus.AWAITING_SIGNATURE, limit=1).cases
    for case in waiting:
        client.second_verdict(
            case.id,
            request=SecondVerdictRequest(
                version=case.version,
                verdict=Verdict.APPROVE,
                reason_codes=(ReasonCode.CLAUSE_SATISFIED,),
            ),
        )
    return bool(waiting)


def _nothing_waits(settings: Settings, key: str) -> bool:
    with CountersignClient(settings.api_url, token=key) as client:
        summary = client.queue()
        unsigned = client.cases(status=CaseStatus.AWAITING_SIGNATURE, limit=1).cases
    return summary.waiting == 0 and summary.claimed == 0 and not unsigned


def _nothing_pending(settings: Settings, key: str) -> bool:
    with CountersignClient(settings.api_url, token=key) as client:
        return not client.postings(status=PostingStatus.PENDING, limit=1).postings


def _insist(call: Callable[[], object]) -> object:
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            return call()
        except (ApiUnreachableError, ApiProblem):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SETTLE_SECONDS
    while not _insist(is_true):
        assert time.monotonic() < deadline, "the installation did not settle"
        time.sleep(0.2)


@contextmanager
def _installation(settings: Settings) -> Iterator[Callable[[str], None]]:
    """Serve; the callable kills a part by name, and a killed supervisor is started again."""
    processes = [_spawn(settings)]

    def kill(name: str) -> None:
        if name == "supervisor":
            processes[-1].kill()
            processes[-1].wait()
            _until(lambda: all(not _is_alive(pid) for pid in _pids(settings).values()))
            processes.append(_spawn(settings))
            return
        pid = _pids(settings)[name]
        if _is_alive(pid):
            os.kill(pid, signal.SIGKILL)

    try:
        yield kill
    finally:
        processes[-1].terminate()
        processes[-1].wait(60)


def _spawn(settings: Settings) -> subprocess.Popen[bytes]:
    (settings.home / "pids.json").unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.installation"], env=environment(settings)
    )
    _until((settings.home / "pids.json").exists)
    return process


def _pids(settings: Settings) -> dict[str, int]:
    found: dict[str, int] = json.loads((settings.home / "pids.json").read_text())
    return found


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
