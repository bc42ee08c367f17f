"""An import accounts for every row, and one that was cut off goes on where it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from service.connectors.file_limits import DEFAULT_LIMITS
from service.connectors.file_mapping import Mapping
from service.connectors.file_record_mapping import RecordMapping
from service.connectors.file_rows import UnreadableFileError
from service.connectors.import_folder import ImportFolder, ImportRunsError
from service.connectors.import_job import ImportStoppedError, Job, Watch, run_import
from service.wire.imports import ImportPhase
from tests.fakes.import_door import FakeDoor, ProcessKilledError

NOW = datetime(2026, 4, 1, tzinfo=UTC)
HEADER = "id,who,day,project,hours,rate\n"
FIELDS = {
    "row_id": {"column": "id"},
    "person_id": {"column": "who"},
    "project_id": {"column": "project"},
    "work_date": {"column": "day"},
    "minutes_worked": {"column": "hours", "unit": "hours"},
    "hourly_rate_minor": {"column": "rate", "unit": "major"},
}
TERMS = {"zone": "Europe/Vienna", "currency": "EUR", "country": "AT"}
MAPPING = Mapping.model_validate_json(
    json.dumps({"source": "log", "fields": FIELDS, "terms": TERMS})
)


@pytest.fixture
def job(tmp_path):
    """Give a job over a file of so many people, one row and one timesheet each."""

    def make(rows=5, *, text=None, mapping=MAPPING, name="log.csv", **changed):
        file = tmp_path / name
        lines = [f"{n},person-{n:02},2026-03-02,kiln,{n}.5,140.00\n" for n in range(rows)]
        file.write_text(text if text is not None else HEADER + "".join(lines))
        kept = ImportFolder(tmp_path / "imports").of_files(file)
        return Job(
            kept=kept, file=file, name=name, mapping=mapping, limits=DEFAULT_LIMITS,
            batch_size=2, **changed,
        )  # fmt: skip

    return make


def run(job, door, **more):
    return run_import(job, door=door, now=NOW, watch=more.pop("watch", Watch()), **more)


def test_every_row_is_accounted_for_and_the_report_is_kept(job):
    text = HEADER + "1,ana,2026-03-02,kiln,7.5,140\n2,ana,2026-03-03,kiln,eight,140\n"
    one, door = job(text=text), FakeDoor()
    report = run(one, door)
    assert (report.rows_received, report.rows_accepted, report.rows_rejected) == (2, 1, 1)
    assert (report.items, report.assessed, report.phase) == (1, 1, ImportPhase.DONE)
    assert one.kept.report() == report
    (row,) = one.kept.given_back()
    assert (row.row, row.cells["hours"], row.problems[0].remedy) == (3, "eight", "correct the cell")
    assert [kind for kind, _ in door.put_calls] == [
        "clients",
        "contracts",
        "people",
        "projects",
        "assignments",
    ]


def test_an_import_that_was_cut_off_goes_on_behind_its_last_batch(job):
    one, door, notes = job(5), FakeDoor(dies_at_batch=2), []
    with pytest.raises(ProcessKilledError):
        run(one, door)
    assert one.kept.report().batches_done == 2
    report = run(one, door, watch=Watch(note=notes.append))
    assert [len(batch) for batch in door.batches] == [2, 2, 1]
    assert (report.items, report.assessed, report.unchanged) == (5, 5, 0)
    assert notes == [f"continuing import {one.kept.id} after batch 2 of 3; --restart begins anew"]


def test_a_restart_begins_anew_and_changes_nothing(job):
    one, door = job(5), FakeDoor(dies_at_batch=2)
    with pytest.raises(ProcessKilledError):
        run(one, door)
    report = run(one, door, is_restarted=True)
    assert (report.assessed, report.unchanged) == (1, 4)


def test_an_import_that_is_done_is_done_again_in_full(job):
    one, door = job(5), FakeDoor()
    run(one, door)
    report = run(one, door)
    assert (report.assessed, report.unchanged, len(door.batches)) == (0, 5, 6)


def test_items_that_the_service_refuses_are_listed_once_whatever_was_cut_off(job):
    rows = "".join(f"{n},person-{n},2026-03-02,unknown,1,140\n" for n in range(5))
    one, door = job(text=HEADER + rows), FakeDoor(dies_at_batch=2)
    with pytest.raises(ProcessKilledError):
        run(one, door)
    report = run(one, door)
    listed = [row.external_id for row in one.kept.given_back()]
    assert report.items_rejected == len(listed) == len(set(listed)) == 5
    assert all(row.row is None for row in one.kept.given_back())


def test_an_import_told_to_stop_ends_between_batches(job):
    one, door = job(5), FakeDoor()
    watch = Watch(is_stopping=lambda: len(door.batches) == 1)
    with pytest.raises(ImportStoppedError):
        run(one, door, watch=watch)
    assert one.kept.report().batches_done == 1


def test_a_file_that_cannot_be_read_is_kept_as_failed_with_its_reason(job):
    one = job(text="id,id\n")
    with pytest.raises(UnreadableFileError):
        run(one, FakeDoor())
    report = one.kept.report()
    assert (report.phase, "twice in row 1" in report.error) == (ImportPhase.FAILED, True)


def test_the_same_import_never_runs_twice_at_once(job):
    one = job()
    with one.kept.locked(), pytest.raises(ImportRunsError, match="wait until it ends"):
        run(one, FakeDoor())


def test_who_may_not_write_reference_data_brings_items_alone(job):
    door = FakeDoor()
    run(job(1, may_put_reference=False), door)
    assert door.put_calls == []


def test_progress_is_told_by_phase(job):
    told = []
    run(job(5), FakeDoor(), watch=Watch(progress=lambda *one: told.append(one)))
    assert told == [
        (ImportPhase.TAKING, 2, 5),
        (ImportPhase.TAKING, 4, 5),
        (ImportPhase.TAKING, 5, 5),
    ]


RATES = RecordMapping.model_validate_json(
    json.dumps(
        {
            "kind": "rate_card",
            "currency": "EUR",
            "fields": {
                "contract_id": {"column": "contract"},
                "line_id": {"column": "line"},
                "labor_category": {"column": "role"},
                "hourly_rate_minor": {"column": "rate", "unit": "major"},
                "valid_from": {"column": "from"},
            },
        }
    )
)


def test_rates_are_added_to_the_contracts_that_are_known(job):
    door = FakeDoor()
    (contract,) = door.reference.contracts.values()
    line = contract.lines[0].id
    text = (
        "contract,line,role,rate,from\n"
        f"{contract.id},{line},wizard,250.00,2026-04-01\n"
        f"{contract.id},elsewhere,wizard,250.00,2026-04-01\n"
        f"nobody,{line},wizard,250.00,2026-04-01\n"
    )
    one = job(text=text, mapping=RATES)
    report = run(one, door)
    assert door.put_calls == [("contracts", [contract.id])]
    assert (report.rows_rejected, report.records) == (2, 1)
    reasons = [row.problems[0].reason for row in one.kept.given_back()]
    assert reasons == [
        f"is no line of contract {contract.id}",
        "is no known contract",
    ]
