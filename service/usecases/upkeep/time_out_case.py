"""A case that nobody answered in time goes where policy sends it: up, on hold, or cleared."""

from __future__ import annotations

from datetime import datetime

from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import (
    AuditEvent,
    CaseStatus,
    Lane,
    Proof,
    ReasonCode,
    TimeoutAction,
    Verdict,
)
from service.domain.actor import POLICY
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.deadlines import hold_at, timeout_rule
from service.domain.errors import InvalidRequestError
from service.ports.engine import DecisionContext
from service.usecases.approvals.plan_approvals import terms_of_approvals
from service.usecases.deciding.take_effect import take_effect
from service.usecases.deciding.weigh_verdict import weigh_verdict
from service.usecases.deciding.write_decision import Standing, decision_entry, new_decision
from service.usecases.telling.tell import tell_late
from service.wire.verdicts import SpokenVerdict

HELD = "Nobody answered in time: its invoice is held"
NOTE = "Nobody answered in time, and the models were sure that it may be billed."


def time_out_case(case: Case, *, context: DecisionContext) -> None:
    """Escalate once, then hold: a case is never sent round.

    Where policy lets the model answer, it bills what the model is sure of, below the limit from
    which two people decide; anything else is escalated.
    """
    policy = context.uow.policies.in_force()
    action = _action(case, policy)
    if action is TimeoutAction.APPLY_MODEL and _billed_by_model(case, policy, context=context):
        _note(case, action, context=context)
        return
    if action is TimeoutAction.HOLD_INVOICE:
        held = case.timed_out(CaseStatus.HELD, boost=HELD, due_at=case.due_at)
        context.uow.cases.save(held)
        tell_late(case, uow=context.uow, now=context.now)
        _note(case, action, context=context)
        return
    _escalate(case, policy, context=context)


def _action(case: Case, policy: ReviewPolicy) -> TimeoutAction:
    """What the rule says the first time; what was escalated is held the second time."""
    if case.timeouts > 0:
        return TimeoutAction.HOLD_INVOICE
    if case.status is CaseStatus.ESCALATED:
        return TimeoutAction.ESCALATE
    rule = timeout_rule(
        policy, kind=case.kind, amount_minor=case.amount_minor, currency=case.currency
    )
    return rule.on_timeout


def _escalate(case: Case, policy: ReviewPolicy, *, context: DecisionContext) -> None:
    due: datetime = hold_at(context.now, policy=policy)
    context.uow.cases.save(
        case.timed_out(CaseStatus.ESCALATED, boost="Nobody answered in time", due_at=due)
    )
    tell_late(case, uow=context.uow, now=context.now)
    _note(case, TimeoutAction.ESCALATE, context=context)


def _billed_by_model(case: Case, policy: ReviewPolicy, *, context: DecisionContext) -> bool:
    uow = context.uow
    said = uow.items.assessment(case.assessment_id)
    chance = None if said is None else said.violation_probability
    if said is None or chance is None or chance > 1.0 - policy.sure_probability:
        return False
    # The model may not answer the check of its own word.
    is_found = any(one.proof is Proof.RULE or one.is_suspicion for one in said.findings)
    if case.lane is Lane.AUDIT or is_found:
        return False
    stored = uow.items.version(case.item_seq)
    spoken = SpokenVerdict(
        verdict=Verdict.APPROVE, reason_codes=(ReasonCode.CLAUSE_SATISFIED,), note=NOTE
    )
    try:
        money = weigh_verdict(spoken, stored, actor=POLICY, uow=uow)
    except InvalidRequestError:
        # A milestone that is not ready is billed by nobody's word.
        return False
    decision = new_decision(case, spoken, money, standing=Standing(), actor=POLICY, context=context)
    if decision.needs_second or terms_of_approvals(decision, case, uow=uow):
        return False
    uow.decisions.add(decision)
    decided = case.timed_out(CaseStatus.DECIDED, boost="", due_at=case.due_at)
    uow.cases.save(decided)
    uow.audit.record(decision_entry(AuditEvent.CASE_DECIDED, decision))
    take_effect(decision, decided, stored, context=context)
    return True


def _note(case: Case, action: TimeoutAction, *, context: DecisionContext) -> None:
    context.uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_TIMED_OUT,
            at=context.now,
            actor_id=POLICY.id,
            subject=case.id,
            facts={"item": case.item_id, "action": action, "was_due": case.due_at.isoformat()},
        )
    )
