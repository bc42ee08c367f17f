"""Contracts to look through, and the texts that their clauses were read out of."""

from __future__ import annotations

from datetime import date

from data.schemas.contracts import Contract
from service.calls.http import DEFAULT_PAGE, ApiCalls, page_filters, segment
from service.wire.contracts import ContractPage, DocumentView, TermsView


class ContractCalls(ApiCalls):
    """Contracts to look through, and the texts that their clauses were read out of."""

    def contracts(
        self,
        *,
        q: str | None = None,
        has_proposals: bool = False,
        cursor: str | None = None,
        limit: int = DEFAULT_PAGE,
    ) -> ContractPage:
        """Give one page of contracts, by id."""
        asked = {"q": q, "has_proposals": "true" if has_proposals else None}
        return self._get("/v1/contracts", asked | page_filters(cursor, limit), answer=ContractPage)

    def contract(self, contract_id: str) -> Contract:
        """Give a contract's terms."""
        return self._get(f"/v1/contracts/{segment(contract_id)}", answer=Contract)

    def contract_document(self, contract_id: str, *, sha256: str) -> DocumentView:
        """Give the text that clauses of a contract were read out of."""
        path = f"/v1/contracts/{segment(contract_id)}/documents/{sha256}"
        return self._get(path, answer=DocumentView)

    def contract_terms(self, contract_id: str, *, on: date | None = None) -> TermsView:
        """Give the clauses in force on a day."""
        path = f"/v1/contracts/{segment(contract_id)}/terms"
        return self._get(path, {"on": on and on.isoformat()}, answer=TermsView)
