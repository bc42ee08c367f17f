"""The sample files are what their manifest says, and each reads as its mapping promises."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.connectors.file_mapping import read_mapping
from service.connectors.files import read_file

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


@pytest.mark.parametrize(
    "path", sorted((SAMPLES / "mappings").glob("*.yaml")), ids=lambda p: p.stem
)
def test_every_sample_mapping_can_be_read(path):
    assert read_mapping(path).source


def test_the_sample_of_time_gives_four_timesheets_and_two_rejections():
    mapping = read_mapping(SAMPLES / "mappings" / "timesheets.yaml")
    now = datetime(2026, 4, 1, tzinfo=UTC)
    imported = read_file(SAMPLES / "timesheets.csv", mapping=mapping, now=now)
    assert (imported.received, imported.accepted, len(imported.items)) == (8, 6, 4)
    assert [(one.row, one.problems[0].field) for one in imported.rejections] == [
        (7, "Hours"),
        (9, "Date"),
    ]
