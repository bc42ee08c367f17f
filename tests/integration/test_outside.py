"""Learning on real tables, where they lie on this machine; nothing of them is kept."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import pytest

from training.outside.evaluate import evaluate_mapping
from training.outside.mapping import read_mapping

ROOT = Path(__file__).resolve().parents[2]
TABLE = "receivables.yaml"


def outside_folder() -> Path:
    told = os.environ.get("COUNTERSIGN_OUTSIDE")
    return Path(told) if told else ROOT.parent / "shared" / "data"


@pytest.mark.slow
def test_receivables_are_told_no_worse_than_by_the_models_to_beat():
    mapping = read_mapping(files("data").joinpath("outside", TABLE))
    folder = outside_folder()
    if not (folder / mapping.source.file).is_file():
        pytest.skip("the tables are not on this machine: set COUNTERSIGN_OUTSIDE to their folder")
    for answer in evaluate_mapping(mapping, folder=folder):
        for line in answer.lines:
            print(f"{answer.question}: {line.figure} {line.ours:.3f} ({line.gain:+.3f})")  # noqa: T201
            assert not line.is_clearly_worse
        for one in answer.coverage:
            assert one.model != "ours" or 0.75 <= one.share <= 0.88
