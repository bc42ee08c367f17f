"""The words of the product, each spelled once: code, API, screens and documents use these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ItemKind(StrEnum):
    """What can be submitted for billing."""

    TIMESHEET = "timesheet"
    MILESTONE = "milestone"


class ContractType(StrEnum):
    """How a contract earns."""

    TIME_AND_MATERIALS = "time_and_materials"
    TIME_AND_MATERIALS_CEILING = "time_and_materials_ceiling"
    FIXED = "fixed"
    MILESTONE = "milestone"
    RETAINER = "retainer"
    COST_PLUS = "cost_plus"


class ChangeOrderStatus(StrEnum):
    """Only an executed change order amends the terms."""

    DRAFT = "draft"
    SENT = "sent"
    EXECUTED = "executed"
    VOID = "void"


class ApprovalStep(StrEnum):
    """Whose signature an approval event records."""

    SUBMIT = "submit"
    MANAGER = "manager"
    FINANCE = "finance"
    CLIENT = "client"


class ApprovalVerdict(StrEnum):
    """What the signatory did."""

    APPROVE = "approve"
    REJECT = "reject"
    RECALL = "recall"


class AcceptanceKind(StrEnum):
    """What happened to a deliverable at the client."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONDITIONAL = "conditional"


class InvoiceStatus(StrEnum):
    """Where an invoice stands in the ledger."""

    DRAFT = "draft"
    POSTED = "posted"
    DISPUTED = "disputed"
    CREDITED = "credited"
    PAID = "paid"


