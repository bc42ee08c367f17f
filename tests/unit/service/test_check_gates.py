"""What stands billed already: invoices of the ledger and postings of ours, as facts tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.schemas.billing import InvoiceLine
from data.schemas.contracts import ContractLine
from data.schemas.decision import Adjustment
from data.schemas.regions import BillingPractice, ReferenceNeeded
from data.schemas.vocabulary import InvoiceStatus, PostingStatus, ReasonCode, Verdict
from service.domain.invoice_gates import BillStoppedError
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.check_gates import check_gates
from service.usecases.billing.make_bill import bill_from_json
from service.usecases.terms.put_reference import put_reference
from tests.builders.calendars import region
from tests.builders.checking import invoice
from tests.builders.contracts import client, contract
from tests.builders.items import entry, timesheet, week
from tests.fakes.scorer import CLEAR


@pytest.fixture
def billed():
    return BilledRows()


def _cleared(workplace, name="TS-1", **given):
    sheet = timesheet(external_id=name, **given)
    workplace.scorer.says(sheet.item_id, **CLEAR)
    workplace.assess(sheet)
    return workplace.postings(sheet.item_id)[-1]


def _put(workplace, kind, *objects):
    workplace.run(
        lambda uow: put_reference(
            kind, [(one.id, one) for one in objects], actor_id="key-1", uow=uow,
            now=workplace.clock.now(),
        )
    )  # fmt: skip


def _check(workplace, posting, billed, *, regions=None):
    bill = bill_from_json(posting.bill_json)
    workplace.run(
        lambda uow: check_gates(posting, bill, uow=uow, billed=billed, regions=regions or {})
    )


def _save(workplace, posting, **changed):
    workplace.run(lambda uow: uow.postings.save(replace(posting, **changed)))


def test_a_bill_alone_passes_however_often_it_is_asked(workplace, billed):
    posting = _cleared(workplace)
    for _ in range(2):
        _check(workplace, posting, billed)


def test_a_row_on_an_invoice_of_the_ledger_stops_the_bill_until_it_is_credited(workplace, billed):
    posting = _cleared(workplace)
    _put(workplace, "invoices", invoice("TS-1-3"))
    with pytest.raises(BillStoppedError, match="row TS-1-3 stands already on INV-1"):
        _check(workplace, posting, billed)
    _put(workplace, "invoices", invoice("TS-1-3", status=InvoiceStatus.CREDITED))
    _check(workplace, posting, billed)


def test_a_draft_invoice_stops_nothing(workplace, billed):
    posting = _cleared(workplace)
    _put(workplace, "invoices", invoice("TS-1-3", status=InvoiceStatus.DRAFT))
    _check(workplace, posting, billed)


def test_of_two_postings_with_one_row_the_earlier_may_leave(workplace, billed):
    shared = week(of="W")
    first = _cleared(workplace, "TS-1", entries=shared)
    second = _cleared(workplace, "TS-2", entries=shared)
    _check(workplace, first, billed)
    with pytest.raises(BillStoppedError, match=f"and 4 more stands already on {first.id}"):
        _check(workplace, second, billed)
    # Refused, the first stands on nothing; once the second is done, the first may leave no more.
    _save(workplace, first, status=PostingStatus.REFUSED)
    _check(workplace, second, billed)
    _save(workplace, second, status=PostingStatus.DONE)
    with pytest.raises(BillStoppedError, match=second.id):
        _check(workplace, first, billed)


def test_bills_on_one_purchase_order_add_up_over_its_lines(workplace, billed):
    # Two weeks of 4,800.00 each under an order of 9,000.00 that covers both lines.
    lines = tuple(
        ContractLine(
            id=name, project_id="P-1", name=name, purchase_order="PO-1",
            purchase_order_limit_minor=9_000_00,
        )
        for name in ("L-1", "L-2")
    )  # fmt: skip
    _put(workplace, "clients", client())
    _put(workplace, "contracts", contract(lines=lines))
    first = _cleared(workplace, "TS-1")
    second = _cleared(workplace, "TS-2", line_id="L-2")
    _check(workplace, first, billed)
    with pytest.raises(BillStoppedError, match=r"would be billed for EUR 9,600\.00"):
        _check(workplace, second, billed)


def test_an_invoice_counts_on_the_order_of_its_line(workplace, billed):
    line = ContractLine(
        id="L-1", project_id="P-1", name="Build", purchase_order="PO-1",
        purchase_order_limit_minor=5_000_00,
    )  # fmt: skip
    _put(workplace, "contracts", contract(lines=(line,)))
    before = InvoiceLine(id="1", entry_id="E-9", amount_minor=200_01, line_id="L-1")
    _put(workplace, "invoices", invoice(lines=(before,)))
    posting = _cleared(workplace)
    with pytest.raises(BillStoppedError, match=r"EUR 5,000\.01"):
        _check(workplace, posting, billed)


def test_a_region_that_was_put_in_takes_the_place_of_the_shipped_one(workplace, billed):
    _put(workplace, "clients", client())
    _put(workplace, "contracts", contract())
    posting = _cleared(workplace)
    shipped = region(practice=BillingPractice(reference_needed=ReferenceNeeded.EITHER))
    with pytest.raises(BillStoppedError, match="a buyer reference or a purchase order"):
        _check(workplace, posting, billed, regions={"AT": shipped})
    _put(workplace, "regions", region())
    _check(workplace, posting, billed, regions={"AT": shipped})


def _corrected(workplace, *, minutes):
    """A sheet of 480 minutes that was billed, and is corrected to fewer or more."""
    sheet = timesheet(entries=(entry(minutes_worked=600, minutes_billable=480),))
    decision = workplace.decided(sheet)
    workplace.post(decision)
    workplace.correct(
        decision,
        verdict=Verdict.ADJUST,
        reason_codes=(ReasonCode.OVER_LIMIT,),
        adjustments=(Adjustment(row_id="E-1", minutes_billable=minutes),),
    )
    return workplace.postings(sheet.item_id)[-1]


def test_a_correction_bills_the_same_rows_again_and_passes(workplace, billed):
    credit = _corrected(workplace, minutes=60)
    assert credit.total_minor < 0
    _check(workplace, credit, billed)


def test_another_bill_of_a_corrected_row_is_still_stopped(workplace, billed):
    _corrected(workplace, minutes=60)
    other = _cleared(workplace, "TS-2", entries=(entry(),))
    with pytest.raises(BillStoppedError, match="row E-1 stands already"):
        _check(workplace, other, billed)


def test_a_correction_upwards_counts_on_top_of_what_its_rows_were_billed_for(workplace, billed):
    line = ContractLine(
        id="L-1", project_id="P-1", name="Work", purchase_order="PO-1",
        purchase_order_limit_minor=1_000_00,
    )  # fmt: skip
    _put(workplace, "contracts", contract(lines=(line,)))
    # 480 minutes make 960.00; with 540 it would be 1,080.00 on an order of 1,000.00.
    with pytest.raises(BillStoppedError, match=r"1,080\.00"):
        _check(workplace, _corrected(workplace, minutes=540), billed)
