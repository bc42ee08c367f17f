"""Mappings to start from: those of the sample files that come with the product."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

TITLES = {
    "timesheets": "Time, a semicolon file with decimal commas",
    "kimai": "Time, as Kimai exports it",
    "harvest": "Time, as Harvest exports it",
    "odoo": "Time, as Odoo exports it",
    "tryton_time": "Time, as Tryton exports it",
    "time_parquet": "Time, from a data warehouse (Parquet)",
    "milestones": "Milestones (JSON)",
    "expenses": "Expense reports (NDJSON)",
    "people": "People with their certificates",
    "rate_card": "A rate card (workbook)",
}
"""In the order of the list; samples that join two files, or train a classifier, are left out."""


@cache
def mapping_sample(name: str) -> str:
    """Give the YAML of a sample mapping. Raises KeyError for an unknown one."""
    if name not in TITLES:
        raise KeyError(name)
    folder = files("data") / "samples" / "mappings"
    return (folder / f"{name}.yaml").read_text(encoding="utf-8")
