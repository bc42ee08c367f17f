"""Explain who used up a ceiling."""

from __future__ import annotations

from datetime import date

from data.schemas.allocation import Allocation
from service.domain.errors import NotFoundError
from service.ports.scorer import Scorer
from service.ports.stores import UnitOfWork


def explain_allocation(
    contract_id: str,
    *,
    line_id: str | None,
    client_id: str | None,
    on: date,
    uow: UnitOfWork,
    scorer: Scorer,
) -> Allocation:
    """Explain the ceiling of a line, a customer or a contract on a day, with all that is known.

    Raises NotFoundError for an unknown contract or line.
    """
    scorer.catch_up(uow)
    contract = scorer.contract_of(contract_id)
    if contract is None:
        raise NotFoundError("contract", contract_id)
    if line_id is not None and all(line.id != line_id for line in contract.lines):
        raise NotFoundError(f"line of contract {contract_id!r} with the id", line_id)
    return scorer.allocation_of(contract, line_id=line_id, client_id=client_id, on=on)
