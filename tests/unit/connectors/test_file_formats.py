"""Every format gives the same rows of text, whether it is read here or in a confined process."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from service.connectors.file_confined import confined_rows
from service.connectors.file_layout import Layout
from service.connectors.file_limits import DEFAULT_LIMITS
from service.connectors.file_reader import read_rows
from service.connectors.file_rows import FileNote, FileRow, GivenBack, UnreadableFileError

ALL = frozenset({"id", "day", "hours"})


def layout(**fields):
    return Layout.model_validate_json(json.dumps(fields))


def cells(path, *, limits=DEFAULT_LIMITS, **fields):
    rows = read_rows(path, layout=layout(**fields), wanted=ALL, limits=limits)
    return [one.cells for one in rows if isinstance(one, FileRow)]


def notes(path, **fields):
    rows = read_rows(path, layout=layout(**fields), wanted=ALL)
    return [one.text for one in rows if isinstance(one, FileNote)]


@pytest.fixture
def book(tmp_path):
    """Write a workbook with one sheet of rows for each name, and give its path."""

    def write(**sheets):
        made = Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        made.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return write


VALUES = [
    (7.5, "7.5"),
    (0.1 + 0.2, "0.3"),  # fifteen digits, as a spreadsheet shows it
    (8, "8"),
    (1e-7, "0.0000001"),
    (True, "true"),
    (date(2026, 3, 2), "2026-03-02"),
    (
        datetime(2026, 3, 2, 9, 30),  # noqa: DTZ001 - a spreadsheet knows no zone
        "2026-03-02T09:30:00",
    ),
    (time(9, 30), "09:30:00"),
    (timedelta(hours=26, minutes=5), "26:05:00"),
    ("  text ", "text"),
    (None, ""),
]


@pytest.mark.parametrize(("value", "text"), VALUES, ids=[text or "empty" for _, text in VALUES])
def test_cells_of_a_workbook_are_told_as_text(book, value, text):
    path = book(Time=[["id", "day"], [1, value]])
    (row,) = cells(path, format="xlsx")
    assert row == {"id": "1", "day": text}


def test_real_numbers_need_no_decimal_mark(book):
    path = book(Time=[["id", "hours"], ["a", 7.5]])
    assert cells(path, format="xlsx", decimal_mark=",") == [{"id": "a", "hours": "7,5"}]


def test_the_sheet_of_the_mapping_is_read_and_the_first_without_one(book):
    path = book(Notes=[["x"], ["1"]], Time=[["id"], ["2"]])
    assert cells(path, format="xlsx", sheet="Time") == [{"id": "2"}]
    assert cells(path, format="xlsx") == [{"x": "1"}]
    assert notes(path, format="xlsx") == ["book.xlsx: sheet 'Notes' is read, and not Time"]
    with pytest.raises(UnreadableFileError, match="write one of Notes, Time"):
        cells(path, format="xlsx", sheet="Times")


def test_empty_rows_between_others_are_no_rows(book):
    path = book(Time=[["id", "day"], ["1", None], [None, None], ["2", "x"]])
    rows = list(read_rows(path, layout=layout(format="xlsx"), wanted=ALL))
    assert [(row.number, row.cells["id"]) for row in rows] == [(2, "1"), (4, "2")]


def test_a_formula_in_a_column_that_is_not_wanted_harms_nothing(book):
    path = book(Time=[["id", "total"], ["1", "=1+1"], ["=1+1", "2"]])
    kept, refused = read_rows(path, layout=layout(format="xlsx"), wanted=ALL)
    assert isinstance(kept, FileRow)
    assert isinstance(refused, GivenBack)
    assert refused.rejection.problems[0].field == "id"
    assert refused.cells["total"] == "2"


def test_values_of_parquet_are_told_as_text(tmp_path):
    table = pa.table(
        {
            "id": pa.array([1], pa.int64()),
            "hours": pa.array([Decimal("7.50")], pa.decimal128(9, 2)),
            "day": pa.array([date(2026, 3, 2)], pa.date32()),
            "at": pa.array([datetime(2026, 3, 2, 9, tzinfo=UTC)], pa.timestamp("us", tz="UTC")),
            "ok": [True],
            "none": pa.array([None], pa.string()),
            "list": [["a", "b"]],
        }
    )
    pq.write_table(table, tmp_path / "time.parquet")
    (row,) = cells(tmp_path / "time.parquet", format="parquet")
    assert row == {
        "id": "1",
        "hours": "7.50",
        "day": "2026-03-02",
        "at": "2026-03-02T09:00:00+00:00",
        "ok": "true",
        "none": "",
        "list": '["a", "b"]',
    }


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(tmp_path, encoding, delimiter):
    text = f"id{delimiter}day\r\nJürgen{delimiter}2026-03-02, early\r\n"
    if delimiter == ",":
        text = text.replace(", early", "")
    (tmp_path / "log.csv").write_bytes(text.encode(encoding))
    (row,) = cells(tmp_path / "log.csv", encoding="auto", delimiter="auto")
    assert row["id"] == "Jürgen"
    assert row["day"].startswith("2026-03-02")


def test_what_was_found_out_is_told(tmp_path):
    (tmp_path / "log.csv").write_bytes("id;day\nJürgen;1\n".encode("cp1252"))
    first, second = notes(tmp_path / "log.csv", encoding="auto", delimiter="auto")
    assert "read as Windows-1252" in first
    assert "separated by ';'" in second


def test_objects_of_an_array_are_read_one_by_one_until_the_file_breaks(tmp_path):
    path = tmp_path / "log.json"
    path.write_text('[{"id": 1, "hours": 7.50}, {"id": 2, "hours": null} {"id": 3}]')
    rows = read_rows(path, layout=layout(format="json"), wanted=ALL)
    assert next(rows).cells == {"id": "1", "hours": "7.50"}
    with pytest.raises(UnreadableFileError, match="after row 2: a comma"):
        list(rows)


def test_a_confined_process_gives_the_same_rows_notes_and_rejections(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("id;day\n1;a\n2\n3;c\n")
    asked = layout(encoding="auto", delimiter="auto")
    here = list(read_rows(path, layout=asked, wanted=ALL))
    assert list(confined_rows(path, layout=asked, wanted=ALL, limits=DEFAULT_LIMITS)) == here
    assert len(here) == 4


def test_a_confined_process_says_why_a_file_cannot_be_read(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("id;id\n")
    rows = confined_rows(path, layout=layout(delimiter=";"), wanted=ALL, limits=DEFAULT_LIMITS)
    with pytest.raises(UnreadableFileError, match="twice in row 1") as caught:
        list(rows)
    assert caught.value.path == path


def test_a_process_that_gives_no_row_in_time_is_ended(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("id\n1\n")
    limits = replace(DEFAULT_LIMITS, wait_seconds=0.01)
    with pytest.raises(UnreadableFileError, match="COUNTERSIGN_IMPORT_WAIT_SECONDS"):
        list(confined_rows(path, layout=layout(), wanted=ALL, limits=limits))


def test_a_cell_that_is_too_long_gives_its_row_back(tmp_path):
    path = tmp_path / "log.ndjson"
    path.write_text(json.dumps({"id": "x" * 200}) + "\n")
    limits = replace(DEFAULT_LIMITS, cell_characters=100)
    (row,) = read_rows(path, layout=layout(format="ndjson"), wanted=ALL, limits=limits)
    assert "200 characters, more than 100" in row.rejection.problems[0].reason


def test_fractions_of_floats_are_the_digits_people_meant(tmp_path):
    table = pa.table({"hours": pa.array([22 / 3, 0.1 + 0.2, float("nan")], pa.float64())})
    pq.write_table(table, tmp_path / "time.parquet")
    found = [row["hours"] for row in cells(tmp_path / "time.parquet", format="parquet")]
    assert found == ["7.33333333333333", "0.3", "NaN"]


def test_too_many_columns_are_refused(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(",".join(f"c{number}" for number in range(11)) + "\n")
    limits = replace(DEFAULT_LIMITS, columns=10)
    with pytest.raises(UnreadableFileError, match="names 11 columns"):
        cells(path, limits=limits)
