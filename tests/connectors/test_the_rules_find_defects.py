"""Each rule is worth its name: a connector with one planted defect fails the rule made for it.

Every defect here was met on a real system, or in a first version of a connector to one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import httpx2
import pytest

from service.ports.ledger import Payment, Receipt
from service.ports.outside_errors import OutsideAmbiguousError, OutsideError, OutsideRefusedError
from tests.connectors import http_rules, ledger_rules, source_rules
from tests.connectors.http_rules import HttpUnderTest
from tests.connectors.systems import fake_ledger, fake_source, tryton_http
from tests.fakes.ledger import FakeLedger
from tests.fakes.source import FakeSource


class IgnoresItsFilter(FakeSource):
    filters = False


class ReadsOneAnswerOnly(FakeSource):
    stops_at_first_answer = True


class ForgetsWhatItGave(FakeSource):
    remembers_given = False


class ReadsOnFromTheLastChange(FakeSource):
    overlap = 0


class SeesNoDeletes(FakeSource):
    watches_deletes = False


class ReadsFloats(FakeSource):
    floats = True


class MovesTheCursorTooEarly(FakeSource):
    pages_share_last_cursor = True


class TakesAnyCursor(FakeSource):
    reads_foreign_cursors = True


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (IgnoresItsFilter, source_rules.check_a_filter_that_no_row_passes_gives_no_row),
        (ReadsOneAnswerOnly, source_rules.check_a_page_cap_hides_no_row),
        (ReadsOneAnswerOnly, source_rules.check_small_pages_give_the_same_rows),
        (ForgetsWhatItGave, source_rules.check_nothing_comes_twice),
        (ForgetsWhatItGave, source_rules.check_a_new_row_comes_once),
        (ReadsOnFromTheLastChange, source_rules.check_a_row_committed_late_is_not_missed),
        (SeesNoDeletes, source_rules.check_a_deleted_row_is_named_once),
        (SeesNoDeletes, source_rules.check_a_deleted_row_is_named_although_others_changed_too),
        (ReadsFloats, source_rules.check_decimals_survive),
        (MovesTheCursorTooEarly, source_rules.check_a_pull_resumes_after_any_page),
        (TakesAnyCursor, source_rules.check_a_foreign_cursor_is_refused_with_the_remedy),
    ],
)
def test_a_source_with_a_defect_is_found(kind, rule):
    _refuses(lambda: rule(fake_source(kind)))


class WritesAgainAfterALostAnswer(FakeLedger):
    """Looks for nothing before it writes."""

    written = 0

    def create_draft(self, bill):
        self.written += not self.lose_answer_once and bill.token in self.bills
        return super().create_draft(bill)

    def documents_of(self, token):
        return super().documents_of(token) + self.written


class KeepsTheFirstContent(FakeLedger):
    """Takes any bill under a known token for a repeat."""

    def create_draft(self, bill):
        return super().create_draft(self.bills.get(bill.token, bill))


class FindsByTheBeginning(FakeLedger):
    """Its filter matches like a search box, or not at all."""

    def find_by_token(self, token):
        known = next((one for one in self.bills if token.startswith(one)), None)
        return None if known is None else self._receipt(known)


class CountsInFloats(FakeLedger):
    """Multiplies hours of two digits by a rate, as the ERP's own screen would."""

    def _receipt(self, token: str) -> Receipt:
        total = sum(
            round(round(line.quantity_minutes / 60, 2) * line.hourly_rate_minor)
            if line.quantity_minutes is not None
            else line.amount_minor
            for line in self.bills[token].lines
        )
        return replace(super()._receipt(token), total_minor=total)


class PostsWithoutLooking(FakeLedger):
    """Presses the button again, and the system says that it is no draft."""

    def post(self, document_id):
        if self.read_state(document_id) != "draft":
            raise OutsideRefusedError("must be in draft")
        return super().post(document_id)


class RevivesTheCancelled(FakeLedger):
    """Overwrites what somebody did meanwhile."""

    def post(self, document_id):
        if self.read_state(document_id) == "cancelled":
            self.states[document_id] = "draft"
        return super().post(document_id)


class PaidWhenMatched(FakeLedger):
    """Tells the day on which somebody matched the payments."""

    def payments(self, document_id):
        total = sum(one.amount_minor for one in super().payments(document_id))
        return (Payment(paid_on=date(2026, 5, 4), amount_minor=total),) if total else ()


