"""The explanation of a ceiling: who used it up, in which order, and what another order pays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.schemas.allocation import Ordering
from data.schemas.billing import InvoiceLine
from data.schemas.clauses import NotToExceed
from data.schemas.contracts import ContractLine, CustomerShare
from models.allocation import CeilingAsked, Consumer, explain_allocation
from models.codes import Codes
from models.consumers import allocation_of
from models.past.history import History
from models.terms import Terms
from tests.builders.checking import LONG_AGO, invoice
from tests.builders.contracts import change_order, clause, contract, reference
from tests.builders.items import MONDAY, entry, timesheet, week

LAST_WEEK = MONDAY - timedelta(days=7)
FRIDAY = MONDAY + timedelta(days=4)


def _consumer(name, amount_minor, *, invoice_id=None):
    return Consumer(
        entry_id=name,
        item_id=f"item-{name}",
        invoice_id=invoice_id,
        work_date=MONDAY,
        submitted_at=None,
        amount_minor=amount_minor,
    )


def _explained(*consumers, limit_minor):
    asked = CeilingAsked(
        contract_id="C-1",
        line_id=None,
        client_id=None,
        on=MONDAY,
        currency="EUR",
        clause=None,
        limit_minor=limit_minor,
    )
    return explain_allocation(consumers, ceiling=asked)


def _by_order(allocation):
    return {one.ordering: (list(one.gained), list(one.lost)) for one in allocation.reorderings}


def test_entries_use_up_the_ceiling_in_their_order():
    said = _explained(
        _consumer("a", 60_00), _consumer("b", 60_00), _consumer("c", 10_00), limit_minor=100_00
    )
    assert [(one.running_minor, one.inside_minor, one.over_minor) for one in said.entries] == [
        (60_00, 60_00, 0),
        (120_00, 40_00, 20_00),  # 100.00 - 60.00
        (130_00, 0, 10_00),
    ]
    assert (said.total_minor, said.inside_minor, said.over_minor) == (130_00, 100_00, 30_00)


def test_what_is_invoiced_and_what_is_committed_add_up_to_the_total():
    said = _explained(
        _consumer("a", 60_00, invoice_id="INV-1"), _consumer("b", 15_00), limit_minor=None
    )
    assert (said.invoiced_minor, said.committed_minor, said.over_minor) == (60_00, 15_00, 0)
    assert said.reorderings == ()


@pytest.mark.parametrize(
    ("ordering", "gained", "lost"),
    [
        # 100.00: a is whole, b has 40.00 of 70.00, c, d and e have nothing.
        (Ordering.SMALLEST_FIRST, ["d", "e"], []),  # 5 + 30 + 60 = 95; c (65) does not fit
        (Ordering.LARGEST_THAT_FIT, ["b", "d"], ["a"]),  # 70, then 30 fills the 100
        (Ordering.INVOICED_FIRST, [], []),
    ],
)
def test_other_orders_pay_other_entries_whole(ordering, gained, lost):
    said = _explained(
        _consumer("a", 60_00),
        _consumer("b", 70_00),
        _consumer("c", 65_00),
        _consumer("d", 30_00),
        _consumer("e", 5_00),
        limit_minor=100_00,
    )
    assert _by_order(said)[ordering] == (gained, lost)


def test_invoiced_entries_come_first_in_every_other_order():
    said = _explained(
        _consumer("a", 60_00), _consumer("b", 70_00, invoice_id="INV-1"), limit_minor=75_00
    )
    assert list(_by_order(said).values()) == [(["b"], ["a"])] * len(Ordering)


def test_sentence_says_what_is_won_and_what_is_lost():
    said = _explained(_consumer("a", 90_00), _consumer("b", 40_00), _consumer("c", 50_00),
                      limit_minor=100_00)  # fmt: skip
    (sentence,) = [
        one.summary for one in said.reorderings if one.ordering is Ordering.SMALLEST_FIRST
    ]
    assert sentence == (
        "With the smallest entries first, the order that pays the most entries whole, 2 more "
        "entries (90.00 EUR) would be wholly payable, and 1 entry (90.00 EUR) would no longer be."
    )
    same = {one.summary for one in said.reorderings if not one.gained and not one.lost}
    assert "With what is invoiced first, the same entries would be wholly payable." in same


def _of(agreed, *, items=(), invoices=(), line_id=None, client_id=None, on=MONDAY):
    codes = Codes()
    terms = Terms.build(reference(agreed), codes=codes)
    history = History(codes=codes)
    history.add_items(list(items), known_at=LONG_AGO, through=1)
    for one in invoices:
        history.add_invoice(one, known_at=LONG_AGO)
    return allocation_of(
        agreed,
        line_id=line_id,
        client_id=client_id,
        on=on,
        history=history,
        terms=terms,
        codes=codes,
    )


def _limited(limit_minor, **overrides):
    return contract(clauses=(clause(NotToExceed(limit_minor=limit_minor)),), **overrides)


def test_items_count_as_they_arrived_and_their_entries_by_day():
    late = timesheet(external_id="TS-0", entries=tuple(reversed(week(of="TS-0", monday=LAST_WEEK))))
    said = _of(_limited(9_000_00), items=[timesheet(), late], invoices=[invoice("TS-1-2")])
    assert [one.entry_id for one in said.entries] == [
        *(f"TS-1-{day}" for day in range(1, 6)),
        *(f"TS-0-{day}" for day in range(1, 6)),
    ]
    assert (said.total_minor, said.over_minor) == (9_600_00, 600_00)
    first, second = said.entries[:2]
    assert (first.item_id, first.work_date, first.invoice_id) == ("test:TS-1", MONDAY, None)
    assert second.invoice_id == "INV-1"
    assert (said.invoiced_minor, said.committed_minor) == (960_00, 8_640_00)
    assert said.clause_id == "CL-not_to_exceed"


def test_a_newer_version_takes_the_place_of_the_older():
    newer = timesheet(entries=(entry(id="TS-1-1"),))
    said = _of(_limited(9_000_00), items=[timesheet(), newer])
    assert [one.entry_id for one in said.entries] == ["TS-1-1"]


@pytest.mark.parametrize(("on", "limit_minor"), [(FRIDAY, 1_000_00), (date(2026, 3, 7), 3_000_00)])
def test_ceiling_is_the_one_of_the_day_asked_about(on, limit_minor):
    raised = change_order(delta_value_minor=2_000_00, effective_on=date(2026, 3, 7))
    said = _of(_limited(1_000_00, change_orders=(raised,)), items=[timesheet()], on=on)
    assert (said.limit_minor, said.inside_minor) == (limit_minor, limit_minor)


def test_time_invoiced_that_we_do_not_hold_counts_first():
    billed = invoice(
        lines=(InvoiceLine(id="1", entry_id="X-1", amount_minor=500_00, line_id="L-1"),)
    )
    said = _of(_limited(1_000_00), items=[timesheet()], invoices=[billed])
    first = said.entries[0]
    assert (first.entry_id, first.item_id, first.invoice_id) == ("X-1", None, "INV-1")
    assert (first.work_date, first.inside_minor) == (None, 500_00)
    assert said.invoiced_minor == 500_00


SHARED = (
    ContractLine(
        id="L-1",
        project_id="P-1",
        name="Build",
        customers=(
            CustomerShare(client_id="acme", share=0.25),
            CustomerShare(client_id="beta", share=0.75),
        ),
    ),
    ContractLine(id="L-2", project_id="P-1", name="Run"),
)


@pytest.mark.parametrize(
    ("line_id", "client_id", "total_minor"),
    [
        (None, None, 5_760_00),
        ("L-1", None, 4_800_00),
        ("L-1", "acme", 1_200_00),  # a quarter of 4,800.00
        ("L-1", "beta", 3_600_00),
        (None, "acme", 2_160_00),  # and 960.00 of L-2
        (None, "beta", 3_600_00),
        ("L-2", "beta", 0),
        (None, "gamma", 0),
    ],
)
def test_customer_bears_its_part_of_its_lines(line_id, client_id, total_minor):
    other = timesheet(external_id="TS-2", line_id="L-2", entries=(entry(id="E-2"),))
    said = _of(
        _limited(0, lines=SHARED), items=[timesheet(), other], line_id=line_id, client_id=client_id
    )
    assert said.total_minor == total_minor
    assert (said.limit_minor is None) == (line_id is not None or client_id is not None)
