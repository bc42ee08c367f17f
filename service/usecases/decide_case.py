"""Decide a case: store the verdict, and start what follows from it in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping

from data.schemas.decision import Adjustment, Decision
from data.schemas.items import AnyItem, ExpenseReport, Milestone, Timesheet
from data.schemas.values import amount_minor, minor_per_major
from data.schemas.vocabulary import (
    BILLING_VERDICTS,
    FINAL_VERDICTS,
    REASONS_BY_VERDICT,
    AuditEvent,
    CaseStatus,
    ReasonCode,
    Role,
    Verdict,
)
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.errors import InvalidRequestError, NotFoundError
from service.ports.engine import DecisionContext
from service.ports.stores import Fact, FactKind, StoredItem
from service.usecases.make_bill import open_posting, posting_enqueued
from service.wire.cases import DecisionRequest

FOUR_EYES_MAJOR = 50_000
"""From this many currency units on, a decision to bill or write off needs a second signature."""

_STATUS_AFTER: Mapping[Verdict, CaseStatus] = {
    Verdict.APPROVE: CaseStatus.DECIDED,
    Verdict.ADJUST: CaseStatus.DECIDED,
    Verdict.REJECT: CaseStatus.DECIDED,
    Verdict.WRITE_OFF: CaseStatus.DECIDED,
    Verdict.REQUEST_INFORMATION: CaseStatus.AWAITING_INFORMATION,
    Verdict.ESCALATE: CaseStatus.ESCALATED,
}


def decide_case(
    case_id: str,
    request: DecisionRequest,
    *,
    actor: Actor,
    context: DecisionContext,
) -> Decision:
    """Store a verdict under a lease; nothing leaves before the undo window is over.

    Raises StaleLeaseError or StaleVersionError when the caller no longer holds what was shown.
    """
    uow, now = context.uow, context.now
    # 1. The actor may decide, holds the case, and decides on what was shown.
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    case = uow.cases.get(case_id)
    if case is None:
        raise NotFoundError("case", case_id)
    case.checked_lease(token=request.lease_token, owner_id=actor.id, now=now)
    case.checked_version(request.version)
    # 2. The verdict makes sense: reasons fit it, and an adjustment says what is billed.
    stored = uow.items.version(case.item_seq)
    _check_reasons(request)
    approved = _approved_minor(request, stored)
    # 3. Append the decision.
    decision = _decision(case, request, approved, actor=actor, context=context)
    uow.decisions.add(decision)
    # 4. Large money waits for a second person; all else moves on.
    needs_signature = is_four_eyes(case, decision)
    status = CaseStatus.AWAITING_SIGNATURE if needs_signature else _STATUS_AFTER[request.verdict]
    uow.cases.save(case.moved_on(status, step="decided"))
    uow.audit.record(_decided_entry(case, decision, needs_signature=needs_signature))
    # 5. What follows is enqueued here, and waits for the undo window.
    if decision.verdict in FINAL_VERDICTS and not needs_signature:
        start_conclusion(decision, case, stored, context=context)
    return decision


def is_four_eyes(case: Case, decision: Decision) -> bool:
    """Say whether a decision needs a second person: money at or above the limit moves."""
    limit = FOUR_EYES_MAJOR * minor_per_major(case.currency)
    moved = {
        Verdict.WRITE_OFF: case.amount_minor,
        Verdict.APPROVE: decision.approved_minor,
        Verdict.ADJUST: decision.approved_minor,
    }.get(decision.verdict, 0)
    return moved >= limit


def start_conclusion(
    decision: Decision, case: Case, stored: StoredItem, *, context: DecisionContext
) -> None:
    """Prepare the posting of a final decision, and conclude it after the undo window."""
    uow, now = context.uow, context.now
    if decision.verdict in BILLING_VERDICTS and decision.approved_minor > 0:
        posting = open_posting(
            stored,
            decision=decision,
            case_id=case.id,
            ledger=context.ledger,
            now=now,
            ids=context.ids,
            not_before=now + context.undo_window,
        )
        uow.postings.add([posting])
        uow.facts.add([Fact(kind=FactKind.BILL, subject_id=posting.id, at=now)])
        uow.audit.record(posting_enqueued(posting, actor_id=decision.actor_id))
    context.engine.enqueue_conclusion(
        uow, decision.id, delay_seconds=context.undo_window.total_seconds()
    )


def _check_reasons(request: DecisionRequest) -> None:
    offered = REASONS_BY_VERDICT[request.verdict]
    for code in request.reason_codes:
        if code not in offered:
            raise InvalidRequestError(
                "reason_codes", code.value,
                f"is no reason to {request.verdict}; use one of {', '.join(offered)}",
            )  # fmt: skip
    if ReasonCode.OTHER in request.reason_codes and not request.note.strip():
        raise InvalidRequestError("note", request.note, "the reason 'other' needs a note")


def _approved_minor(request: DecisionRequest, stored: StoredItem) -> int:
    item = stored.item
    _refuse_idle_figures(request, item)
    _refuse_unready(request, item)
    if request.verdict is Verdict.APPROVE:
        return item.amount_minor
    if request.verdict is not Verdict.ADJUST:
        return 0
    if isinstance(item, Timesheet):
        return _adjusted_time(request, item)
    if isinstance(item, ExpenseReport):
        return _adjusted_expenses(request, item)
    if request.approved_minor is None:
        raise InvalidRequestError("approved_minor", None, "say how much of the milestone to bill")
    if request.approved_minor > item.amount_minor:
        raise InvalidRequestError(
            "approved_minor", request.approved_minor,
            f"exceeds the milestone's {item.amount_minor}; bill at most that",
        )  # fmt: skip
    return request.approved_minor


def _refuse_unready(request: DecisionRequest, item: AnyItem) -> None:
    """A milestone that is not ready cannot be billed by anybody's word."""
    is_unready = isinstance(item, Milestone) and not item.is_ready_to_bill
    if is_unready and request.verdict in BILLING_VERDICTS:
        raise InvalidRequestError(
            "verdict", request.verdict.value,
            "the milestone is not ready to bill; ask for information, or wait for its new version",
        )  # fmt: skip


