"""The whole chain with a registry on disk: first champion, refusal, promotion, rollback."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from models.bundle_files import load_bundle
from tests.builders.training_rows import START, reviewed_rows, training_row
from training.cli import app
from training.dataset import write_rows
from training.gates import Passed, Refused
from training.pipeline import TooFewRowsError, train
from training.registry import Registry, UnknownVersionError
from training.settings import TrainingSettings

pytestmark = [
    pytest.mark.slow,  # MLflow takes seconds to import and to make its tables
    # MLflow's own tables use a loader that SQLAlchemy 2.1 deprecates, its data sets call pandas
    # in a way that pandas 4 ends.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]

ROWS = reviewed_rows(3_000, days=400)
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
        changed = {"is_violation": wrong} if row.is_violation is not None else {"is_delayed": wrong}
        turned.append(row.model_copy(update=changed))
    return turned


def champion_file(home):
    return json.loads((home / "bundles" / "champion.json").read_text())


def test_the_life_of_a_champion(tmp_path):
    # The first bundle has nobody to beat.
    first = run(tmp_path, ROWS)
    assert isinstance(first.gate, Passed)
    record = champion_file(tmp_path)
    assert record["bundle"] == first.bundle
    assert record["version"] == first.version == 1
    loaded = load_bundle(tmp_path / "bundles" / first.bundle, expected_id=first.bundle)
    assert record["sha256"] == dict(loaded.manifest.sha256)
    assert loaded.document.certificates[0].is_granted
    assert first.metrics["violation_auc"] > 0.7

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


def test_too_few_rows_are_refused_in_words(tmp_path):
    with pytest.raises(TooFewRowsError, match="violation head has 1 labelled and mature rows"):
        run(tmp_path, [training_row()])


def test_decisions_of_today_are_learned_only_where_their_maturity_gap_is_waived(tmp_path):
    decided = [
        training_row(item_id=f"test:live-{n}", assessed_at=CUT, known_at=CUT, bundle="0123456789ab")
        for n in range(3)
    ]
    write_rows([*ROWS, *decided], path=tmp_path / "rows.jsonl")
    arguments = ["train", "--home", str(tmp_path), "--rows", str(tmp_path / "rows.jsonl")]

    def learned(*more):
        result = CliRunner().invoke(app, [*arguments, *more])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout.splitlines()[-1])["rows_of_trail"]

    assert learned() == 0
    assert learned("--verdict-maturity-days", "0") == 3


def test_the_command_prints_one_json_object_last(tmp_path):
    write_rows(ROWS, path=tmp_path / "rows.jsonl")
    arguments = ["train", "--home", str(tmp_path), "--rows", str(tmp_path / "rows.jsonl")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["promoted"] is True
    assert told["gate"] == "passed"
    assert told["rows"] > 5_000
    assert told["rows_of_trail"] == 0
    assert set(told) >= {"bundle", "metrics", "run_id", "version", "reasons"}
