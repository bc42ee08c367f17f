"""Write a posting to the ledger: before, between and after the call everything can be repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from data.schemas.regions import Region
from data.schemas.vocabulary import AuditEvent, PostingStatus
from service.domain.actor import WORKER
from service.domain.audit_entry import AuditEntry
from service.domain.bill import Bill
from service.ports.faults import PassBy, Point, pass_by
from service.ports.ledger import LedgerPort, Receipt
from service.ports.outside_errors import OutsideAmbiguousError, OutsideConflictError
from service.ports.stores import UnitOfWork
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.check_gates import check_gates
from service.usecases.billing.make_bill import bill_from_json
from service.usecases.billing.note_failure import note_answer
from service.usecases.billing.release_capacity import release_capacity

OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """What bills are held against before they leave."""

    billed: BilledRows
    regions: Mapping[str, Region]
    """Those of the product by country; one that was put in takes its place."""


class NotYetError(Exception):
    """The bill or its ledger waits until a moment; nothing was sent, nothing counts as a try."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"nothing is sent before {until.isoformat()}")
        self.until = until


def post_billing(
    posting_id: str,
    *,
    open_work: OpenWork,
    ledger: LedgerPort,
    gates: Gates,
    now: Callable[[], datetime],
    passing: PassBy = pass_by,
) -> PostingStatus:
    """Bring one pending posting into the ledger, exactly once.

    The ledger is asked for the token before anything is created; a lost answer is found there.
    Raises BillStoppedError when a gate stops the bill, NotYetError while the bill or its ledger
    waits, and OutsideError, whose class says what may be done next.
    """
    # 1. Only a pending posting leaves, and a first try only if its bill passes every gate. No
    #    transaction is open while the ledger is called.
    passing(Point.TRY_BEGINS)
    with open_work() as uow:
        posting = uow.postings.get(posting_id)
        if posting is None or posting.status is not PostingStatus.PENDING:
            return posting.status if posting else PostingStatus.CANCELLED
        bill = bill_from_json(posting.bill_json)
        if posting.attempts == 0:
            check_gates(posting, bill, uow=uow, billed=gates.billed, regions=gates.regions)
        _begin_call(posting_id, ledger.name, uow=uow, now=now())
        uow.postings.save(replace(posting, attempts=posting.attempts + 1))
        passing(Point.TRY_UNCOMMITTED)
    passing(Point.TRY_COMMITTED)
    # 2. What the ledger already has under this token was written by an earlier try, and that the
    #    gates would now take for a bill of somebody else.
    receipt = ledger.find_by_token(posting.token)
    passing(Point.TOKEN_LOOKED_UP)
    if receipt is not None:
        _refuse_other_document(receipt, bill)
    else:
        if posting.attempts > 0:
            with open_work() as uow:
                check_gates(posting, bill, uow=uow, billed=gates.billed, regions=gates.regions)
                passing(Point.GATES_UNCOMMITTED)
            passing(Point.GATES_PASSED)
        receipt = ledger.create_draft(bill)
        passing(Point.DRAFT_WRITTEN)
        _doubt_other_amount(receipt, bill)
    # 3. Note what was written, and what it sets free.
    with open_work() as uow:
        status = _note_done(posting_id, receipt, uow=uow, now=now())
        note_answer(ledger.name, uow=uow, now=now())
        passing(Point.DONE_UNCOMMITTED)
    passing(Point.DONE_COMMITTED)
    return status


def _begin_call(posting_id: str, system: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Let a call be made, unless it comes too soon; of a system that rested one call tries it."""
    failure = uow.failures.get(posting_id)
    if failure is not None and failure.next_try_at is not None and now < failure.next_try_at:
        # A run that a crash repeats is early; it must not undercut what was noted.
        raise NotYetError(failure.next_try_at)
    if uow.circuits.get(system).is_calm:
        return
    circuit = uow.circuits.held(system)
    until = circuit.rests_until(now)
    if until is not None:
        raise NotYetError(until)
    called = circuit.called(now=now)
    if called != circuit:
        uow.circuits.save(called)


def _refuse_other_document(receipt: Receipt, bill: Bill) -> None:
    """What stands there under the token must be this bill, and must stand."""
    if receipt.state == "cancelled":
        raise OutsideConflictError(
            f"the document {receipt.document_id} of this bill was cancelled in the ledger"
        )
    if receipt.total_minor != bill.total_minor:
        raise OutsideConflictError(
            f"the document {receipt.document_id} stands at {receipt.total_minor} minor units of "
            f"{bill.currency} where this bill says {bill.total_minor}"
        )


def _doubt_other_amount(receipt: Receipt, bill: Bill) -> None:
    """An answer over another amount is no proof; what was kept is read with the next try."""
    if receipt.total_minor != bill.total_minor:
        raise OutsideAmbiguousError(
            f"the ledger answered {receipt.total_minor} minor units of {bill.currency} to a bill "
            f"over {bill.total_minor}; what it kept is read again"
        )


def _note_done(
    posting_id: str, receipt: Receipt, *, uow: UnitOfWork, now: datetime
) -> PostingStatus:
    posting = uow.postings.get(posting_id)
    if posting is None or posting.status is not PostingStatus.PENDING:
        return posting.status if posting else PostingStatus.CANCELLED
    uow.postings.save(
        replace(
            posting,
            status=PostingStatus.DONE,
            document_id=receipt.document_id,
            done_at=now,
            error=None,
        )
    )
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POSTING_DONE,
            at=now,
            actor_id=WORKER.id,
            subject=posting.item_id,
            facts={
                "posting": posting.id,
                "ledger": posting.ledger,
                "document": receipt.document_id,
                "total_minor": receipt.total_minor,
                "currency": posting.currency,
            },
        )
    )
    release_capacity(posting, uow=uow, now=now)
    return PostingStatus.DONE
