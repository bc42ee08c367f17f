"""Deciding: under a lease, on what was shown, with reasons that fit and money that adds up."""

from __future__ import annotations

import pytest

from data.schemas.decision import Adjustment
from data.schemas.items import entries_sha256
from data.schemas.vocabulary import (
    REASONS_BY_VERDICT,
    AuditEvent,
    CaseStatus,
    PostingStatus,
    ReasonCode,
    Verdict,
)
from service.domain.errors import (
    InvalidRequestError,
    NotAllowedError,
    StaleLeaseError,
    StaleVersionError,
)
from service.ports.stores import FactKind
from service.usecases.billing.make_bill import bill_from_json
from service.usecases.deciding.weigh_verdict import check_reasons
from tests.builders.contracts import contract
from tests.builders.expenses import expense, expense_report
from tests.builders.items import entry, milestone, timesheet, week
from tests.builders.service import (
    APPROVER,
    AUDITOR,
    COLLEAGUE,
    REVIEWER,
    UNDO_WINDOW,
    WORKFLOW,
    case,
    decision_request,
)

ADJUST = {"verdict": Verdict.ADJUST, "reason_codes": (ReasonCode.OVER_LIMIT,)}
LARGE = milestone(amount_minor=50_000_00)
"""Exactly at the limit from which two people sign."""
JUST_BELOW = milestone(amount_minor=50_000_00 - 1)


def _claimed(workplace, item=None, actor=REVIEWER):
    return workplace.claim(workplace.open_case(item or timesheet()).id, actor)


def _minutes(row, minutes):
    return Adjustment(row_id=f"TS-1-{row}", minutes_billable=minutes)


def _money(row_id, billable_minor):
    return Adjustment(row_id=row_id, billable_minor=billable_minor)


def test_an_approval_prepares_the_bill_and_waits_for_the_undo_window(workplace):
    decision = workplace.decided(timesheet())
    assert workplace.case(decision.case_id).status is CaseStatus.DECIDED
    (posting,) = workplace.postings("test:TS-1")
    assert posting.decision_id == decision.id
    assert posting.total_minor == decision.approved_minor == 4_800_00
    assert posting.not_before == workplace.clock.now() + UNDO_WINDOW
    assert workplace.enqueued() == [("conclude", decision.id, 30.0)]


def test_a_verdict_is_no_fact_for_the_models_before_it_is_final(workplace):
    workplace.decided(timesheet())
    kinds = [fact.kind for fact in workplace.run(lambda uow: uow.facts.since(0))]
    assert kinds == [FactKind.ITEM, FactKind.BILL]


@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.WRITE_OFF])
def test_a_verdict_without_a_bill_is_concluded_and_posts_nothing(workplace, verdict):
    decision = workplace.decided(
        timesheet(), verdict=verdict, reason_codes=REASONS_BY_VERDICT[verdict][:1]
    )
    assert workplace.postings("test:TS-1") == []
    assert workplace.enqueued() == [("conclude", decision.id, 30.0)]
    assert decision.approved_minor == 0


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.REQUEST_INFORMATION, CaseStatus.AWAITING_INFORMATION),
        (Verdict.ESCALATE, CaseStatus.ESCALATED),
    ],
)
def test_a_verdict_that_sends_the_case_on_starts_nothing(workplace, verdict, status):
    decision = workplace.decided(
        timesheet(), verdict=verdict, reason_codes=REASONS_BY_VERDICT[verdict][:1]
    )
    assert workplace.case(decision.case_id).status is status
    assert workplace.enqueued() == []


def test_a_lease_that_ran_out_decides_nothing(workplace):
    claimed = _claimed(workplace)
    workplace.clock.forward(minutes=30)
    with pytest.raises(StaleLeaseError):
        workplace.decide(claimed)
    assert workplace.case(claimed.id) == claimed


def test_the_reviewer_who_lost_the_case_cannot_overwrite_the_one_who_has_it(workplace):
    first = _claimed(workplace)
    workplace.clock.forward(minutes=30)
    second = workplace.claim(first.id, COLLEAGUE)
    with pytest.raises(StaleLeaseError):
        workplace.decide(first)
    assert workplace.decide(second, COLLEAGUE).actor_id == COLLEAGUE.id


def test_somebody_elses_token_decides_nothing(workplace):
    with pytest.raises(StaleLeaseError):
        workplace.decide(_claimed(workplace), COLLEAGUE)


def test_a_version_that_was_not_shown_decides_nothing(workplace):
    claimed = _claimed(workplace)
    with pytest.raises(StaleVersionError):
        workplace.decide(claimed, version=claimed.version - 1)
    assert workplace.audited(AuditEvent.CASE_DECIDED) == []


