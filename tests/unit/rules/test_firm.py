"""The rules against a whole firm whose faults are known."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from data.firm.generate import generate_firm
from data.firm.records import Firm, FirmSize
from data.schemas.vocabulary import ExceptionCode
from models.columns import Codes, to_batch
from models.history import History
from models.rules.check import check
from models.terms import Terms

SIZE = FirmSize(people=16, clients=8, contracts=16, months=5, seed=3, end=date(2026, 6, 30))
IN_ORDER_OF_WORK = {ExceptionCode.NOT_TO_EXCEED_BREACH, ExceptionCode.LABOR_CATEGORY_HOURS_CAP}
"""Truth knows of earlier work that was handed in later; a decision at the time cannot."""

Places = dict[ExceptionCode, set[str]]


@pytest.fixture(scope="module")
def firm() -> Firm:
    """A small firm with every kind of fault."""
    return generate_firm(SIZE)


@pytest.fixture(scope="module")
def found(firm) -> Places:
    """Items by code, as found one by one in the order they arrived."""
    codes = Codes()
    terms, history = Terms.build(firm.reference, codes=codes), History(codes=codes)
    bills = sorted(firm.invoices, key=lambda one: one.issued_at, reverse=True)
    places: Places = defaultdict(set)
    arrivals = sorted(firm.submissions, key=lambda one: one.received_at)
    for through, one in enumerate(arrivals, start=1):
        while bills and bills[-1].issued_at <= one.received_at:
            bill = bills.pop()
            history.add_invoice(bill, known_at=bill.issued_at)
        batch = to_batch([one.item], codes=codes)
        past = history.past(batch, decided_at=one.received_at)
        (own,) = check(batch, past=past, terms=terms, decided_at=one.received_at)
        for finding in own:
            places[finding.code].add(one.item.item_id)
        history.add_batch(batch, known_at=one.received_at, through=through)
    return places


@pytest.fixture(scope="module")
def true_places(firm) -> Places:
    """Items by code, as the generator knows them."""
    places: Places = defaultdict(set)
    for item_id, truth in firm.truth.items():
        for fault in truth.faults:
            if isinstance(fault.code, ExceptionCode):
                places[fault.code].add(item_id)
    return places


def test_every_fault_a_rule_can_prove_is_found_and_nothing_else(found, true_places):
    for code in (set(found) | set(true_places)) - IN_ORDER_OF_WORK:
        assert found[code] == true_places[code], code


def test_limits_are_never_said_to_be_broken_where_they_are_not(found, true_places):
    for code in IN_ORDER_OF_WORK:
        assert found[code] <= true_places[code], code


def test_the_firm_has_enough_faults_to_tell(true_places):
    assert len(true_places) >= 10
