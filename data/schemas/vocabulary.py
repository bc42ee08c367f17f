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
    BLOCK_BILLED = "block_billed"
    NOT_BILLABLE = "not_billable"
    OUT_OF_SCOPE = "out_of_scope"
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
        ReasonCode.OUT_OF_SCOPE,
        ReasonCode.BLOCK_BILLED,
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
        ReasonCode.BLOCK_BILLED,
        ReasonCode.OTHER,
    ),
    Verdict.WRITE_OFF: (
        ReasonCode.OVER_LIMIT,
        ReasonCode.LATE,
        ReasonCode.NOT_BILLABLE,
        ReasonCode.OUT_OF_SCOPE,
        ReasonCode.DUPLICATE,
        ReasonCode.OTHER,
    ),
    Verdict.REQUEST_INFORMATION: (
        ReasonCode.EVIDENCE_MISSING,
        ReasonCode.NARRATIVE_INSUFFICIENT,
        ReasonCode.BLOCK_BILLED,
        ReasonCode.NOT_APPROVED,
        ReasonCode.OTHER,
    ),
    Verdict.ESCALATE: (ReasonCode.OVER_LIMIT, ReasonCode.OTHER),
}
"""Which reasons a verdict may carry, the most frequent first."""


class OverrideCause(StrEnum):
    """What would make the machine right next time, said by a person who overrode it."""

    FEATURE_MISSING = "feature_missing"
    RULE_WRONG = "rule_wrong"
    DATA_LATE = "data_late"
    ONE_OFF = "one_off"


class CaseStatus(StrEnum):
    """Where a case stands; `service.domain.case` holds the transitions."""

    OPEN = "open"
    CLAIMED = "claimed"
    HELD = "held"
    AWAITING_INFORMATION = "awaiting_information"
    ESCALATED = "escalated"
    AWAITING_SIGNATURE = "awaiting_signature"
    """A second person decides anew, without knowing what the first one said."""
    AWAITING_ADJUDICATION = "awaiting_adjudication"
    """Two people disagreed; a third one says what stands."""
    AWAITING_APPROVAL = "awaiting_approval"
    """It is decided; people named by the policy approve that, or send it back."""
    SNOOZED = "snoozed"
    DECIDED = "decided"
    CLOSED = "closed"


class ScoreExposure(StrEnum):
    """What the person was told of the models' opinion; drawn with a known probability."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    AFTER_OWN_CALL = "after_own_call"
    """Hidden until the person has said what they would do."""


class TimeoutAction(StrEnum):
    """What happens to a case that nobody answers in time."""

    ESCALATE = "escalate"
    HOLD_INVOICE = "hold_invoice"
    APPLY_MODEL = "apply_model"


class DraftStatus(StrEnum):
    """Where a draft of the review policy stands."""

    WAITING = "waiting"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ApprovalKind(StrEnum):
    """What about a decision may need the approval of named people."""

    RATE_EXCEPTION = "rate_exception"
    """Billed although a rule proved a rate other than the contract's."""
    WRITE_OFF = "write_off"
    CHANGE_ORDER = "change_order"
    """Billed although a rule proved that no signed terms cover the work."""
    NON_BILLABLE = "non_billable"
    """An adjustment that leaves money out of the bill."""


class ApprovalStatus(StrEnum):
    """What became of a request for approval."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """What was to be approved stands no longer."""


class FlowKind(StrEnum):
    """What the engine carries out by itself; the values are the names it knows them by."""

    POSTING = "post_billings"
    CONCLUSION = "conclude_decision"
    MODEL_ORDER = "carry_out_order"


class FlowState(StrEnum):
    """How far a flow has come."""

    WAITING = "waiting"
    """Its turn comes as soon as a worker is free."""
    DELAYED = "delayed"
    """Its time has not come."""
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"


class TransferStatus(StrEnum):
    """What became of minutes that belong to another contract line."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    """Somebody said that they stay where they are, or a correction took the move back."""


class ModelOrder(StrEnum):
    """What a person, or the plan, may order of the models."""

    RETRAIN = "retrain"
    PROMOTE = "promote"
    ROLLBACK = "rollback"
    SHADOW = "shadow"
    END_SHADOW = "end_shadow"
    DRIFT = "drift"


class JobStatus(StrEnum):
    """How far an order has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PostingStatus(StrEnum):
    """Where a posting stands; `refused` sits in the exception queue with an owner."""

    PENDING = "pending"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class FailureKind(StrEnum):
    """How a posting failed, told apart by what may be done next."""

    TRANSIENT = "transient"
    """The ledger could not answer; the same call may pass later."""
    AMBIGUOUS = "ambiguous"
    """The answer to a write is lost: it may stand in the ledger, which is asked first."""
    CONFLICT = "conflict"
    """The document there was changed or cancelled by somebody."""
    PERMANENT = "permanent"
    """The ledger says no to this content."""
    STOPPED = "stopped"
    """A gate of ours stopped the bill before it left."""
    UNEXPECTED = "unexpected"
    """Something broke that nobody foresaw."""


class CircuitState(StrEnum):
    """Whether a business system is called at all."""

    CLOSED = "closed"
    """It is called."""
    OPEN = "open"
    """It failed call after call and is left alone until a moment."""
    HALF_OPEN = "half_open"
    """One call tries whether it answers again."""


class Role(StrEnum):
    """What a person may do."""

    REVIEWER = "reviewer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    DATA_SCIENTIST = "data_scientist"
    OPERATIONS_LEADER = "operations_leader"
    RESOURCE_MANAGER = "resource_manager"
    INTEGRATION_OWNER = "integration_owner"
    ADMIN = "admin"


