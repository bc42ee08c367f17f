"""Time booked in Odoo reaches the desk, goes when it is deleted there, and is billed by its row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from service.clock import SystemClock
from service.commands.connections.sync import odoo_plans, sync_odoo, sync_source
from service.connectors.odoo_books import read_odoo_file
from service.connectors.yaml_file import FileMistakesError
from service.home import prepare_home
from service.ports.outside_errors import OutsideRefusedError
from service.settings import NotConfiguredError, Settings
from tests.connectors.odoo_systems import an_odoo

FILE = Path(__file__).resolve().parents[2] / "data" / "samples" / "odoo.yaml"
MODEL = "account.analytic.line"


@pytest.fixture
def odoo():
    return an_odoo()


@pytest.fixture
def sync(odoo, tmp_path):
    settings = Settings(home=tmp_path)
    prepare_home(settings, clock=SystemClock())
    plans = odoo_plans(read_odoo_file(FILE))
    return lambda: sync_source(settings, odoo.source(), plans=plans, say=lambda _: None)


def test_rows_are_taken_once_changed_once_and_withdrawn_when_they_are_gone(odoo, sync):
    first = odoo.book(Decimal("7.5"), date="2026-03-02")
    odoo.book(Decimal("7.5"), date="2026-03-09")
    counts = sync()
    assert (counts["rows_changed"], counts["items"], counts["cases"]) == (2, 2, 2)
    assert counts["rows_rejected"] == counts["items_rejected"] == 0
    assert sync()["handed_on"] == 0

    odoo.server.change(MODEL, int(first), timesheet_invoice_id=9)
    assert sync()["handed_on"] == 0  # a link to its invoice changes nothing that is billed

    odoo.server.delete(MODEL, int(first))
    counts = sync()
    assert (counts["rows_gone"], counts["withdrawn"], counts["items"]) == (1, 1, 1)
    assert sync()["withdrawn"] == 0


def test_an_odoo_that_suddenly_shows_nothing_is_not_believed(odoo, sync):
    for _ in range(12):
        odoo.book(Decimal(1))
    sync()
    odoo.server.records[MODEL].clear()
    with pytest.raises(OutsideRefusedError, match="nothing was withdrawn"):
        sync()


def test_a_row_that_cannot_be_taken_withdraws_nothing(odoo, sync):
    row_id = odoo.book(Decimal(1))
    sync()
    odoo.server.change(MODEL, int(row_id), unit_amount=Decimal(-1))
    counts = sync()
    assert (counts["rows_rejected"], counts["withdrawn"]) == (1, 0)


def test_settings_that_are_missing_are_named(tmp_path):
    with pytest.raises(NotConfiguredError, match="COUNTERSIGN_ODOO_FILE"):
        sync_odoo(Settings(home=tmp_path), say=lambda _: None)


def test_an_entity_odoo_has_not_is_told_with_those_that_are_read(tmp_path):
    path = tmp_path / "odoo.yaml"
    path.write_text(FILE.read_text().replace("  timesheets:", "  timesheet:"))
    with pytest.raises(FileMistakesError, match="write one of employees, projects, timesheets"):
        read_odoo_file(path)
