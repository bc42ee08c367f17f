"""Which items can be answered at all: those that a known contract covers, in its own currency."""

from __future__ import annotations

from data.schemas.batch import FieldProblem
from data.schemas.contracts import Contract
from data.schemas.items import AnyItem

NO_CONTRACT = "no such contract is known; PUT /v1/contracts/{id} first, then send the item again"
NO_LINE = "is not a line of contract {contract}; it has {lines}"
OTHER_CURRENCY = "contract {contract} bills in {currency}; send the item in that currency"


def objections_to(item: AnyItem, *, contract: Contract | None) -> tuple[FieldProblem, ...]:
    """Say why an item cannot be checked against its contract; empty if it can."""
    if contract is None:
        return (problem("contract_id", item.contract_id, reason=NO_CONTRACT),)
    found = []
    lines = [line.id for line in contract.lines]
    if item.line_id not in lines:
        reason = NO_LINE.format(contract=contract.id, lines=", ".join(lines))
        found.append(problem("line_id", item.line_id, reason=reason))
    if item.currency != contract.currency:
        reason = OTHER_CURRENCY.format(contract=contract.id, currency=contract.currency)
        found.append(problem("currency", item.currency, reason=reason))
    return tuple(found)


def problem(field: str, value: str, *, reason: str) -> FieldProblem:
    """Put a refused value beside its reason, as the reader of a rejection sees it."""
    return FieldProblem(field=field, value=repr(value), reason=reason)
