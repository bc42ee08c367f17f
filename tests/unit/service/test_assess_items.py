"""Assessing items: every row is answered, and everything that follows commits with it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from data.schemas.batch import FieldProblem, Rejection
from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, PostingStatus, Route
from service.ports.stores import FactKind
from service.usecases.assessing.assess_items import sha256_of
from service.usecases.billing.make_bill import bill_from_json
from service.wire.assessments import ItemOutcome
from tests.builders.contracts import contract
from tests.builders.items import milestone, timesheet, week
from tests.builders.service import WORKFLOW
from tests.fakes.engine import EngineDownError
from tests.fakes.scorer import CHECK, CLEAR, HOLD, SHARE, BrokenModelError

REJECTED = Rejection(
    row=1,
    external_id="TS-bad",
    problems=(FieldProblem(field="zone", value="'CEST'", reason="is no zone"),),
)


def _newer(**overrides):
    """The default timesheet with Friday taken out."""
    return timesheet(entries=week()[:4], **overrides)


def test_every_row_of_a_request_is_answered_in_order(workplace):
    workplace.assess(timesheet(external_id="TS-1"))
    answer = workplace.assess_arrivals(
        replace(
            workplace.arrival(),
            received=4,
            batch=type(workplace.arrival().batch)(
                (
                    (0, timesheet(external_id="TS-1")),
                    (2, timesheet(external_id="TS-2")),
                    (3, timesheet(external_id="TS-3", contract_id="C-unknown")),
                ),
                (REJECTED,),
            ),
        )
    )[0]
    assert [one.outcome for one in answer.results] == [
        ItemOutcome.UNCHANGED,
        ItemOutcome.REJECTED,
        ItemOutcome.ASSESSED,
        ItemOutcome.REJECTED,
    ]
    assert [one.row for one in answer.results] == [0, 1, 2, 3]
    assert answer.received == answer.assessed + answer.unchanged + answer.rejected == 4


def test_unknown_contract_is_rejected_with_what_to_do_and_nothing_is_stored(workplace):
    result = workplace.assess(timesheet(contract_id="C-9")).results[0]
    (problem,) = result.rejection.problems
    assert (problem.field, problem.value) == ("contract_id", "'C-9'")
    assert "PUT /v1/contracts" in problem.reason
    assert workplace.scorer.calls == []


@pytest.mark.parametrize(
    ("item", "problems"),
    [
        (
            timesheet(line_id="L-9"),
            [("line_id", "'L-9'", "is not a line of contract C-1; it has L-1, L-2")],
        ),
        (
            milestone(currency="CHF"),
            [("currency", "'CHF'", "contract C-1 bills in EUR; send the item in that currency")],
        ),
    ],
)
def test_item_off_its_contract_is_rejected_with_field_value_and_reason(workplace, item, problems):
    rejection = workplace.assess(item).results[0].rejection
    assert [(one.field, one.value, one.reason) for one in rejection.problems] == problems
    assert workplace.scorer.calls == []


def test_wrong_line_and_wrong_currency_are_told_together(workplace):
    rejection = workplace.assess(timesheet(line_id="L-9", currency="CHF")).results[0].rejection
    assert [one.field for one in rejection.problems] == ["line_id", "currency"]


def test_what_was_assessed_stays_answered_when_its_contract_changes_afterwards(workplace):
    workplace.assess(timesheet())
    workplace.scorer.contracts["C-1"] = contract(currency="CHF")
    assert workplace.assess(timesheet()).results[0].outcome is ItemOutcome.UNCHANGED


def test_the_same_content_again_gives_the_stored_assessment_and_nothing_new(workplace):
    first = workplace.assess(timesheet()).results[0]
    workplace.clock.forward(days=1)
    before = workplace.audited()
    again = workplace.assess(timesheet()).results[0]
    assert again.outcome is ItemOutcome.UNCHANGED
    assert again.assessment == first.assessment
    assert again.case_id == first.case_id is not None
    news = [entry["event"] for entry in workplace.audited()[len(before) :]]
    assert news == [AuditEvent.BATCH_RECEIVED]


def test_a_decided_case_stays_decided_when_a_newer_version_arrives(workplace):
    decision = workplace.decided(timesheet())
    workplace.assess(_newer())
    assert workplace.case(decision.case_id).status is CaseStatus.DECIDED


def test_a_late_repeat_of_an_older_version_leaves_the_newer_case_alone(workplace):
    workplace.open_case(timesheet())
    new = workplace.open_case(_newer())
    again = workplace.assess(timesheet()).results[0]
    assert (again.outcome, again.case_id) == (ItemOutcome.UNCHANGED, None)
    assert workplace.case(new.id).status is CaseStatus.OPEN


def test_a_cleared_item_is_posted_once_and_opens_no_case(workplace):
    workplace.scorer.says("test:TS-1", **CLEAR)
    result = workplace.assess(timesheet()).results[0]
    workplace.assess(timesheet())
    assert result.case_id is None
    (posting,) = workplace.postings("test:TS-1")
    assert posting.status is PostingStatus.PENDING
    assert workplace.enqueued() == [("post", posting.id, 0.0)]
    bill = bill_from_json(posting.bill_json)
    assert bill.total_minor == posting.total_minor == timesheet().amount_minor == 4_800_00
    assert (bill.token, bill.client_id) == (posting.id, "acme")


def test_a_cleared_item_drawn_for_a_check_waits_for_a_person(workplace):
    case = workplace.open_case(timesheet(), **CHECK)
    assert (case.status, case.lane, case.route) == (CaseStatus.OPEN, Lane.AUDIT, Route.AUTO_CLEAR)
    assert case.propensity == SHARE
    assert workplace.postings("test:TS-1") == []


def test_a_held_item_opens_a_held_case_that_the_queue_does_not_hand_out(workplace):
    case = workplace.open_case(timesheet(), **HOLD)
    assert case.status is CaseStatus.HELD
    assert workplace.claim_next() == []


def test_an_item_worth_nothing_is_cleared_without_a_bill(workplace):
    workplace.scorer.says("test:MS-1", **CLEAR)
    workplace.assess(milestone(amount_minor=0))
    assert workplace.postings("test:MS-1") == []
    assert workplace.enqueued() == []


def test_every_event_of_a_request_is_in_the_audit_trail(workplace):
    workplace.scorer.says("test:TS-1", **CLEAR)
    third = REJECTED.model_copy(update={"row": 2})
    workplace.assess(timesheet(), timesheet(external_id="TS-2"), rejected=[third])
    by_event = {}
    for entry in workplace.audited():
        by_event.setdefault(entry["event"], []).append(entry)
    assert {event: len(entries) for event, entries in by_event.items()} == {
        AuditEvent.BATCH_RECEIVED: 1,
        AuditEvent.ITEM_RECEIVED: 2,
        AuditEvent.ITEM_REJECTED: 1,
        AuditEvent.ITEM_ASSESSED: 2,
        AuditEvent.CASE_OPENED: 1,
        AuditEvent.POSTING_ENQUEUED: 1,
    }
    assert by_event[AuditEvent.BATCH_RECEIVED][0]["facts"] == {"received": 3, "rejected": 1}
    assert by_event[AuditEvent.BATCH_RECEIVED][0]["actor"] == WORKFLOW.id
    assert by_event[AuditEvent.CASE_OPENED][0]["facts"]["propensity"] == 1.0


def test_the_trail_vouches_for_the_stored_assessment_by_its_hash(workplace):
    said = workplace.assess(timesheet()).results[0].assessment
    stored = workplace.run(lambda uow: uow.items.assessment(said.id))
    (entry,) = workplace.audited(AuditEvent.ITEM_ASSESSED)
    assert entry["facts"]["assessment_sha256"] == sha256_of(stored)


def test_the_scorer_learns_an_item_and_a_bill_only_at_the_next_call(workplace):
    workplace.scorer.says("test:TS-1", **CLEAR)
    workplace.assess(timesheet())
    assert workplace.scorer.learned == []
    workplace.assess(timesheet(external_id="TS-2"))
    assert [fact.kind for fact in workplace.scorer.learned] == [FactKind.ITEM, FactKind.BILL]


def test_several_requests_share_one_call_and_each_gets_its_own_answer(workplace):
    first, second = workplace.assess_arrivals(
        workplace.arrival(timesheet(external_id="TS-1")),
        workplace.arrival(timesheet(external_id="TS-2"), timesheet(external_id="TS-3")),
    )
    assert workplace.scorer.calls == [3]
    assert [one.assessment.item_id for one in first.results] == ["test:TS-1"]
    assert [one.assessment.item_id for one in second.results] == ["test:TS-2", "test:TS-3"]


def test_the_answer_is_kept_under_its_key_byte_for_byte(workplace):
    answer = workplace.assess(timesheet(), key="k-1")
    kept = workplace.run(lambda uow: uow.answers.find(owner=WORKFLOW.id, key="k-1"))
    assert (kept.request_sha256, kept.status) == ("hash of k-1", 200)
    assert kept.body == answer.model_dump_json().encode()


@pytest.mark.parametrize("failure", ["scorer", "engine"])
def test_a_failure_anywhere_leaves_nothing_behind(workplace, failure):
    workplace.scorer.says("test:TS-1", **CLEAR)
    workplace.scorer.broken = {"test:TS-1"} if failure == "scorer" else set()
    workplace.engine.is_down = failure == "engine"
    with pytest.raises((BrokenModelError, EngineDownError)):
        workplace.assess(timesheet(), key="k-1")
    assert workplace.audited() == []
    assert workplace.enqueued() == []
    assert workplace.run(lambda uow: uow.facts.since(0)) == []
    assert workplace.run(lambda uow: uow.answers.find(owner=WORKFLOW.id, key="k-1")) is None


def test_money_on_a_bill_is_the_sum_of_rounded_lines(workplace):
    # 50 minutes at 100.01 EUR an hour are 83.3416..., rounded 83.34 a line; five lines 416.70.
    entries = week(minutes_worked=50, hourly_rate_minor=100_01)
    workplace.scorer.says("test:TS-1", **CLEAR)
    workplace.assess(timesheet(entries=entries))
    (posting,) = workplace.postings("test:TS-1")
    bill = bill_from_json(posting.bill_json)
    assert [line.amount_minor for line in bill.lines] == [83_34] * 5
    assert bill.total_minor == 416_70 != round(Decimal(5 * 50 * 100_01) / 60)


def test_five_hundred_items_at_once_get_their_own_places(workplace):
    items = [timesheet(external_id=f"TS-{number}") for number in range(500)]
    answer = workplace.assess(*items)
    assert [one.assessment.item_id for one in answer.results] == [one.item_id for one in items]
    cases = [workplace.case(one.case_id) for one in answer.results[::100]]
    assert [one.item_id for one in cases] == [one.item_id for one in items[::100]]
    assert workplace.assess(*items).unchanged == 500
