"""T25: already on an invoice."""

from __future__ import annotations

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import InvoiceStatus, Severity
from tests.builders.checking import finding_of, found_codes, invoice, rows_of
from tests.builders.items import milestone, timesheet

T25 = ExceptionCode.ALREADY_INVOICED


@pytest.mark.parametrize(
    ("status", "is_found"),
    [
        (InvoiceStatus.DRAFT, False),
        (InvoiceStatus.POSTED, True),
        (InvoiceStatus.DISPUTED, True),
        (InvoiceStatus.PAID, True),
        (InvoiceStatus.CREDITED, False),
    ],
)
def test_entry_on_a_posted_uncredited_invoice_is_already_billed(status, is_found):
    found = finding_of(T25, timesheet(), invoices=[invoice("TS-1-2", status=status)])
    assert rows_of(found) == ({"TS-1-2": 960_00} if is_found else {})


def test_credit_sets_its_entries_free_again():
    posted = invoice("TS-1-2")
    credited = posted.model_copy(update={"status": InvoiceStatus.CREDITED})
    assert found_codes(timesheet(), invoices=[posted, credited]) == []


def test_credit_of_another_invoice_does_not_set_the_entry_free():
    stale = invoice("TS-1-2", id="INV-0", status=InvoiceStatus.CREDITED)
    assert found_codes(timesheet(), invoices=[invoice("TS-1-2"), stale]) == [T25]


def test_finding_names_the_invoice():
    found = finding_of(T25, timesheet(), invoices=[invoice("TS-1-1", "TS-1-5")])
    assert found.severity is Severity.CRITICAL
    assert found.summary == "2 entries already invoiced"
    assert found.evidence[0].actual == "stands on invoice INV-1"


def test_milestone_is_known_to_invoices_by_its_item_id():
    found = finding_of(T25, milestone(), invoices=[invoice("test:MS-1")])
    assert rows_of(found) == {"test:MS-1": 20_000_00}
