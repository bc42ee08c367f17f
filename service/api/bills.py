"""The bill of a posting: to be read, and to be taken to the ledger by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from data.schemas.values import ISO_4217_DIGITS
from service.api.access import Parts, Reader
from service.api.export_cells import Cell
from service.api.export_files import csv_parts
from service.api.parts import ApiParts
from service.domain.actor import Actor
from service.domain.bill import Bill
from service.domain.errors import NotFoundError
from service.usecases.billing.make_bill import bill_from_json
from service.usecases.figures.note_export import note_export
from service.wire.postings import BillLineView, BillView

router = APIRouter(prefix="/v1", tags=["review"])
TITLES = (
    "Token", "Client", "Contract", "Contract line", "Item", "Period from", "Period to",
    "Service date", "Description", "Minutes", "Rate", "Amount", "Currency", "Rows",
)  # fmt: skip


@router.get("/postings/{posting_id}/bill")
def get_bill(posting_id: str, parts: Parts, actor: Reader) -> BillView:
    """Give the bill of a posting as it goes to the ledger."""
    bill = _bill(posting_id, parts, actor)
    return BillView(
        posting_id=posting_id,
        token=bill.token,
        item_id=bill.item_id,
        contract_id=bill.contract_id,
        contract_line_id=bill.contract_line_id,
        client_id=bill.client_id,
        currency=bill.currency,
        period_start=bill.period_start,
        period_end=bill.period_end,
        total_minor=bill.total_minor,
        corrects=bill.corrects,
        lines=tuple(
            BillLineView(
                description=one.description,
                quantity_minutes=one.quantity_minutes,
                hourly_rate_minor=one.hourly_rate_minor,
                amount_minor=one.amount_minor,
                service_date=one.service_date,
                source_row_ids=one.source_row_ids,
            )
            for one in bill.lines
        ),
    )


@router.get("/postings/{posting_id}/bill.csv", response_class=StreamingResponse)
def get_bill_file(posting_id: str, parts: Parts, actor: Reader) -> StreamingResponse:
    """Give the same as a file, a row for each line, to be entered in the ledger by hand."""
    bill = _bill(posting_id, parts, actor)
    now = parts.clock.now()
    parts.writer.run(
        lambda uow: note_export(
            f"bill-{posting_id}.csv", subject=posting_id, actor=actor, uow=uow, now=now, filters={}
        )
    )
    return StreamingResponse(
        csv_parts(TITLES, _rows(bill)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="bill-{bill.token}.csv"'},
    )


def _bill(posting_id: str, parts: ApiParts, actor: Actor) -> Bill:
    found = parts.screens.bill(posting_id, wall=actor.wall)
    if found is None:
        raise NotFoundError("posting", posting_id)
    return bill_from_json(found)


def _rows(bill: Bill) -> Iterator[tuple[Cell, ...]]:
    digits = ISO_4217_DIGITS[bill.currency]
    for line in bill.lines:
        rate = line.hourly_rate_minor
        yield (
            bill.token,
            bill.client_id,
            bill.contract_id,
            bill.contract_line_id or "",
            bill.item_id,
            bill.period_start.isoformat() if bill.period_start else "",
            bill.period_end.isoformat(),
            line.service_date.isoformat() if line.service_date else "",
            line.description,
            line.quantity_minutes,
            None if rate is None else Decimal(rate).scaleb(-digits),
            Decimal(line.amount_minor).scaleb(-digits),
            bill.currency,
            ", ".join(line.source_row_ids),
        )
