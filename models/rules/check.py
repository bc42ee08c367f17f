"""What the contract says of a batch of items: every rule, in the order of the catalogue."""

from __future__ import annotations

from datetime import datetime

from data.schemas.assessment import Finding
from data.schemas.catalogue import ExceptionCode
from models.columns import Batch
from models.history import Past
from models.rules import approval, billed, limits, milestones, people, period, rates, time
from models.rules.facts import Facts
from models.rules.hits import Rule, to_findings
from models.terms import Terms

RULES_VERSION = "2026.3"
"""Changes whenever the same item could get other findings; stored with every assessment."""

RULES: tuple[tuple[ExceptionCode, Rule], ...] = (
    (ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE, period.outside_period_of_performance),
    (ExceptionCode.NOT_TO_EXCEED_BREACH, limits.not_to_exceed_breach),
    (ExceptionCode.LABOR_CATEGORY_HOURS_CAP, limits.labor_category_hours_cap),
    (ExceptionCode.RATE_MISMATCH, rates.rate_mismatch),
    (ExceptionCode.UNASSIGNED_RESOURCE, people.unassigned_resource),
    (ExceptionCode.DAILY_HOURS_EXCEEDED, time.daily_hours_exceeded),
    (ExceptionCode.DUPLICATE_TIME_ENTRY, time.duplicate_time_entry),
    (ExceptionCode.LATE_TIME_SUBMISSION, time.late_time_submission),
    (ExceptionCode.APPROVAL_VIOLATION, approval.approval_violation),
    (ExceptionCode.ALREADY_INVOICED, billed.entry_already_invoiced),
    (ExceptionCode.ALREADY_INVOICED, billed.milestone_already_invoiced),
    (ExceptionCode.MILESTONE_ACCEPTANCE_MISSING, milestones.milestone_acceptance_missing),
    (
        ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE,
        milestones.milestone_unbilled_after_acceptance,
    ),
    (ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE, milestones.milestone_evidence_incomplete),
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
    found: list[list[Finding]] = [[] for _ in batch.items]
    for code, rule in RULES:
        # 2.
        hits = rule(facts)
        # 3.
        for item, finding in to_findings(code, hits, facts=facts):
            found[item].append(finding)
    # 4.
    return tuple(tuple(findings) for findings in found)
