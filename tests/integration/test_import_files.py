"""`countersign import`, run as a person runs it: every row is taken or given back with a reason."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.settings import environment
from service.wire.imports import GivenBackRow, ImportReport
from tests.builders.databases import settings_over

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
TASK_LOG = ROOT.parent / "shared" / "data" / "sip" / "Sip-task-info.csv"
"""A real task log that may not be passed on: it is read where it lies, nothing of it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One run of the command: what it printed, what it gave back, and how long it took."""

    code: int
    stdout: str
    stderr: str
    given_back: tuple[GivenBackRow, ...]
    seconds: float

    @property
    def counts(self) -> dict[str, int]:
        """The figures of the last line."""
        figures: dict[str, int] = json.loads(self.stdout.splitlines()[-1])
        return figures


def imported(file: Path, *, mapping: Path, home: Path) -> Import:
    rejections = home.parent / "rejections.jsonl"
    started = time.monotonic()
    run = subprocess.run(
        [
            sys.executable, "-m", "service.cli", "import", str(file), "--mapping", str(mapping),
            "--rejections", str(rejections), "--json",
        ],
        env=environment(settings_over(home)),
        cwd=ROOT, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    lines = rejections.read_text().splitlines() if rejections.exists() else []
    return Import(
        code=run.returncode,
        stdout=run.stdout,
        stderr=run.stderr,
        given_back=tuple(GivenBackRow.model_validate_json(line) for line in lines),
        seconds=time.monotonic() - started,
    )


@pytest.fixture(scope="module")
def twice(tmp_path_factory) -> tuple[Import, Import]:
    """The sample file, imported into one installation two times."""
    home = tmp_path_factory.mktemp("import") / "home"
    first, second = (
        imported(
            SAMPLES / "timesheets.csv", mapping=SAMPLES / "mappings" / "timesheets.yaml", home=home
        )
        for _ in range(2)
    )
    return first, second


@pytest.mark.slow
def test_every_row_is_taken_or_given_back_with_its_reason(twice):
    first, _ = twice
    counts = first.counts
    assert first.code == 0
    assert (counts["rows_received"], counts["rows_rejected"]) == (8, 2)
    assert counts["rows_received"] == counts["rows_accepted"] + counts["rows_rejected"]
    assert counts["items"] == counts["assessed"] == counts["cases"] == 4
    assert [(one.row, one.problems[0].field) for one in first.given_back] == [
        (7, "Hours"),
        (9, "Date"),
    ]
    assert "'eight' is no number" in first.stderr


@pytest.mark.slow
def test_a_second_import_of_the_same_file_changes_nothing(twice):
    first, second = twice
    assert second.code == 0
    assert second.counts["rows_received"] == first.counts["rows_received"]
    assert (second.counts["assessed"], second.counts["cases"]) == (0, 0)
    assert second.counts["unchanged"] == first.counts["assessed"]


@pytest.mark.slow
def test_a_mapping_with_a_mistake_is_told_with_its_line_and_takes_nothing(tmp_path):
    mapping = tmp_path / "mapping.yaml"
    sample = (SAMPLES / "mappings" / "timesheets.yaml").read_text()
    mapping.write_text(sample.replace("column: Hours", "colum: Hours"))
    run = imported(SAMPLES / "timesheets.csv", mapping=mapping, home=tmp_path / "home")
    assert run.code == 1
    assert run.stdout == ""
    assert "mapping.yaml" in run.stderr
    assert "line 12, fields.minutes_worked.colum" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_an_import_that_is_killed_continues_where_it_was(tmp_path):
    home, file = tmp_path / "home", tmp_path / "many.csv"
    lines = (SAMPLES / "timesheets.csv").read_text().splitlines()
    rows = [
        f"{number};Person {number};02.03.2026;Kiln;Design;consultant;7,5;yes;140,00;Work {number}"
        for number in range(2_000)
    ]
    file.write_text("\n".join([lines[0], *rows]) + "\n")
    mapping = SAMPLES / "mappings" / "timesheets.yaml"
    command = [sys.executable, "-m", "service.cli", "import", str(file), "--mapping", str(mapping)]
    with subprocess.Popen(
        command, env=environment(settings_over(home)), cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as killed:  # fmt: skip
        done_before = _batches_done_when_killed(home, killed)
    run = imported(file, mapping=mapping, home=home)
    assert run.code == 0
    assert f"after batch {done_before} of 4" in run.stderr
    assert run.counts["items"] == 2_000
    assert run.counts["assessed"] + run.counts["unchanged"] == 2_000
    again = imported(file, mapping=mapping, home=home)
    assert (again.counts["assessed"], again.counts["unchanged"]) == (0, 2_000)


def _batches_done_when_killed(home, process) -> int:
    """Kill the process once its first batch is durable."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        for kept in (home / "imports").glob("*/report.json"):
            report = ImportReport.model_validate_json(kept.read_bytes())
            if 0 < report.batches_done < report.batches:
                process.kill()
                process.wait()
                return ImportReport.model_validate_json(kept.read_bytes()).batches_done
        time.sleep(0.01)
    raise AssertionError("no batch was done in two minutes")


@pytest.mark.slow
def test_a_real_task_log_is_accounted_for_to_the_row(record_property):
    if not TASK_LOG.exists():
        pytest.skip(f"the task log is not beside this checkout: {TASK_LOG.name}")
    with tempfile.TemporaryDirectory() as folder:
        run = imported(
            TASK_LOG,
            mapping=SAMPLES / "mappings" / "task_log.yaml",
            home=Path(folder) / "home",
        )
    counts = run.counts
    reasons = Counter(one.problems[0].field for one in run.given_back)
    rows_a_second = counts["rows_received"] / run.seconds
    record_property("rows_a_second", round(rows_a_second))
    record_property("rejected_by_field", dict(reasons))
    print(f"{counts}, {rows_a_second:.0f} rows a second, rejected {dict(reasons)}")  # noqa: T201
    assert run.code == 0
    assert counts["rows_received"] == counts["rows_accepted"] + counts["rows_rejected"] == 12_299
    assert counts["rows_rejected"] == len(run.given_back) == reasons.total()
    assert counts["items"] == counts["assessed"] > 3_000
    assert counts["items_rejected"] == 0
    # Undated tasks, other states, and days that overlapping long tasks would fill beyond 24 hours.
    assert set(reasons) == {"CompletedOn", "StatusCode", "minutes_worked"}
    assert rows_a_second > 50  # far below what a busy machine does; a slip in order of growth shows