class TakesAllForPaidAtOnce(FakeLedger):
    """Takes a payment in part for payment in full."""

    def note_payment(self, document_id, *, payment):
        super().note_payment(document_id, payment=payment)
        self.states[document_id] = "paid"


class PostsSideBySide(FakeLedger):
    """Has no line before the lock of the series: whoever comes second is sent away."""

    busy = False

    def post(self, document_id):
        if self.busy:
            raise OutsideAmbiguousError("could not obtain lock on row in ir_sequence_strict")
        self.busy = True
        return super().post(document_id)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (
            WritesAgainAfterALostAnswer,
            ledger_rules.check_a_lost_answer_and_a_retry_leave_one_document,
        ),
        (
            WritesAgainAfterALostAnswer,
            ledger_rules.check_the_same_bill_again_gives_the_first_receipt,
        ),
        (
            WritesAgainAfterALostAnswer,
            ledger_rules.check_a_bill_repeated_after_it_was_posted_gives_what_stands,
        ),
        (KeepsTheFirstContent, ledger_rules.check_other_content_under_a_known_token_is_refused),
        (KeepsTheFirstContent, ledger_rules.check_two_bills_with_the_same_total_are_told_apart),
        (FindsByTheBeginning, ledger_rules.check_a_bill_is_found_by_its_token_and_no_other),
        (CountsInFloats, ledger_rules.check_amounts_survive_to_the_minor_unit),
        (
            PostsWithoutLooking,
            ledger_rules.check_posting_makes_a_draft_count_and_a_repeat_gives_the_same,
        ),
        (
            PostsWithoutLooking,
            ledger_rules.check_a_lost_answer_to_posting_and_a_retry_leave_one_invoice,
        ),
        (RevivesTheCancelled, ledger_rules.check_a_draft_cancelled_meanwhile_is_a_conflict),
        (PostsSideBySide, ledger_rules.check_many_drafts_posted_at_once_all_count),
        (PaidWhenMatched, ledger_rules.check_days_to_pay_count_to_the_last_payment),
        (TakesAllForPaidAtOnce, ledger_rules.check_days_to_pay_count_to_the_last_payment),
    ],
)
def test_a_ledger_with_a_defect_is_found(kind, rule):
    _refuses(lambda: rule(fake_ledger(kind)))


def with_every_answer(change):
    """A connector that sees each answer changed, which is what a wrong class of it amounts to."""
    honest = tryton_http(None)

    def doctored(call):
        return lambda handler: call(lambda request: change(request, handler(request)))

    return HttpUnderTest(ask=doctored(honest.ask), tell=doctored(honest.tell))


def as_status(status):
    return lambda request, answer: httpx2.Response(status, content=answer.content)


def without_headers(request, answer):
    return httpx2.Response(answer.status_code, content=answer.content)


def followed(request, answer):
    if answer.is_redirect:
        return httpx2.Response(200, json=[] if request.method == "GET" else {"id": 1})
    return answer


def swallowed(request, answer):
    return httpx2.Response(200, json=[] if request.method == "GET" else {"id": 1})


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (as_status(400), http_rules.check_a_busy_server_is_transient),
        (as_status(503), http_rules.check_a_server_that_broke_off_leaves_a_write_in_doubt),
        (as_status(500), http_rules.check_a_clear_no_is_refused_in_words_without_markup),
        (swallowed, http_rules.check_an_answer_that_cannot_be_read_is_no_success),
        (without_headers, http_rules.check_the_wait_a_server_asks_for_is_kept),
        (followed, http_rules.check_a_redirect_is_never_followed),
    ],
)
def test_a_failure_in_the_wrong_class_is_found(change, rule):
    _refuses(lambda: rule(with_every_answer(change)))


def tells_its_key(handler):
    raise OutsideRefusedError(f"refused with the key {http_rules.SECRET}")


def test_a_key_in_an_error_text_is_found():
    _refuses(lambda: http_rules.check_the_key_is_sent_and_never_told(
        HttpUnderTest(ask=tells_its_key)
    ))  # fmt: skip


def _refuses(judge):
    """A rule says no by an assertion, by an expected error that does not come, or by one that does.

    A rule that skips says nothing, and so does not count.
    """
    try:
        judge()
    except pytest.skip.Exception:
        raise AssertionError("the rule was skipped") from None
    except (AssertionError, OutsideError, pytest.fail.Exception):
        return
    raise AssertionError("the rule did not find the defect")