class Severity(StrEnum):
    """Critical blocks, high goes to review, medium weighs, low is a note."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Proof(StrEnum):
    """Who found it: a rule decides with certainty, a model gives a probability."""

    RULE = "rule"
    MODEL = "model"


class Route(StrEnum):
    """Where policy sends an item."""

    AUTO_CLEAR = "auto_clear"
    REVIEW = "review"
    AUTO_HOLD = "auto_hold"


class Lane(StrEnum):
    """Why a case is in the queue."""

    INDEX = "index"
    AUDIT = "audit"
    DOUBLE = "double"
    GOLD = "gold"
    RETURNED = "returned"


class Verdict(StrEnum):
    """What a person says of an item."""

    APPROVE = "approve"
    ADJUST = "adjust"
    REJECT = "reject"
    WRITE_OFF = "write_off"
    REQUEST_INFORMATION = "request_information"
    ESCALATE = "escalate"


FINAL_VERDICTS = frozenset({Verdict.APPROVE, Verdict.ADJUST, Verdict.REJECT, Verdict.WRITE_OFF})
"""Verdicts that end a case; the two others send it on."""

BILLING_VERDICTS = frozenset({Verdict.APPROVE, Verdict.ADJUST})
"""Verdicts after which money is posted."""


class ReasonCode(StrEnum):
    """The closed list behind a verdict; `other` needs a note."""

    CLAUSE_SATISFIED = "clause_satisfied"
    EVIDENCE_SUPPLIED = "evidence_supplied"
    CLIENT_AGREED = "client_agreed"
    WRONG_RATE = "wrong_rate"
    OVER_LIMIT = "over_limit"
    OUTSIDE_PERIOD = "outside_period"
    NOT_ASSIGNED = "not_assigned"
    DUPLICATE = "duplicate"
    NOT_APPROVED = "not_approved"
    NOT_ACCEPTED = "not_accepted"
    EVIDENCE_MISSING = "evidence_missing"
    MISCODED = "miscoded"
    NARRATIVE_INSUFFICIENT = "narrative_insufficient"
    NOT_BILLABLE = "not_billable"
    LATE = "late"
    OTHER = "other"


REASONS_BY_VERDICT: dict[Verdict, tuple[ReasonCode, ...]] = {
    Verdict.APPROVE: (
        ReasonCode.CLAUSE_SATISFIED,
        ReasonCode.EVIDENCE_SUPPLIED,
        ReasonCode.CLIENT_AGREED,
        ReasonCode.OTHER,
    ),
    Verdict.ADJUST: (
        ReasonCode.WRONG_RATE,
        ReasonCode.OVER_LIMIT,
        ReasonCode.OUTSIDE_PERIOD,
        ReasonCode.DUPLICATE,
        ReasonCode.MISCODED,
        ReasonCode.NOT_BILLABLE,
        ReasonCode.OTHER,
    ),
    Verdict.REJECT: (
        ReasonCode.OUTSIDE_PERIOD,
        ReasonCode.NOT_ASSIGNED,
        ReasonCode.DUPLICATE,
        ReasonCode.NOT_APPROVED,
        ReasonCode.NOT_ACCEPTED,
        ReasonCode.EVIDENCE_MISSING,
        ReasonCode.MISCODED,
        ReasonCode.NARRATIVE_INSUFFICIENT,
        ReasonCode.OTHER,
    ),
    Verdict.WRITE_OFF: (
        ReasonCode.OVER_LIMIT,
        ReasonCode.LATE,
        ReasonCode.NOT_BILLABLE,
        ReasonCode.DUPLICATE,
        ReasonCode.OTHER,
    ),
    Verdict.REQUEST_INFORMATION: (
        ReasonCode.EVIDENCE_MISSING,
        ReasonCode.NARRATIVE_INSUFFICIENT,
        ReasonCode.NOT_APPROVED,
        ReasonCode.OTHER,
    ),
    Verdict.ESCALATE: (ReasonCode.OVER_LIMIT, ReasonCode.OTHER),
}
"""Which reasons a verdict may carry, the most frequent first."""


class CaseStatus(StrEnum):
    """Where a case stands; `service.domain.case` holds the transitions."""

    OPEN = "open"
    CLAIMED = "claimed"
    HELD = "held"
    AWAITING_INFORMATION = "awaiting_information"
    ESCALATED = "escalated"
    AWAITING_SIGNATURE = "awaiting_signature"
    DECIDED = "decided"
    CLOSED = "closed"


class PostingStatus(StrEnum):
    """Where a posting stands; `refused` sits in the exception queue with an owner."""

    PENDING = "pending"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class Role(StrEnum):
    """What a person may do."""

    REVIEWER = "reviewer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    DATA_SCIENTIST = "data_scientist"
    ADMIN = "admin"


class Scope(StrEnum):
    """What an API key of a workflow may do."""

    ASSESS = "assess"
    READ = "read"
    REFERENCE = "reference"
    AUDIT = "audit"


class AuditEvent(StrEnum):
    """Facts of the audit trail, in the past tense."""

    BATCH_RECEIVED = "batch_received"
    ITEM_RECEIVED = "item_received"
    ITEM_REJECTED = "item_rejected"
    ITEM_ASSESSED = "item_assessed"
    HISTORY_TAKEN = "history_taken"
    REFERENCE_CHANGED = "reference_changed"
    CASE_OPENED = "case_opened"
    CASE_CLAIMED = "case_claimed"
    CASE_VIEWED = "case_viewed"
    CASE_RELEASED = "case_released"
    CASE_CLOSED = "case_closed"
    CASE_DECIDED = "case_decided"
    DECISION_UNDONE = "decision_undone"
    SECOND_SIGNATURE_GIVEN = "second_signature_given"
    POSTING_ENQUEUED = "posting_enqueued"
    POSTING_DONE = "posting_done"
    POSTING_REFUSED = "posting_refused"
    CAPACITY_RELEASED = "capacity_released"
    TRAINING_SET_EXPORTED = "training_set_exported"
    BUNDLE_PROMOTED = "bundle_promoted"
    BUNDLE_ROLLED_BACK = "bundle_rolled_back"
    RANDOMNESS_COMMITTED = "randomness_committed"
    PERSON_LOGGED_IN = "person_logged_in"
    PERSON_LOGGED_OUT = "person_logged_out"
    ACCESS_CHANGED = "access_changed"


class ExceptionCode(StrEnum):
    """The exception types this version detects; the words of the contract trade."""

    OUTSIDE_PERIOD_OF_PERFORMANCE = "outside_period_of_performance"
    NOT_TO_EXCEED_BREACH = "not_to_exceed_breach"
    LABOR_CATEGORY_HOURS_CAP = "labor_category_hours_cap"
    RATE_MISMATCH = "rate_mismatch"
    UNASSIGNED_RESOURCE = "unassigned_resource"
    DAILY_HOURS_EXCEEDED = "daily_hours_exceeded"
    DUPLICATE_TIME_ENTRY = "duplicate_time_entry"
    LATE_TIME_SUBMISSION = "late_time_submission"
    APPROVAL_VIOLATION = "approval_violation"
    ALREADY_INVOICED = "already_invoiced"
    MILESTONE_ACCEPTANCE_MISSING = "milestone_acceptance_missing"
    MILESTONE_UNBILLED_AFTER_ACCEPTANCE = "milestone_unbilled_after_acceptance"
    MILESTONE_EVIDENCE_INCOMPLETE = "milestone_evidence_incomplete"
    LIKELY_VIOLATION = "likely_violation"
    INVOICE_DELAY_RISK = "invoice_delay_risk"


class ClauseKind(StrEnum):
    """What a clause governs; each kind has typed parameters in `data.schemas.contracts`."""

    PERIOD_OF_PERFORMANCE = "period_of_performance"
    NOT_TO_EXCEED = "not_to_exceed"
    LABOR_CATEGORY_HOURS = "labor_category_hours"
    RATE_SCHEDULE = "rate_schedule"
    STAFFING_PLAN = "staffing_plan"
    WORKING_TIME = "working_time"
    DOUBLE_BILLING = "double_billing"
    TIMELY_BILLING = "timely_billing"
    APPROVAL = "approval"
    ACCEPTANCE = "acceptance"
    DELIVERABLES = "deliverables"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionType:
    """One line of the exception catalogue: its short id, the clause it cites and its weight."""

    id: str
    code: ExceptionCode
    title: str
    clause: ClauseKind | None
    severity: Severity
    proof: Proof


def _rule(
    short_id: str, code: ExceptionCode, title: str, clause: ClauseKind, severity: Severity
) -> ExceptionType:
    return ExceptionType(
        id=short_id, code=code, title=title, clause=clause, severity=severity, proof=Proof.RULE
    )


_C, _H, _M = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM
_E, _K = ExceptionCode, ClauseKind

CATALOGUE: dict[ExceptionCode, ExceptionType] = {
    kind.code: kind
    for kind in (
        _rule("T1", _E.OUTSIDE_PERIOD_OF_PERFORMANCE, "Outside period of performance",
              _K.PERIOD_OF_PERFORMANCE, _C),
        _rule("T2", _E.NOT_TO_EXCEED_BREACH, "Ceiling exceeded", _K.NOT_TO_EXCEED, _C),
        _rule("T4", _E.LABOR_CATEGORY_HOURS_CAP, "Labor category hours cap",
              _K.LABOR_CATEGORY_HOURS, _H),
        _rule("T5", _E.RATE_MISMATCH, "Rate differs from rate card", _K.RATE_SCHEDULE, _H),
        _rule("T9", _E.UNASSIGNED_RESOURCE, "Person not assigned", _K.STAFFING_PLAN, _M),
        _rule("T11", _E.DAILY_HOURS_EXCEEDED, "Daily hours exceeded", _K.WORKING_TIME, _H),
        _rule("T15", _E.DUPLICATE_TIME_ENTRY, "Duplicate time entry", _K.DOUBLE_BILLING, _H),
        _rule("T16", _E.LATE_TIME_SUBMISSION, "Late time submission", _K.TIMELY_BILLING, _M),
        _rule("T24", _E.APPROVAL_VIOLATION, "Approval violation", _K.APPROVAL, _C),
        _rule("T25", _E.ALREADY_INVOICED, "Already invoiced", _K.DOUBLE_BILLING, _C),
        _rule("M1", _E.MILESTONE_ACCEPTANCE_MISSING, "Acceptance missing", _K.ACCEPTANCE, _C),
        _rule("M2", _E.MILESTONE_UNBILLED_AFTER_ACCEPTANCE, "Accepted but unbilled",
              _K.ACCEPTANCE, _H),
        _rule("M3", _E.MILESTONE_EVIDENCE_INCOMPLETE, "Evidence incomplete", _K.DELIVERABLES, _H),
        ExceptionType(id="P1", code=_E.LIKELY_VIOLATION, title="Likely violation", clause=None,
                      severity=_H, proof=Proof.MODEL),
        ExceptionType(id="P2", code=_E.INVOICE_DELAY_RISK, title="Invoice delay risk", clause=None,
                      severity=_M, proof=Proof.MODEL),
    )
}  # fmt: skip
"""Every exception type by code, with its id in the catalogue of the trade."""
