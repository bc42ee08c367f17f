"""What the contract says of a batch of items: every rule, in the order of the catalogue."""

from __future__ import annotations

from datetime import datetime

from data.schemas.assessment import Finding
from data.schemas.catalogue import ExceptionCode
from models.columns import Batch
from models.history import Past
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
from models.terms import Terms

RULES_VERSION = "2026.3"
"""Changes whenever the same item could get other findings; stored with every assessment."""

RULES: tuple[tuple[ExceptionCode, Rule], ...] = (
    (ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE, period.outside_period_of_performance),
    (ExceptionCode.NOT_TO_EXCEED_BREACH, ceilings.not_to_exceed_breach),
    (ExceptionCode.NOT_TO_EXCEED_BREACH, ceilings.soft_limit_crossed),
    (ExceptionCode.FUNDING_NOTICE_DUE, funding.funding_notice_due),
    (ExceptionCode.LABOR_CATEGORY_HOURS_CAP, hours_cap.labor_category_hours_cap),
    (ExceptionCode.RATE_MISMATCH, rates.rate_mismatch),
    (ExceptionCode.LABOR_CATEGORY_UNQUALIFIED, qualified.labor_category_unqualified),
    (ExceptionCode.RATE_ESCALATION_MISSED, rates.rate_escalation_missed),
    (ExceptionCode.KEY_PERSONNEL_SUBSTITUTION, people.key_personnel_substitution),
    (ExceptionCode.UNASSIGNED_RESOURCE, people.unassigned_resource),
    (ExceptionCode.ASSIGNMENT_EFFORT_EXCEEDED, people.assignment_effort_exceeded),
    (ExceptionCode.DAILY_HOURS_EXCEEDED, time.daily_hours_exceeded),
    (ExceptionCode.OVERTIME_NOT_AUTHORIZED, working_time.overtime_not_authorized),
    (ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT, working_time.leave_or_holiday_conflict),
    (ExceptionCode.OVERLAPPING_TIME, overlap.overlapping_time),
    (ExceptionCode.DUPLICATE_TIME_ENTRY, duplicates.duplicate_time_entry),
    (ExceptionCode.LATE_TIME_SUBMISSION, submission.late_time_submission),
    (ExceptionCode.FUTURE_DATED_TIME, submission.future_dated_time),
    (ExceptionCode.MISSING_TIMESHEET, missing.missing_timesheet),
    (ExceptionCode.NARRATIVE_INSUFFICIENT, narrative.narrative_insufficient),
    (ExceptionCode.NONBILLABLE_ACTIVITY_BILLED, scope.nonbillable_activity_billed),
    (ExceptionCode.OUT_OF_SCOPE_WORK, scope.out_of_scope_work),
    (ExceptionCode.BILLING_INCREMENT_VIOLATION, increments.billing_increment_violation),
    (ExceptionCode.APPROVAL_VIOLATION, approval.approval_violation),
    (ExceptionCode.ALREADY_INVOICED, billed.entry_already_invoiced),
    (ExceptionCode.ALREADY_INVOICED, billed.expense_already_invoiced),
    (ExceptionCode.ALREADY_INVOICED, billed.milestone_already_invoiced),
    (ExceptionCode.RECEIPT_MISSING, expenses.receipt_missing),
    (ExceptionCode.PER_DIEM_EXCEEDED, expenses.per_diem_exceeded),
    (
        ExceptionCode.EXPENSE_NOT_REIMBURSABLE_OR_PREAPPROVED,
        expenses.expense_not_reimbursable,
    ),
    (ExceptionCode.EXPENSE_DUPLICATE, expense_duplicates.expense_duplicate),
    (ExceptionCode.EXPENSE_MARKUP_OR_CAP, expenses.expense_markup_or_cap),
    (ExceptionCode.MILESTONE_ACCEPTANCE_MISSING, milestones.milestone_acceptance_missing),
    (
        ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE,
        milestones.milestone_unbilled_after_acceptance,
    ),
    (ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE, milestones.milestone_evidence_incomplete),
    (ExceptionCode.MILESTONE_SCHEDULE_MISMATCH, milestone_money.milestone_schedule_mismatch),
    (ExceptionCode.MILESTONE_LATE_PENALTY, milestone_money.milestone_late_penalty),
    (ExceptionCode.PROGRESS_OVERBILLED, milestone_money.progress_overbilled),
    (ExceptionCode.CHANGE_ORDER_UNSIGNED, scope.entry_change_order_unsigned),
    (ExceptionCode.CHANGE_ORDER_UNSIGNED, scope.expense_change_order_unsigned),
    (ExceptionCode.CHANGE_ORDER_UNSIGNED, scope.milestone_change_order_unsigned),
)
"""Every rule in the order of the catalogue. To add one: a function, a line here, a line in
`data.schemas.vocabulary.CATALOGUE`, its tests, and its page in the documentation."""


def check(
    batch: Batch, *, past: Past, terms: Terms, decided_at: datetime
) -> tuple[tuple[Finding, ...], ...]:
    """Give the findings of each item of a batch.

    The plan:
    1. Gather what the rules look at: the batch, the past, the terms, and the order of work.
    2. Ask each rule once for all items; it answers with the rows it hits, as columns.
    3. Turn hits into findings: one for each item, code and clause, with a row for each hit.
    4. Hand them back item by item; the order of the rules is the order of the findings.
    """
    # 1.
    facts = Facts.gather(batch, past=past, terms=terms, decided_at=decided_at)
    found: list[list[Finding]] = [[] for _ in range(len(batch))]
    for code, rule in RULES:
        # 2.
        hits = rule(facts)
        # 3.
        for item, finding in to_findings(code, hits, facts=facts):
            found[item].append(finding)
    # 4.
    return tuple(tuple(findings) for findings in found)
