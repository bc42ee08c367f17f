"""The generated firm as the demo feeds it: a past to know habits from, and three months to bill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from data.firm.generate import Firm, FirmSize, generate_firm
from data.schemas.billing import Invoice
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem
from data.schemas.reference import Reference
from service.client import CountersignClient
from service.wire.assessments import AssessmentResponse, PastItem

T = TypeVar("T")
MONTHS_TO_BILL = 3
BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFirm:
    """A firm cut in two: what was billed before `cut`, and what comes in after it."""

    firm: Firm
    size: FirmSize
    cut: datetime

    @property
    def past(self) -> list[PastItem]:
        """Items billed before Countersign came, with what the firm's own review found by then."""
        found = {
            one.item_id: one.is_violation for one in self.firm.verdicts if one.known_at < self.cut
        }
        return [
            PastItem(item=one.item, is_violation=found.get(one.item.item_id))
            for one in self.firm.submissions
            if one.received_at < self.cut
        ]

    @property
    def to_bill(self) -> list[AnyItem]:
        """Items that come in after the cut, in order."""
        return [one.item for one in self.firm.submissions if one.received_at >= self.cut]

    @property
    def invoices(self) -> list[Invoice]:
        """What the ledger held at the cut, and the invoices that make later items double."""
        doubled = {
            row
            for truth in self.firm.truth.values()
            for fault in truth.faults
            if fault.code == ExceptionCode.ALREADY_INVOICED
            for row in fault.row_ids
        }
        return [
            one
            for one in self.firm.invoices
            if one.issued_at < self.cut or {line.row_id for line in one.lines} <= doubled
        ]


def make_demo_firm(*, people: int, months: int, seed: int, today: date) -> DemoFirm:
    """Generate a firm that ends with the last full month, cut three months before its end."""
    size = demo_size(people=people, months=months, seed=seed, today=today)
    return DemoFirm(firm=generate_firm(size), size=size, cut=cut_of(size))


def demo_size(*, people: int, months: int, seed: int, today: date) -> FirmSize:
    """The size of the demo's firm; clients and contracts grow with the people."""
    return FirmSize(
        people=people,
        clients=max(4, people * 25 // 60),
        contracts=max(6, people * 40 // 60),
        months=months,
        seed=seed,
        end=today.replace(day=1) - timedelta(days=1),
    )


def cut_of(size: FirmSize) -> datetime:
    """The moment between past and present: the first instant of the last three months."""
    first = size.end.replace(day=1)
    for _ in range(MONTHS_TO_BILL - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return datetime.combine(first, time(0), tzinfo=UTC)


def feed_reference(demo: DemoFirm, client: CountersignClient) -> None:
    """Give the service everything items are checked against, and what was billed and paid."""
    reference = demo.firm.reference
    for one_client in reference.clients.values():
        client.put_client(one_client)
    for person in reference.people.values():
        client.put_person(person)
    for contract in reference.contracts.values():
        client.put_contract(contract)
    for project in reference.projects.values():
        client.put_project(project)
    for assignments in _parts(reference.assignments):
        client.add_assignments(assignments)
    _feed_calendars(reference, client)
    billed = {invoice.id for invoice in demo.invoices}
    for invoices in _parts(demo.invoices):
        client.add_invoices(invoices)
    payments = [
        one for one in demo.firm.payments if one.recorded_at < demo.cut and one.invoice_id in billed
    ]
    for some in _parts(payments):
        client.add_payments(some)
    for past in _parts(demo.past):
        client.add_history(past)
    _feed_losses(demo, client, billed=billed)


def _feed_losses(demo: DemoFirm, client: CountersignClient, *, billed: set[str]) -> None:
    """Give what clients objected to and what was given up, once the items are known."""
    disputes = [
        one for one in demo.firm.disputes if one.recorded_at < demo.cut and one.invoice_id in billed
    ]
    for objections in _parts(disputes):
        client.add_disputes(objections)
    past = [one for one in demo.firm.write_offs if one.recorded_at < demo.cut]
    for given_up in _parts(past):
        client.add_write_offs(given_up)


def _feed_calendars(reference: Reference, client: CountersignClient) -> None:
    client.add_calendars(tuple(reference.calendars.values()))
    client.add_regions(tuple(reference.regions.values()))
    for leave in _parts(reference.leave):
        client.add_leave(leave)
    for approvals in _parts(reference.overtime_approvals):
        client.add_overtime_approvals(approvals)
    for trips in _parts(tuple(reference.trips.values())):
        client.add_trips(trips)
    for preapprovals in _parts(tuple(reference.preapprovals.values())):
        client.add_preapprovals(preapprovals)


def feed_items(demo: DemoFirm, client: CountersignClient) -> Iterator[AssessmentResponse]:
    """Have the items to bill assessed, a batch at a time."""
    for number, items in enumerate(_parts(demo.to_bill, size=BATCH)):
        yield client.assess(
            [item.model_dump(mode="json") for item in items],
            idempotency_key=f"demo-{demo.size.seed}-{number}",
        )


def _parts(values: Sequence[T], *, size: int = 500) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
