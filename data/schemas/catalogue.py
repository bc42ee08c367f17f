"""The catalogue of exceptions: every code with its predicate, its clause, its weight and proof."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from data.schemas.vocabulary import ClauseKind, Proof, Severity


class ExceptionCode(StrEnum):
    """The forty exception types of the contract trade, and the two scores of a whole item."""

    OUTSIDE_PERIOD_OF_PERFORMANCE = "outside_period_of_performance"
    NOT_TO_EXCEED_BREACH = "not_to_exceed_breach"
    FUNDING_NOTICE_DUE = "funding_notice_due"
    LABOR_CATEGORY_HOURS_CAP = "labor_category_hours_cap"
    RATE_MISMATCH = "rate_mismatch"
    LABOR_CATEGORY_UNQUALIFIED = "labor_category_unqualified"
    RATE_ESCALATION_MISSED = "rate_escalation_missed"
    KEY_PERSONNEL_SUBSTITUTION = "key_personnel_substitution"
    UNASSIGNED_RESOURCE = "unassigned_resource"
    ASSIGNMENT_EFFORT_EXCEEDED = "assignment_effort_exceeded"
    DAILY_HOURS_EXCEEDED = "daily_hours_exceeded"
    OVERTIME_NOT_AUTHORIZED = "overtime_not_authorized"
    LEAVE_OR_HOLIDAY_CONFLICT = "leave_or_holiday_conflict"
    OVERLAPPING_TIME = "overlapping_time"
    DUPLICATE_TIME_ENTRY = "duplicate_time_entry"
    LATE_TIME_SUBMISSION = "late_time_submission"
    FUTURE_DATED_TIME = "future_dated_time"
    MISSING_TIMESHEET = "missing_timesheet"
    NARRATIVE_INSUFFICIENT = "narrative_insufficient"
    BLOCK_BILLING = "block_billing"
    NONBILLABLE_ACTIVITY_BILLED = "nonbillable_activity_billed"
    OUT_OF_SCOPE_WORK = "out_of_scope_work"
    BILLING_INCREMENT_VIOLATION = "billing_increment_violation"
    APPROVAL_VIOLATION = "approval_violation"
    ALREADY_INVOICED = "already_invoiced"
    MISCODED_PROJECT = "miscoded_project"
    LIKELY_WRITE_OFF = "likely_write_off"
    LIKELY_CLIENT_DISPUTE = "likely_client_dispute"
    RECEIPT_MISSING = "receipt_missing"
    PER_DIEM_EXCEEDED = "per_diem_exceeded"
    EXPENSE_NOT_REIMBURSABLE_OR_PREAPPROVED = "expense_not_reimbursable_or_preapproved"
    EXPENSE_DUPLICATE = "expense_duplicate"
    EXPENSE_MARKUP_OR_CAP = "expense_markup_or_cap"
    MILESTONE_ACCEPTANCE_MISSING = "milestone_acceptance_missing"
    MILESTONE_UNBILLED_AFTER_ACCEPTANCE = "milestone_unbilled_after_acceptance"
    MILESTONE_EVIDENCE_INCOMPLETE = "milestone_evidence_incomplete"
    MILESTONE_SCHEDULE_MISMATCH = "milestone_schedule_mismatch"
    MILESTONE_LATE_PENALTY = "milestone_late_penalty"
    PROGRESS_OVERBILLED = "progress_overbilled"
    CHANGE_ORDER_UNSIGNED = "change_order_unsigned"
    LIKELY_VIOLATION = "likely_violation"
    INVOICE_DELAY_RISK = "invoice_delay_risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionType:
    """One line of the catalogue: its short id, what it says exactly, the clause and its weight."""

    id: str
    code: ExceptionCode
    title: str
    predicate: str
    clause: ClauseKind | None
    severity: Severity
    proofs: frozenset[Proof]
    """Who can find it: a rule with certainty, a model with a probability, or both."""

    @property
    def is_rule_decidable(self) -> bool:
        """True where a rule proves it from coded facts."""
        return Proof.RULE in self.proofs


_D, _P, _DP = frozenset({Proof.RULE}), frozenset({Proof.MODEL}), frozenset(Proof)
_C, _H, _M, _L = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
_E, _K = ExceptionCode, ClauseKind

_LINES = (
    ("T1", _E.OUTSIDE_PERIOD_OF_PERFORMANCE, _K.PERIOD_OF_PERFORMANCE, _C, _D,
     "Outside period of performance",
     "The work date lies before the first or after the last day of performance."),
    ("T2", _E.NOT_TO_EXCEED_BREACH, _K.NOT_TO_EXCEED, _C, _D,
     "Ceiling exceeded",
     "Invoiced and committed money with this entry is above the limit of the line's customer, "
     "the line, the customer or the contract."),
    ("T3", _E.FUNDING_NOTICE_DUE, _K.FUNDING, _H, _DP,
     "Funding notice due",
     "Money used and forecast for the notice period reaches the agreed share of the funds, and "
     "no notice was given."),
    ("T4", _E.LABOR_CATEGORY_HOURS_CAP, _K.LABOR_CATEGORY_HOURS, _H, _D,
     "Labor category hours cap",
     "Hours of the labor category on the line with this entry are above the cap."),
    ("T5", _E.RATE_MISMATCH, _K.RATE_SCHEDULE, _H, _D,
     "Rate differs from rate card",
     "The billed rate is not the rate card's for the category and place on the work date."),
    ("T6", _E.LABOR_CATEGORY_UNQUALIFIED, _K.LABOR_QUALIFICATIONS, _C, _D,
     "Person not qualified for the category",
     "On the work date the person lacks the degree, the years or a certificate that the labor "
     "category requires."),
    ("T7", _E.RATE_ESCALATION_MISSED, _K.ESCALATION, _M, _D,
     "Rate escalation missed",
     "The work date lies on or after an escalation, and the rate is that of the version before."),
    ("T8", _E.KEY_PERSONNEL_SUBSTITUTION, _K.KEY_PERSONNEL, _H, _D,
     "Key person substituted",
     "Only named people may work, and this person is not on the approved list on the work date."),
    ("T9", _E.UNASSIGNED_RESOURCE, _K.STAFFING_PLAN, _M, _D,
     "Person not assigned",
     "No assignment of the person to the project or task covers the work date."),
    ("T10", _E.ASSIGNMENT_EFFORT_EXCEEDED, _K.STAFFING_PLAN, _M, _D,
     "Assignment effort exceeded",
     "Hours of the person on the task with this entry are above the planned hours and their "
     "tolerance."),
    ("T11", _E.DAILY_HOURS_EXCEEDED, _K.WORKING_TIME, _H, _D,
     "Daily hours exceeded",
     "Hours of the person on the day are above the agreed limit, or above 24."),
    ("T12", _E.OVERTIME_NOT_AUTHORIZED, _K.OVERTIME, _H, _D,
     "Overtime not authorized",
     "Hours above the capacity of the person's calendar have no approved overtime."),
    ("T13", _E.LEAVE_OR_HOLIDAY_CONFLICT, _K.WORKING_CALENDAR, _H, _D,
     "Leave or holiday conflict",
     "On a day of approved leave or a holiday the entry has more hours than remain of the "
     "capacity."),
    ("T14", _E.OVERLAPPING_TIME, _K.TIMEKEEPING, _H, _D,
     "Overlapping time",
     "Two entries of one person cover the same time of day."),
    ("T15", _E.DUPLICATE_TIME_ENTRY, _K.DOUBLE_BILLING, _H, _DP,
     "Duplicate time entry",
     "Same person, day, task, hours and words as another entry, or nearly the same."),
    ("T16", _E.LATE_TIME_SUBMISSION, _K.TIMELY_BILLING, _M, _D,
     "Late time submission",
     "Time was submitted more than the agreed days after the work, or after the billing cut-off."),
    ("T17", _E.FUTURE_DATED_TIME, _K.TIMEKEEPING, _C, _D,
     "Future-dated time",
     "The work date lies after the day of submission in the entry's own time zone."),
    ("T18", _E.MISSING_TIMESHEET, _K.BILLING_CUT_OFF, _H, _DP,
     "Missing time",
     "At the cut-off, capacity less leave less recorded time is above the tolerance."),
    ("T19", _E.NARRATIVE_INSUFFICIENT, _K.BILLING_GUIDELINES, _M, _DP,
     "Narrative insufficient",
     "The narrative is empty, shorter than agreed, holds a banned phrase, or is likely vague."),
    ("T20", _E.BLOCK_BILLING, _K.BILLING_GUIDELINES, _M, _P,
     "Block billing",
     "One long entry likely lumps two or more activities together."),
    ("T21", _E.NONBILLABLE_ACTIVITY_BILLED, _K.EXCLUSIONS, _H, _DP,
     "Non-billable activity billed",
     "The activity is excluded by the contract and billed, or the words say so."),
    ("T22", _E.OUT_OF_SCOPE_WORK, _K.SCOPE, _H, _DP,
     "Out of scope",
     "The task is not in the statement of work and no executed change order covers it, or the "
     "words are far from the scope."),
    ("T23", _E.BILLING_INCREMENT_VIOLATION, _K.BILLING_INCREMENT, _L, _D,
     "Billing increment violated",
     "Billed minutes are no multiple of the increment, or are rounded otherwise than agreed."),
    ("T24", _E.APPROVAL_VIOLATION, _K.APPROVAL, _C, _D,
     "Approval violation",
     "Approved by the submitter, above the signatory's authority, without the client where due, "
     "or changed after approval."),
    ("T25", _E.ALREADY_INVOICED, _K.DOUBLE_BILLING, _C, _D,
     "Already invoiced",
     "The work stands on a posted, uncredited invoice line."),
    ("T26", _E.MISCODED_PROJECT, _K.SCOPE, _H, _P,
     "Likely on the wrong project",
     "The work likely belongs to another project of the same person."),
    ("T27", _E.LIKELY_WRITE_OFF, None, _M, _P,
     "Likely write-off",
     "The amount will likely be written off or reduced at billing."),
    ("T28", _E.LIKELY_CLIENT_DISPUTE, _K.PAYMENT, _H, _P,
     "Likely client dispute",
     "The client will likely reject the line or have it credited within 90 days."),
    ("E1", _E.RECEIPT_MISSING, _K.EXPENSE_SUBSTANTIATION, _M, _D,
     "Receipt missing",
     "The expense reaches the receipt threshold and carries no receipt."),
    ("E2", _E.PER_DIEM_EXCEEDED, _K.TRAVEL_POLICY, _M, _D,
     "Per diem exceeded",
     "The expense is above the daily rate of the place, of which the first and last day of a "
     "trip give a share."),
    ("E3", _E.EXPENSE_NOT_REIMBURSABLE_OR_PREAPPROVED, _K.EXPENSES, _H, _D,
     "Expense not reimbursable or not pre-approved",
     "The category is excluded, pre-approval is missing above the threshold, or the day lies "
     "outside the trip or the period of performance."),
    ("E4", _E.EXPENSE_DUPLICATE, _K.DOUBLE_BILLING, _H, _DP,
     "Duplicate expense",
     "Same merchant, day, amount and currency as another expense, or nearly the same."),
    ("E5", _E.EXPENSE_MARKUP_OR_CAP, _K.MATERIALS, _H, _D,
     "Expense markup or cap exceeded",
     "Billed above cost and the agreed markup, or above the cap of expenses to date."),
    ("M1", _E.MILESTONE_ACCEPTANCE_MISSING, _K.ACCEPTANCE, _C, _D,
     "Acceptance missing",
     "Ready to bill without acceptance while the acceptance window is open."),
    ("M2", _E.MILESTONE_UNBILLED_AFTER_ACCEPTANCE, _K.ACCEPTANCE, _H, _D,
     "Accepted but unbilled",
     "Accepted, or deemed accepted, and not invoiced within the agreed days."),
    ("M3", _E.MILESTONE_EVIDENCE_INCOMPLETE, _K.DELIVERABLES, _H, _D,
     "Evidence incomplete",
     "A required deliverable, sign-off or predecessor is open."),
    ("M4", _E.MILESTONE_SCHEDULE_MISMATCH, _K.BILLING_SCHEDULE, _C, _D,
     "Schedule mismatch",
     "The scheduled milestones do not add up to the line's value, or the amount is not the "
     "scheduled one less retainage and advance."),
    ("M5", _E.MILESTONE_LATE_PENALTY, _K.LIQUIDATED_DAMAGES, _H, _DP,
     "Late penalty",
     "Accepted, or forecast to be accepted, after the due day and its grace."),
    ("M6", _E.PROGRESS_OVERBILLED, _K.PROGRESS_BILLING, _H, _D,
     "Progress overbilled",
     "The billed share of the line is above the earned share and its tolerance, or above all."),
    ("M7", _E.CHANGE_ORDER_UNSIGNED, _K.CHANGE_CONTROL, _H, _D,
     "Change order unsigned",
     "The work cites a change order that is not executed on the day, or that adds no funds."),
    ("P1", _E.LIKELY_VIOLATION, None, _H, _P,
     "Likely violation",
     "A full review would likely find a fault that no rule has proved."),
    ("P2", _E.INVOICE_DELAY_RISK, None, _M, _P,
     "Invoice delay risk",
     "The invoice likely leaves after its cut-off."),
)  # fmt: skip

CATALOGUE: dict[ExceptionCode, ExceptionType] = {
    code: ExceptionType(
        id=short_id,
        code=code,
        title=title,
        predicate=predicate,
        clause=clause,
        severity=severity,
        proofs=proofs,
    )
    for short_id, code, clause, severity, proofs, title, predicate in _LINES
}
"""Every exception type by code, in the order of the trade; T, E and M are the forty."""
