"""Keep what was read out of a contract's text as proposals; none of them is in force."""

from __future__ import annotations

from datetime import datetime

from data.schemas.contracts import Contract
from data.schemas.proposals import Proposal
from data.schemas.vocabulary import AuditEvent
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError
from service.domain.wall import Wall
from service.ports.clauses import ClauseReading
from service.ports.clock import Ids
from service.ports.stores import UnitOfWork
from service.usecases.terms.see_reference import see_contract


def contract_named(
    contract_id: str, *, line_id: str | None, wall: Wall, uow: UnitOfWork
) -> Contract:
    """Give the contract that proposals are for.

    Raises NotFoundError, and InvalidRequestError for a line it does not have.
    """
    contract = see_contract(contract_id, wall=wall, references=uow.references)
    lines = [line.id for line in contract.lines]
    if line_id is not None and line_id not in lines:
        raise InvalidRequestError(
            "line_id", line_id, f"is no line of {contract_id!r}; name one of {', '.join(lines)}"
        )
    return contract


def propose_clauses(
    contract_id: str,
    reading: ClauseReading,
    *,
    line_id: str | None,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
    ids: Ids,
) -> tuple[Proposal, ...]:
    """Store the drafts that were not proposed before from the same passage, and give them.

    The text is kept beside them: a person confirms a clause where it stands.
    """
    contract_named(contract_id, line_id=line_id, wall=actor.wall, uow=uow)
    uow.documents.keep(contract_id, sha256=reading.document_sha256, text=reading.document, at=now)
    known = {_passage(one) for one in uow.proposals.of_contract(contract_id)}
    made = [
        Proposal(
            id=ids.new("prop"),
            contract_id=contract_id,
            line_id=line_id,
            draft=draft,
            at=now,
            requested_by=actor.id,
        )
        for draft in reading.drafts
    ]
    new = tuple(one for one in made if _passage(one) not in known)
    if not new:
        return ()
    uow.proposals.add(new)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CLAUSES_PROPOSED,
            at=now,
            actor_id=actor.id,
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
