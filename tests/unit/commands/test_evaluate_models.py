"""`countersign evaluate models`: another program measures; its words and its exit code are ours."""

from __future__ import annotations

import os

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.commands.evaluate_models import ModelEvaluation, Part, evaluate_models

STUB = """
import sys
print("a table")
print("a step", file=sys.stderr)
print(sys.argv[1:])
sys.exit(3 if "--quick" in sys.argv else 0)
"""


@pytest.fixture
def stub(tmp_path):
    path = tmp_path / "stub.py"
    path.write_text(STUB)
    return [str(path)]


def test_tables_and_progress_are_passed_on_as_they_come(stub, capfd, tmp_path):
    asked = ModelEvaluation(
        only=[Part.HEADS, Part.OUTSIDE], outside=tmp_path, as_json=True, firms=3
    )
    assert evaluate_models(asked, environment=os.environ, program=stub) == 0
    told = capfd.readouterr()
    assert told.out.startswith("a table\n")
    assert told.err == "a step\n"
    for option in ("--only=heads", "--only=outside", f"--outside={tmp_path}", "--json"):
        assert repr(option) in told.out
    assert "--quick" not in told.out


def test_a_failure_is_passed_on(stub, capfd):
    asked = ModelEvaluation(is_quick=True)
    assert evaluate_models(asked, environment=os.environ, program=stub) == 3
    assert "['--quick']" in capfd.readouterr().out


def test_every_part_that_can_be_measured_has_its_name_at_the_shell():
    from training.evaluation.cli import Part as Measured  # noqa: PLC0415 - only here is both known

    assert [one.value for one in Part] == [one.value for one in Measured]


def test_the_help_shows_examples_and_a_folder_that_is_not_there_is_refused():
    told = CliRunner().invoke(app, ["evaluate", "models", "--help"])
    assert "countersign evaluate models --quick --json" in " ".join(told.stdout.split())
    refused = CliRunner().invoke(app, ["evaluate", "models", "--outside", "nowhere"])
    assert refused.exit_code == 2


def test_the_promise_of_few_firms_is_measured_for_true(capfd):
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    asked = ModelEvaluation(only=[Part.PROMISE], as_json=True, firms=2)
    assert evaluate_models(asked, environment=environment) == 0
    told = capfd.readouterr()
    assert told.out.splitlines()[-1].startswith('{"promise_broken_share": ')
    assert "promise: part 1 of 1" in told.err


def test_real_data_without_a_folder_is_refused_with_what_to_give(capfd):
    assert evaluate_models(ModelEvaluation(only=[Part.OUTSIDE]), environment=os.environ) == 2
    assert "--outside FOLDER" in capfd.readouterr().err
