"""A final decision is corrected: the new one is in force, and the money is made good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.schemas.decision import Adjustment
from data.schemas.vocabulary import (
    AuditEvent,
    CaseStatus,
    PostingStatus,
    ReasonCode,
    Verdict,
)
from service.domain.errors import (
    BillUnderWayError,
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
    NotInForceError,
)
from service.domain.wall import Wall
from service.usecases.billing.make_bill import bill_from_json
from tests.builders.items import entry, milestone, timesheet
from tests.builders.service import APPROVER, AUDITOR, COLLEAGUE, WORKFLOW

REJECT = {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.EVIDENCE_MISSING,)}
ADJUST = {"verdict": Verdict.ADJUST, "reason_codes": (ReasonCode.NOT_BILLABLE,)}
HOUR = entry(id="E-1", minutes_worked=60, minutes_billable=60, hourly_rate_minor=90_00)
TWO = entry(id="E-2", minutes_worked=120, minutes_billable=120, hourly_rate_minor=90_00)
SHEET = timesheet(entries=(HOUR, TWO))


@pytest.fixture
def billed(workplace):
    """A sheet of 270.00 that was approved and has reached the ledger."""
    decision = workplace.decided(SHEET)
    workplace.post(decision)
    return decision


def _bills(workplace):
    return [bill_from_json(one.bill_json) for one in workplace.postings(SHEET.item_id)]


def test_what_was_billed_too_much_is_credited_row_by_row(workplace, billed):
    less = Adjustment(row_id="E-2", minutes_billable=30)
    new = workplace.correct(billed, adjustments=(less,), **ADJUST)
    first, credit = _bills(workplace)
    assert new.supersedes_id == billed.id
    assert (first.total_minor, credit.total_minor) == (270_00, -135_00)
    assert [(one.source_row_ids, one.amount_minor) for one in credit.lines] == [
        (("E-2",), -135_00)  # 30 of 120 minutes stay: 45.00 - 180.00
    ]
    assert credit.corrects == first.token
    assert first.total_minor + credit.total_minor == new.approved_minor


def test_a_rejection_after_the_bill_credits_all_of_it(workplace, billed):
    workplace.correct(billed, **REJECT)
    assert sum(bill.total_minor for bill in _bills(workplace)) == 0
    assert workplace.case(billed.case_id).status is CaseStatus.DECIDED


def test_corrections_of_corrections_add_up_to_the_last_one(workplace, billed):
    second = workplace.correct(billed, **REJECT)
    workplace.post(second)
    less = Adjustment(row_id="E-1", minutes_billable=0)
    third = workplace.correct(second, adjustments=(less,), **ADJUST)
    assert sum(bill.total_minor for bill in _bills(workplace)) == third.approved_minor == 180_00


def test_a_rejection_that_is_corrected_bills_the_item(workplace):
    rejected = workplace.decided(SHEET, **REJECT)
    workplace.clock.forward(minutes=1)
    workplace.conclude(rejected)
    new = workplace.correct(rejected)
    (posting,) = workplace.postings(SHEET.item_id)
    assert (posting.decision_id, posting.total_minor) == (new.id, 270_00)
    assert bill_from_json(posting.bill_json).corrects is None


def test_a_bill_in_the_exception_queue_goes_with_the_decision_that_is_corrected(workplace):
    decision = workplace.decided(SHEET)
    workplace.clock.forward(minutes=1)
    workplace.conclude(decision)
    (posting,) = workplace.postings(SHEET.item_id)
    refused = replace(posting, status=PostingStatus.REFUSED, error="no")
    workplace.run(lambda uow: uow.postings.save(refused))
    new = workplace.correct(decision, adjustments=(Adjustment(row_id="E-1", minutes_billable=0),),
                            **ADJUST)  # fmt: skip
    workplace.clock.forward(minutes=1)
    workplace.conclude(new)
    old, fresh = workplace.postings(SHEET.item_id)
    assert old.status is PostingStatus.CANCELLED
    assert (fresh.status, fresh.total_minor) == (PostingStatus.PENDING, 180_00)


def test_a_bill_on_its_way_is_waited_for(workplace):
    decision = workplace.decided(SHEET)
    with pytest.raises(BillUnderWayError, match="on its way"):
        workplace.correct(decision, **REJECT)


def test_a_correction_can_be_undone_and_the_decision_before_it_stands_again(workplace, billed):
    new = workplace.correct(billed, **REJECT)
    workplace.undo(new)
    assert workplace.case(billed.case_id).status is CaseStatus.DECIDED
    in_force = workplace.run(lambda uow: uow.decisions.last_of_case(billed.case_id))
    assert in_force.id == billed.id
    statuses = [one.status for one in workplace.postings(SHEET.item_id)]
    assert statuses == [PostingStatus.DONE, PostingStatus.CANCELLED]


def test_a_large_correction_needs_a_second_person_and_until_then_the_old_decision_stands(
    workplace,
):
    large = milestone(amount_minor=60_000_00)
    decision = workplace.decided(large)
    workplace.sign(decision)
    workplace.post(decision)
    write_off = {"verdict": Verdict.WRITE_OFF, "reason_codes": (ReasonCode.LATE,)}
    new = workplace.correct(decision, **write_off)
    assert workplace.case(decision.case_id).status is CaseStatus.AWAITING_SIGNATURE
    assert len(workplace.postings(large.item_id)) == 1
    workplace.sign(new)
    assert [one.total_minor for one in workplace.postings(large.item_id)] == [60_000_00, -60_000_00]


def test_a_disputed_correction_that_does_not_stand_leaves_the_old_decision_in_force(workplace):
    large = milestone(amount_minor=60_000_00)
    decision = workplace.decided(large)
    workplace.sign(decision)
    workplace.post(decision)
    new = workplace.correct(decision, verdict=Verdict.WRITE_OFF, reason_codes=(ReasonCode.LATE,))
    workplace.sign(new, verdict=Verdict.APPROVE, reason_codes=(ReasonCode.CLAUSE_SATISFIED,))
    workplace.adjudicate(new, stands=None)
    assert workplace.case(decision.case_id).status is CaseStatus.DECIDED
    assert [one.total_minor for one in workplace.postings(large.item_id)] == [60_000_00]


def test_only_the_decision_in_force_is_corrected(workplace, billed):
    new = workplace.correct(billed, **REJECT)
    with pytest.raises(NotInForceError):
        workplace.correct(billed, **REJECT)
    workplace.undo(new)
    with pytest.raises(NotInForceError):
        workplace.correct(new)


def test_a_decision_on_an_older_version_of_its_item_is_not_corrected(workplace, billed):
    workplace.assess(timesheet(entries=(HOUR,)))
    with pytest.raises(NotInForceError, match="changed at its source"):
        workplace.correct(billed, **REJECT)


def test_a_correction_says_something_new_and_why(workplace, billed):
    with pytest.raises(InvalidRequestError, match="nothing is corrected"):
        workplace.correct(billed)
    with pytest.raises(InvalidRequestError, match="say why"):
        workplace.correct(billed, note=" ", **REJECT)
    with pytest.raises(InvalidRequestError, match="a correction ends the case"):
        workplace.correct(billed, verdict=Verdict.ESCALATE, reason_codes=(ReasonCode.OVER_LIMIT,))


@pytest.mark.parametrize("who", [AUDITOR, WORKFLOW])
def test_who_may_not_decide_may_not_correct(workplace, billed, who):
    with pytest.raises(NotAllowedError):
        workplace.correct(billed, who, **REJECT)


def test_a_decision_behind_a_wall_is_not_there(workplace, billed):
    walled = replace(COLLEAGUE, wall=Wall(client_ids=frozenset({"other"})))
    with pytest.raises(NotFoundError):
        workplace.correct(billed, walled, **REJECT)


def test_a_correction_is_told_in_the_trail(workplace, billed):
    new = workplace.correct(billed, APPROVER, **REJECT)
    (told,) = workplace.audited(AuditEvent.DECISION_CORRECTED)
    assert (told["actor"], told["subject"]) == (APPROVER.id, billed.case_id)
    assert (told["facts"]["decision"], told["facts"]["supersedes"]) == (new.id, billed.id)
