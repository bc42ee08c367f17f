"""Invoiced time of which no entry is held: it counts until its entry comes, and again after."""

from __future__ import annotations

import numpy as np
import pytest

from data.schemas.billing import InvoiceLine
from data.schemas.vocabulary import InvoiceStatus
from models.codes import Codes, line_name
from models.columns import to_batch
from models.past.balances import Measure
from models.past.history import History
from tests.builders.checking import LONG_AGO, invoice
from tests.builders.items import entry, timesheet


def _billed(*entry_ids, amount_minor=100_00, **overrides):
    lines = tuple(
        InvoiceLine(id=name, entry_id=name, amount_minor=amount_minor, line_id="L-1")
        for name in entry_ids
    )
    return invoice(lines=lines, **overrides)


def _used(history):
    """Money of the default line and of its contract."""
    codes = history.codes
    past = history.past(to_batch([], codes=codes), decided_at=LONG_AGO)
    line, contract = codes.line.code(line_name("C-1", "L-1")), codes.contract.code("C-1")
    of_line = past.used(Measure.LINE_MONEY, np.array([line]))
    of_contract = past.used(Measure.CONTRACT_MONEY, np.array([contract]))
    return int(of_line[0]), int(of_contract[0])


def _history(*invoices):
    history = History(codes=Codes())
    for one in invoices:
        history.add_invoice(one, known_at=LONG_AGO)
    return history


@pytest.mark.parametrize(
    ("invoices", "used_minor"),
    [
        ([_billed("X-1", "X-2")], 200_00),
        ([_billed("X-1"), _billed("X-1", id="INV-2")], 200_00),  # invoiced twice
        ([_billed("X-1", status=InvoiceStatus.DRAFT)], 0),
        ([_billed("X-1", status=InvoiceStatus.DRAFT), _billed("X-1")], 100_00),
        ([_billed("X-1"), _billed("X-1", status=InvoiceStatus.PAID)], 100_00),
        ([_billed("X-1"), _billed("X-1", status=InvoiceStatus.CREDITED)], 0),
        ([_billed("X-1", "X-2"), _billed("X-2", amount_minor=50_00)], 50_00),  # a later version
        ([invoice("X-1", "test:MS-1")], 0),  # of lines that nobody names
    ],
)
def test_standing_lines_of_unknown_entries_count(invoices, used_minor):
    assert _used(_history(*invoices)) == (used_minor, used_minor)


def test_entry_takes_the_place_of_its_invoice_line_while_it_is_held():
    history = _history(_billed("E-1", "X-1"))
    sheet = timesheet(entries=(entry(),))
    history.add_items([sheet], known_at=LONG_AGO, through=1)
    assert _used(history) == (1_060_00, 1_060_00)  # 960.00 worked and 100.00 of X-1
    history.retire(sheet.item_id)
    assert _used(history) == (200_00, 200_00)
    history.add_items([sheet, sheet], known_at=LONG_AGO, through=2)
    assert _used(history) == (1_060_00, 1_060_00)


def test_entry_of_two_items_is_held_until_both_are_gone():
    history = _history(_billed("E-1"))
    sheets = [timesheet(external_id=name, entries=(entry(),)) for name in ("TS-1", "TS-2")]
    history.add_items(sheets, known_at=LONG_AGO, through=1)
    history.retire("test:TS-1")
    assert _used(history) == (960_00, 960_00)
    history.retire("test:TS-2")
    assert _used(history) == (100_00, 100_00)


def test_invoice_credited_while_its_entry_is_held_never_counts_again():
    history = _history(_billed("E-1"))
    sheet = timesheet(entries=(entry(),))
    history.add_items([sheet], known_at=LONG_AGO, through=1)
    history.add_invoice(_billed("E-1", status=InvoiceStatus.CREDITED), known_at=LONG_AGO)
    history.retire(sheet.item_id)
    assert _used(history) == (0, 0)
