"""Processes are killed at random moments; what was accepted stays, and nothing is billed twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from data.schemas.vocabulary import PostingStatus, ReasonCode, Role, Scope, Verdict
from service.client import ApiProblem, ApiUnreachableError, CountersignClient
from service.clock import SystemClock
from service.commands.add_person import add_key, add_person
from service.commands.oidc_log_in import LogInFailedError, log_in_over_http
from service.commands.verify_audit import verify_audit
from service.connectors.sandbox import SandboxLedger
from service.home import prepare_home
from service.settings import Settings
from service.supervisor import free_port
from service.wire.cases import ClaimRequest, DecisionRequest
from tests.builders.firms import small_firm

VICTIMS = ("api",) * 10 + ("worker",) * 10 + ("supervisor",) * 2
ITEMS = 120
BATCH = 4
PASSWORD = "a long test password"
SETTLE_SECONDS = 90.0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_accepted_item_is_lost_and_no_bill_doubled_when_anything_is_killed(
    tmp_path: Path,
) -> None:
    settings = Settings(home=tmp_path / "home", api_port=free_port(), undo_seconds=0)
    prepare_home(settings, clock=SystemClock())
    key = add_key(settings, name="test", scopes=frozenset(Scope))
    add_person(
        settings, login="ana", name="Ana", password=PASSWORD,
        roles={Role.REVIEWER, Role.APPROVER},
    )  # fmt: skip
    accepted: dict[str, str] = {}
    ended = threading.Event()
    with _installation(settings) as kill:
        _feed_reference(settings, key)
        feeder = threading.Thread(target=_feed, args=(settings, key, accepted))
        reviewer = threading.Thread(target=_review, args=(settings, ended))
        feeder.start()
        reviewer.start()
        chance = random.Random(7)
        for victim in chance.sample(VICTIMS, len(VICTIMS)):
            time.sleep(chance.uniform(0.05, 2.5))
            kill(victim)
        feeder.join(SETTLE_SECONDS)
        _until(lambda: _nothing_waits(settings, key))
        ended.set()
        reviewer.join(SETTLE_SECONDS)
        _until(lambda: _nothing_pending(settings, key))
        _until(lambda: verify_audit(settings).pending == 0)
    assert not feeder.is_alive()
    assert len(accepted) == ITEMS
    _assert_every_item_stands(settings, accepted)
    _assert_each_bill_once(settings)
    assert verify_audit(settings).verification.is_verified


def _assert_every_item_stands(settings: Settings, accepted: dict[str, str]) -> None:
    with closing(sqlite3.connect(settings.home / "countersign.db")) as database:
        stored = dict(
            database.execute(
                "select item.item_id, assessment.id from item join assessment "
                "on assessment.item_seq = item.seq"
            )
        )
    assert stored == accepted


def _assert_each_bill_once(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.home / "countersign.db")) as database:
        postings = dict(
            database.execute("select token, total_minor from posting where status = 'done'")
        )
        decided = database.execute(
            "select count(*) from decision where verdict = 'approve'"
        ).fetchone()[0]
    documents = SandboxLedger(settings.sandbox_file).documents()
    assert len(documents) == len({one.bill.token for one in documents})
    assert {one.bill.token: one.bill.total_minor for one in documents} == postings
    assert len(postings) == decided


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


def _review(settings: Settings, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            token = log_in_over_http(settings, login="ana", password=PASSWORD)
            break
        except (LogInFailedError, httpx2.HTTPError):
            time.sleep(0.1)
    else:
        return
    with CountersignClient(settings.api_url, token=token) as client:
        while not ended.is_set():
            try:
                is_decided = _decide_next(client)
            except (ApiUnreachableError, ApiProblem):
                is_decided = False
            if not is_decided:
                time.sleep(0.1)


def _decide_next(client: CountersignClient) -> bool:
    claims = client.claim(ClaimRequest()).claims
    for claim in claims:
        case = claim.detail.case
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


def _nothing_waits(settings: Settings, key: str) -> bool:
    with CountersignClient(settings.api_url, token=key) as client:
        summary = client.queue()
    return summary.waiting == 0 and summary.claimed == 0


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
        [
            sys.executable, "-m", "tests.faults.installation",
            str(settings.home), str(settings.api_port),
        ]
    )  # fmt: skip
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
