"""Odoo keeps every rule of sources and ledgers, and bills the approved rows and no others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from service.ports.outside_errors import (
    OutsideConflictError,
    OutsideRefusedError,
    OutsideTransientError,
)
from tests.builders.bills import a_bill, a_time_line
from tests.connectors.http_rules import HTTP_RULES
from tests.connectors.ledger_rules import LEDGER_RULES
from tests.connectors.odoo_systems import an_odoo, odoo_http, odoo_ledger, odoo_source
from tests.connectors.source_rules import SOURCE_RULES


def named(rule):
    return rule.__name__[6:]


@pytest.mark.parametrize("rule", SOURCE_RULES, ids=named)
def test_odoo_as_a_source_keeps(rule):
    rule(odoo_source())


@pytest.mark.parametrize("rule", LEDGER_RULES, ids=named)
def test_odoo_as_a_ledger_keeps(rule, tmp_path):
    rule(odoo_ledger(tmp_path))


@pytest.mark.parametrize("rule", HTTP_RULES, ids=named)
def test_the_calls_to_odoo_keep(rule, tmp_path):
    rule(odoo_http(tmp_path))


@pytest.fixture
def odoo():
    return an_odoo()


def billing(*row_ids):
    lines = tuple(
        replace(a_time_line(minutes=60), source_row_ids=(f"odoo-{one}",)) for one in row_ids
    )
    return a_bill(lines=lines)


def linked(odoo):
    rows = odoo.server.records["account.analytic.line"].values()
    return [row["timesheet_invoice_id"] for row in rows]


def test_only_the_rows_of_the_bill_are_linked_and_their_order_counts_them(odoo, tmp_path):
    first, _ = odoo.book(Decimal(1)), odoo.book(Decimal(1))
    receipt = odoo.ledger(tmp_path).create_draft(billing(first))
    assert linked(odoo) == [int(receipt.document_id), False]
    (move,) = odoo.server.records["account.move"].values()
    assert [line[2]["sale_line_ids"] for line in move["invoice_line_ids"]] == [[[4, 1]]]


def test_a_link_whose_answer_was_lost_is_made_by_the_repeat(odoo, tmp_path):
    bill, ledger = billing(odoo.book(Decimal(1)), odoo.book(Decimal(1))), odoo.ledger(tmp_path)
    odoo.server.lost = "write"
    with pytest.raises(OutsideTransientError):
        ledger.create_draft(bill)
    receipt = ledger.create_draft(bill)
    assert linked(odoo) == [int(receipt.document_id)] * 2
    assert len(odoo.server.records["account.move"]) == 1


def test_a_row_billed_by_hand_meanwhile_is_a_conflict_and_nothing_is_written(odoo, tmp_path):
    row_id = odoo.book(Decimal(1))
    odoo.server.change("account.analytic.line", int(row_id), timesheet_invoice_id=77)
    with pytest.raises(OutsideConflictError, match="on an invoice there already"):
        odoo.ledger(tmp_path).create_draft(billing(row_id))
    assert not odoo.server.records["account.move"]


def test_a_row_deleted_meanwhile_is_a_conflict_and_nothing_is_written(odoo, tmp_path):
    row_id = odoo.book(Decimal(1))
    odoo.server.delete("account.analytic.line", int(row_id))
    with pytest.raises(OutsideConflictError, match="no longer there"):
        odoo.ledger(tmp_path).create_draft(billing(row_id))
    assert not odoo.server.records["account.move"]


def test_two_invoices_under_one_token_are_told_with_their_ids(odoo, tmp_path):
    bill, ledger = a_bill(), odoo.ledger(tmp_path)
    receipt = ledger.create_draft(bill)
    twin = dict(odoo.server.records["account.move"][int(receipt.document_id)])
    odoo.server.add("account.move", **{name: twin[name] for name in twin if name not in
                                       {"id", "write_date"}})  # fmt: skip
    with pytest.raises(OutsideRefusedError, match=r"ids 1, 2.*keep one"):
        ledger.create_draft(bill)


def test_a_client_without_a_partner_is_refused_with_what_to_mend(odoo, tmp_path):
    ledger = odoo.ledger(tmp_path)
    with pytest.raises(OutsideRefusedError, match="add it under `clients`"):
        ledger.create_draft(replace(a_bill(), client_id="nobody"))
    odoo.server.change("res.partner", 1, name="Acme Group")
    with pytest.raises(OutsideRefusedError, match=r"no res\.partner called 'Acme Manufacturing'"):
        ledger.create_draft(a_bill())


def test_the_trace_of_an_error_of_odoo_is_never_told(odoo):
    for search in ("unknown_field", "name"):
        rpc = odoo.rpc if search == "unknown_field" else an_odoo(key="wrong").rpc
        with pytest.raises((OutsideRefusedError, OutsideTransientError)) as told:
            rpc.search("res.partner", domain=[], fields=[search], limit=1)
        assert "secret_path" not in str(told.value)
        assert "Traceback" not in str(told.value)


def test_a_row_moved_to_an_earlier_day_is_not_gone(odoo):
    row_id = odoo.book(Decimal(1))
    (page,) = odoo.source().pull("timesheets", cursor=None)
    odoo.server.change("account.analytic.line", int(row_id), date="2025-12-01")
    (after,) = odoo.source().pull("timesheets", cursor=page.cursor)
    assert (len(after.rows), after.gone) == (1, ())
