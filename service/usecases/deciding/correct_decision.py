"""Correct a decision that is final: a new one takes its place, and the difference is posted."""

from __future__ import annotations

from data.schemas.decision import Decision
from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, PostingStatus, Role
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.errors import (
    BillUnderWayError,
    InvalidRequestError,
    NotFoundError,
    NotInForceError,
)
from service.domain.four_eyes import agrees
from service.ports.engine import DecisionContext
from service.ports.stores import StoredItem
from service.usecases.approvals.plan_approvals import plan_approvals
from service.usecases.deciding.let_stand import let_stand
from service.usecases.deciding.weigh_verdict import require_final, weigh_verdict
from service.usecases.deciding.write_decision import Standing, decision_entry, new_decision
from service.usecases.queue.see_case import see_case_of
from service.usecases.telling.tell import tell_second_needed
from service.wire.deciding import CorrectionRequest


def correct_decision(
    decision_id: str, request: CorrectionRequest, *, actor: Actor, context: DecisionContext
) -> Decision:
    """Store a decision that supersedes one in force; large money waits for a second person again.

    Raises NotInForceError where something newer stands, and BillUnderWayError while a bill of the
    decision waits to leave.
    """
    uow = context.uow
    # 1. The decision is the one in force, on the newest version of its item.
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    old, case = _in_force(decision_id, actor=actor, context=context)
    stored = _newest(case, decision_id, context=context)
    # 2. Its bill has left, or never will.
    posting = uow.postings.of_decision(old.id)
    if posting is not None and posting.status is PostingStatus.PENDING:
        raise BillUnderWayError(old.id)
    # 3. The verdict makes sense, and differs.
    require_final(request.verdict, why="a correction ends the case again")
    if not request.note.strip():
        raise InvalidRequestError("note", request.note, "say why the decision is corrected")
    money = weigh_verdict(request, stored, actor=actor, uow=uow)
    standing = Standing(supersedes_id=old.id)
    new = new_decision(case, request, money, standing=standing, actor=actor, context=context)
    if agrees(old, new) and old.adjustments == new.adjustments:
        raise InvalidRequestError(
            "verdict", request.verdict.value, "is what was decided already; nothing is corrected"
        )
    # 4. Append it; it takes effect at once, or when a second person has said the same.
    uow.decisions.add(new)
    plan_approvals(new, case, context=context)
    uow.audit.record(decision_entry(AuditEvent.DECISION_CORRECTED, new))
    if new.needs_second:
        uow.cases.save(case.moved_on(CaseStatus.AWAITING_SIGNATURE, step="corrected"))
        tell_second_needed(case, by_id=actor.id, uow=uow, now=context.now)
    else:
        let_stand(new, case, stored, step="corrected", context=context)
    return new


def _in_force(decision_id: str, *, actor: Actor, context: DecisionContext) -> tuple[Decision, Case]:
    uow = context.uow
    old = uow.decisions.get(decision_id)
    if old is None:
        raise NotFoundError("decision", decision_id)
    case = see_case_of(old, actor=actor, uow=uow)
    if case.lane is Lane.GOLD:
        raise NotInForceError(decision_id, why="its answer was told after the verdict")
    last = uow.decisions.last_of_case(case.id)
    # A second opinion that agreed names the decision that it agreed with.
    is_named = last is not None and last.id in {old.id, old.signs_id}
    if last is None or not is_named or case.status is not CaseStatus.DECIDED:
        raise NotInForceError(decision_id, why=f"case {case.id} is {case.status}")
    return last, case


def _newest(case: Case, decision_id: str, *, context: DecisionContext) -> StoredItem:
    stored = context.uow.items.version(case.item_seq)
    newest = context.uow.items.newest(case.item_id)
    if newest is None or newest.seq != stored.seq or newest.withdrawn_at is not None:
        raise NotInForceError(
            decision_id, why=f"item {case.item_id} has changed at its source since"
        )
    return stored
