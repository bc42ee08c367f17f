"""What the contract says of a batch of items: every rule, in the order of the catalogue."""

from __future__ import annotations

from datetime import datetime

from data.schemas.assessment import Finding
from data.schemas.catalogue import ExceptionCode
from models.columns import Batch
from models.past.history import Past
from models.rules import (
    approval,
    billed,
    ceilings,
    duplicates,
    expense_duplicates,
    expenses,
    funding,
    hours_cap,
    increments,
    milestone_money,
    milestones,
    missing,
    narrative,
    overlap,
    people,
    period,
    qualified,
    rates,
    scope,
    submission,
    time,
    working_time,
)
from models.rules.facts import Facts
from models.rules.hits import Rule, to_findings
from models.rules.only_where import with_entries, with_expenses, with_milestones
from models.terms import Terms

RULES_VERSION = "2026.4"
"""Changes whenever the same item could get other findings; stored with every assessment."""

RULES: tuple[tuple[ExceptionCode, Rule], ...] = (
    (
        ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE,
        with_entries(period.outside_period_of_performance),
    ),
    (ExceptionCode.NOT_TO_EXCEED_BREACH, with_entries(ceilings.not_to_exceed_breach)),
    (ExceptionCode.NOT_TO_EXCEED_BREACH, with_entries(ceilings.soft_limit_crossed)),
    (ExceptionCode.FUNDING_NOTICE_DUE, with_entries(funding.funding_notice_due)),
    (ExceptionCode.LABOR_CATEGORY_HOURS_CAP, with_entries(hours_cap.labor_category_hours_cap)),
    (ExceptionCode.RATE_MISMATCH, with_entries(rates.rate_mismatch)),
    (ExceptionCode.LABOR_CATEGORY_UNQUALIFIED, with_entries(qualified.labor_category_unqualified)),
    (ExceptionCode.RATE_ESCALATION_MISSED, with_entries(rates.rate_escalation_missed)),
    (ExceptionCode.KEY_PERSONNEL_SUBSTITUTION, with_entries(people.key_personnel_substitution)),
    (ExceptionCode.UNASSIGNED_RESOURCE, with_entries(people.unassigned_resource)),
    (ExceptionCode.ASSIGNMENT_EFFORT_EXCEEDED, with_entries(people.assignment_effort_exceeded)),
    (ExceptionCode.DAILY_HOURS_EXCEEDED, with_entries(time.daily_hours_exceeded)),
    (ExceptionCode.OVERTIME_NOT_AUTHORIZED, with_entries(working_time.overtime_not_authorized)),
    (ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT, with_entries(working_time.leave_or_holiday_conflict)),
    (ExceptionCode.OVERLAPPING_TIME, with_entries(overlap.overlapping_time)),
    (ExceptionCode.DUPLICATE_TIME_ENTRY, with_entries(duplicates.duplicate_time_entry)),
    (ExceptionCode.LATE_TIME_SUBMISSION, with_entries(submission.late_time_submission)),
    (ExceptionCode.FUTURE_DATED_TIME, with_entries(submission.future_dated_time)),
    (ExceptionCode.MISSING_TIMESHEET, with_entries(missing.missing_timesheet)),
    (ExceptionCode.NARRATIVE_INSUFFICIENT, with_entries(narrative.narrative_insufficient)),
    (ExceptionCode.NONBILLABLE_ACTIVITY_BILLED, with_entries(scope.nonbillable_activity_billed)),
    (ExceptionCode.OUT_OF_SCOPE_WORK, with_entries(scope.out_of_scope_work)),
    (
        ExceptionCode.BILLING_INCREMENT_VIOLATION,
        with_entries(increments.billing_increment_violation),
    ),
    (ExceptionCode.APPROVAL_VIOLATION, approval.approval_violation),
    (ExceptionCode.ALREADY_INVOICED, with_entries(billed.entry_already_invoiced)),
    (ExceptionCode.ALREADY_INVOICED, with_expenses(billed.expense_already_invoiced)),
    (ExceptionCode.ALREADY_INVOICED, with_milestones(billed.milestone_already_invoiced)),
    (ExceptionCode.RECEIPT_MISSING, with_expenses(expenses.receipt_missing)),
    (ExceptionCode.PER_DIEM_EXCEEDED, with_expenses(expenses.per_diem_exceeded)),
    (
        ExceptionCode.EXPENSE_NOT_REIMBURSABLE_OR_PREAPPROVED,
        with_expenses(expenses.expense_not_reimbursable),
    ),
    (ExceptionCode.EXPENSE_DUPLICATE, with_expenses(expense_duplicates.expense_duplicate)),
    (ExceptionCode.EXPENSE_MARKUP_OR_CAP, with_expenses(expenses.expense_markup_or_cap)),
    (
        ExceptionCode.MILESTONE_ACCEPTANCE_MISSING,
        with_milestones(milestones.milestone_acceptance_missing),
    ),
    (
        ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE,
        with_milestones(milestones.milestone_unbilled_after_acceptance),
    ),
    (
        ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE,
        with_milestones(milestones.milestone_evidence_incomplete),
    ),
    (
        ExceptionCode.MILESTONE_SCHEDULE_MISMATCH,
        with_milestones(milestone_money.milestone_schedule_mismatch),
    ),
    (ExceptionCode.MILESTONE_LATE_PENALTY, with_milestones(milestone_money.milestone_late_penalty)),
    (ExceptionCode.PROGRESS_OVERBILLED, with_milestones(milestone_money.progress_overbilled)),
    (ExceptionCode.CHANGE_ORDER_UNSIGNED, with_entries(scope.entry_change_order_unsigned)),
    (ExceptionCode.CHANGE_ORDER_UNSIGNED, with_expenses(scope.expense_change_order_unsigned)),
    (ExceptionCode.CHANGE_ORDER_UNSIGNED, with_milestones(scope.milestone_change_order_unsigned)),
)
"""Every rule in the order of the catalogue. To add one: a function, a line here, a line in
`data.schemas.catalogue.CATALOGUE`, its tests, and its page in the documentation."""


def check(
    batch: Batch, *, past: Past, terms: Terms, decided_at: datetime
) -> tuple[tuple[Finding, ...], ...]:
    """Give the findings of each item of a batch."""
    return prove(Facts.gather(batch, past=past, terms=terms, decided_at=decided_at))


def prove(facts: Facts) -> tuple[tuple[Finding, ...], ...]:
    """Give the findings of each item, from the batch, the past, the terms and the order of work.

    The plan:
    1. Ask each rule once for all items; it answers with the rows it hits, as columns.
    2. Turn hits into findings: one for each item, code and clause, with a row for each hit.
    3. Hand them back item by item; the order of the rules is the order of the findings.
    """
    found: list[list[Finding]] = [[] for _ in range(len(facts.batch))]
    for code, rule in RULES:
        # 1.
        hits = rule(facts)
        # 2.
        for item, finding in to_findings(code, hits, facts=facts):
            found[item].append(finding)
    # 3.
    return tuple(tuple(findings) for findings in found)
