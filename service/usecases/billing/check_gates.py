"""Hold a bill against its gates before it leaves."""

from __future__ import annotations

from collections.abc import Mapping

from data.schemas.contracts import Client, Contract
from data.schemas.regions import Region
from data.schemas.vocabulary import PostingStatus
from service.domain.bill import Bill
from service.domain.invoice_gates import BillStoppedError, Circumstances, gate_failures
from service.domain.posting import Posting
from service.ports.stores import UnitOfWork
from service.usecases.billing.billed_rows import BilledRows, LineName, Standing


def check_gates(
    posting: Posting,
    bill: Bill,
    *,
    uow: UnitOfWork,
    billed: BilledRows,
    regions: Mapping[str, Region],
) -> None:
    """Let a bill pass, or say why not. Raises BillStoppedError.

    `regions` are those of the product by country; one that was put in takes its place.
    """
    billed.catch_up(uow)
    contract = _contract(bill.contract_id, uow=uow)
    client = None if contract is None else _client(contract.client_id, uow=uow)
    before_minor = billed.billed_before_minor(bill, lines=_of_same_order(bill, contract))
    circumstances = Circumstances(
        contract=contract,
        client=client,
        region=None if client is None else _region(client.country, uow=uow, shipped=regions),
        billed_by=_billed_by(bill, uow=uow, billed=billed),
        billed_before_minor=before_minor,
    )
    failures = gate_failures(
        bill, stated_total_minor=posting.total_minor, circumstances=circumstances
    )
    if failures:
        raise BillStoppedError(failures)


def _billed_by(bill: Bill, *, uow: UnitOfWork, billed: BilledRows) -> dict[str, str]:
    """The other document of each row that has one: an invoice, or a posting done or before.

    A correction bills its rows again, and only the difference.
    """
    found: dict[str, str] = {}
    if bill.corrects is not None:
        return found
    for row in dict.fromkeys(row for line in bill.lines for row in line.source_row_ids):
        documents = billed.standing(row)
        own = next((one.seq for one in documents if one.document == bill.token), None)
        for one in documents:
            if one.document != bill.token and _blocks(one, uow=uow, own_seq=own):
                found.setdefault(row, one.document)
    return found


def _blocks(one: Standing, *, uow: UnitOfWork, own_seq: int | None) -> bool:
    if one.is_invoice:
        return True
    other = uow.postings.get(one.document)
    if other is None or other.status is PostingStatus.DONE:
        return other is not None
    is_before = own_seq is None or one.seq < own_seq
    return other.status is PostingStatus.PENDING and is_before


def _of_same_order(bill: Bill, contract: Contract | None) -> set[LineName]:
    """The lines of the contract that share the purchase order of the billed line."""
    lines = () if contract is None else contract.lines
    own = next((line for line in lines if line.id == bill.contract_line_id), None)
    if own is None or own.purchase_order is None or own.purchase_order_limit_minor is None:
        return set()
    return {
        (bill.contract_id, line.id) for line in lines if line.purchase_order == own.purchase_order
    }


def _contract(contract_id: str, *, uow: UnitOfWork) -> Contract | None:
    body = uow.references.get("contracts", contract_id)
    return None if body is None else Contract.model_validate_json(body)


def _client(client_id: str, *, uow: UnitOfWork) -> Client | None:
    body = uow.references.get("clients", client_id)
    return None if body is None else Client.model_validate_json(body)


def _region(country: str, *, uow: UnitOfWork, shipped: Mapping[str, Region]) -> Region | None:
    body = uow.references.get("regions", country)
    return shipped.get(country) if body is None else Region.model_validate_json(body)
