"""Give the second signature under a decision on large money."""

from __future__ import annotations

from data.schemas.decision import Decision
from data.schemas.vocabulary import AuditEvent, CaseStatus, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import NotAllowedError, NotFoundError, WrongStateError
from service.ports.engine import DecisionContext
from service.ports.stores import Signature
from service.usecases.decide_case import start_conclusion


def sign_decision(
    case_id: str,
    *,
    is_approved: bool,
    actor: Actor,
    context: DecisionContext,
) -> Decision:
    """Approve a colleague's decision, or send the case back to the queue.

    Raises NotAllowedError for the person who decided: two signatures are two people.
    """
    uow, now = context.uow, context.now
    actor.require_role(Role.APPROVER)
    case = uow.cases.get(case_id)
    decision = uow.decisions.last_of_case(case_id)
    if case is None or decision is None:
        raise NotFoundError("case", case_id)
    if case.status is not CaseStatus.AWAITING_SIGNATURE:
        raise WrongStateError(case_id, status=case.status, step="signed")
    if decision.actor_id == actor.id:
        raise NotAllowedError("a second person: nobody signs their own decision")
    uow.decisions.add_signature(
        Signature(
            decision_id=decision.id,
            decider_id=decision.actor_id,
            approver_id=actor.id,
            is_approved=is_approved,
            at=now,
        )
    )
    status = CaseStatus.DECIDED if is_approved else CaseStatus.OPEN
    uow.cases.save(case.moved_on(status, step="signed"))
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.SECOND_SIGNATURE_GIVEN,
            at=now,
            actor_id=actor.id,
            subject=case_id,
            facts={"decision": decision.id, "is_approved": is_approved},
        )
    )
    if is_approved:
        stored = uow.items.version(case.item_seq)
        start_conclusion(decision, case, stored, context=context)
    return decision
