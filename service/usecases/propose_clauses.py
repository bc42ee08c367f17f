"""Keep what was read out of a contract's text as proposals; none of them is in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from data.schemas.contracts import Contract
from data.schemas.proposals import ClauseDraft, Proposal
from data.schemas.vocabulary import AuditEvent
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError, NotFoundError
from service.ports.clock import Ids
from service.ports.stores import UnitOfWork


def contract_named(contract_id: str, *, line_id: str | None, uow: UnitOfWork) -> Contract:
    """Give the contract that proposals are for.

    Raises NotFoundError, and InvalidRequestError for a line it does not have.
    """
    body = uow.references.get("contracts", contract_id)
    if body is None:
        raise NotFoundError("contract", contract_id)
    contract = Contract.model_validate_json(body)
    lines = [line.id for line in contract.lines]
    if line_id is not None and line_id not in lines:
        raise InvalidRequestError(
            "line_id", line_id, f"is no line of {contract_id!r}; name one of {', '.join(lines)}"
        )
    return contract


def propose_clauses(
    contract_id: str,
    drafts: Sequence[ClauseDraft],
    *,
    line_id: str | None,
    actor_id: str,
    uow: UnitOfWork,
    now: datetime,
    ids: Ids,
) -> tuple[Proposal, ...]:
    """Store the drafts that were not proposed before from the same passage, and give them."""
    contract_named(contract_id, line_id=line_id, uow=uow)
    known = {_passage(one) for one in uow.proposals.of_contract(contract_id)}
    made = [
        Proposal(
            id=ids.new("prop"),
            contract_id=contract_id,
            line_id=line_id,
            draft=draft,
            at=now,
            requested_by=actor_id,
        )
        for draft in drafts
    ]
    new = tuple(one for one in made if _passage(one) not in known)
    if not new:
        return ()
    uow.proposals.add(new)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CLAUSES_PROPOSED,
            at=now,
            actor_id=actor_id,
            subject=f"contracts/{contract_id}",
            facts={
                "proposals": [one.id for one in new],
                "document_sha256": new[0].draft.source.document_sha256,
                "proposed_by": sorted({one.draft.proposed_by for one in new}),
            },
        )
    )
    return new


def _passage(proposal: Proposal) -> tuple[str, int, str, str | None]:
    source = proposal.draft.source
    return source.document_sha256, source.char_start, proposal.draft.kind, proposal.line_id
