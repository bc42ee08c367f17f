"""What billing shows of items: when invoices left, what was disputed, and what was given up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from data.schemas.billing import Dispute, Invoice, WriteOff
from data.schemas.items import AnyItem, row_ids
from data.schemas.questions import QUESTION_OF_REASON, Question
from data.schemas.vocabulary import InvoiceStatus
from service.domain.cut_off import cut_off_after, last_day_of
from service.ports.stores import UnitOfWork

DISPUTE_HORIZON = timedelta(days=90)
"""A client objects within a payment term and a reminder; before that, silence means nothing."""
LONGEST_OPEN = timedelta(days=120)
"""An item that was not billed for so long never will be: it is no longer waiting."""
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became known of an assessed item at one time."""

    answers: dict[Question, bool]
    known_at: datetime
    days_to_bill: float | None = None
    is_billed: bool | None = None


@dataclass(slots=True)
class BillingOutcomes:
    """The ledger's facts by the rows they bill; read once, asked for every item."""

    cut_off_day: int
    invoices: dict[str, Invoice] = field(default_factory=dict)
    """The last invoice that bills a row."""
    posted_at: dict[str, datetime] = field(default_factory=dict)
    """When our own bill of an item was written to the ledger."""
    disputed: dict[str, set[Question]] = field(default_factory=lambda: defaultdict(set))
    written_off_at: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, uow: UnitOfWork, *, cut_off_day: int) -> BillingOutcomes:
        """Read every invoice, bill, dispute and write-off."""
        found = cls(cut_off_day, posted_at=uow.postings.done_at())
        for body in uow.references.bodies("invoices"):
            found._add_invoice(Invoice.model_validate_json(body))
        for body in uow.references.bodies("disputes"):
            dispute = Dispute.model_validate_json(body)
            found.disputed[dispute.row_id].add(QUESTION_OF_REASON[dispute.reason])
        for body in uow.references.bodies("write_offs"):
            write_off = WriteOff.model_validate_json(body)
            found.written_off_at[write_off.item_id] = write_off.recorded_at
        return found

    def of(
        self, item: AnyItem, *, assessed_at: datetime, until: datetime, is_refused: bool
    ) -> Iterator[Outcome]:
        """Give what is known of an item by `until`, one outcome for each time it was learned.

        An item in progress is told as such, with the days so far; one that a person refused, or
        whose value was given up, waits for no invoice.
        """
        rows = row_ids(item)
        invoice = self._last_invoice(rows)
        invoiced_at = None if invoice is None else invoice.issued_at
        billed_at = invoiced_at or self.posted_at.get(item.item_id)
        given_up_at = self.written_off_at.get(item.item_id)
        if given_up_at is not None and given_up_at > assessed_at:
            yield Outcome(answers={Question.WRITE_OFF: True}, known_at=given_up_at)
        is_waiting = billed_at is None and given_up_at is None and not is_refused
        worked_until = last_day_of(item) if invoice is None else invoice.period_end
        cut_off = cut_off_after(worked_until, day=self.cut_off_day)
        missed_by = until if is_waiting else billed_at
        if missed_by is not None and assessed_at < cut_off < missed_by:
            yield _missed(cut_off, assessed_at=assessed_at)
        if billed_at is not None and billed_at > assessed_at:
            yield _billed(
                billed_at,
                cut_off=cut_off,
                assessed_at=assessed_at,
                is_given_up=given_up_at is not None,
            )
        if is_waiting and until - assessed_at <= LONGEST_OPEN:
            yield _in_progress(max(until, assessed_at), assessed_at=assessed_at)
        if invoiced_at is not None and assessed_at < invoiced_at <= until - DISPUTE_HORIZON:
            yield Outcome(
                answers={
                    question: any(question in self.disputed.get(row, ()) for row in rows)
                    for question in QUESTION_OF_REASON.values()
                },
                known_at=invoiced_at + DISPUTE_HORIZON,
            )

    def _add_invoice(self, invoice: Invoice) -> None:
        if invoice.status is InvoiceStatus.DRAFT:
            return
        for line in invoice.lines:
            known = self.invoices.get(line.row_id, invoice)
            if known.issued_at <= invoice.issued_at:
                self.invoices[line.row_id] = invoice

    def _last_invoice(self, rows: Sequence[str]) -> Invoice | None:
        left = [self.invoices[row] for row in rows if row in self.invoices]
        return max(left, key=lambda one: one.issued_at, default=None)


def _missed(cut_off: datetime, *, assessed_at: datetime) -> Outcome:
    """A missed cut-off is known from the cut-off on, however long the bill still takes."""
    still = _in_progress(cut_off, assessed_at=assessed_at)
    return replace(still, answers={Question.MISSED_CUT_OFF: True})


def _billed(
    billed_at: datetime, *, cut_off: datetime, assessed_at: datetime, is_given_up: bool
) -> Outcome:
    answers = {} if is_given_up else {Question.WRITE_OFF: False}
    # What came in after its cut-off was late before anybody could be asked.
    if assessed_at < cut_off:
        answers[Question.MISSED_CUT_OFF] = billed_at > cut_off
    return Outcome(
        answers=answers,
        known_at=billed_at,
        days_to_bill=(billed_at - assessed_at).total_seconds() / DAY_SECONDS,
        is_billed=True,
    )


def _in_progress(known_at: datetime, *, assessed_at: datetime) -> Outcome:
    return Outcome(
        answers={},
        known_at=known_at,
        days_to_bill=(known_at - assessed_at).total_seconds() / DAY_SECONDS,
        is_billed=False,
    )
