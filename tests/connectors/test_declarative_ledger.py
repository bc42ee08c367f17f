"""Bills by a connection file: written once whatever happens, and never under another's token."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.ports.ledger import Payment, days_to_pay
from service.ports.outside_errors import (
    OutsideAmbiguousError,
    OutsideConflictError,
    OutsideRefusedError,
    OutsideTransientError,
)
from tests.builders.bills import a_bill, a_fixed_line, a_time_line
from tests.connectors.declared import connected, ledger_of
from tests.fakes.rest_system import rest_system


@pytest.fixture
def system():
    with rest_system() as running:
        yield running


@pytest.fixture
def ledger(system, tmp_path):
    with connected(tmp_path, address=system.address) as rest:
        yield ledger_of(rest, tmp_path)


def test_a_bill_is_written_once_and_a_repeat_gives_the_first_receipt(system, ledger):
    bill = a_bill(lines=(a_time_line(), a_fixed_line()))
    receipt = ledger.create_draft(bill)
    assert (receipt.state, receipt.total_minor) == ("draft", 238_500 + 1_500_000)
    assert ledger.create_draft(bill) == receipt == ledger.find_by_token(bill.token)
    assert len(system.drafts) == 1


def test_an_answer_lost_after_the_write_leaves_one_draft(system, ledger):
    system.faults.add("lost_answer")
    receipt = ledger.create_draft(a_bill())
    assert list(system.drafts) == [receipt.document_id]


def test_other_content_under_a_known_token_is_refused(system, ledger):
    bill = a_bill(lines=(a_time_line(minutes=60), a_time_line(minutes=120)))
    ledger.create_draft(bill)
    with pytest.raises(OutsideRefusedError, match=bill.token):
        ledger.create_draft(replace(bill, lines=(a_time_line(minutes=180),)))
    assert len(system.drafts) == 1


def test_a_look_up_that_does_not_filter_is_refused_before_anything_is_written(system, ledger):
    ledger.create_draft(a_bill())
    system.faults.add("blind_find")
    with pytest.raises(OutsideRefusedError, match="does not filter"):
        ledger.create_draft(a_bill())
    assert len(system.drafts) == 1


def test_a_create_that_came_twice_on_the_way_is_told_with_both_documents(system, ledger):
    system.faults.add("twice")
    with pytest.raises(OutsideRefusedError, match=r"ids 1, 1-again.*keep one there"):
        ledger.create_draft(a_bill())


def test_books_that_are_locked_are_tried_again_later_and_nothing_was_written(system, ledger):
    system.faults.add("busy")
    with pytest.raises(OutsideTransientError, match="the books are locked") as told:
        ledger.create_draft(a_bill())
    assert not isinstance(told.value, OutsideAmbiguousError)
    assert not system.drafts


def test_a_client_the_file_does_not_name_is_refused_with_what_to_add(system, ledger):
    with pytest.raises(OutsideRefusedError, match=r"under `ledger\.clients`; add what it is"):
        ledger.create_draft(replace(a_bill(), client_id="nobody"))
    assert system.asked == []


def test_a_credit_is_refused_with_what_to_do_by_hand(ledger):
    credit = replace(a_bill(lines=(a_fixed_line(amount_minor=-135_00),)), corrects="post-1")
    with pytest.raises(OutsideRefusedError, match="by hand"):
        ledger.create_draft(credit)


def test_posting_twice_and_a_lost_answer_between_give_one_posted_document(system, ledger):
    receipt = ledger.create_draft(a_bill())
    system.faults.add("lost_issue")
    posted = ledger.post(receipt.document_id)
    assert posted.state == "posted" == ledger.read_state(receipt.document_id)
    assert ledger.post(receipt.document_id) == posted
    assert sum("issue" in one for one in system.asked) == 1


def test_a_document_cancelled_meanwhile_is_no_longer_posted(system, ledger):
    receipt = ledger.create_draft(a_bill())
    system.drafts[receipt.document_id]["stage"] = "void"
    with pytest.raises(OutsideConflictError, match="was cancelled there meanwhile"):
        ledger.post(receipt.document_id)


def test_payments_are_told_by_day_so_that_days_to_pay_end_with_the_last(system, ledger):
    receipt = ledger.create_draft(a_bill())
    system.receipts[receipt.document_id] = [
        {"on": "2026-04-20", "sum": "1385.00"},
        {"on": "2026-04-01", "sum": "1000.00"},
    ]
    payments = ledger.payments(receipt.document_id)
    assert payments == (
        Payment(paid_on=date(2026, 4, 1), amount_minor=100_000),
        Payment(paid_on=date(2026, 4, 20), amount_minor=138_500),
    )
    assert days_to_pay(date(2026, 3, 21), payments=payments) == 30


def test_an_unknown_document_and_an_unknown_state_are_told_apart(system, ledger):
    receipt = ledger.create_draft(a_bill())
    with pytest.raises(OutsideRefusedError, match="nothing here") as told:
        ledger.read_state("999")
    assert "secret.py" not in str(told.value)
    system.drafts[receipt.document_id]["stage"] = "melted"
    with pytest.raises(OutsideRefusedError, match=r"'melted'.*add what it means"):
        ledger.read_state(receipt.document_id)


@pytest.mark.parametrize(
    "line",
    [
        a_time_line(minutes=795, rate_minor=18_000),
        a_time_line(minutes=20, rate_minor=18_000),  # a third of an hour: one piece at 60.00
        a_time_line(minutes=7, rate_minor=17_999),
        a_fixed_line(amount_minor=1),
        a_fixed_line(amount_minor=123_456_789),
    ],
)
def test_totals_are_kept_to_the_minor_unit(ledger, line):
    assert ledger.create_draft(a_bill(lines=(line,))).total_minor == line.amount_minor
