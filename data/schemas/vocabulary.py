"""The words of the product, each spelled once: code, API, screens and documents use these."""

from __future__ import annotations

from enum import StrEnum


class ItemKind(StrEnum):
    """What can be submitted for billing."""

    TIMESHEET = "timesheet"
    MILESTONE = "milestone"
    EXPENSE_REPORT = "expense_report"


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
        ReasonCode.EVIDENCE_MISSING,
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
    ITEM_WITHDRAWN = "item_withdrawn"
    REFERENCE_CHANGED = "reference_changed"
    CLAUSES_PROPOSED = "clauses_proposed"
    CLAUSE_CONFIRMED = "clause_confirmed"
    CLAUSE_DISMISSED = "clause_dismissed"
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


class ClauseKind(StrEnum):
    """What a clause governs; each kind has typed parameters in `data.schemas.clauses`."""

    PERIOD_OF_PERFORMANCE = "period_of_performance"
    NOT_TO_EXCEED = "not_to_exceed"
    FUNDING = "funding"
    LABOR_CATEGORY_HOURS = "labor_category_hours"
    RATE_SCHEDULE = "rate_schedule"
    LABOR_QUALIFICATIONS = "labor_qualifications"
    ESCALATION = "escalation"
    KEY_PERSONNEL = "key_personnel"
    STAFFING_PLAN = "staffing_plan"
    WORKING_TIME = "working_time"
    OVERTIME = "overtime"
    WORKING_CALENDAR = "working_calendar"
    TIMEKEEPING = "timekeeping"
    DOUBLE_BILLING = "double_billing"
    TIMELY_BILLING = "timely_billing"
    BILLING_CUT_OFF = "billing_cut_off"
    BILLING_GUIDELINES = "billing_guidelines"
    EXCLUSIONS = "exclusions"
    SCOPE = "scope"
    BILLING_INCREMENT = "billing_increment"
    APPROVAL = "approval"
    PAYMENT = "payment"
    EXPENSE_SUBSTANTIATION = "expense_substantiation"
    TRAVEL_POLICY = "travel_policy"
    EXPENSES = "expenses"
    MATERIALS = "materials"
    ACCEPTANCE = "acceptance"
    DELIVERABLES = "deliverables"
    BILLING_SCHEDULE = "billing_schedule"
    LIQUIDATED_DAMAGES = "liquidated_damages"
    PROGRESS_BILLING = "progress_billing"
    CHANGE_CONTROL = "change_control"


class InvoiceGate(StrEnum):
    """What a bill must pass before it is posted; each failure names its gate."""

    PURCHASE_ORDER_MISSING_OR_EXHAUSTED = "purchase_order_missing_or_exhausted"
    BILLING_PERIOD_VIOLATION = "billing_period_violation"
    INVOICE_ARITHMETIC = "invoice_arithmetic"
    DUPLICATE_INVOICE = "duplicate_invoice"
    TAX_OR_CURRENCY_MISMATCH = "tax_or_currency_mismatch"