def test_deciding_twice_decides_once(workplace):
    claimed = _claimed(workplace)
    workplace.decide(claimed)
    with pytest.raises(StaleLeaseError):
        workplace.decide(claimed)
    assert len(workplace.audited(AuditEvent.CASE_DECIDED)) == 1


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("reason", ReasonCode)
def test_a_reason_of_another_verdict_is_refused(verdict, reason):
    request = decision_request(case(), verdict=verdict, reason_codes=(reason,), note="because")
    if reason in REASONS_BY_VERDICT[verdict]:
        check_reasons(request)
    else:
        with pytest.raises(InvalidRequestError, match=f"reason_codes = '{reason}'"):
            check_reasons(request)


@pytest.mark.parametrize("note", ["", "  \n"])
def test_the_reason_other_needs_a_note(workplace, note):
    claimed = _claimed(workplace)
    with pytest.raises(InvalidRequestError, match="needs a note"):
        workplace.decide(claimed, reason_codes=(ReasonCode.OTHER,), note=note)
    assert workplace.case(claimed.id) == claimed


@pytest.mark.parametrize(
    ("adjustments", "approved_minor"),
    [
        ([_minutes(1, 240)], 4_320_00),  # 4 x 960 + 4 h x 120
        ([_minutes(1, 0), _minutes(2, 0)], 2_880_00),  # 3 x 960
        ([_minutes(1, 7), _minutes(2, 7)], 2_908_00),  # 3 x 960 + 2 x (7/60 x 120 = 14.00)
        ([_minutes(row, 0) for row in range(1, 6)], 0),  # nothing is left to bill
    ],
)
def test_an_adjustment_bills_the_sum_of_rounded_lines(workplace, adjustments, approved_minor):
    decision = workplace.decided(timesheet(), adjustments=tuple(adjustments), **ADJUST)
    assert decision.approved_minor == approved_minor
    bills = [bill_from_json(one.bill_json) for one in workplace.postings("test:TS-1")]
    assert sum(bill.total_minor for bill in bills) == approved_minor
    assert all(line.amount_minor > 0 for bill in bills for line in bill.lines)


def test_rounding_happens_on_the_line_and_not_on_the_total(workplace):
    # 1 minute at 100.50 an hour is 1.675, rounded 1.68 a line; five lines 8.40, not 8.375.
    sheet = timesheet(entries=week(hourly_rate_minor=100_50))
    ones = tuple(_minutes(row, 1) for row in range(1, 6))
    assert workplace.decided(sheet, adjustments=ones, **ADJUST).approved_minor == 8_40


def test_an_adjusted_milestone_bills_the_named_amount(workplace):
    decision = workplace.decided(milestone(), approved_minor=12_345_67, **ADJUST)
    (posting,) = workplace.postings("test:MS-1")
    assert posting.total_minor == decision.approved_minor == 12_345_67


def test_an_adjusted_expense_report_bills_the_named_amounts_and_the_rest_as_asked(workplace):
    report = expense_report(
        expense(id="X-1", cost_minor=80_00),
        expense(id="X-2", cost_minor=50_00),
        expense(id="X-3", cost_minor=20_00),
    )
    changed = (_money("X-1", 12_34), _money("X-2", 0))
    decision = workplace.decided(report, adjustments=changed, **ADJUST)
    assert decision.approved_minor == 32_34
    (posting,) = workplace.postings("test:EX-1")
    bill = bill_from_json(posting.bill_json)
    assert {line.source_row_ids: line.amount_minor for line in bill.lines} == {
        ("X-1",): 12_34,
        ("X-3",): 20_00,
    }
    assert posting.total_minor == bill.total_minor == 32_34


def test_an_entry_rounded_up_by_its_increment_may_be_billed_as_it_was_asked(workplace):
    sheet = timesheet(entries=(entry(id="TS-1-1", minutes_worked=50, minutes_billable=60),))
    decision = workplace.decided(sheet, adjustments=(_minutes(1, 60),), **ADJUST)
    assert decision.approved_minor == 120_00


