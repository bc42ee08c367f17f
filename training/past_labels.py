"""What a firm's past says of its items, and when it could be known: verdicts, bills, disputes.

An outcome is known at a horizon that is the same whatever it is. Taking each as soon as it shows
would leave only the good ones among the young, for silence takes longer to mean something.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.firm.dates import cut_off_at
from data.firm.records import FaultKind, Firm, PastVerdict
from data.schemas.billing import Dispute, Invoice, WriteOff
from data.schemas.decision import Label
from data.schemas.items import AnyItem, row_ids
from data.schemas.questions import QUESTION_OF_REASON, LabelSource, Question, questions_for

DISPUTE_HORIZON = timedelta(days=90)
"""After the invoice; an objection that comes later is a rarity and counts as none."""
LONGEST_OPEN = timedelta(days=120)
"""An item that was not billed for so long never will be: it is no longer waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """When the last invoice of an item left, and by when it had to."""

    at: datetime
    cut_off: datetime

    @property
    def is_late(self) -> bool:
        """Whether its cut-off had passed."""
        return self.at > self.cut_off


def labels_of(firm: Firm) -> tuple[Label, ...]:
    """Every verdict and outcome of a generated firm, without its hidden truth."""
    items = {one.item.item_id: one.item for one in firm.submissions}
    item_of_row = {row: item_id for item_id, item in items.items() for row in row_ids(item)}
    billed = billed_items(firm.invoices, item_of_row=item_of_row)
    received_at = {one.item.item_id: one.received_at for one in firm.submissions}
    return (
        *(_verdict_label(one, item=items[one.item_id]) for one in firm.verdicts),
        *_late_labels(billed, received_at=received_at),
        *_billing_labels(billed, write_offs=firm.write_offs),
        *_dispute_labels(billed, disputes=firm.disputes, item_of_row=item_of_row),
    )


def billed_items(
    invoices: Iterable[Invoice], *, item_of_row: Mapping[str, str]
) -> dict[str, Billed]:
    """The last invoice of each item that has one."""
    billed: dict[str, Billed] = {}
    for invoice in invoices:
        bill = Billed(at=invoice.issued_at, cut_off=cut_off_at(invoice.period_end))
        for item_id in {item_of_row[line.row_id] for line in invoice.lines}:
            held = billed.get(item_id)
            if held is None or held.at < invoice.issued_at:
                billed[item_id] = bill
    return billed


def open_label(item_id: str, *, assessed_at: datetime, cut: datetime) -> Label | None:
    """Say of an item that nobody has billed yet that it still waits at `cut`."""
    if not timedelta() < cut - assessed_at <= LONGEST_OPEN:
        return None
    return Label(item_id=item_id, source=LabelSource.OUTCOME, answers={}, known_at=cut)


def _verdict_label(verdict: PastVerdict, *, item: AnyItem) -> Label:
    """A full review answers every question asked of the kind of item, one by one."""
    found = {code.question for code in verdict.found if isinstance(code, FaultKind)}
    asked = questions_for(item.kind, source=LabelSource.VERDICT)
    answers = {question: question in found for question in asked}
    return Label(
        item_id=verdict.item_id,
        source=LabelSource.VERDICT,
        answers=answers | {Question.ANY_FAULT: verdict.is_violation},
        known_at=verdict.known_at,
        rater=verdict.rater or None,
        active_seconds=float(verdict.active_seconds) or None,
        is_score_shown=verdict.is_score_shown if verdict.rater else None,
    )


def _late_labels(
    billed: Mapping[str, Billed], *, received_at: Mapping[str, datetime]
) -> Iterator[Label]:
    """A missed cut-off is known from the cut-off on, however long the bill still takes.

    What is never billed, because nothing of it was left to bill, waits for no invoice.
    """
    for item_id, bill in billed.items():
        if bill.is_late and received_at[item_id] < bill.cut_off:
            yield Label(
                item_id=item_id,
                source=LabelSource.OUTCOME,
                answers={Question.MISSED_CUT_OFF: True},
                known_at=bill.cut_off,
            )


def _billing_labels(
    billed: Mapping[str, Billed], *, write_offs: Iterable[WriteOff]
) -> Iterator[Label]:
    """A bill settles its own lateness, and that nothing was given up before it left."""
    given_up: dict[str, datetime] = {}
    for write_off in write_offs:
        first = given_up.get(write_off.item_id, write_off.recorded_at)
        given_up[write_off.item_id] = min(first, write_off.recorded_at)
    for item_id, bill in billed.items():
        answers = {Question.MISSED_CUT_OFF: bill.is_late}
        if item_id not in given_up or given_up[item_id] > bill.at:
            answers[Question.WRITE_OFF] = False
        yield Label(
            item_id=item_id,
            source=LabelSource.OUTCOME,
            answers=answers,
            known_at=bill.at,
            billed_at=bill.at,
        )
    for item_id, known_at in given_up.items():
        bill_of_item = billed.get(item_id)
        is_billed = bill_of_item is not None and bill_of_item.at <= known_at
        yield Label(
            item_id=item_id,
            source=LabelSource.OUTCOME,
            answers={Question.WRITE_OFF: True},
            known_at=known_at,
            billed_at=bill_of_item.at if bill_of_item is not None and is_billed else None,
        )


def _dispute_labels(
    billed: Mapping[str, Billed],
    *,
    disputes: Iterable[Dispute],
    item_of_row: Mapping[str, str],
) -> Iterator[Label]:
    """All five reasons are answered on one day, objected to or not."""
    of_item: dict[str, list[Dispute]] = defaultdict(list)
    for dispute in disputes:
        of_item[item_of_row[dispute.row_id]].append(dispute)
    for item_id, bill in billed.items():
        horizon = bill.at + DISPUTE_HORIZON
        reasons = {one.reason for one in of_item[item_id] if one.recorded_at <= horizon}
        yield Label(
            item_id=item_id,
            source=LabelSource.OUTCOME,
            answers={q: reason in reasons for reason, q in QUESTION_OF_REASON.items()},
            known_at=horizon,
            billed_at=bill.at,
        )
