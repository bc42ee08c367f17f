"""Write down which approvals a decision needs, by the policy in force when it is made."""

from __future__ import annotations

from data.schemas.decision import Decision
from service.domain.approval import Approval, ApprovalTerms
from service.domain.approval_rules import approvals_needed
from service.domain.case import Case
from service.ports.engine import DecisionContext
from service.ports.stores import UnitOfWork


def plan_approvals(decision: Decision, case: Case, *, context: DecisionContext) -> None:
    """Store a request for each approval the decision needs; nobody is asked yet.

    The whole rule is stored with it: what the policy says later changes nothing of this one.
    """
    uow, version = context.uow, context.uow.policies.version()
    uow.approvals.add(
        [
            Approval(
                id=context.ids.new("apr"),
                decision_id=decision.id,
                case_id=case.id,
                decider_id=decision.actor_id,
                kind=terms.rule.kind,
                terms=terms,
                policy_version=version,
            )
            for terms in terms_of_approvals(decision, case, uow=uow)
        ]
    )


def terms_of_approvals(
    decision: Decision, case: Case, *, uow: UnitOfWork
) -> tuple[ApprovalTerms, ...]:
    """Give what the policy in force asks for a decision; empty for most."""
    policy = uow.policies.in_force()
    if not policy.approvals.rules:
        return ()
    said = uow.items.assessment(case.assessment_id)
    if said is None:
        raise LookupError(f"case {case.id} has no assessment {case.assessment_id}")
    return approvals_needed(decision, case, said=said, policy=policy)
