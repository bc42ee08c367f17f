"""Files that are wrong in one way each: the command says where, why, and what to do about it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from service.cli import app
from tests.broken.make_files import make_files

FILES = Path(__file__).parent / "files"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("broken")
    make_files(made)
    return made


@pytest.fixture(scope="module")
def run(tmp_path_factory, folder):
    """Give the command as a person runs it, over one installation."""
    home = tmp_path_factory.mktemp("home")

    def imported(file, mapping, *more):
        path = FILES / file if (FILES / file).exists() else folder / file
        arguments = ["import", str(path), "--mapping", str(FILES / mapping), "--home", str(home)]
        result = CliRunner().invoke(app, [*arguments, *more])
        if result.exception is not None:
            assert isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return imported


REFUSED = [
    # file, mapping, place, reason, remedy
    ("empty.csv", "hours.yaml", "empty.csv", "is empty", "the first row names the columns"),
    ("duplicate_headers.csv", "hours.yaml", "row 1", "the column 'hours' twice", "rename one"),
    ("wrong_delimiter.csv", "hours.yaml", "row 1", "names one column", 'write `delimiter: ";"`'),
    ("utf16_without_mark.csv", "hours.yaml", "utf16_", "written in utf-16-le", "`encoding: auto`"),
    ("good.csv", "unknown_column.yaml", "good.csv", "has no column", "replace 'rates' by 'rate'"),
    ("good.csv", "typos.yaml", "line 8, fields.minutes", "'hour'", "hours"),
    ("good.csv", "typos.yaml", "line 7, fields.work_dat", "not permitted", "work_date"),
    ("good.csv", "two_origins.yaml", "line 4, fields.id", "names not one of", "exactly one"),
    ("good.csv", "unknown_kind.yaml", "line 2, kind", "is nothing a file can hold", "people"),
    ("good.csv", "no_yaml.yaml", "line 4", "is no YAML", "correct the line"),
    ("good.csv", "hours_xlsx.yaml", "good.csv", "is no XLSX workbook", "correct `format`"),
    ("cut_off.json", "hours_json.yaml", "row 2", "Unterminated string", "export it again"),
    ("deep.json", "hours_json.yaml", "row 1", "nested too deeply", "export it again"),
    ("far_cell.xlsx", "hours_xlsx.yaml", "row 1048576", "far from the others", "delete the rows"),
    ("encrypted.xlsx", "hours_xlsx.yaml", "encrypted.xlsx", "a password", "remove the password"),
    ("old_excel.xlsx", "hours_xlsx.yaml", "old_excel.xlsx", "an old Excel", "save it as .xlsx"),
    ("macros.xlsx", "hours_xlsx.yaml", "xl/vbaProject.bin", "carries macros", "save it as .xlsx"),
    ("bomb.xlsx", "hours_xlsx.yaml", "bomb.xlsx", "times its size", "save the rows you need"),
    ("large_bomb.xlsx", "hours_xlsx.yaml", "large_bomb", "4,000,000,000 bytes", "split it"),
    ("entities.xlsx", "hours_xlsx.yaml", "xl/workbook.xml", "a document type", "save it as a new"),
    ("no_workbook.xlsx", "hours_xlsx.yaml", "no_workbook", "no readable workbook", "save it again"),
    ("truncated.parquet", "hours_parquet.yaml", "truncated", "no readable Parquet", "Export it"),
    ("formula.xlsx", "hours.yaml", "formula.xlsx", "is a ZIP archive", "`format: xlsx`"),
]


@pytest.mark.parametrize(
    ("file", "mapping", "place", "reason", "remedy"),
    REFUSED,
    ids=[f"{file}-{mapping.removesuffix('.yaml')}-{place}" for file, mapping, place, *_ in REFUSED],
)
def test_a_file_that_cannot_be_read_is_refused_with_place_reason_and_remedy(
    run, file, mapping, place, reason, remedy
):
    result = run(file, mapping)
    assert result.exit_code == 1
    assert place in result.output
    assert reason in result.output
    assert remedy in result.output


REJECTED = [
    # file, mapping, row, field, value, reason, remedy
    ("decimal_commas.csv", "hours.yaml", "2", "hours", "7,5", "mark '.'", 'decimal_mark: ","'),
    ("decimal_points.csv", "hours_comma.yaml", "2", "hours", "7.5", "mark ','", 'mark: "."'),
    ("ragged.csv", "hours.yaml", "3", "(row)", "kiln", "has 5 cells", "check quotes"),
    ("ragged.csv", "hours.yaml", "4", "(row)", "review", "has 8 cells", "check quotes"),
    ("mixed_dates.csv", "hours.yaml", "3", "day", "03/02/2026", "is no date", "add its format"),
    ("mixed_dates.csv", "hours.yaml", "4", "day", "4.3.2026", "is no date", "add its format"),
    ("negative_hours.csv", "hours.yaml", "2", "hours", "-3", "zero or more", "takes back"),
    ("huge_numbers.csv", "hours.yaml", "2", "rate", "9999999999999", "is more than", "the figure"),
    ("huge_numbers.csv", "hours.yaml", "3", "hours", "450", "makes 27000 minutes", "`unit`"),
    ("huge_numbers.csv", "hours.yaml", "4", "hours", "1e30", "is no number", "correct the cell"),
    ("windows_letters.csv", "hours.yaml", "2", "who", "rgen", "bytes", "set `encoding`"),
    ("open_quote.csv", "hours.yaml", "2", "(row)", "", "is no CSV near line 3", "check the quotes"),
    ("not_a_number.ndjson", "hours_ndjson.yaml", "1", "hours", "NaN", "is no number", "correct"),
    ("not_a_number.ndjson", "hours_ndjson.yaml", "2", "rate", "Infinity", "no number", "correct"),
    ("not_a_number.ndjson", "hours_ndjson.yaml", "3", "(row)", "", "'hours' twice", "remove one"),
    ("formula.xlsx", "hours_xlsx.yaml", "2", "hours", "=SUM", "is a formula", "paste it as values"),
    ("far_column.xlsx", "hours_xlsx.yaml", "2", "BP2", "aside", "does not name", "name the column"),
]


@pytest.mark.parametrize(
    ("file", "mapping", "row", "told"),
    [(*one[:3], one[3:]) for one in REJECTED],
    ids=[f"{one[0]}-row-{one[2]}" for one in REJECTED],
)
def test_a_row_that_cannot_be_taken_is_given_back_with_place_reason_and_remedy(
    run, tmp_path, file, mapping, row, told
):
    field, value, reason, remedy = told
    listed = tmp_path / "rejected.csv"
    result = run(file, mapping, "--rejections", str(listed))
    assert result.exit_code == 0
    with listed.open(encoding="utf-8-sig", newline="") as content:
        found = [one for one in csv.DictReader(content) if one["row"] == row]
    (line,) = found
    assert line["field"] == field
    assert value in line["value"]
    assert reason in line["reason"]
    assert remedy in line["remedy"]


LIMITS = [
    ("COUNTERSIGN_IMPORT_MAX_ROWS", "2", "ragged.csv", "more than the 2 rows", "split it"),
    ("COUNTERSIGN_IMPORT_MEMORY_BYTES", "268435456", "wide.json", "256 MiB of memory", "split it"),
    ("COUNTERSIGN_IMPORT_CPU_SECONDS", "1", "slow.csv", "1 seconds of processor", "split it"),
    ("COUNTERSIGN_IMPORT_WAIT_SECONDS", "0.05", "good.csv", "0 seconds allowed", "split it"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "file", "reason", "remedy"), LIMITS, ids=[one[0] for one in LIMITS]
)
def test_a_limit_that_was_reached_is_named_with_the_setting_that_raises_it(
    run, folder, monkeypatch, name, value, file, reason, remedy
):
    _make_heavy(folder)
    monkeypatch.setenv(name, value)
    mapping = "hours_json.yaml" if file.endswith(".json") else "hours.yaml"
    result = run(file, mapping)
    assert result.exit_code == 1
    assert file in result.output
    assert reason in result.output
    assert remedy in result.output
    assert name in result.output


def _make_heavy(folder: Path) -> None:
    if not (folder / "wide.json").exists():
        (folder / "wide.json").write_text('[{"id": "' + "x" * 140_000_000 + '"}]')
        with (folder / "slow.csv").open("w") as file:
            file.write("id,who,day,project,hours,rate,what\n")
            file.writelines(f"{n},,,,,,{'x' * 60}\n" for n in range(600_000))


def test_the_rejections_run_no_formula_in_a_spreadsheet(run, tmp_path):
    file = tmp_path / "formulas.csv"
    file.write_text(
        "id,who,day,project,hours,rate,what\n"
        '1,ana,2026-03-02,kiln,=1+2,140.00,"=HYPERLINK(""http://x"")"\n'
    )
    for name in ("rejected.csv", "rejected.xlsx"):
        listed = tmp_path / name
        assert run(str(file), "hours.yaml", "--rejections", str(listed)).exit_code == 0
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig", newline="") as content:
        (row,) = csv.DictReader(content)
    assert row["file: hours"] == "'=1+2"
    assert row["file: what"].startswith("'=HYPERLINK")
    sheet = load_workbook(tmp_path / "rejected.xlsx").active
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}


def test_a_name_that_tells_no_format_is_refused_before_anything_is_taken(run, tmp_path):
    result = run("good.csv", "hours.yaml", "--rejections", str(tmp_path / "rejected.txt"))
    assert result.exit_code == 1
    assert "rejected.txt" in result.output
    assert "name the file .csv, .xlsx or .ndjson" in result.output