def _refuse_idle_figures(request: DecisionRequest, item: AnyItem) -> None:
    """Figures that would not count are refused: whoever sent them meant them."""
    is_adjust = request.verdict is Verdict.ADJUST
    if request.adjustments and (not is_adjust or isinstance(item, Milestone)):
        raise InvalidRequestError(
            "adjustments", len(request.adjustments),
            "only an adjust of a timesheet or an expense report changes rows; leave them out",
        )  # fmt: skip
    if request.approved_minor is not None and (not is_adjust or not isinstance(item, Milestone)):
        raise InvalidRequestError(
            "approved_minor", request.approved_minor,
            "only an adjust of a milestone names an amount; leave it out",
        )  # fmt: skip


def _adjusted_time(request: DecisionRequest, sheet: Timesheet) -> int:
    changed = _changed_rows(request, {entry.id for entry in sheet.entries}, noun="entry")
    minutes_of: dict[str, int] = {}
    for entry in sheet.entries:
        minutes_of[entry.id] = entry.minutes_billable
        if (adjusted := changed.get(entry.id)) is None:
            continue
        if adjusted.minutes_billable is None:
            raise InvalidRequestError(
                "adjustments", entry.id, "an entry is adjusted by minutes_billable; give them"
            )
        # A billing increment may have rounded up what was worked.
        most = max(entry.minutes_worked, entry.minutes_billable)
        if adjusted.minutes_billable > most:
            raise InvalidRequestError(
                "adjustments", adjusted.minutes_billable,
                f"entry {entry.id} was worked {entry.minutes_worked} minutes; bill at most {most}",
            )  # fmt: skip
        minutes_of[entry.id] = adjusted.minutes_billable
    return sum(
        amount_minor(minutes=minutes_of[entry.id], rate_minor=entry.hourly_rate_minor)
        for entry in sheet.entries
    )


def _adjusted_expenses(request: DecisionRequest, report: ExpenseReport) -> int:
    changed = _changed_rows(request, {one.id for one in report.expenses}, noun="expense")
    total_minor = 0
    for expense in report.expenses:
        adjusted = changed.get(expense.id)
        if adjusted is None:
            total_minor += expense.billable_minor
            continue
        if adjusted.billable_minor is None:
            raise InvalidRequestError(
                "adjustments", expense.id, "an expense is adjusted by billable_minor; give it"
            )
        if adjusted.billable_minor > expense.billable_minor:
            raise InvalidRequestError(
                "adjustments", adjusted.billable_minor,
                f"expense {expense.id} asks for {expense.billable_minor}; bill at most that",
            )  # fmt: skip
        total_minor += adjusted.billable_minor
    return total_minor


_ITEM_OF: Mapping[str, str] = {"entry": "timesheet", "expense": "expense report"}


def _changed_rows(request: DecisionRequest, known: set[str], *, noun: str) -> dict[str, Adjustment]:
    """The adjustments by row, each named once and known."""
    if not request.adjustments:
        rows = {"entry": "entries", "expense": "expenses"}[noun]
        raise InvalidRequestError("adjustments", [], f"say which {rows} change, and to how much")
    changed = {one.row_id: one for one in request.adjustments}
    if len(changed) < len(request.adjustments):
        raise InvalidRequestError(
            "adjustments", len(request.adjustments), f"names an {noun} twice; name each once"
        )
    for row_id in changed:
        if row_id not in known:
            raise InvalidRequestError(
                "adjustments", row_id, f"is not an {noun} of this {_ITEM_OF[noun]}"
            )
    return changed


def _decision(
    case: Case,
    request: DecisionRequest,
    approved: int,
    *,
    actor: Actor,
    context: DecisionContext,
) -> Decision:
    earlier = context.uow.decisions.last_of_case(case.id)
    return Decision(
        id=context.ids.new("dec"),
        case_id=case.id,
        item_id=case.item_id,
        assessment_id=case.assessment_id,
        actor_id=actor.id,
        verdict=request.verdict,
        reason_codes=request.reason_codes,
        note=request.note,
        approved_minor=approved,
        adjustments=request.adjustments,
        decided_at=context.now,
        active_seconds=request.active_seconds,
        is_score_shown=request.is_score_shown,
        lane=case.lane,
        propensity=case.propensity,
        supersedes_id=earlier.id if earlier else None,
    )


def _decided_entry(case: Case, decision: Decision, *, needs_signature: bool) -> AuditEntry:
    return AuditEntry(
        event=AuditEvent.CASE_DECIDED,
        at=decision.decided_at,
        actor_id=decision.actor_id,
        subject=case.id,
        facts={
            "decision": decision.id,
            "item": case.item_id,
            "assessment": case.assessment_id,
            "verdict": decision.verdict,
            "reasons": list(decision.reason_codes),
            "approved_minor": decision.approved_minor,
            "lane": decision.lane,
            "propensity": decision.propensity,
            "active_seconds": decision.active_seconds,
            "is_score_shown": decision.is_score_shown,
            "supersedes": decision.supersedes_id,
            "needs_signature": needs_signature,
        },
    )
