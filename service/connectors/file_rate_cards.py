"""Rows of a rate card find their contract; a row for a contract nobody knows is given back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from data.schemas.contracts import Contract, RateCardRow
from data.schemas.reference import Reference
from data.schemas.values import Record
from service.connectors.file_record_mapping import ContractRate
from service.connectors.file_values import CellError

Objection = Callable[[Record], None]
"""Raises CellError for a record that cannot be taken."""


def objection_to(known: Reference) -> Objection:
    """Give what refuses rates of contracts and lines that are not known."""

    def refuse(record: Record) -> None:
        if not isinstance(record, ContractRate):
            return
        contract = known.contracts.get(record.contract_id)
        if contract is None:
            reason = "is no known contract; take its terms into use first"
            raise CellError(field="contract_id", value=record.contract_id, reason=reason)
        lines = [line.id for line in contract.lines]
        if record.line_id not in lines:
            reason = f"is no line of contract {contract.id}; it has {', '.join(lines)}"
            raise CellError(field="line_id", value=record.line_id, reason=reason)

    return refuse


def contracts_with(rates: Iterable[Record], *, known: Reference) -> list[Contract]:
    """Give the contracts whose rate card changes by these rates.

    A rate takes the place of one with the same line, category, location and first day; the others
    stay.
    """
    by_contract: dict[str, list[ContractRate]] = {}
    for one in rates:
        if isinstance(one, ContractRate):
            by_contract.setdefault(one.contract_id, []).append(one)
    found = [_with(known.contracts[name], rates=own) for name, own in sorted(by_contract.items())]
    return [one for one in found if one != known.contracts[one.id]]


def _with(contract: Contract, *, rates: Iterable[ContractRate]) -> Contract:
    rows = {_key(one): one for one in contract.rate_card}
    for rate in rates:
        fields = rate.model_dump(exclude={"contract_id"})
        rows[_key(rate)] = RateCardRow.model_validate(fields)
    return contract.model_copy(update={"rate_card": tuple(rows.values())})


def _key(row: RateCardRow) -> tuple[str, str, str | None, date]:
    return row.line_id, row.labor_category, row.location, row.valid_from
