"""The ledger: monthly invoices of what was found billable, and mistakes in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from data.firm.approvals import SignedSheet
from data.firm.billables import Billable
from data.firm.chance import Chance
from data.firm.dates import cut_off_at
from data.firm.delays import last_run_at
from data.firm.plans import ContractPlan
from data.firm.proof import Proof
from data.firm.report_approvals import SignedReport
from data.schemas.billing import Invoice, InvoiceLine, WriteOff
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import InvoiceStatus, ItemKind

REGULAR_RUN_DAYS = (3, 8)
"""Days after month end on which the regular run of a contract takes place."""
CATCH_UP_PROBABILITY = 0.75
"""A late item goes out with each weekly catch-up run with this probability, or less likely the
more there was against it."""
CREDITED_SHEETS = 6
DECIDED_BEFORE = timedelta(minutes=30)
"""When a write-off is decided, before the bill leaves."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An invoice before it has a number."""

    plan: ContractPlan
    period_end: date
    issued_at: datetime
    status: InvoiceStatus
    lines: tuple[InvoiceLine, ...]
    write_offs: tuple[WriteOff, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyBills:
    """Invoices written by hand before review: two kinds of mistakes, one of them taken back."""

    bills: tuple[Bill, ...]
    proofs: tuple[Proof, ...]


def bill_early(
    sheets: Sequence[SignedSheet], *, reports: Sequence[SignedReport], chance: Chance
) -> EarlyBills:
    """Bill planted sheets and reports twice, and bill and credit a few honest sheets."""
    bills: list[Bill] = []
    proofs: list[Proof] = []
    signed: list[SignedSheet | SignedReport] = [*sheets, *reports]
    for one in signed:
        if one.draft.planted is ExceptionCode.ALREADY_INVOICED:
            bill = _by_hand(one, status=InvoiceStatus.POSTED, chance=chance)
            bills.append(bill)
            proofs.extend(_billed_twice(one.item.item_id, bill=bill))
    honest = [sheet for sheet in sheets if sheet.draft.planted is None]
    bills += [
        _by_hand(sheet, status=InvoiceStatus.CREDITED, chance=chance)
        for sheet in chance.sample(honest, count=CREDITED_SHEETS)
    ]
    return EarlyBills(bills=tuple(bills), proofs=tuple(proofs))


def write_invoices(
    billables: Sequence[Billable], *, early: Sequence[Bill], chance: Chance
) -> tuple[tuple[Invoice, ...], tuple[WriteOff, ...]]:
    """Every invoice with its number, and what was given up when it was made up."""
    bills = [*_run_bills(billables, chance=chance), *early]
    bills.sort(key=lambda bill: (bill.issued_at, bill.plan.id, bill.lines[0].id))
    invoices = tuple(_invoice(bill, number=number) for number, bill in enumerate(bills, start=1))
    given_up = [one for bill in bills for one in bill.write_offs]
    given_up.sort(key=lambda one: (one.recorded_at, one.item_id))
    return invoices, tuple(given_up)


def _by_hand(one: SignedSheet | SignedReport, *, status: InvoiceStatus, chance: Chance) -> Bill:
    rows = list(_rows(one))
    if chance.happens(0.4):
        rows = rows[: max(1, len(rows) // 2)]
    wait = one.received_at - one.item.submitted_at
    return Bill(
        plan=one.draft.plan,
        period_end=max(day for day, _ in rows),
        issued_at=(one.item.submitted_at + wait / 2).replace(microsecond=0),
        status=status,
        lines=tuple(line for _, line in rows),
    )


def _rows(one: SignedSheet | SignedReport) -> Iterator[tuple[date, InvoiceLine]]:
    """What each row of an item makes on a bill, with its day."""
    if isinstance(one, SignedSheet):
        for entry in one.item.entries:
            line = InvoiceLine(id=entry.id, entry_id=entry.id, amount_minor=entry.amount_minor)
            yield entry.work_date, line
        return
    for row in one.item.expenses:
        line = InvoiceLine(id=row.id, expense_id=row.id, amount_minor=row.billable_minor)
        yield row.incurred_on, line


def _billed_twice(item_id: str, *, bill: Bill) -> list[Proof]:
    return [
        Proof(
            item_id=item_id,
            row_id=line.id,
            code=ExceptionCode.ALREADY_INVOICED,
            exposure_minor=line.amount_minor,
            correction_minor=-line.amount_minor,
        )
        for line in bill.lines
    ]


def _run_bills(billables: Sequence[Billable], *, chance: Chance) -> list[Bill]:
    """Group what leaves together: one contract, one period, one billing run."""
    runs: dict[tuple[str, date], datetime] = {}
    groups: dict[tuple[str, date, datetime], list[Billable]] = defaultdict(list)
    for one in billables:
        place = (one.plan.id, one.delay.billed_month_end)
        if place not in runs:
            runs[place] = _regular_run(one.delay.billed_month_end, chance=chance)
        issued_at = _issued_at(one, regular_at=runs[place], chance=chance)
        groups[one.plan.id, one.done_on, issued_at].append(one)
    return [
        Bill(
            plan=group[0].plan,
            period_end=period_end,
            issued_at=issued_at,
            status=InvoiceStatus.POSTED,
            lines=tuple(line for one in group for line in _lines(one)),
            write_offs=tuple(
                WriteOff(
                    id=f"WO-{one.item_id.partition(':')[2]}",
                    item_id=one.item_id,
                    amount_minor=one.written_off_minor,
                    recorded_at=issued_at - DECIDED_BEFORE,
                )
                for one in group
                if one.written_off_minor
            ),
        )
        for (_, period_end, issued_at), group in groups.items()
    ]


def _lines(one: Billable) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            id=row_id,
            entry_id=row_id if one.kind is ItemKind.TIMESHEET else None,
            milestone_id=row_id if one.kind is ItemKind.MILESTONE else None,
            expense_id=row_id if one.kind is ItemKind.EXPENSE_REPORT else None,
            amount_minor=minor,
        )
        for row_id, minor in one.amounts_minor.items()
    ]


def _regular_run(billed_month_end: date, *, chance: Chance) -> datetime:
    day = billed_month_end + timedelta(days=chance.between(*REGULAR_RUN_DAYS))
    return datetime.combine(day, time(12, 0, tzinfo=UTC))


def _issued_at(one: Billable, *, regular_at: datetime, chance: Chance) -> datetime:
    """The run that bills the item: milestones when they arrive, time monthly, late ones weekly."""
    last_at = last_run_at(one.delay.billed_month_end)
    if one.delay.is_delayed:
        run_at = cut_off_at(one.delay.billed_month_end) + WEEK
        goes_out = CATCH_UP_PROBABILITY * (1.0 - one.delay.probability / 2)
        while run_at <= one.received_at or not chance.happens(goes_out):
            run_at += WEEK
        return run_at
    if one.kind is ItemKind.MILESTONE:
        soon = one.received_at + timedelta(hours=chance.between(2, 40))
        return min(soon.replace(second=0, microsecond=0), last_at)
    is_held_up = chance.happens(one.delay.probability)
    return regular_at if one.received_at < regular_at and not is_held_up else last_at


def _invoice(bill: Bill, *, number: int) -> Invoice:
    invoice_id = f"{bill.plan.practice}INV-{number:05d}"
    return Invoice(
        id=invoice_id,
        client_id=bill.plan.client.id,
        contract_id=bill.plan.id,
        currency=bill.plan.client.currency,
        period_end=bill.period_end,
        issued_at=bill.issued_at,
        due_on=bill.issued_at.date() + timedelta(days=bill.plan.client.payment_terms_days),
        status=bill.status,
        lines=tuple(
            line.model_copy(update={"id": f"{invoice_id}.{place}"})
            for place, line in enumerate(bill.lines, start=1)
        ),
    )
