"""Explain who used up a ceiling."""

from __future__ import annotations

from datetime import date

from data.schemas.allocation import Allocation
from service.domain.errors import NotAllowedError, NotFoundError
from service.domain.wall import Wall
from service.ports.scorer import Scorer
from service.ports.stores import UnitOfWork
from service.usecases.terms.see_reference import see_contract


def explain_allocation(
    contract_id: str,
    *,
    line_id: str | None,
    client_id: str | None,
    on: date,
    wall: Wall,
    uow: UnitOfWork,
    scorer: Scorer,
) -> Allocation:
    """Explain the ceiling of a line, a customer or a contract on a day, with all that is known.

    Raises NotFoundError for an unknown contract or line, and NotAllowedError where work of a
    business unit behind the wall draws on the same ceiling: its sums cannot be cut.
    """
    scorer.catch_up(uow)
    see_contract(contract_id, wall=wall, references=uow.references)
    contract = scorer.contract_of(contract_id)
    if contract is None:
        raise NotFoundError("contract", contract_id)
    if line_id is not None and all(line.id != line_id for line in contract.lines):
        raise NotFoundError(f"line of contract {contract_id!r} with the id", line_id)
    for line in contract.lines:
        unit = scorer.business_unit_of(contract_id, line.id)
        is_drawing = line_id in {None, line.id}
        if is_drawing and not wall.admits(client_id=contract.client_id, business_unit=unit):
            raise NotAllowedError("sight of every business unit that draws on this ceiling")
    return scorer.allocation_of(contract, line_id=line_id, client_id=client_id, on=on)