class Scope(StrEnum):
    """What an API key of a workflow may do: everywhere, or with the objects of one group."""

    ASSESS = "assess"
    READ = "read"
    REFERENCE = "reference"
    AUDIT = "audit"
    CONTRACTS_READ = "contracts:read"
    CONTRACTS_WRITE = "contracts:write"
    PROJECTS_READ = "projects:read"
    PROJECTS_WRITE = "projects:write"
    RESOURCES_READ = "resources:read"
    RESOURCES_WRITE = "resources:write"
    BILLING_READ = "billing:read"
    BILLING_WRITE = "billing:write"


class NotificationKind(StrEnum):
    """What people are told without asking."""

    MENTIONED = "mentioned"
    RETURNED = "returned"
    """A case the person decided or asked about waits for a decision again."""
    APPROVAL_NEEDED = "approval_needed"
    CASE_LATE = "case_late"
    INFORMATION_ANSWERED = "information_answered"
    BULK_REVERTED = "bulk_reverted"
    KNOWN_CASE_FEEDBACK = "known_case_feedback"
    EXCEPTION_ASSIGNED = "exception_assigned"
    EXCEPTION_LATE = "exception_late"
    """Failed postings lie longer than their class allows."""
    SYSTEM_RESTS = "system_rests"
    """A business system fails call after call and is left alone for a while, or answers again."""
    SUBSCRIBER_STOPPED = "subscriber_stopped"
    """Events reach one of the person's subscribers no more."""
    SYNC_FAILS = "sync_fails"
    """A system that work is read from cannot be read, or can be read again."""


class SyncOutcome(StrEnum):
    """How a sync ended."""

    DONE = "done"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"
    """Its process ended before it did."""


class SyncState(StrEnum):
    """How the syncs of one source fare."""

    NEVER_RUN = "never_run"
    RUNNING = "running"
    WORKS = "works"
    FAILING = "failing"
    OVERDUE = "overdue"
    """It should have run, and nobody ran it."""


class Channel(StrEnum):
    """Which way a person is told."""

    IN_APP = "in_app"
    EMAIL = "email"
    WEBHOOK = "webhook"


class SubscriberStatus(StrEnum):
    """Whether events are sent to a subscriber."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DeliveryStatus(StrEnum):
    """How far a notification came that leaves the house."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


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
    CASE_SNOOZED = "case_snoozed"
    CASE_RAISED = "case_raised"
    CASE_TIMED_OUT = "case_timed_out"
    CASE_SEEDED = "case_seeded"
    OWN_CALL_GIVEN = "own_call_given"
    CASE_CLOSED = "case_closed"
    CASE_DECIDED = "case_decided"
    DECISION_UNDONE = "decision_undone"
    SECOND_SIGNATURE_GIVEN = "second_signature_given"
    CASE_ADJUDICATED = "case_adjudicated"
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_GIVEN = "approval_given"
    APPROVAL_REJECTED = "approval_rejected"
    APPROVAL_ESCALATED = "approval_escalated"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    DECISION_CORRECTED = "decision_corrected"
    BULK_DECIDED = "bulk_decided"
    BULK_REVERTED = "bulk_reverted"
    TRANSFER_SETTLED = "transfer_settled"
    COMMENT_ADDED = "comment_added"
    FILE_ATTACHED = "file_attached"
    ABSENCE_CHANGED = "absence_changed"
    POSTING_ENQUEUED = "posting_enqueued"
    POSTING_DONE = "posting_done"
    POSTING_REFUSED = "posting_refused"
    POSTING_RETRIED = "posting_retried"
    POSTING_ASSIGNED = "posting_assigned"
    POSTING_DISCARDED = "posting_discarded"
    FLOW_PAUSED = "flow_paused"
    FLOW_RESUMED = "flow_resumed"
    FLOW_CANCELLED = "flow_cancelled"
    POSTING_STOPPED = "posting_stopped"
    POSTING_STARTED = "posting_started"
    POSTING_EDITED = "posting_edited"
    POSTING_MARKED_POSTED = "posting_marked_posted"
    SYSTEM_RESTED = "system_rested"
    SYSTEM_WENT_ON = "system_went_on"
    SYNC_ASKED = "sync_asked"
    SYNC_ASSIGNED = "sync_assigned"
    SYNC_FAILED = "sync_failed"
    SYNC_WENT_ON = "sync_went_on"
    CAPACITY_RELEASED = "capacity_released"
    TRAINING_SET_EXPORTED = "training_set_exported"
    BUNDLE_PROMOTED = "bundle_promoted"
    BUNDLE_ROLLED_BACK = "bundle_rolled_back"
    CHALLENGER_CHANGED = "challenger_changed"
    SEGMENT_FROZEN = "segment_frozen"
    SEGMENT_THAWED = "segment_thawed"
    MODEL_CHANGE_ORDERED = "model_change_ordered"
    MODEL_CHANGE_FINISHED = "model_change_finished"
    RETRAINING_STARTED = "retraining_started"
    RETRAINING_FINISHED = "retraining_finished"
    RANDOMNESS_COMMITTED = "randomness_committed"
    POLICY_DRAFTED = "policy_drafted"
    POLICY_WITHDRAWN = "policy_withdrawn"
    POLICY_PUBLISHED = "policy_published"
    EXPORT_TAKEN = "export_taken"
    SUBSCRIBER_ADDED = "subscriber_added"
    SUBSCRIBER_CHANGED = "subscriber_changed"
    PERSON_LOGGED_IN = "person_logged_in"
    PERSON_LOGGED_OUT = "person_logged_out"
    ACCESS_CHANGED = "access_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    SESSIONS_ENDED = "sessions_ended"


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
