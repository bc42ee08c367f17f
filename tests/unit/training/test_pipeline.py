"""The whole chain with a registry on disk: first champion, refusal, challenger, rollback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest
from mlflow import MlflowClient
from typer.testing import CliRunner

from data.schemas.questions import Question
from models.bundle_files import load_bundle
from tests.builders.training_rows import START, reviewed_rows, training_row
from training.cli import app
from training.gates import Passed, Refused
from training.pipeline import TooFewRowsError, train
from training.registry import MODEL, Registry
from training.release import CHALLENGER_RECORD, read_release
from training.row_files import write_rows
from training.runs import RefusedVersionError, UnknownVersionError
from training.settings import TrainingSettings

pytestmark = [
    pytest.mark.slow,  # MLflow takes seconds to import and to make its tables
    # MLflow's own tables use a loader that SQLAlchemy 2.1 deprecates, its data sets call pandas
    # in a way that pandas 4 ends.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]

ROWS = reviewed_rows(3_000, days=400, seed=2)
CUT = START + timedelta(days=400)
NOW = CUT + timedelta(days=1)


def run(home, rows, *, now=NOW):
    return train(
        rows, registry=Registry(home), settings=TrainingSettings(), cut=CUT, now=now,
        progress=lambda line: None,
    )  # fmt: skip


def spoiled(rows):
    """The same rows with the answers of the last year turned at random: nothing to learn."""
    turned = []
    for number, row in enumerate(rows):
        wrong = (number * 7919) % 23 == 0
        changed = {"answers": dict.fromkeys(row.answers, wrong)}
        turned.append(row.model_copy(update=changed))
    return turned


def leaking(rows):
    """The same rows with the late invoices of each client told in its rate of late payments."""
    late = {row.item_id: row.answers.get(Question.MISSED_CUT_OFF) for row in rows if row.answers}
    noise = np.random.default_rng(1).normal(0.0, 0.05, len(rows))
    return [
        row.model_copy(
            update={
                "features": row.features
                | {"client_delay_rate": float(bool(late[row.item_id])) + float(noise[number])}
            }
        )
        for number, row in enumerate(rows)
    ]


def champion_file(home):
    return json.loads((home / "bundles" / "champion.json").read_text())


def test_the_life_of_a_champion(tmp_path):
    # The first bundle has nobody to beat.
    first = run(tmp_path, ROWS)
    assert isinstance(first.gate, Passed), first.gate
    record = champion_file(tmp_path)
    assert record["bundle"] == first.bundle
    assert record["version"] == first.version == 1
    loaded = load_bundle(tmp_path / "bundles" / first.bundle, expected_id=first.bundle)
    assert record["sha256"] == dict(loaded.manifest.sha256)
    assert loaded.document.certificates[0].is_granted
    assert first.metrics["any_fault_auc"] > 0.7
    assert loaded.document.metrics["any_fault_auc"] == first.metrics["any_fault_auc"]

    # A worse one is recorded, refused, and changes nothing for the service.
    worse = run(tmp_path, spoiled(ROWS))
    assert isinstance(worse.gate, Refused)
    assert champion_file(tmp_path) == record
    assert (tmp_path / "bundles" / worse.bundle).is_dir()

    # One that is as good takes its place, and the first can be had back.
    again = run(tmp_path, ROWS, now=NOW + timedelta(days=1))
    assert isinstance(again.gate, Passed)
    assert champion_file(tmp_path)["version"] == 3
    registry = Registry(tmp_path)
    release = registry.rollback(1, now=NOW + timedelta(days=2))
    assert (release.bundle, release.gate) == (first.bundle, "rollback")
    assert champion_file(tmp_path)["version"] == 1
    with pytest.raises(UnknownVersionError, match=r"known versions are \[1, 2, 3\]"):
        registry.rollback(9, now=NOW)

    # What the gate refused takes a word more, and a challenger that is promoted is one no longer.
    with pytest.raises(RefusedVersionError, match=r"the gate refused version 2: .*--override"):
        registry.promote_by_hand(2, now=NOW, is_overriding=False)
    assert champion_file(tmp_path)["version"] == 1
    registry.challenge(3, now=NOW)
    assert read_release(registry.bundles, record=CHALLENGER_RECORD).version == 3
    listed = {one.version: (one.gate, one.aliases) for one in registry.versions()}
    assert listed == {
        3: ("passed", ("challenger",)),
        2: ("refused", ()),
        1: ("passed", ("champion",)),
    }
    registry.promote_by_hand(3, now=NOW, is_overriding=False)
    assert champion_file(tmp_path)["version"] == 3
    assert read_release(registry.bundles, record=CHALLENGER_RECORD) is None
    registry.promote_by_hand(2, now=NOW, is_overriding=True)
    assert champion_file(tmp_path)["gate"] == "by hand"


def test_a_run_leaves_everything_needed_to_understand_it(tmp_path):
    trained = run(tmp_path, ROWS)
    client = MlflowClient(tracking_uri=f"sqlite:///{tmp_path / 'mlflow' / 'mlflow.db'}")
    told = client.get_run(trained.run_id)
    assert {"seed", "cut", "slices.gap_days", "certify.alpha_cases"} <= set(told.data.params)
    assert told.data.tags["code"].startswith("0.1.0+")
    assert {"any_fault_auc", "any_fault_regression_auc", "any_fault_ece.timesheet.regular"} <= set(
        told.data.metrics
    )
    inputs = {one.dataset.name: one.dataset.digest for one in told.inputs.dataset_inputs}
    assert set(inputs) == {"any_fault", "missed_cut_off"}
    paths = {one.path for one in client.list_artifacts(trained.run_id)}
    assert paths == {"bundle", "card.md", "gate.json", "plots"}
    card = Path(client.download_artifacts(trained.run_id, "card.md")).read_text()
    for part in ("Purpose", "Data and questions", "Figures", "Slices", "Certificates", "Limits"):
        assert f"## {part}" in card
    assert inputs["any_fault"][:12] in card
    pictures = {one.path for one in client.list_artifacts(trained.run_id, "plots")}
    assert "plots/any_fault.calibration.svg" in pictures
    version = client.get_model_version_by_alias(MODEL, "champion")
    assert version.tags["bundle"] == trained.bundle


def test_a_candidate_that_learned_from_a_leak_is_refused(tmp_path):
    trained = run(tmp_path, leaking(ROWS))
    assert isinstance(trained.gate, Refused)
    assert any("client_delay_rate" in reason for reason in trained.gate.reasons)
    assert not (tmp_path / "bundles" / "champion.json").exists()


def test_too_few_rows_are_refused_in_words(tmp_path):
    with pytest.raises(TooFewRowsError, match="any_fault has 1 labelled and mature rows"):
        run(tmp_path, [training_row()])


def invoke(*arguments):
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    last = result.stdout.splitlines()[-1] if result.stdout else "null"
    return result, json.loads(last)


def test_the_commands_of_a_model_s_life(tmp_path):
    decided = [
        training_row(item_id=f"test:live-{n}", assessed_at=CUT, known_at=CUT, bundle="0123456789ab")
        for n in range(3)
    ]
    write_rows([*ROWS, *decided], path=tmp_path / "rows.jsonl")
    rows, home = ("--rows", tmp_path / "rows.jsonl"), ("--home", tmp_path)

    result, told = invoke("train", *home, *rows)
    assert result.exit_code == 0, result.output
    assert (told["promoted"], told["reasons"], told["left_out"]) == (True, [], {})
    assert told["rows"] > 5_000
    assert set(told) >= {"bundle", "metrics", "run_id", "version", "reasons"}
    # Decisions of today are learned only where their maturity gap is waived.
    assert told["rows_of_trail"] == 0
    _, waived = invoke("train", *home, *rows, "--verdict-maturity-days", "0")
    assert waived["rows_of_trail"] == 3

    _, told = invoke("shadow", *home, "--version", 2)
    assert told["challenger"]["version"] == 2
    _, told = invoke("versions", *home)
    assert [one["version"] for one in told["versions"]] == [2, 1]
    assert told["challenger"] == 2
    _, told = invoke("shadow", *home, "--off")
    assert told == {"challenger": None}
    _, told = invoke("rollback", *home, "--version", 1)
    assert (told["version"], told["gate"]) == (1, "rollback")
    _, told = invoke("promote", *home, "--version", 2)
    assert (told["version"], told["gate"]) == (2, "by hand")
    _, told = invoke("drift", *home, *rows)
    assert told["needs_retraining"] == []
    assert told["features"]["late_days"]["psi"] < 0.2


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("train", "--rows", "nowhere.parquet"), "firm-rows --out"),
        (("rollback", "--version", "7"), "known versions are []"),
        (("drift", "--rows", "rows.jsonl"), "run `train` first"),
        (("shadow",), "or --off to have none"),
    ],
)
def test_an_error_is_told_with_what_to_do(arguments, remedy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_rows([training_row()], path=tmp_path / "rows.jsonl")
    result, _ = invoke(*arguments, "--home", tmp_path)
    assert result.exit_code != 0
    assert remedy in " ".join(result.stderr.split())


def test_mlflow_opens_on_the_store_of_the_home_and_prints_its_address(tmp_path):
    Registry(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    pages = subprocess.Popen(
        [sys.executable, "-m", "training.cli", "mlflow", f"--home={tmp_path}", f"--port={port}"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        address = json.loads(pages.stdout.readline())["address"]
        assert address == f"http://127.0.0.1:{port}"
        with urlopen(f"{address}/health", timeout=30) as answer:
            assert answer.status == 200
    finally:
        pages.terminate()
        pages.wait(timeout=60)
        pages.stdout.close()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the server outlives its command"


def test_a_tracking_server_of_one_s_own_is_named_instead(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    result, told = invoke("mlflow", "--home", tmp_path)
    assert result.exit_code == 0
    assert told == {"address": "http://127.0.0.1:1"}
