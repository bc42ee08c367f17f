"""SQL of proposed clauses: what was proposed, and beside it what a person said, once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, Select, insert, select

from data.schemas.proposals import Proposal, ProposalStatus
from service.store.tables import proposal, proposal_outcome

ALL = select(proposal.c.id, proposal.c.body, proposal_outcome.c.body.label("outcome")).select_from(
    proposal.outerjoin(proposal_outcome, proposal_outcome.c.proposal_id == proposal.c.id)
)


class SqlProposalStore:
    """Proposals; both tables are append-only, and a proposal has one outcome at most."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, proposals: Sequence[Proposal]) -> None:
        """Store new proposals."""
        self._connection.execute(
            insert(proposal),
            [
                {
                    "id": one.id,
                    "contract_id": one.contract_id,
                    "body": one.model_dump_json(),
                    "at": one.at,
                }
                for one in proposals
            ],
        )

    def get(self, proposal_id: str) -> Proposal | None:
        """Give a proposal as it stands."""
        found = self._read(ALL.where(proposal.c.id == proposal_id))
        return found[0] if found else None

    def of_contract(
        self,
        contract_id: str,
        *,
        status: ProposalStatus | None = None,
        after: str = "",
        limit: int | None = None,
    ) -> list[Proposal]:
        """Give the proposals of a contract as they stand, oldest first."""
        query = ALL.where(proposal.c.contract_id == contract_id, proposal.c.id > after)
        if status is ProposalStatus.PROPOSED:
            query = query.where(proposal_outcome.c.proposal_id.is_(None))
        elif status is not None:
            query = query.where(proposal_outcome.c.status == status.value)
        return self._read(query.order_by(proposal.c.id).limit(limit))

    def settle(self, settled: Proposal) -> None:
        """Append what a person said of a proposal; the primary key refuses a second word."""
        self._connection.execute(
            insert(proposal_outcome).values(
                proposal_id=settled.id,
                status=settled.status.value,
                body=settled.model_dump_json(),
                at=settled.settled_at,
            )
        )

    def _read(self, query: Select[tuple[str, str, str]]) -> list[Proposal]:
        return [_proposal(row) for row in self._connection.execute(query).mappings()]


def _proposal(row: RowMapping) -> Proposal:
    return Proposal.model_validate_json(row["outcome"] or row["body"])
