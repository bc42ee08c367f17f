"""Every code of the catalogue has its conformance rows, and they show every side of it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from data.schemas.catalogue import CATALOGUE
from tests.conformance.rows import NEEDED, Aspect

FOLDER = Path(__file__).parent
FORTY = (
    *(f"T{number}" for number in range(1, 29)),
    *(f"E{number}" for number in range(1, 6)),
    *(f"M{number}" for number in range(1, 8)),
)
"""The ids of the published catalogue."""
LIKELY_NEEDED = frozenset({Aspect.CLEAN, Aspect.HIT})
"""What a code must show that only a model scores."""


def rows_of(short_id):
    """The rows of the module that is named after a code."""
    kind = next(one for one in CATALOGUE.values() if one.id == short_id)
    letter, number = short_id[0].lower(), int(short_id[1:])
    module = f"test_{letter}{number:02d}_{kind.code.value}"
    assert (FOLDER / f"{module}.py").is_file(), f"{short_id} has no rows: write {module}.py"
    return kind, importlib.import_module(f"tests.conformance.{module}").ROWS


def test_the_catalogue_holds_the_forty_codes():
    assert tuple(one.id for one in CATALOGUE.values())[: len(FORTY)] == FORTY


@pytest.mark.parametrize("short_id", FORTY)
def test_every_code_shows_every_side(short_id):
    kind, rows = rows_of(short_id)
    needed = NEEDED if kind.is_rule_decidable else LIKELY_NEEDED
    missing = needed - {row.shows for row in rows}
    assert not missing, f"{short_id} shows no {', '.join(sorted(one.name for one in missing))}"


@pytest.mark.parametrize("short_id", FORTY)
def test_names_of_rows_are_unique(short_id):
    _, rows = rows_of(short_id)
    names = [row.name for row in rows]
    assert len(set(names)) == len(names)
