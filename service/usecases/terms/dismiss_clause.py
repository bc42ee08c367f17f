"""A person turns a proposed clause down, and says why."""

from __future__ import annotations

from datetime import datetime

from data.schemas.proposals import Proposal, ProposalStatus
from data.schemas.vocabulary import AuditEvent, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.ports.stores import UnitOfWork
from service.usecases.terms.confirm_clause import open_proposal


def dismiss_clause(
    proposal_id: str, *, reason: str, actor: Actor, uow: UnitOfWork, now: datetime
) -> Proposal:
    """Settle a proposal without any effect on the contract.

    Raises NotAllowedError, NotFoundError and ProposalSettledError.
    """
    actor.require_role(Role.APPROVER, Role.ADMIN)
    settled = open_proposal(proposal_id, wall=actor.wall, uow=uow).model_copy(
        update={
            "status": ProposalStatus.DISMISSED,
            "settled_by": actor.id,
            "settled_at": now,
            "reason": reason,
        }
    )
    uow.proposals.settle(settled)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CLAUSE_DISMISSED,
            at=now,
            actor_id=actor.id,
            subject=f"contracts/{settled.contract_id}",
            facts={"proposal": settled.id, "kind": settled.draft.kind, "reason": reason},
        )
    )
    return settled
