"""The gates of a bill: clean, failed, and exactly at the edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.schemas.contracts import ContractLine
from data.schemas.regions import BillingPractice, ReferenceNeeded, TaxCode
from data.schemas.vocabulary import InvoiceGate
from service.domain.bill import Bill, BillingLine
from service.domain.invoice_gates import (
    BillStoppedError,
    Circumstances,
    gate_failures,
    practice_of,
)
from tests.builders.calendars import region
from tests.builders.contracts import client, contract

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)
ORDER = InvoiceGate.PURCHASE_ORDER_MISSING_OR_EXHAUSTED
PERIOD = InvoiceGate.BILLING_PERIOD_VIOLATION
SUMS = InvoiceGate.INVOICE_ARITHMETIC
TWICE = InvoiceGate.DUPLICATE_INVOICE
TAX = InvoiceGate.TAX_OR_CURRENCY_MISMATCH
LINE = ContractLine(id="L-1", project_id="P-1", name="Build")
HOUR = BillingLine(
    description="2026-03-02 work", quantity_minutes=60, hourly_rate_minor=120_00,
    amount_minor=120_00, source_row_ids=("E-1",), service_date=MONDAY,
)  # fmt: skip
BILL = Bill(
    token="post-1", item_id="test:TS-1", contract_id="C-1", client_id="acme", currency="EUR",
    period_start=MONDAY, period_end=SUNDAY, contract_line_id="L-1",
    lines=(HOUR, replace(HOUR, source_row_ids=("E-2",))),
)  # fmt: skip


def _failed(bill=BILL, *, total=None, line=None, payer=None, under=None, **given):
    known = {
        "contract": contract(lines=(LINE.model_copy(update=line or {}),)),
        "client": client(**(payer or {})),
        "region": None if under is None else region(practice=BillingPractice(**under)),
        "billed_by": {},
        "billed_before_minor": 0,
    }
    stated = bill.total_minor if total is None else total
    return gate_failures(
        bill, stated_total_minor=stated, circumstances=Circumstances(**(known | given))
    )


def _gates(*args, **given):
    return [one.gate for one in _failed(*args, **given)]


def test_a_proper_bill_passes_every_gate():
    assert _gates() == []


@pytest.mark.parametrize(
    ("line", "payer", "before_minor", "is_stopped"),
    [
        ({}, {}, 0, False),
        ({}, {"purchase_order_required": True}, 0, True),
        ({"purchase_order": "PO-1"}, {"purchase_order_required": True}, 0, False),
        ({"purchase_order": "PO-1", "purchase_order_limit_minor": 240_00}, {}, 0, False),
        ({"purchase_order": "PO-1", "purchase_order_limit_minor": 240_00}, {}, 1, True),
        ({"purchase_order": "PO-1", "purchase_order_limit_minor": 239_99}, {}, 0, True),
        ({"purchase_order": "PO-1"}, {}, 10**9, False),  # no limit is known
    ],
)
def test_a_required_order_is_there_and_covers_the_bill(line, payer, before_minor, is_stopped):
    gates = _gates(line=line, payer=payer, billed_before_minor=before_minor)
    assert gates == ([ORDER] if is_stopped else [])


@pytest.mark.parametrize(
    ("day", "is_stopped"),
    [(MONDAY, False), (SUNDAY, False), (MONDAY - timedelta(days=1), True),
     (SUNDAY + timedelta(days=1), True), (None, False)],
)  # fmt: skip
def test_the_days_of_lines_lie_within_the_period(day, is_stopped):
    bill = replace(BILL, lines=(replace(HOUR, service_date=day),))
    assert _gates(bill) == ([PERIOD] if is_stopped else [])


def test_a_period_ends_on_or_after_its_first_day():
    one_day = replace(BILL, period_end=MONDAY)
    assert _gates(one_day) == []
    assert _gates(replace(one_day, period_end=MONDAY - timedelta(days=1))) == [PERIOD]


@pytest.mark.parametrize("is_needed", [None, False, True])
def test_a_period_is_named_where_practice_asks_for_it(is_needed):
    old = replace(BILL, period_start=None)
    assert _gates(old, under={"is_period_needed": is_needed}) == ([PERIOD] if is_needed else [])


def test_each_line_is_its_hours_at_its_rate_and_the_total_their_sum():
    # 1 minute at 100.50 an hour is 1.675, rounded half up 1.68.
    minute = replace(HOUR, quantity_minutes=1, hourly_rate_minor=100_50, amount_minor=1_68)
    assert _gates(replace(BILL, lines=(minute,))) == []
    assert _gates(replace(BILL, lines=(replace(minute, amount_minor=1_67),))) == [SUMS]
    assert _gates(total=240_01) == [SUMS]
    fixed = replace(HOUR, quantity_minutes=None, hourly_rate_minor=None, amount_minor=7)
    assert _gates(replace(BILL, lines=(fixed,))) == []
    assert _gates(replace(BILL, lines=())) == [SUMS]


def test_a_row_is_billed_once():
    (failure,) = _failed(billed_by={"E-2": "INV-7"})
    assert failure.gate is TWICE
    assert "E-2" in failure.what
    assert "INV-7" in failure.what
    assert _gates(replace(BILL, lines=(HOUR, HOUR))) == [TWICE]


def test_a_bill_is_in_the_currency_of_its_contract():
    assert _gates(replace(BILL, currency="USD")) == [TAX]


@pytest.mark.parametrize(
    ("code", "valid_from", "valid_to", "is_stopped"),
    [
        ("S20", MONDAY, None, False),
        ("S20", SUNDAY, SUNDAY, False),  # in force on the last day of the period
        ("S20", SUNDAY + timedelta(days=1), None, True),
        ("S20", MONDAY, SUNDAY - timedelta(days=1), True),
        ("S19", MONDAY, None, True),
        (None, MONDAY, None, False),  # the ledger's own applies
    ],
)
def test_a_stated_tax_code_is_one_in_force(code, valid_from, valid_to, is_stopped):
    known = TaxCode(code="S20", rate=0.2, valid_from=valid_from, valid_to=valid_to)
    gates = _gates(line={"tax_code": code}, under={"tax_codes": (known,)})
    assert gates == ([TAX] if is_stopped else [])


def test_without_a_list_any_tax_code_may_stand():
    assert _gates(line={"tax_code": "X"}, under={}) == []


NEEDS_ORDER, NEEDS_REFERENCE = ReferenceNeeded.PURCHASE_ORDER, ReferenceNeeded.BUYER_REFERENCE


@pytest.mark.parametrize(
    ("needed", "line", "payer", "is_stopped"),
    [
        (ReferenceNeeded.NONE, {}, {}, False),
        (ReferenceNeeded.EITHER, {}, {}, True),
        (ReferenceNeeded.EITHER, {"purchase_order": "PO-1"}, {}, False),
        (ReferenceNeeded.EITHER, {}, {"buyer_reference": "B"}, False),
        (ReferenceNeeded.EITHER, {"buyer_reference": "B"}, {}, False),
        (NEEDS_ORDER, {"buyer_reference": "B"}, {}, True),
        (NEEDS_ORDER, {"purchase_order": "PO-1"}, {}, False),
        (NEEDS_REFERENCE, {"purchase_order": "PO-1"}, {}, True),
        (NEEDS_REFERENCE, {}, {"buyer_reference": "B"}, False),
    ],
)
def test_an_electronic_invoice_carries_what_it_is_routed_by(needed, line, payer, is_stopped):
    gates = _gates(line=line, payer=payer, under={"reference_needed": needed})
    assert gates == ([TAX] if is_stopped else [])


def test_a_client_s_own_practice_outranks_its_region_s_field_by_field():
    wide = region(
        practice=BillingPractice(reference_needed=ReferenceNeeded.EITHER, is_period_needed=True)
    )
    own = client(practice=BillingPractice(reference_needed=ReferenceNeeded.NONE))
    practice = practice_of(own, region=wide)
    assert practice.reference_needed is ReferenceNeeded.NONE
    assert practice.is_period_needed is True
    assert practice_of(client(), region=wide) == wide.practice


def test_what_is_not_known_stops_nothing():
    old = replace(BILL, contract_line_id=None)
    strict = {"reference_needed": ReferenceNeeded.EITHER}
    assert _gates(old, payer={"purchase_order_required": True}, under=strict) == []
    assert _gates(contract=None, client=None) == []


def test_every_failure_names_its_gate_and_its_remedy():
    error = BillStoppedError(_failed(payer={"purchase_order_required": True}, total=1))
    for part in ("Purchase order missing or exhausted", "L-1", "retry", "Invoice arithmetic"):
        assert part in str(error)
