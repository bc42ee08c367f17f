"""The sample files are what their manifest says, and each reads as its mapping promises."""

from __future__ import annotations

import gc
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from data.schemas.batch import parse_items
from data.schemas.vocabulary import ClauseKind
from service.connectors.clause_sets import read_clause_mapping
from service.connectors.file_mapping import read_mapping
from service.connectors.files import read_file
from service.connectors.terms_check import check_terms

SAMPLES = Path(__file__).parents[3] / "data" / "samples"
MANIFEST = (SAMPLES / "README.md").read_text()


def listed():
    rows = [line.split("|") for line in MANIFEST.splitlines() if line.startswith("| `")]
    return {cells[1].strip(" `"): cells[2].strip(" `") for cells in rows}


def test_every_sample_is_in_the_manifest_with_its_hash():
    files = [path for path in SAMPLES.rglob("*") if path.is_file() and path.name != "README.md"]
    assert listed() == {
        path.relative_to(SAMPLES).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


CLAUSE_SETS = [SAMPLES / "mappings" / "cuad.yaml"]


@pytest.mark.parametrize(
    "path",
    sorted(set((SAMPLES / "mappings").glob("*.yaml")) - set(CLAUSE_SETS)),
    ids=lambda p: p.stem,
)
def test_every_sample_mapping_can_be_read(path):
    assert read_mapping(path).source


@pytest.mark.parametrize("path", CLAUSE_SETS, ids=lambda p: p.stem)
def test_every_sample_mapping_of_a_clause_set_can_be_read(path):
    assert len(read_clause_mapping(path).label_columns) == 35


@pytest.mark.parametrize("path", sorted((SAMPLES / "terms").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_sample_of_terms_is_without_a_mistake_or_a_warning(path):
    found = check_terms(path)
    assert (found.mistakes, found.warnings) == ((), ())


def test_the_samples_of_terms_hold_every_kind_of_clause():
    terms = [check_terms(path).terms for path in sorted((SAMPLES / "terms").glob("*.yaml"))]
    held = {one.terms.kind for file in terms for contract in file.terms for one in contract.clauses}
    assert held == set(ClauseKind)


SAMPLES_AND_ROWS = [
    # file, mapping, rows, items and records, rows given back with the column at fault
    ("exports/kimai.csv", "kimai", 6, 2, [(7, "{Date}T{To}")]),
    ("exports/harvest.csv", "harvest", 6, 2, [(7, "Hours")]),
    ("exports/tryton.csv", "tryton_time", 6, 2, [(6, "Work/Record Name"), (7, "Work/Record Name")]),
    ("exports/odoo.xlsx", "odoo", 4, 2, [(5, "unit_amount")]),
    ("time.parquet", "time_parquet", 3, 1, [(3, "minutes")]),
    ("people.csv", "people", 5, 3, [(6, "Cost per hour")]),
    ("rate_card.xlsx", "rate_card", 4, 4, []),
    ("expenses.ndjson", "expenses", 3, 1, [(3, "amount")]),
    ("milestones.json", "milestones", 2, 2, []),
]


@pytest.mark.parametrize(
    ("file", "mapping", "rows", "made", "given_back"),
    SAMPLES_AND_ROWS,
    ids=[file for file, *_ in SAMPLES_AND_ROWS],
)
def test_every_sample_reads_as_its_mapping_promises(file, mapping, rows, made, given_back):
    asked = read_mapping(SAMPLES / "mappings" / f"{mapping}.yaml")
    found = read_file(SAMPLES / file, mapping=asked, now=datetime(2026, 4, 1, tzinfo=UTC))
    assert found.received == rows
    assert len(found.items) + len(found.records) == made
    assert [(one.row, one.problems[0].field) for one in found.rejections] == given_back
    assert parse_items(found.items).rejected == ()


def test_the_sample_of_time_gives_four_timesheets_and_two_rejections():
    mapping = read_mapping(SAMPLES / "mappings" / "timesheets.yaml")
    now = datetime(2026, 4, 1, tzinfo=UTC)
    imported = read_file(SAMPLES / "timesheets.csv", mapping=mapping, now=now)
    assert (imported.received, imported.accepted, len(imported.items)) == (8, 6, 4)
    assert [(one.row, one.problems[0].field) for one in imported.rejections] == [
        (7, "Hours"),
        (9, "Date"),
    ]


def test_a_file_that_was_read_is_let_go():
    """Otherwise nobody on Windows can move it, and a long sync runs out of open files."""
    file, mapping = SAMPLES / "exports/odoo.xlsx", SAMPLES / "mappings/odoo.yaml"
    gc.disable()
    try:
        read_file(file, mapping=read_mapping(mapping), now=datetime(2026, 4, 1, tzinfo=UTC))
        held = [one.path for one in psutil.Process().open_files()]
    finally:
        gc.enable()
    assert str(file) not in held
