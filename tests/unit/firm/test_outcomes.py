"""What becomes of bills: parts given up before they leave, and objections weeks later."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from data.firm.disputes import REASONS
from data.schemas.items import ExpenseReport, Milestone
from data.schemas.questions import QUESTION_OF_REASON, Question
from data.schemas.vocabulary import InvoiceStatus
from tests.builders.firms import small_firm


@pytest.fixture(scope="module")
def firm():
    return small_firm()


def rows_of(item):
    if isinstance(item, Milestone):
        return [item.item_id]
    return [row.id for row in (item.expenses if isinstance(item, ExpenseReport) else item.entries)]


def item_of_row(firm):
    return {row: one.item.item_id for one in firm.submissions for row in rows_of(one.item)}


def billed_lines(firm):
    for invoice in firm.invoices:
        if invoice.status is not InvoiceStatus.CREDITED:
            for line in invoice.lines:
                yield invoice, line


def test_what_is_billed_and_what_is_given_up_make_up_what_is_right(firm):
    owner, billed = item_of_row(firm), Counter()
    for _, line in billed_lines(firm):
        billed[owner[line.row_id]] += line.amount_minor
    for one in firm.write_offs:
        billed[one.item_id] += one.amount_minor
    for one in firm.submissions:
        truth = firm.truth[one.item.item_id]
        if not truth.faults:
            assert billed[one.item.item_id] == truth.correct_minor


def test_a_write_off_is_booked_once_before_the_bill_leaves(firm):
    owner = item_of_row(firm)
    issued_at = {}
    for invoice, line in billed_lines(firm):
        issued_at.setdefault(owner[line.row_id], set()).add(invoice.issued_at)
    items = [one.item_id for one in firm.write_offs]
    assert len(items) == len(set(items)) > 0
    for one in firm.write_offs:
        assert one.recorded_at < max(issued_at[one.item_id])
        assert firm.truth[one.item_id].answers[Question.WRITE_OFF]


def test_disputes_are_booked_30_to_90_days_after_the_invoice(firm):
    issued_at = {invoice.id: invoice.issued_at for invoice in firm.invoices}
    assert firm.disputes
    for one in firm.disputes:
        wait = one.recorded_at - issued_at[one.invoice_id]
        assert timedelta(days=30) <= wait <= timedelta(days=90)
        assert issued_at[one.invoice_id].date() < one.opened_on < one.recorded_at.date()


def test_every_billed_item_is_disputed_exactly_for_the_reasons_of_the_truth(firm):
    owner, said, billed = item_of_row(firm), defaultdict(set), set()
    for one in firm.disputes:
        said[owner[one.row_id]].add(QUESTION_OF_REASON[one.reason])
    billed = {owner[line.row_id] for _, line in billed_lines(firm)}
    for item_id in billed:
        truth = firm.truth[item_id]
        asked = [QUESTION_OF_REASON[reason] for reason in REASONS]
        assert said[item_id] == {question for question in asked if truth.answers[question]}


def test_no_more_is_credited_than_was_billed(firm):
    billed = Counter()
    for invoice, line in billed_lines(firm):
        billed[invoice.id, line.row_id] += line.amount_minor
    credited = Counter()
    for one in firm.disputes:
        credited[one.invoice_id, one.row_id] += one.credited_minor
    assert all(0 <= credited[place] <= billed[place] for place in credited)


def test_disputed_bills_are_paid_after_the_dispute_is_settled(firm):
    settled_on = {}
    for one in firm.disputes:
        day = one.recorded_at.date()
        settled_on[one.invoice_id] = max(day, settled_on.get(one.invoice_id, day))
    for payment in firm.payments:
        if payment.invoice_id in settled_on:
            assert payment.paid_on > settled_on[payment.invoice_id]


def test_the_pipeline_speaks_of_known_clients_and_of_the_time_to_come(firm):
    last = max(one.received_at for one in firm.submissions)
    assert firm.opportunities
    for one in firm.opportunities:
        assert one.client_id in firm.reference.clients
        assert 0.0 <= one.probability <= 1.0
        assert one.amount_minor > 0
        assert one.expected_start > last.date() - timedelta(days=60)
        assert all(people > 0 for people in one.roles.values())
