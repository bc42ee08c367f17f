"""One suite for every ledger: what LedgerPort promises holds on the fake and on the real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from service.connectors.sandbox import SandboxLedger
from service.connectors.tryton import connect_tryton
from service.connectors.tryton_books import BookSettings
from service.ports.ledger import LedgerPort, LedgerRefusedError, LedgerTransientError
from tests.builders.bills import a_bill, a_fixed_line, a_time_line
from tests.fakes.ledger import AnswerLosingLedger, FakeLedger
from tests.fakes.transport import FaultyTransport, timeout_after_commit


@dataclass
class LedgerUnderTest:
    ledger: LedgerPort
    lose_next_answer: Callable[[], None]


def a_fake(request, tmp_path):
    fake = FakeLedger()
    return LedgerUnderTest(fake, lambda: setattr(fake, "lose_answer_once", True))


def a_sandbox(request, tmp_path):
    ledger = AnswerLosingLedger(SandboxLedger(tmp_path / "sandbox.sqlite"))
    return LedgerUnderTest(ledger, lambda: setattr(ledger, "lose_answer_once", True))


def a_tryton(request, tmp_path):
    server = request.getfixturevalue("tryton_server")
    transport = FaultyTransport()
    tryton = connect_tryton(
        base_url=server.base_url,
        database=server.database,
        api_key=server.api_key,
        party_names={"acme": "Acme Manufacturing"},
        books=BookSettings(),
        lock_folder=tmp_path,
        transport=transport,
    )
    request.addfinalizer(tryton.close)
    return LedgerUnderTest(tryton.ledger, lambda: transport.faults.append(timeout_after_commit))


@pytest.fixture(
    params=[
        pytest.param(a_fake, id="fake"),
        pytest.param(a_sandbox, id="sandbox"),
        pytest.param(a_tryton, id="tryton", marks=pytest.mark.live),
    ]
)
def under_test(request, tmp_path):
    return request.param(request, tmp_path)


@pytest.fixture
def ledger(under_test):
    return under_test.ledger


def test_a_new_bill_becomes_a_draft_over_its_total(ledger):
    bill = a_bill(lines=(a_time_line(), a_fixed_line()))
    receipt = ledger.create_draft(bill)
    assert receipt.token == bill.token
    assert receipt.state == "draft"
    assert receipt.total_minor == 238_500 + 1_500_000


def test_the_same_bill_again_gives_the_first_receipt(ledger):
    bill = a_bill()
    first = ledger.create_draft(bill)
    assert ledger.create_draft(bill) == first
    assert ledger.create_draft(replace(bill)) == first


def test_other_content_under_a_known_token_is_refused(ledger):
    bill = a_bill()
    receipt = ledger.create_draft(bill)
    with pytest.raises(LedgerRefusedError, match=bill.token):
        ledger.create_draft(replace(bill, lines=(a_time_line(minutes=780),)))
    assert ledger.find_by_token(bill.token) == receipt


def test_two_bills_with_the_same_total_are_still_told_apart(ledger):
    bill = a_bill(lines=(a_time_line(minutes=60), a_time_line(minutes=120)))
    ledger.create_draft(bill)
    with pytest.raises(LedgerRefusedError):
        ledger.create_draft(replace(bill, lines=(a_time_line(minutes=180),)))


def test_two_tokens_give_two_documents(ledger):
    first, second = ledger.create_draft(a_bill()), ledger.create_draft(a_bill())
    assert first.document_id != second.document_id


def test_a_written_bill_is_found_by_its_token(ledger):
    bill = a_bill()
    receipt = ledger.create_draft(bill)
    assert ledger.find_by_token(bill.token) == receipt


def test_an_unknown_token_is_found_nowhere(ledger):
    assert ledger.find_by_token("never-used") is None


def test_a_lost_answer_and_a_retry_leave_one_document(under_test):
    bill = a_bill()
    under_test.lose_next_answer()
    try:
        under_test.ledger.create_draft(bill)
    except LedgerTransientError:
        receipt = under_test.ledger.create_draft(bill)
    else:
        receipt = under_test.ledger.create_draft(bill)
    assert under_test.ledger.find_by_token(bill.token) == receipt
    assert receipt.total_minor == bill.total_minor


@pytest.mark.parametrize(
    "line",
    [
        a_time_line(minutes=795, rate_minor=18_000),  # 13.25 h x 180.00 = 2385.00
        a_time_line(minutes=20, rate_minor=18_000),  # a third of an hour: 60.00
        a_time_line(minutes=7, rate_minor=17_999),  # 20.9988... rounds to 21.00
        a_time_line(minutes=1, rate_minor=1),  # 0.01 / 60 rounds to nothing
        a_time_line(minutes=60, rate_minor=18_000, amount_minor=17_950),  # adjusted by a person
        a_fixed_line(amount_minor=1),
        a_fixed_line(amount_minor=123_456_789),
    ],
)
def test_totals_are_kept_to_the_minor_unit(ledger, line):
    bill = a_bill(lines=(line,))
    assert ledger.create_draft(bill).total_minor == line.amount_minor


def test_the_total_is_the_sum_of_rounded_lines(ledger):
    lines = tuple(a_time_line(minutes=7, rate_minor=17_999) for _ in range(7))
    assert ledger.create_draft(a_bill(lines=lines)).total_minor == 7 * 2_100


def test_the_state_of_a_new_document_is_draft(ledger):
    receipt = ledger.create_draft(a_bill())
    assert ledger.read_state(receipt.document_id) == "draft"


@pytest.mark.parametrize("document_id", ["999999", "no-such-document"])
def test_the_state_of_an_unknown_document_is_refused(ledger, document_id):
    with pytest.raises(LedgerRefusedError):
        ledger.read_state(document_id)
