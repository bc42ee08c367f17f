"""What every ledger keeps to: one function per rule, run on every system and every fake.

A ledger is described by a LedgerUnderTest; `for rule in LEDGER_RULES: rule(under_test)` judges it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import pytest

from service.domain.bill import Bill
from service.ports.ledger import LedgerPort, Payment, Receipt, days_to_pay
from service.ports.outside_errors import (
    OutsideConflictError,
    OutsideRefusedError,
    OutsideTransientError,
)
from tests.builders.bills import a_bill, a_fixed_line, a_time_line

TRIES = 3
AT_ONCE = 4


@dataclass(kw_only=True)
class LedgerUnderTest:
    """One ledger, the breakable way to it, and what its bookkeepers can do past our connector."""

    ledger: LedgerPort
    lose_next_answer: Callable[[], None]
    """The next write is kept and its answer never comes."""
    documents_of: Callable[[str], int]
    """How many documents that are not cancelled carry a token."""
    cancel: Callable[[str], None]
    pay: Callable[[str, Payment], None] | None = None
    """Notes a payment; None where only a person can, in the system itself."""


def check_a_new_bill_becomes_a_draft_over_its_total(under_test: LedgerUnderTest) -> None:
    bill = a_bill(lines=(a_time_line(), a_fixed_line()))
    receipt = under_test.ledger.create_draft(bill)
    assert (receipt.token, receipt.state) == (bill.token, "draft")
    assert receipt.total_minor == 238_500 + 1_500_000
    assert under_test.ledger.read_state(receipt.document_id) == "draft"


def check_the_same_bill_again_gives_the_first_receipt(under_test: LedgerUnderTest) -> None:
    bill = a_bill()
    first = under_test.ledger.create_draft(bill)
    assert under_test.ledger.create_draft(bill) == first
    assert under_test.ledger.create_draft(replace(bill)) == first
    assert under_test.documents_of(bill.token) == 1


def check_other_content_under_a_known_token_is_refused(under_test: LedgerUnderTest) -> None:
    bill = a_bill()
    receipt = under_test.ledger.create_draft(bill)
    with pytest.raises(OutsideRefusedError, match=bill.token):
        under_test.ledger.create_draft(replace(bill, lines=(a_time_line(minutes=780),)))
    assert under_test.ledger.find_by_token(bill.token) == receipt


def check_two_bills_with_the_same_total_are_told_apart(under_test: LedgerUnderTest) -> None:
    bill = a_bill(lines=(a_time_line(minutes=60), a_time_line(minutes=120)))
    under_test.ledger.create_draft(bill)
    with pytest.raises(OutsideRefusedError):
        under_test.ledger.create_draft(replace(bill, lines=(a_time_line(minutes=180),)))


def check_two_tokens_give_two_documents(under_test: LedgerUnderTest) -> None:
    ledger = under_test.ledger
    first, second = ledger.create_draft(a_bill()), ledger.create_draft(a_bill())
    assert first.document_id != second.document_id


def check_a_bill_is_found_by_its_token_and_no_other(under_test: LedgerUnderTest) -> None:
    bill = a_bill()
    receipt = under_test.ledger.create_draft(bill)
    assert under_test.ledger.find_by_token(bill.token) == receipt
    assert under_test.ledger.find_by_token("never-used") is None
    assert under_test.ledger.find_by_token(f"{bill.token}0") is None


def check_a_lost_answer_and_a_retry_leave_one_document(under_test: LedgerUnderTest) -> None:
    bill = a_bill()
    under_test.lose_next_answer()
    receipt = _tried(lambda: under_test.ledger.create_draft(bill))
    assert under_test.ledger.find_by_token(bill.token) == receipt
    assert receipt.total_minor == bill.total_minor
    assert under_test.documents_of(bill.token) == 1


def check_many_at_once_with_one_token_leave_one_document(under_test: LedgerUnderTest) -> None:
    bill = a_bill()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        drafts = [pool.submit(_tried, lambda: under_test.ledger.create_draft(bill))
                  for _ in range(AT_ONCE)]  # fmt: skip
    assert len({one.result() for one in drafts}) == under_test.documents_of(bill.token) == 1


def check_amounts_survive_to_the_minor_unit(under_test: LedgerUnderTest) -> None:
    lines = (
        a_time_line(minutes=795, rate_minor=18_000),  # 13.25 h x 180.00 = 2385.00
        a_time_line(minutes=20, rate_minor=18_000),  # a third of an hour: 60.00
        a_time_line(minutes=7, rate_minor=17_999),  # 20.9988... rounds to 21.00
        a_time_line(minutes=1, rate_minor=1),  # 0.01 / 60 rounds to nothing
        a_time_line(minutes=60, rate_minor=18_000, amount_minor=17_950),  # adjusted by a person
        a_fixed_line(amount_minor=1),
        a_fixed_line(amount_minor=123_456_789),
    )
    for line in lines:
        bill = a_bill(lines=(line,))
        assert under_test.ledger.create_draft(bill).total_minor == line.amount_minor


def check_the_total_is_the_sum_of_rounded_lines(under_test: LedgerUnderTest) -> None:
    lines = tuple(a_time_line(minutes=7, rate_minor=17_999) for _ in range(7))
    assert under_test.ledger.create_draft(a_bill(lines=lines)).total_minor == 7 * 2_100


def check_a_credit_keeps_its_sign_or_is_refused_with_the_way(under_test: LedgerUnderTest) -> None:
    credit = replace(a_bill(lines=(a_fixed_line(amount_minor=-135_00),)), corrects="post-1")
    told = _total_or_refusal(under_test.ledger, credit)
    assert told == -135_00 or "by hand" in str(told)
    assert (under_test.ledger.find_by_token(credit.token) is None) == (told != -135_00)


def check_posting_makes_a_draft_count_and_a_repeat_gives_the_same(
    under_test: LedgerUnderTest,
) -> None:
    draft = under_test.ledger.create_draft(a_bill())
    posted = under_test.ledger.post(draft.document_id)
    assert posted == replace(draft, state="posted")
    assert under_test.ledger.post(draft.document_id) == posted
    assert under_test.ledger.find_by_token(draft.token) == posted
    assert under_test.ledger.read_state(draft.document_id) == "posted"


def check_a_lost_answer_to_posting_and_a_retry_leave_one_invoice(
    under_test: LedgerUnderTest,
) -> None:
    draft = under_test.ledger.create_draft(a_bill())
    under_test.lose_next_answer()
    posted = _tried(lambda: under_test.ledger.post(draft.document_id))
    assert posted == replace(draft, state="posted")
    assert under_test.documents_of(draft.token) == 1


def check_a_bill_repeated_after_it_was_posted_gives_what_stands(
    under_test: LedgerUnderTest,
) -> None:
    bill = a_bill()
    draft = under_test.ledger.create_draft(bill)
    posted = under_test.ledger.post(draft.document_id)
    assert under_test.ledger.create_draft(bill) == posted
    assert under_test.documents_of(bill.token) == 1


def check_many_drafts_posted_at_once_all_count(under_test: LedgerUnderTest) -> None:
    """Where a series has a lock, posting side by side fails for most: it has to wait in line."""
    drafts = [under_test.ledger.create_draft(a_bill()) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        posted = list(pool.map(lambda one: under_test.ledger.post(one.document_id), drafts))
    assert posted == [replace(one, state="posted") for one in drafts]


def check_a_draft_cancelled_meanwhile_is_a_conflict(under_test: LedgerUnderTest) -> None:
    draft = under_test.ledger.create_draft(a_bill())
    under_test.cancel(draft.document_id)
    with pytest.raises(OutsideConflictError, match="cancelled"):
        under_test.ledger.post(draft.document_id)
    assert under_test.ledger.read_state(draft.document_id) == "cancelled"


def check_unknown_documents_are_refused(under_test: LedgerUnderTest) -> None:
    for document_id in ("999999", "no-such-document"):
        for ask in (under_test.ledger.read_state, under_test.ledger.post,
                    under_test.ledger.payments):  # fmt: skip
            with pytest.raises(OutsideRefusedError):
                ask(document_id)


def check_nothing_is_paid_before_it_is(under_test: LedgerUnderTest) -> None:
    draft = under_test.ledger.create_draft(a_bill())
    assert under_test.ledger.payments(draft.document_id) == ()


def check_days_to_pay_count_to_the_last_payment(under_test: LedgerUnderTest) -> None:
    """A payment counts on the day the money came, not on the day somebody matched it."""
    if under_test.pay is None:
        pytest.skip("only a person can note a payment here")
    draft = under_test.ledger.create_draft(a_bill())
    under_test.ledger.post(draft.document_id)
    first = Payment(paid_on=date(2026, 3, 20), amount_minor=100_000)
    second = Payment(paid_on=date(2026, 4, 7), amount_minor=138_500)
    under_test.pay(draft.document_id, first)
    assert under_test.ledger.read_state(draft.document_id) == "posted"
    under_test.pay(draft.document_id, second)
    payments = under_test.ledger.payments(draft.document_id)
    assert payments == (first, second)
    assert days_to_pay(date(2026, 3, 8), payments=payments) == 30
    assert under_test.ledger.read_state(draft.document_id) == "paid"
    assert under_test.ledger.post(draft.document_id) == replace(draft, state="paid")


LEDGER_RULES = tuple(rule for name, rule in sorted(globals().items()) if name.startswith("check_"))


def _total_or_refusal(ledger: LedgerPort, bill: Bill) -> int | str:
    try:
        return ledger.create_draft(bill).total_minor
    except OutsideRefusedError as error:
        return str(error)


def _tried(call: Callable[[], Receipt]) -> Receipt:
    for _ in range(TRIES):
        try:
            return call()
        except OutsideTransientError:
            continue
    raise AssertionError("not done within the tries")
