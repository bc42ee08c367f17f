"""The firm of the demonstration: its rates, its truth, and a second opinion on every item."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from data.firm.dates import cut_off_at, month_end
from data.firm.generate import describe, generate_firm
from data.firm.records import FaultKind, FirmSize
from data.schemas.catalogue import CATALOGUE
from data.schemas.items import ExpenseReport, Milestone, Timesheet
from data.schemas.questions import Question
from data.schemas.vocabulary import ClauseKind, InvoiceStatus
from models.evaluation.rule_recall import evaluate_rules
from tests.builders.firms import default_firm
from tests.builders.provable import provable_codes, terms_of, told_codes

RULE_CODES = {kind.code for kind in CATALOGUE.values() if kind.is_rule_decidable}


@pytest.fixture(scope="module")
def firm():
    return default_firm()


@pytest.fixture(scope="module")
def faults(firm):
    return Counter(fault.code for truth in firm.truth.values() for fault in truth.faults)


def rows_of(item):
    if isinstance(item, Milestone):
        return [item.item_id]
    return [row.id for row in (item.expenses if isinstance(item, ExpenseReport) else item.entries)]


def share(flags):
    flags = list(flags)
    return sum(flags) / len(flags)


def test_the_facts_alone_prove_exactly_the_rule_faults_of_the_truth(firm):
    assert provable_codes(firm) == told_codes(firm)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [7, pytest.param(11, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)]
)
def test_rules_find_exactly_the_faults_they_can_prove_of_each_item_as_it_arrives(seed):
    firm = default_firm() if seed == FirmSize().seed else generate_firm(FirmSize(seed=seed))
    result = evaluate_rules(firm)
    assert set(result.kinds) == RULE_CODES
    assert result.disagreements == ()
    assert result.total.recall == result.total.precision == 1.0
    assert result.total.exposure_error_minor == 0


def test_every_rule_fault_and_every_hidden_kind_occurs(faults):
    assert set(faults) == RULE_CODES | set(FaultKind)
    assert min(faults.values()) >= 5


def test_the_firm_has_the_promised_size(firm):
    size = describe(firm)
    assert 3_000 <= size["timesheets"] <= 6_000
    assert size["milestones"] >= 100
    assert 200 <= size["expense_reports"] <= 500
    assert (size["people"], size["contracts"], size["clients"]) == (60, 40, 25)


def test_honest_work_comes_as_near_to_a_fault_as_can_be(firm):
    on_the_last_day, a_cent_below = 0, 0
    for one in firm.submissions:
        item, contract = one.item, firm.reference.contracts[one.item.contract_id]
        if firm.truth[item.item_id].faults:
            continue
        line = {"line_id": item.line_id}
        if isinstance(item, Timesheet):
            submitted_on = item.submitted_at.astimezone(ZoneInfo(item.zone)).date()
            days = (submitted_on - min(entry.work_date for entry in item.entries)).days
            late_days = terms_of(contract, ClauseKind.TIMELY_BILLING, **line).late_days
            on_the_last_day += days == late_days
        if isinstance(item, ExpenseReport):
            terms = terms_of(contract, ClauseKind.EXPENSE_SUBSTANTIATION, **line)
            a_cent_below += any(
                expense.cost_minor == terms.receipt_threshold_minor - 1
                and expense.receipt_sha256 is None
                for expense in item.expenses
            )
    assert on_the_last_day >= 3
    assert a_cent_below >= 2


def test_about_seven_percent_of_items_bear_a_provable_fault(firm):
    provable = [any(not f.is_hidden for f in t.faults) for t in firm.truth.values()]
    assert 0.06 <= share(provable) <= 0.09


def test_about_one_item_in_eleven_bears_a_hidden_fault(firm):
    assert 0.07 <= share(t.hidden_violation for t in firm.truth.values()) <= 0.11


def test_between_12_and_18_percent_of_items_bear_any_fault(firm):
    assert 0.12 <= share(t.is_violation for t in firm.truth.values()) <= 0.18


def test_between_15_and_20_percent_of_items_are_delayed(firm):
    assert 0.15 <= share(t.is_delayed for t in firm.truth.values()) <= 0.20


def test_hidden_faults_follow_their_probability(firm):
    truths = sorted(firm.truth.values(), key=lambda truth: truth.probabilities[Question.ANY_FAULT])
    half = len(truths) // 2
    expected = sum(truth.probabilities[Question.ANY_FAULT] for truth in truths)
    assert sum(t.hidden_violation for t in truths) == pytest.approx(expected, rel=0.15)
    assert share(t.hidden_violation for t in truths[:half]) < 0.01
    assert share(t.hidden_violation for t in truths[-len(truths) // 10 :]) > 0.25


def test_delays_follow_their_probability(firm):
    truths = list(firm.truth.values())
    expected = sum(truth.probabilities[Question.MISSED_CUT_OFF] for truth in truths)
    assert sum(t.is_delayed for t in truths) == pytest.approx(expected, rel=0.1)


def test_an_item_is_delayed_exactly_when_its_invoice_left_after_the_cut_off(firm):
    item_of = {row: one.item.item_id for one in firm.submissions for row in rows_of(one.item)}
    arrived = {one.item.item_id: one.received_at for one in firm.submissions}
    by_hand = {
        invoice.id
        for invoice in firm.invoices
        for line in invoice.lines
        if invoice.issued_at < arrived[item_of[line.row_id]]
    }
    for invoice in firm.invoices:
        if invoice.id in by_hand:
            continue
        is_late = invoice.issued_at > cut_off_at(month_end(invoice.period_end))
        for line in invoice.lines:
            assert firm.truth[item_of[line.row_id]].is_delayed is is_late


def test_nothing_is_billed_twice_apart_from_what_was_credited(firm):
    billed = Counter(
        line.row_id
        for invoice in firm.invoices
        if invoice.status is not InvoiceStatus.CREDITED
        for line in invoice.lines
    )
    assert max(billed.values()) == 1
    assert any(invoice.status is InvoiceStatus.CREDITED for invoice in firm.invoices)


def test_what_is_billed_or_given_up_is_what_is_correct(firm):
    billed = Counter()
    given_up = Counter({one.item_id: one.amount_minor for one in firm.write_offs})
    for invoice in firm.invoices:
        if invoice.status is not InvoiceStatus.CREDITED:
            for line in invoice.lines:
                billed[line.row_id] += line.amount_minor
    for one in firm.submissions:
        truth = firm.truth[one.item.item_id]
        if not truth.faults:
            total = sum(billed[row] for row in rows_of(one.item)) + given_up[one.item.item_id]
            assert total == truth.correct_minor == one.item.amount_minor


def test_reviewers_miss_about_four_percent_of_violations_and_rarely_raise_false_alarms(firm):
    missed = [
        not verdict.is_violation
        for verdict in firm.verdicts
        if firm.truth[verdict.item_id].is_violation
    ]
    alarms = [
        verdict.is_violation
        for verdict in firm.verdicts
        if not firm.truth[verdict.item_id].is_violation
    ]
    assert 0.02 <= share(missed) <= 0.07
    assert share(alarms) <= 0.01


def test_careless_people_repeat_their_faults(firm):
    people = Counter(
        one.item.person_id
        for one in firm.submissions
        if isinstance(one.item, Timesheet) and firm.truth[one.item.item_id].hidden_violation
    )
    worst = sum(count for _, count in people.most_common(len(people) // 5))
    assert worst / sum(people.values()) > 0.35
