"""The commands of models at the shell, over a training program that only repeats its orders."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.schemas.vocabulary import AuditEvent, JobStatus, ModelOrder
from service import cli
from service.clock import SystemClock, SystemIds
from service.commands.opened import opened
from service.commands.shell import prepared
from service.connectors.shell_orders import ShellOrders
from service.usecases.learning.order_models import ABANDONED, order_models
from service.wiring.worker import build_upkeep, build_workshop
from tests.builders.databases import settings_over
from tests.fakes.training import FakeTraining

ROOT = Path(__file__).resolve().parents[2]
STUB = """
import json, sys
command = sys.argv[1]
if "--version=99" in sys.argv:
    print("version 99 is not there; known versions are [1, 2]", file=sys.stderr)
    sys.exit(1)
versions = [
    {"version": 2, "bundle": "b" * 16, "gate": "refused", "aliases": [], "why": "no"},
    {"version": 1, "bundle": "a" * 16, "gate": "passed", "aliases": ["champion"], "why": ""},
]
said = {"versions": versions} if command == "versions" else {"said": sys.argv[1:]}
print(json.dumps(said))
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder, beside a training program that comes before the real one."""
    program = tmp_path / "program" / "training"
    program.mkdir(parents=True)
    (program / "__init__.py").write_text("")
    (program / "cli.py").write_text(STUB)
    monkeypatch.chdir(program.parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(program.parent), str(ROOT)]))
    return tmp_path / "home"


def _countersign(home, *arguments):
    return CliRunner().invoke(cli.app, [*arguments, f"--home={home}"])


def _said(home, *arguments):
    answer = _countersign(home, *arguments, "--json")
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout.strip().splitlines()[-1])["said"]
    return [one for one in said if not one.startswith("--home=")]


def _trail(home, *events):
    with opened(settings_over(home)) as work, work() as uow:
        return [(body["actor"], body["facts"].get("order")) for body in uow.audit.entries(*events)]


def test_what_is_ordered_at_the_shell_is_carried_out_and_written_down(home):
    assert _said(home, "models", "promote", "2") == ["promote", "--version=2"]
    assert _said(home, "models", "shadow", "2") == ["shadow", "--version=2"]
    assert _said(home, "models", "shadow", "--off") == ["shadow", "--off"]
    assert _said(home, "rollback", "1") == ["rollback", "--version=1"]
    assert [order for _, order in _trail(home, AuditEvent.MODEL_CHANGE_ORDERED)] == [
        "promote", "shadow", "end_shadow", "rollback",
    ]  # fmt: skip
    finished = _trail(home, AuditEvent.MODEL_CHANGE_FINISHED)
    assert {actor for actor, _ in finished} == {"command-line"}
    assert len(finished) == 4


def test_training_takes_the_rows_of_the_trail_and_of_the_past_before_it(home):
    said = _said(home, "train", "--verdict-maturity-days=0")
    rows = [str(home / "training-rows.jsonl")]
    assert said == ["train", *(f"--rows={one}" for one in rows), "--verdict-maturity-days=0"]
    (home / "past-rows.parquet").write_bytes(b"")
    said = _said(home, "models", "retrain")
    assert said == ["train", *(f"--rows={one}" for one in [home / "past-rows.parquet", *rows])]
    assert len(_trail(home, AuditEvent.TRAINING_SET_EXPORTED)) == 2
    assert len(_trail(home, AuditEvent.RETRAINING_FINISHED)) == 2


def test_an_order_that_fails_says_so_in_the_words_of_training(home):
    answer = _countersign(home, "models", "promote", "99")
    assert answer.exit_code == 1
    assert "known versions are [1, 2]" in answer.stderr
    assert "Traceback" not in answer.output
    # It is over: the next order is taken.
    assert _said(home, "models", "promote", "1") == ["promote", "--version=1"]


def test_versions_are_listed_with_what_they_are_used_for(home):
    listed = _countersign(home, "models", "list").stdout.splitlines()
    assert listed == [
        f"   2  {'b' * 16}  refused    -",
        f"   1  {'a' * 16}  passed     champion",
    ]
    shown = _countersign(home, "models", "show", "1", "--json")
    assert json.loads(shown.stdout)["gate"] == "passed"
    assert _countersign(home, "models", "show", "7").exit_code == 2


@pytest.mark.parametrize("arguments", [("shadow",), ("shadow", "2", "--off"), ("promote", "0")])
def test_a_call_that_makes_no_sense_is_refused_before_anything_is_ordered(home, arguments):
    assert _countersign(home, "models", *arguments).exit_code == 2
    assert not home.exists()


def test_an_order_whose_command_was_killed_keeps_nobody_from_the_next(home):
    settings = prepared(home)
    with opened(settings) as work, work() as uow:
        given = {"actor_id": "command-line", "is_at_shell": True, "uow": uow}
        order_models(ModelOrder.RETRAIN, now=SystemClock().now(), ids=SystemIds(), **given)
    assert _said(home, "models", "promote", "1") == ["promote", "--version=1"]
    with opened(settings) as work, work() as uow:
        job = uow.jobs.newest(ModelOrder.RETRAIN)
    assert (job.status, job.why) == (JobStatus.FAILED, ABANDONED)


def test_the_worker_ends_orders_of_dead_commands_and_of_no_other(home):
    settings = prepared(home)
    workshop = build_workshop(settings, training=FakeTraining())
    keep_up = build_upkeep(settings, workshop=workshop)
    with workshop.open_work() as uow:
        given = {"actor_id": "command-line", "is_at_shell": True, "uow": uow}
        job = order_models(ModelOrder.DRIFT, now=workshop.now(), ids=SystemIds(), **given)
    with ShellOrders(home).held():
        keep_up()
        assert not _job(workshop, job.id).is_finished
    keep_up()
    assert _job(workshop, job.id).why == ABANDONED


def _job(workshop, job_id):
    with workshop.open_work() as uow:
        return uow.jobs.get(job_id)
