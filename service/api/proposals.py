"""Clauses proposed from a contract's text, and a person's word on each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from data.schemas.proposals import Proposal, ProposalStatus
from data.schemas.vocabulary import Role, Scope
from service.api.access import Caller, Parts, Reader
from service.api.body import ConfirmBody, DismissBody, ProposalBody
from service.domain.object_groups import ObjectGroup
from service.usecases.terms.confirm_clause import confirm_clause
from service.usecases.terms.dismiss_clause import dismiss_clause
from service.usecases.terms.propose_clauses import contract_named, propose_clauses
from service.wire.cases import MAX_PAGE
from service.wire.proposals import ProposalAnswer, ProposalPage

router = APIRouter(prefix="/v1", tags=["terms"])


@router.post("/contracts/{contract_id:path}/proposals")
def post_proposals(
    contract_id: str, request: ProposalBody, parts: Parts, actor: Caller
) -> ProposalAnswer:
    """Have a contract's text read; what it proposes is not in force until a person confirms it."""
    if Role.APPROVER not in actor.roles:
        actor.require(Scope.REFERENCE, group=ObjectGroup.CONTRACTS)
    with parts.read() as uow:
        contract = contract_named(contract_id, line_id=request.line_id, wall=actor.wall, uow=uow)
    # Reading may ask a language model: never inside the one writing transaction.
    reading = parts.clauses.read(
        request.text, currency=contract.currency, signed_on=contract.signed_on
    )
    made = parts.writer.run(
        lambda uow: propose_clauses(
            contract_id,
            reading,
            line_id=request.line_id,
            actor=actor,
            uow=uow,
            now=parts.clock.now(),
            ids=parts.ids,
        )
    )
    return ProposalAnswer(
        proposals=made,
        already_known=len(reading.drafts) - len(made),
        dropped_quotes=reading.dropped_quotes,
        notes=reading.notes,
    )


@router.get("/contracts/{contract_id:path}/proposals")
def get_proposals(
    contract_id: str,
    parts: Parts,
    actor: Reader,
    status: ProposalStatus | None = None,
    cursor: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> ProposalPage:
    """List what was proposed for a contract, oldest first."""
    with parts.read() as uow:
        contract_named(contract_id, line_id=None, wall=actor.wall, uow=uow)
        found = uow.proposals.of_contract(contract_id, status=status, after=cursor, limit=limit + 1)
    shown = tuple(found[:limit])
    return ProposalPage(proposals=shown, next_cursor=shown[-1].id if len(found) > limit else None)


@router.post("/proposals/{proposal_id}/confirm")
def post_confirmation(
    proposal_id: str, request: ConfirmBody, parts: Parts, actor: Caller
) -> Proposal:
    """Put a proposed clause in force, corrected where the body says so; approvers only."""
    return parts.writer.run(
        lambda uow: confirm_clause(
            proposal_id, request, actor=actor, uow=uow, now=parts.clock.now()
        )
    )


@router.post("/proposals/{proposal_id}/dismiss")
def post_dismissal(proposal_id: str, request: DismissBody, parts: Parts, actor: Caller) -> Proposal:
    """Turn a proposed clause down, with a reason; approvers only."""
    return parts.writer.run(
        lambda uow: dismiss_clause(
            proposal_id, reason=request.reason, actor=actor, uow=uow, now=parts.clock.now()
        )
    )
