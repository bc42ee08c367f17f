"""Released models over the API: who may order what, what checks break, and what never loads."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from data.schemas.vocabulary import AuditEvent, JobStatus
from models.policy import FROZEN
from service.client import CountersignClient
from service.clock import SystemClock
from service.scoring.champion import CHALLENGER_RECORD, RECORD
from service.wire.models import ModelsView
from service.wiring.worker import build_flows, build_workshop, training_process
from service.workflows.flows import launch, shut_down
from tests.builders.api import running_api
from tests.builders.contracts import reference
from tests.builders.databases import settings_over
from tests.builders.items import MONDAY, entry, timesheet
from tests.builders.released import put_release, release

DEADLINE_SECONDS = 30
UNDO_SECONDS = 0.2
SEGMENT = "timesheet.regular"
ORDERS = {
    ("POST", "/v1/models/retrain"): ("retrain", None, None),
    ("POST", "/v1/models/drift"): ("drift", None, None),
    ("POST", "/v1/models/3/promote"): ("promote", 3, None),
    ("POST", "/v1/models/4/shadow"): ("shadow", 4, None),
    ("DELETE", "/v1/models/challenger"): ("end_shadow", None, None),
    ("POST", "/v1/models/rollback"): ("rollback", 2, {"version": 2}),
}


@pytest.fixture(scope="module")
def idle(tmp_path_factory):
    """The API without a worker: an order waits until a test ends it."""
    with running_api(tmp_path_factory.mktemp("idle"), reference=reference()) as api:
        yield api


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """The API with a champion that checks whatever it clears, and a worker beside it."""
    home = tmp_path_factory.mktemp("line")
    settings = settings_over(home, undo_seconds=UNDO_SECONDS)
    release(settings.bundles_folder, record=RECORD)
    with running_api(home, reference=reference(), undo_seconds=UNDO_SECONDS) as api:
        api.bundles = settings.bundles_folder
        workshop = build_workshop(settings, training=training_process(settings))
        flows = build_flows(settings, workshop=workshop)
        launch(flows, database_url=settings.database, executor_id="test")
        yield api
        shut_down()


def _day(number):
    """A sheet of one day of Ada, that many days after Monday."""
    day = MONDAY + timedelta(days=number)
    name = f"D-{number}"
    return timesheet(external_id=name, entries=(entry(id=name, work_date=day),))


def _models(api, who="dora"):
    answer = api.call(who, "GET", "/v1/models")
    assert answer.status_code == 200, answer.text
    return ModelsView.model_validate_json(answer.content)


def _until(told, *, what):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := told()):
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.05)
    return found


def _trail(api, *events):
    with api.opener() as uow:
        return [dict(body) for body in uow.audit.entries(*events)]


def _end_orders(api):
    with api.opener() as uow:
        for job in uow.jobs.unfinished():
            uow.jobs.save(job.done({}, at=SystemClock().now()))


def _assessed(api, item):
    return api.assess(item).json()["results"][0]["assessment"]


@pytest.mark.parametrize("who", ["anna", "otto"])
def test_who_answers_for_the_models_and_who_checks_read_them(idle, who):
    assert _models(idle, who=who).champion is None
    assert idle.call(who, "GET", "/v1/models/jobs").json() == {"jobs": [], "next_cursor": None}


@pytest.mark.parametrize("who", ["rita", "full-key"])
def test_neither_reviewers_nor_keys_read_the_models(idle, who):
    assert idle.call(who, "GET", "/v1/models").status_code == 403


@pytest.mark.parametrize("who", ["rita", "anna", "otto", "full-key"])
def test_neither_reviewers_nor_approvers_nor_keys_change_the_models(idle, who):
    for (method, path), (_, _, body) in ORDERS.items():
        answer = idle.call(who, method, path, json=body)
        assert answer.status_code == 403
        assert "data_scientist" in answer.json()["detail"]
    assert _trail(idle, AuditEvent.MODEL_CHANGE_ORDERED) == []


@pytest.mark.parametrize("who", ["dora", "adam"])
@pytest.mark.parametrize("call", ORDERS, ids=" ".join)
def test_an_order_is_accepted_followed_and_written_down_with_its_actor(idle, who, call):
    ordered, version, body = ORDERS[call]
    answer = idle.call(who, *call, json=body)
    job = answer.json()
    assert answer.status_code == 202
    assert (job["ordered"], job["version"], job["status"]) == (ordered, version, "waiting")
    followed = idle.call(who, "GET", answer.headers["Location"])
    assert followed.json() == job
    assert _models(idle, who).order.id == job["id"]
    entry_ = _trail(idle, AuditEvent.MODEL_CHANGE_ORDERED)[-1]
    assert (entry_["actor"], entry_["subject"]) == (f"person-{who}", job["id"])
    _end_orders(idle)


def test_the_typed_client_gives_every_order_and_follows_it(idle):
    transport = idle.client._transport
    with CountersignClient("http://testserver", token="dora", transport=transport) as client:
        for order, expected in (
            (client.retrain, "retrain"),
            (client.look_for_drift, "drift"),
            (lambda: client.promote(3), "promote"),
            (lambda: client.roll_back(2), "rollback"),
            (lambda: client.shadow(4), "shadow"),
            (client.end_shadow, "end_shadow"),
        ):
            job = order()
            assert (job.ordered, client.models().order) == (expected, job)
            _end_orders(idle)
            assert client.model_job(job.id).status is JobStatus.DONE


def test_a_second_order_is_a_conflict_that_names_the_first(idle):
    first = idle.call("dora", "POST", "/v1/models/retrain").json()
    answer = idle.call("adam", "POST", "/v1/models/3/promote")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("order-under-way")
    assert first["id"] in answer.json()["remedy"]
    _end_orders(idle)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/models/0/promote", None, 422),
        ("POST", "/v1/models/new/shadow", None, 422),
        ("POST", "/v1/models/rollback", {"version": 0}, 422),
        ("POST", "/v1/models/rollback", {"version": 1, "force": True}, 422),
        ("GET", "/v1/models/jobs/job-none", None, 404),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(idle, method, path, body, status):
    answer = idle.call("dora", method, path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_without_any_model_that_is_what_is_told(idle):
    told = _models(idle)
    assert (told.champion, told.challenger, told.segments, told.shadow) == (None, None, (), None)


def test_a_challenger_is_asked_beside_the_champion_without_effect(line):
    champion = _models(line).champion.id
    challenger = release(line.bundles, record=CHALLENGER_RECORD, version=7, seed=7, certificates=())
    found = _until(lambda: _models(line).challenger, what="the challenger")
    assert (found.id, found.version, found.certificates) == (challenger, 7, ())
    claim = line.claimed(_day(10))
    said = line.call("dora", "GET", f"/v1/cases/{claim['detail']['case']['id']}").json()
    assert said["assessment"]["versions"]["bundle"] == champion
    line.decide(claim)
    shadow = _until(
        lambda: (told := _models(line).shadow).judged and told, what="the judged shadow"
    )
    assert (shadow.bundle, shadow.items, shadow.wrong) == (challenger, 1, 0)
    assert (shadow.champion_clears, shadow.challenger_clears, shadow.agreement) == (1.0, 0.0, 0.0)
    assert shadow.challenger_log_loss > 0
    with line.opener() as uow:
        (kept,) = uow.shadows.judged(challenger)
    assert set(kept.score.probabilities) == {"any_fault", "missed_cut_off"}
    # It ends with its record.
    (line.bundles / CHALLENGER_RECORD).unlink()
    _until(lambda: _models(line).challenger is None, what="the end of the shadow")
    _until(lambda: len(_trail(line, AuditEvent.CHALLENGER_CHANGED)) == 2, what="its entry")


def test_planted_faults_stop_clearing_until_a_younger_certificate_is_promoted(line):
    # 1. Three cleared items are drawn for a check, and each check finds a fault.
    for number in range(3):
        claim = line.claimed(_day(number))
        assert claim["detail"]["assessment"]["route"] == "review"
        answer = line.decide(claim, verdict="reject", reason_codes=["miscoded"])
        assert answer.status_code == 200
    frozen = _until(
        lambda: [one for one in _models(line).segments if one.is_frozen], what="the alarm"
    )
    # 2. What broke, by how much, and since when, is told and written down.
    (segment,) = frozen
    assert (segment.segment, segment.checks) == (SEGMENT, 0)
    assert "3 of 4 audits found a fault" in segment.why
    (entry_,) = _trail(line, AuditEvent.SEGMENT_FROZEN)
    assert (entry_["subject"], entry_["facts"]["wrong"]) == (SEGMENT, 3)
    # 3. The next item is not cleared, and its route says why.
    stopped = _assessed(line, _day(3))
    assert (stopped["route"], stopped["route_reason"]) == ("review", FROZEN)
    # 4. A bundle certified after the alarm thaws the segment.
    older = _models(line).champion.id
    younger = release(
        line.bundles, record=RECORD, version=3, seed=3, certified_at=SystemClock().now()
    )
    _until(lambda: _models(line).champion.id == younger, what="the younger bundle")
    assert _assessed(line, _day(4))["route"] == "auto_clear"
    thawed = _until(lambda: _trail(line, AuditEvent.SEGMENT_THAWED), what="the thaw")
    assert (thawed[0]["subject"], thawed[0]["facts"]["bundle"]) == (SEGMENT, younger)
    assert [one.is_frozen for one in _models(line).segments] == [False]
    # 5. Putting the older bundle back puts the stop back.
    release(line.bundles, record=RECORD, gate="rollback")
    _until(lambda: _models(line).champion.id == older, what="the rollback")
    assert _assessed(line, _day(5))["route_reason"] == FROZEN
    _until(lambda: len(_trail(line, AuditEvent.SEGMENT_FROZEN)) == 2, what="the second stop")


def _truncate(folder):
    path = folder / "any_fault.lgb.txt"
    path.write_bytes(path.read_bytes()[:-200])


def _edit(folder):
    path = folder / "bundle.json"
    path.write_text(path.read_text().replace('"threshold": 1.0', '"threshold": 0.9'))


def _lose_a_file(folder):
    (folder / "missed_cut_off.lgb.txt").unlink()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("record", "damage"),
    [
        (RECORD, _truncate),
        (RECORD, _edit),
        (RECORD, _lose_a_file),
        (CHALLENGER_RECORD, _truncate),
    ],
)
def test_a_damaged_bundle_never_loads_and_the_service_goes_on(line, record, damage):
    before = _models(line)
    staged = line.bundles / ".other"
    kept = (line.bundles / record).read_bytes() if (line.bundles / record).exists() else None
    seed = 20 + len(list(line.bundles.iterdir()))
    doctored = release(staged, record=record, version=99, seed=seed)
    (staged / doctored).rename(line.bundles / doctored)
    damage(line.bundles / doctored)
    put_release(line.bundles, record=record, bundle=doctored, version=99, gate="passed", sha256={})
    name = "champion_refused" if record == RECORD else "challenger_refused"
    why = _until(lambda: getattr(_models(line), name), what="the refusal")
    assert doctored in why
    after = _models(line)
    assert after.champion == before.champion
    assert after.challenger == before.challenger
    assert _assessed(line, _day(100 + seed))["versions"]["bundle"] == before.champion.id
    assert line.client.get("/readyz").status_code == 200
    if kept is None:
        (line.bundles / record).unlink()
    else:
        (line.bundles / record).write_bytes(kept)
    _until(lambda: getattr(_models(line), name) is None, what="the end of the refusal")


@pytest.mark.slow
def test_an_id_that_the_files_do_not_have_is_not_pinned_and_never_loads(line):
    before = _models(line).champion
    kept = (line.bundles / RECORD).read_bytes()
    (line.bundles / before.id).rename(line.bundles / "0123456789abcdef")
    put_release(line.bundles, record=RECORD, bundle="0123456789abcdef", version=5, gate="passed")
    why = _until(lambda: _models(line).champion_refused, what="the refusal")
    assert "0123456789abcdef" in why
    assert _models(line).champion == before
    (line.bundles / "0123456789abcdef").rename(line.bundles / before.id)
    (line.bundles / RECORD).write_bytes(kept)
