"""The notebooks run from top to bottom, and what is stored in them is what a reader would get."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
NAMES = ("explore_overrides.ipynb", "train_a_challenger.ipynb")
"""In this order: the second finds the rows that the first has made."""
SECONDS = 300
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|usr|Users)/")


def execute(notebook, *, folder):
    """Run every cell in an empty folder; raises CellExecutionError at the first error."""
    ran = nbformat.from_dict(notebook)
    for cell in code_of(ran):
        cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        ran, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return ran


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cell):
    """What a cell shows, without the figures: kinds of output, and of each its forms."""
    return [(one.output_type, sorted(one.get("data", {}))) for one in cell.outputs]


def missing_outputs(stored, *, ran):
    """The cells whose stored output is not of the kind that a run gives."""
    return [
        before.source.splitlines()[0]
        for before, after in zip(code_of(stored), code_of(ran), strict=True)
        if shown(before) != shown(after)
    ]


def told_by(notebook):
    return "\n".join(str(one) for cell in code_of(notebook) for one in cell.outputs)


def small(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in sources])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notebooks")


def test_every_notebook_is_run_here():
    assert {path.name for path in FOLDER.glob("*.ipynb")} == set(NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_and_shows_what_is_stored_in_it(name, folder):
    stored = nbformat.read(FOLDER / name, as_version=4)
    ran = execute(stored, folder=folder)
    assert missing_outputs(stored, ran=ran) == []
    assert not any(one.output_type == "stream" for cell in code_of(ran) for one in cell.outputs)


@pytest.mark.parametrize("name", NAMES)
def test_stored_outputs_name_no_machine(name):
    told = told_by(nbformat.read(FOLDER / name, as_version=4))
    assert told
    assert MACHINE_PATH.search(told) is None


def test_a_broken_cell_and_a_missing_output_are_found(tmp_path):
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        execute(small("1 / 0"), folder=tmp_path)
    unrun = small("1 + 1", "x = 2")
    assert missing_outputs(unrun, ran=execute(unrun, folder=tmp_path)) == ["1 + 1"]
    assert MACHINE_PATH.search("saved in /home/ana/rows.parquet")
