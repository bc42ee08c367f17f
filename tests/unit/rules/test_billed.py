"""T25: already on an invoice."""

from __future__ import annotations

import pytest

from data.schemas.billing import InvoiceLine
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import InvoiceStatus, Severity
from models.codes import Codes
from models.columns import to_batch
from models.past.history import History
from models.rules.check import check
from models.terms import Terms
from tests.builders.checking import finding_of, found_codes, invoice, rows_of
from tests.builders.contracts import reference
from tests.builders.expenses import expense, expense_report
from tests.builders.items import DECIDED_AT, MONDAY, at, entry, milestone, timesheet

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


def _bills_expense(amount_minor: int):
    line = InvoiceLine(id="INV-1-0", expense_id="X-2", amount_minor=amount_minor)
    return invoice(lines=(line,))


def test_expense_on_a_posted_invoice_is_already_billed():
    report = expense_report(expense(), expense(id="X-2", billable_minor=90_00))
    found = finding_of(T25, report, invoices=[_bills_expense(90_00)])
    assert rows_of(found) == {"X-2": 90_00}
    assert (found.summary, found.evidence[0].actual) == (
        "1 expense already invoiced",
        "stands on invoice INV-1",
    )


def test_expense_that_changed_since_it_was_billed_says_so():
    report = expense_report(expense(id="X-2", billable_minor=90_00))
    found = finding_of(T25, report, invoices=[_bills_expense(80_00)])
    assert found.evidence[0].actual == (
        "stands on invoice INV-1 at 80.00 EUR, and was changed to 90.00 EUR since"
    )


def test_entry_that_changed_since_it_was_billed_says_so():
    sheet = timesheet(entries=(entry(id="E-1"), entry(id="E-2", minutes_worked=90, task_id="T-2")))
    found = finding_of(T25, sheet, invoices=[invoice("E-1", "E-2")])
    assert [row.actual for row in found.evidence] == [
        "stands on invoice INV-1",
        "stands on invoice INV-1 at 960.00 EUR, and was changed to 180.00 EUR since",
    ]


def test_bill_of_our_own_says_no_amount_and_a_withdrawn_one_nothing():
    codes = Codes()
    history = History(codes=codes)
    batch = to_batch([timesheet()], codes=codes)
    history.add_bill(["TS-1-1", "TS-1-2"], bill_id="B-1", known_at=at(MONDAY))
    past = history.past(batch, decided_at=DECIDED_AT)
    assert past.billed_minor == {"TS-1-1": None, "TS-1-2": None}
    history.withdraw_bill(["TS-1-2"], bill_id="B-1", known_at=at(MONDAY))
    past = history.past(batch, decided_at=DECIDED_AT)
    assert past.billed_by == {"TS-1-1": "B-1"}
    assert past.billed_minor == {"TS-1-1": None}
    terms = Terms.build(reference(), codes=codes)
    (found,) = check(batch, past=past, terms=terms, decided_at=DECIDED_AT)
    assert [row.actual for row in found[0].evidence] == ["stands on invoice B-1"]
