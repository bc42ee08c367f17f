"""The sandbox ledger beyond the port: listing, totals, and files shared by many."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from service.connectors.sandbox import SandboxLedger
from service.ports.outside_errors import OutsideTransientError
from tests.builders.bills import a_bill, a_fixed_line, a_time_line


@pytest.fixture
def path(tmp_path):
    return tmp_path / "books" / "sandbox.sqlite"


def test_documents_give_back_every_bill_as_it_was_written(path):
    bills = [a_bill(lines=(a_time_line(), a_fixed_line())), a_bill()]
    ledger = SandboxLedger(path)
    receipts = [ledger.create_draft(bill) for bill in bills]
    assert [one.bill for one in ledger.documents()] == bills
    assert [one.document_id for one in ledger.documents()] == [one.document_id for one in receipts]


def test_totals_are_kept_by_currency(path):
    ledger = SandboxLedger(path)
    ledger.create_draft(a_bill(lines=(a_fixed_line(amount_minor=1),)))
    ledger.create_draft(a_bill(lines=(a_fixed_line(amount_minor=10**13),)))
    assert ledger.totals_minor() == {"USD": 10**13 + 1}


def test_a_ledger_opened_again_knows_what_was_written(path):
    bill = a_bill()
    receipt = SandboxLedger(path).create_draft(bill)
    assert SandboxLedger(path).create_draft(bill) == receipt


def test_many_writers_of_one_bill_leave_one_document(path):
    bill = a_bill()
    ledgers = [SandboxLedger(path) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda ledger: ledger.create_draft(bill), ledgers * 5))
    assert len(set(receipts)) == 1
    assert len(ledgers[0].documents()) == 1


def test_a_bill_that_fails_half_way_leaves_nothing(path):
    ledger = SandboxLedger(path)
    too_big = a_bill(lines=(a_time_line(), a_fixed_line(amount_minor=2**63)))
    with pytest.raises(OverflowError):
        ledger.create_draft(too_big)
    assert ledger.documents() == ()


def test_a_file_that_cannot_be_read_now_is_transient(path):
    ledger = SandboxLedger(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE document_line")
    with pytest.raises(OutsideTransientError, match=r"sandbox\.sqlite"):
        ledger.create_draft(a_bill())


def test_the_database_itself_refuses_a_second_row_of_a_token(path):
    ledger = SandboxLedger(path)
    ledger.create_draft(a_bill())
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="token"),
    ):
        connection.execute(
            "INSERT INTO document SELECT number + 1, token, content_sha256, item_id, contract_id,"
            " client_id, currency, period_end, state, total_minor FROM document"
        )
