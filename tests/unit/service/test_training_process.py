"""Training as another program: its word comes back, its failure is told, one run at a time."""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime

import pytest

from data.schemas.vocabulary import ModelOrder
from service.connectors.training_process import TrainingProcess
from service.domain.model_job import ModelJob
from service.ports.training import TrainingFailedError

STUB = """
import json, os, sys, time
home, = (one[7:] for one in sys.argv if one.startswith("--home="))
if "--fail" in sys.argv:
    print("too few rows: 12; wait for more verdicts", file=sys.stderr)
    sys.exit(1)
if "--mute" in sys.argv:
    sys.exit(0)
alone = os.path.join(home, "alone")
os.mkdir(alone)
print("reading", file=sys.stderr)
if "--wait" in sys.argv:
    time.sleep(60)
os.rmdir(alone)
print("a line that is no result")
print(json.dumps({"said": sys.argv[1:], "of": os.environ["COUNTERSIGN_TEST"]}))
"""


@pytest.fixture
def training(tmp_path):
    stub = tmp_path / "stub.py"
    stub.write_text(STUB)
    environment = {**os.environ, "COUNTERSIGN_TEST": "settings"}
    return TrainingProcess(tmp_path, environment=environment, program=[str(stub)])


def _job(ordered, version=None):
    return ModelJob(
        id="job-1",
        ordered=ordered,
        version=version,
        actor_id="dora",
        ordered_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("ordered", "version", "said"),
    [
        (ModelOrder.RETRAIN, None, ["train"]),
        (ModelOrder.PROMOTE, 3, ["promote", "--version=3"]),
        (ModelOrder.ROLLBACK, 2, ["rollback", "--version=2"]),
        (ModelOrder.SHADOW, 4, ["shadow", "--version=4"]),
        (ModelOrder.END_SHADOW, None, ["shadow", "--off"]),
        (ModelOrder.DRIFT, None, ["drift"]),
    ],
)
def test_every_order_is_a_command_of_the_training_program(training, ordered, version, said):
    result = training.carry_out(_job(ordered, version), rows=[])
    given = [one for one in result["said"] if not one.startswith("--home=")]
    assert (given, result["of"]) == (said, "settings")


def test_rows_and_options_go_along(training, tmp_path):
    rows = [tmp_path / "past.parquet", tmp_path / "trail.jsonl"]
    result = training.carry_out(_job(ModelOrder.RETRAIN), rows=rows, options=["--seed=3"])
    assert [one for one in result["said"] if one.startswith("--rows")] == [
        f"--rows={one}" for one in rows
    ]
    assert result["said"][-1] == "--seed=3"


@pytest.mark.parametrize(
    ("option", "said"), [("--fail", "12; wait for more verdicts"), ("--mute", "ended with 0")]
)
def test_a_run_without_a_result_fails_in_its_own_words(training, option, said):
    with pytest.raises(TrainingFailedError, match=said):
        training.carry_out(_job(ModelOrder.RETRAIN), rows=[], options=[option])


def test_two_runs_never_overlap(training, tmp_path):
    """The stub breaks where another run of it is under way."""
    results = []

    def run():
        results.append(json.dumps(training.carry_out(_job(ModelOrder.DRIFT), rows=[])))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    assert not (tmp_path / "alone").exists()


def test_a_stopped_service_ends_its_run_and_begins_no_other(training, tmp_path, capfd):
    failed = []

    def run():
        try:
            training.carry_out(_job(ModelOrder.RETRAIN), rows=[], options=["--wait"])
        except TrainingFailedError as error:
            failed.append(str(error))

    thread = threading.Thread(target=run)
    thread.start()
    while not (tmp_path / "alone").exists():
        thread.join(timeout=0.05)
    training.stop()
    thread.join()
    assert "ended with -15" in failed[0]
    with pytest.raises(TrainingFailedError, match="stopping"):
        training.carry_out(_job(ModelOrder.RETRAIN), rows=[])
