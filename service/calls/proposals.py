"""Clauses proposed from a contract text, and the word of a person on each."""

from __future__ import annotations

from data.schemas.proposals import Proposal, ProposalStatus
from service.calls.http import DEFAULT_PAGE, ApiCalls, page_filters, segment
from service.wire.proposals import (
    ConfirmRequest,
    DismissRequest,
    ProposalAnswer,
    ProposalPage,
    ProposalRequest,
)


class ProposalCalls(ApiCalls):
    """Clauses proposed from a contract text, and the word of a person on each."""

    def propose_clauses(
        self, contract_id: str, *, text: str, line_id: str | None = None
    ) -> ProposalAnswer:
        """Have a contract's text read; nothing it proposes is in force until it is confirmed."""
        path = f"/v1/contracts/{segment(contract_id)}/proposals"
        request = ProposalRequest(text=text, line_id=line_id)
        return self._post(path, request, answer=ProposalAnswer)

    def proposals(
        self,
        contract_id: str,
        *,
        status: ProposalStatus | None = None,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> ProposalPage:
        """Give one page of what was proposed for a contract, oldest first."""
        path = f"/v1/contracts/{segment(contract_id)}/proposals"
        return self._get(
            path, {"status": status} | page_filters(cursor, limit), answer=ProposalPage
        )

    def confirm_clause(self, proposal_id: str, request: ConfirmRequest) -> Proposal:
        """Put a proposed clause in force, with what the request corrects."""
        path = f"/v1/proposals/{segment(proposal_id)}/confirm"
        return self._post(path, request, answer=Proposal)

    def dismiss_clause(self, proposal_id: str, *, reason: str) -> Proposal:
        """Turn a proposed clause down."""
        path = f"/v1/proposals/{segment(proposal_id)}/dismiss"
        return self._post(path, DismissRequest(reason=reason), answer=Proposal)