@pytest.mark.parametrize(
    ("item", "fields", "said"),
    [
        (timesheet(), ADJUST, "say which entries change"),
        (timesheet(), ADJUST | {"adjustments": (Adjustment(row_id="X", minutes_billable=1),)},
         "is not an entry of this timesheet"),
        (timesheet(), ADJUST | {"adjustments": (_minutes(1, 481),)}, "was worked 480 minutes"),
        (timesheet(), ADJUST | {"adjustments": (_minutes(1, 1), _minutes(1, 2))},
         "names an entry twice"),
        (timesheet(), ADJUST | {"adjustments": (_minutes(1, 1),), "approved_minor": 5},
         "only an adjust of a milestone"),
        (timesheet(), {"adjustments": (_minutes(1, 1),)}, "only an adjust of a timesheet"),
        (timesheet(), {"approved_minor": 5}, "only an adjust of a milestone"),
        (expense_report(), ADJUST, "say which expenses change"),
        (expense_report(), ADJUST | {"adjustments": (_money("X", 1),)},
         "is not an expense of this expense report"),
        (expense_report(), ADJUST | {"adjustments": (_money("X-1", 80_01),)}, "asks for 8000"),
        (expense_report(), ADJUST | {"adjustments": (_minutes(1, 1),)}, "is not an expense"),
        (expense_report(),
         ADJUST | {"adjustments": (Adjustment(row_id="X-1", minutes_billable=1),)},
         "adjusted by billable_minor"),
        (timesheet(), ADJUST | {"adjustments": (_money("TS-1-1", 1),)},
         "adjusted by minutes_billable"),
        (expense_report(), ADJUST | {"approved_minor": 5, "adjustments": (_money("X-1", 1),)},
         "only an adjust of a milestone"),
        (expense_report(), {"adjustments": (_money("X-1", 1),)}, "only an adjust of a timesheet"),
        (milestone(), ADJUST, "say how much of the milestone"),
        (milestone(), ADJUST | {"approved_minor": 20_000_01}, "bill at most that"),
        (milestone(), ADJUST | {"approved_minor": 1, "adjustments": (_minutes(1, 1),)},
         "only an adjust of a timesheet"),
    ],
)  # fmt: skip
def test_figures_that_make_no_sense_are_refused(workplace, item, fields, said):
    claimed = _claimed(workplace, item)
    with pytest.raises(InvalidRequestError, match=said):
        workplace.decide(claimed, **fields)
    assert workplace.case(claimed.id) == claimed


@pytest.mark.parametrize("actor", [AUDITOR, WORKFLOW])
def test_only_reviewers_and_approvers_decide(workplace, actor):
    with pytest.raises(NotAllowedError):
        workplace.decide(_claimed(workplace), actor)


@pytest.mark.parametrize(
    ("item", "fields", "status"),
    [
        (LARGE, {}, CaseStatus.AWAITING_SIGNATURE),
        (JUST_BELOW, {}, CaseStatus.DECIDED),
        (LARGE, ADJUST | {"approved_minor": 50_000_00}, CaseStatus.AWAITING_SIGNATURE),
        (LARGE, ADJUST | {"approved_minor": 49_999_99}, CaseStatus.DECIDED),
        (LARGE, {"verdict": Verdict.WRITE_OFF, "reason_codes": (ReasonCode.LATE,)},
         CaseStatus.AWAITING_SIGNATURE),
        (LARGE, {"verdict": Verdict.REJECT, "reason_codes": (ReasonCode.DUPLICATE,)},
         CaseStatus.DECIDED),  # nothing is billed and nothing is given up
    ],
)  # fmt: skip
def test_large_money_needs_a_second_signature(workplace, item, fields, status):
    decision = workplace.decided(item, **fields)
    assert workplace.case(decision.case_id).status is status
    assert bool(workplace.enqueued()) is (status is CaseStatus.DECIDED)


def test_large_is_counted_in_the_currency_of_the_item(workplace):
    workplace.scorer.contracts["C-1"] = contract(currency="JPY")
    decision = workplace.decided(milestone(amount_minor=50_000, currency="JPY"))
    assert workplace.case(decision.case_id).status is CaseStatus.AWAITING_SIGNATURE


def test_the_trail_tells_the_verdict_and_what_it_rested_on(workplace):
    decision = workplace.decided(timesheet(), active_seconds=12.5, is_score_shown=False)
    (entry,) = workplace.audited(AuditEvent.CASE_DECIDED)
    facts = entry["facts"]
    assert (entry["actor"], entry["subject"]) == (REVIEWER.id, decision.case_id)
    assert (facts["verdict"], facts["reasons"]) == ("approve", ["clause_satisfied"])
    assert (facts["lane"], facts["propensity"]) == ("index", 1.0)
    assert (facts["active_seconds"], facts["is_score_shown"]) == (12.5, True)
    assert "note" not in facts  # free text stays erasable


def test_a_second_decision_supersedes_the_first(workplace):
    first = workplace.decided(
        timesheet(), verdict=Verdict.ESCALATE, reason_codes=(ReasonCode.OVER_LIMIT,)
    )
    second = workplace.decide(workplace.claim(first.case_id, APPROVER), APPROVER)
    assert (first.supersedes_id, second.supersedes_id) == (None, first.id)


def test_the_bill_is_that_of_the_decided_version(workplace):
    workplace.decided(timesheet())
    shorter = week()[:2]
    workplace.decided(timesheet(entries=shorter), COLLEAGUE)
    first, second = workplace.postings("test:TS-1")
    assert (first.status, second.status) == (PostingStatus.PENDING, PostingStatus.PENDING)
    assert (first.total_minor, second.total_minor) == (4_800_00, 1_920_00)
    assert entries_sha256(shorter) != entries_sha256(week())


def test_nobody_bills_a_milestone_that_is_not_ready(workplace):
    with pytest.raises(InvalidRequestError, match="not ready to bill"):
        workplace.decided(milestone(is_ready_to_bill=False))
