"""A person puts a proposed clause in force, as it was read or as they correct it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from data.schemas.clauses import ClauseTerms
from data.schemas.contracts import Clause, Contract
from data.schemas.proposals import Proposal, ProposalStatus
from data.schemas.vocabulary import AuditEvent, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.clause_level import are_in_force_together, level_of
from service.domain.errors import (
    ClauseInForceError,
    InvalidRequestError,
    NotFoundError,
    ProposalSettledError,
)
from service.domain.wall import Wall
from service.ports.stores import UnitOfWork
from service.usecases.terms.propose_clauses import contract_named
from service.usecases.terms.put_reference import put_reference
from service.usecases.terms.see_reference import see_contract
from service.wire.proposals import ConfirmRequest


def confirm_clause(
    proposal_id: str, request: ConfirmRequest, *, actor: Actor, uow: UnitOfWork, now: datetime
) -> Proposal:
    """Make a new version of the contract with the clause in it, and give the settled proposal.

    1. Only a person who approves may; a key never does.
    2. The person's corrections outrank what was read.
    3. A clause of the same level that began earlier ends on the day before.
    4. Contract, settled proposal and audit entry commit together.

    Raises NotAllowedError, NotFoundError, ProposalSettledError, InvalidRequestError where terms
    are missing, and ClauseInForceError where the day is taken.
    """
    actor.require_role(Role.APPROVER, Role.ADMIN)  # 1
    proposal = open_proposal(proposal_id, wall=actor.wall, uow=uow)
    line_id = request.line_id if request.line_id is not None else proposal.line_id
    contract = contract_named(proposal.contract_id, line_id=line_id, wall=actor.wall, uow=uow)
    clause = _clause(  # 2
        proposal, request, terms=_terms(proposal, request), line_id=line_id,
        valid_from=request.valid_from or contract.signed_on, actor=actor,
    )  # fmt: skip
    ended, changed = _with_clause(contract, clause, now=now)  # 3
    put_reference("contracts", [(changed.id, changed)], actor_id=actor.id, uow=uow, now=now)  # 4
    settled = proposal.model_copy(
        update={
            "status": ProposalStatus.CONFIRMED,
            "settled_by": actor.id,
            "settled_at": now,
            "clause_id": clause.id,
        }
    )
    uow.proposals.settle(settled)
    uow.audit.record(_entry(settled, clause=clause, ended=ended, now=now))
    return settled


def open_proposal(proposal_id: str, *, wall: Wall, uow: UnitOfWork) -> Proposal:
    """Give a proposal that nobody settled yet. Raises NotFoundError, ProposalSettledError."""
    proposal = uow.proposals.get(proposal_id)
    if proposal is None or not _is_seen(proposal, wall, uow):
        raise NotFoundError("proposal", proposal_id)
    if proposal.status is not ProposalStatus.PROPOSED:
        raise ProposalSettledError(proposal_id, status=proposal.status, by=proposal.settled_by)
    return proposal


def _is_seen(proposal: Proposal, wall: Wall, uow: UnitOfWork) -> bool:
    try:
        see_contract(proposal.contract_id, wall=wall, references=uow.references)
    except NotFoundError:
        return False
    return True


def _terms(proposal: Proposal, request: ConfirmRequest) -> ClauseTerms:
    terms = request.terms if request.terms is not None else proposal.draft.terms
    if terms is None:
        needed = ", ".join(proposal.draft.missing)
        raise InvalidRequestError(
            "terms", None, f"the text does not give {needed}; send the terms of this clause"
        )
    return terms


def _clause(
    proposal: Proposal,
    request: ConfirmRequest,
    *,
    terms: ClauseTerms,
    line_id: str | None,
    valid_from: date,
    actor: Actor,
) -> Clause:
    if request.valid_to is not None and request.valid_to < valid_from:
        raise InvalidRequestError(
            "valid_to", str(request.valid_to), f"lies before valid_from {valid_from}"
        )
    draft = proposal.draft
    return Clause(
        id=proposal.id,
        line_id=line_id,
        terms=terms,
        text=draft.text,
        valid_from=valid_from,
        valid_to=request.valid_to,
        source=draft.source,
        confidence=draft.confidence,
        proposed_by=draft.proposed_by,
        confirmed_by=actor.id,
    )


def _with_clause(
    contract: Contract, clause: Clause, *, now: datetime
) -> tuple[tuple[str, ...], Contract]:
    kept: list[Clause] = []
    ended: list[str] = []
    for one in contract.clauses:
        is_rival = (
            one.confirmed_by is not None
            and level_of(one) == level_of(clause)
            and are_in_force_together(one, clause)
        )
        if is_rival and one.valid_from >= clause.valid_from:
            raise ClauseInForceError(contract.id, clause_id=one.id, since=one.valid_from)
        if is_rival:
            one = one.model_copy(update={"valid_to": clause.valid_from - timedelta(days=1)})  # noqa: PLW2901
            ended.append(one.id)
        kept.append(one)
    changed = contract.model_copy(update={"clauses": (*kept, clause), "recorded_at": now})
    return tuple(ended), changed


def _entry(
    settled: Proposal, *, clause: Clause, ended: tuple[str, ...], now: datetime
) -> AuditEntry:
    return AuditEntry(
        event=AuditEvent.CLAUSE_CONFIRMED,
        at=now,
        actor_id=clause.confirmed_by or "",
        subject=f"contracts/{settled.contract_id}",
        facts={
            "proposal": settled.id,
            "clause": clause.id,
            "kind": clause.terms.kind,
            "terms": clause.terms.model_dump(mode="json"),
            "is_corrected": clause.terms != settled.draft.terms,
            "valid_from": str(clause.valid_from),
            "ended": list(ended),
        },
    )
