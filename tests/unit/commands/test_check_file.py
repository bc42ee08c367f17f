"""`countersign check`, run as a person runs it: a file of past entries against terms in a file."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import CliRunner

from service.cli import app
from service.connectors import entry_file
from tests.builders.contracts import client, contract
from tests.builders.flat_tables import flat_sheet, flat_table
from tests.builders.items import entry, timesheet

AGREED_MINOR, BILLED_MINOR = 12_000, 15_000


@pytest.fixture(scope="module")
def terms(tmp_path_factory):
    path = tmp_path_factory.mktemp("terms") / "terms.yaml"
    parts = {"clients": [client()], "terms": [contract()]}
    plain = {
        name: [json.loads(one.model_dump_json()) for one in each] for name, each in parts.items()
    }
    path.write_text(yaml.safe_dump(plain))
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


def _sheets(count: int):
    """Sheets of one entry each, every second one above the agreed rate."""
    return [
        flat_sheet(timesheet(external_id=f"TS-{place}", person_id=f"p{place}", entries=(entry(
            id=f"E-{place}",
            hourly_rate_minor=BILLED_MINOR if place % 2 else AGREED_MINOR,
        ),)))
        for place in range(count)
    ]  # fmt: skip


def _run(*arguments):
    return CliRunner().invoke(app, ["check", *(str(one) for one in arguments)])


@pytest.mark.parametrize("at_once", [250_000, 3])
def test_file_is_checked_and_every_finding_written(tmp_path, home, terms, monkeypatch, at_once):
    monkeypatch.setattr(entry_file, "ROWS_AT_ONCE", at_once)
    file, out = tmp_path / "billed.parquet", tmp_path / "findings.parquet"
    pq.write_table(flat_table(_sheets(10)), file)
    run = _run(file, "--terms", terms, "--home", home, "--out", out, "--json")
    assert run.exit_code == 0, run.output
    said = json.loads(run.stdout.splitlines()[-1])
    assert (said["entries"], said["sheets"]) == (10, 10)
    # Five entries of eight hours at 150.00 where 120.00 are agreed: 5 x 8 x 30.00.
    assert said["found"]["rate_mismatch"] == {
        "EUR": {"rows": 5, "risk_minor": 5 * 8 * 30_00, "leak_minor": 0}
    }
    rows = [row for row in pq.read_table(out).to_pylist() if row["code"] == "rate_mismatch"]
    assert [row["row_id"] for row in rows] == [f"E-{place}" for place in range(1, 10, 2)]
    assert rows[0]["actual"] == "150.00 EUR"
    assert rows[0]["expected"] == "120.00 EUR"


def test_what_was_found_is_written_for_people(tmp_path, home, terms):
    file = tmp_path / "billed.parquet"
    pq.write_table(flat_table(_sheets(4)), file)
    run = _run(file, "--terms", terms, "--home", home)
    assert run.exit_code == 0, run.output
    assert "rate_mismatch" in run.stdout
    assert "480.00 EUR" in run.stdout


def test_order_of_rows_in_a_file_changes_nothing(tmp_path, home, terms):
    table = flat_table(_sheets(10))
    later, earlier = tmp_path / "later.parquet", tmp_path / "earlier.parquet"
    pq.write_table(table, earlier)
    pq.write_table(table.take(list(reversed(range(table.num_rows)))), later)
    one, other = (
        json.loads(_run(file, "--terms", terms, "--home", home, "--json").stdout.splitlines()[-1])
        for file in (earlier, later)
    )
    assert one["found"] == other["found"]


def test_file_too_large_to_sort_is_refused_with_what_to_do(tmp_path, home, terms, monkeypatch):
    monkeypatch.setattr(entry_file, "MOST_SORTED_ROWS", 3)
    sheets = _sheets(4)
    moved = sheets[0].model_copy(update={"submitted_at": sheets[0].submitted_at.replace(year=2027)})
    file = tmp_path / "billed.parquet"
    pq.write_table(flat_table([moved, *sheets[1:]]), file)
    run = _run(file, "--terms", terms, "--home", home)
    assert run.exit_code == 1
    assert "sort the file by submitted_at" in run.output


def test_file_without_a_column_is_refused_by_its_name(tmp_path, home, terms):
    file = tmp_path / "billed.parquet"
    pq.write_table(flat_table(_sheets(2)).drop_columns(["line_id"]), file)
    run = _run(file, "--terms", terms, "--home", home)
    assert run.exit_code == 1
    assert "line_id" in run.output


def test_a_row_no_timesheet_may_hold_is_named_as_in_the_file(tmp_path, home, terms, monkeypatch):
    monkeypatch.setattr(entry_file, "ROWS_AT_ONCE", 3)
    file, table = tmp_path / "billed.parquet", flat_table(_sheets(10))
    minutes = table["minutes_worked"].to_pylist()
    minutes[8] = 2_000
    place = table.column_names.index("minutes_worked")
    pq.write_table(
        table.set_column(place, table.field(place), pa.array(minutes, table.field(place).type)),
        file,
    )
    run = _run(file, "--terms", terms, "--home", home)
    assert run.exit_code == 1
    assert "entry 'E-8' of sheet 'TS-8': minutes_worked is not of one day" in run.output


def test_contracts_without_terms_are_told(tmp_path, home, terms):
    file = tmp_path / "billed.parquet"
    strange = flat_sheet(timesheet(external_id="TS-9", contract_id="C-404"))
    pq.write_table(flat_table([*_sheets(2), strange]), file)
    run = _run(file, "--terms", terms, "--home", home)
    assert run.exit_code == 0
    assert "1 contract of the file not among the terms, first 'C-404'" in run.output


def test_without_any_contract_it_says_where_they_may_come_from(tmp_path):
    file = tmp_path / "billed.parquet"
    pq.write_table(flat_table(_sheets(2)), file)
    run = _run(file, "--home", tmp_path / "home")
    assert run.exit_code == 1
    assert "--terms" in run.output


def test_file_that_is_not_parquet_is_refused(tmp_path, home, terms):
    file = tmp_path / "billed.parquet"
    file.write_text("entry_id;minutes\n")
    run = _run(file, "--terms", terms, "--home", home)
    assert run.exit_code == 1
    assert "no Parquet file" in run.output
