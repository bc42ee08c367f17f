"""Past work as training rows: the very same `assess`, day by day, on what was known that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, groupby

from data.firm.records import Firm
from data.schemas.assessment import Assessment
from data.schemas.billing import Invoice, Payment
from data.schemas.decision import Label, LabelSource, TrainingRow
from data.schemas.items import AnyItem, ExpenseReport, Timesheet
from data.schemas.reference import Reference
from models.assess import assess
from models.codes import Codes
from models.columns import to_batch
from models.past.history import History
from models.terms import Terms
from models.thinning import uniform
from training.dataset import label_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWork:
    """Items with the time they arrived, the ledger, and what was learned of the items later."""

    reference: Reference
    submissions: tuple[tuple[datetime, AnyItem], ...]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    labels: tuple[Label, ...]


def past_work_of(firm: Firm) -> PastWork:
    """Give a generated firm's past as it could be known, without its hidden truth."""
    return PastWork(
        reference=firm.reference,
        submissions=tuple((one.received_at, one.item) for one in firm.submissions),
        invoices=firm.invoices,
        payments=firm.payments,
        labels=(*_verdict_labels(firm), *_outcome_labels(firm)),
    )


def history_rows(
    work: PastWork, *, cut: datetime, salt: str, progress: Callable[[str], None]
) -> list[TrainingRow]:
    """Assess the past in daily batches without a bundle, and give a row per label known by `cut`.

    Facts (bills, payments, verdicts) enter the history only once they are known, so each vector
    is the one that would have been computed that day.
    """
    codes = Codes()
    history, terms = History(codes=codes), Terms.build(work.reference, codes=codes)
    facts = _Facts(work, cut=cut)
    numbers = count(1)
    rows: list[TrainingRow] = []
    for day, arrivals in _days(work.submissions, cut=cut):
        decided_at = max(received_at for received_at, _ in arrivals)
        facts.tell(history, terms=terms, until=decided_at)
        batch = to_batch([item for _, item in arrivals], codes=codes)
        assessments = assess(
            batch,
            history=history,
            terms=terms,
            bundle=None,
            decided_at=decided_at,
            coin=lambda name: uniform(name, salt=salt),
            new_id=lambda: f"A-{next(numbers):07d}",
        )
        history.add_batch(batch, known_at=decided_at, through=history.through + len(batch))
        rows.extend(_rows(assessments, labels=facts.labels))
        if day.day == 1:
            progress(f"{day}: {len(rows)} rows")
    return rows


class _Facts:
    """Everything that is learned besides items, in the order it became known."""

    def __init__(self, work: PastWork, *, cut: datetime) -> None:
        self.items = {item.item_id: item for _, item in work.submissions}
        self.labels: dict[str, list[Label]] = defaultdict(list)
        queue: list[tuple[datetime, Invoice | Payment | Label]] = []
        queue.extend((invoice.issued_at, invoice) for invoice in work.invoices)
        queue.extend((payment.recorded_at, payment) for payment in work.payments)
        for label in work.labels:
            if label.known_at <= cut:
                self.labels[label.item_id].append(label)
                queue.append((label.known_at, label))
        self.queue = sorted(queue, key=lambda fact: (fact[0], fact[1].__class__.__name__))
        self.told = 0

    def tell(self, history: History, *, terms: Terms, until: datetime) -> None:
        """Add what became known up to `until`."""
        while self.told < len(self.queue) and self.queue[self.told][0] <= until:
            known_at, fact = self.queue[self.told]
            self.told += 1
            if isinstance(fact, Invoice):
                history.add_invoice(fact, known_at=known_at)
            elif isinstance(fact, Payment):
                history.add_payment(fact, known_at=known_at)
            else:
                self._tell_label(fact, history=history, terms=terms)

    def _tell_label(self, label: Label, *, history: History, terms: Terms) -> None:
        item = self.items[label.item_id]
        client = terms.client_of_contract(item.contract_id)
        if client is None:
            return
        if label.is_violation is not None:
            history.add_verdict(
                item,
                client_id=client.id,
                is_violation=label.is_violation,
                known_at=label.known_at,
            )
        if label.is_delayed is not None:
            history.add_delay(
                client_id=client.id, is_delayed=label.is_delayed, known_at=label.known_at
            )


def _days(
    submissions: Sequence[tuple[datetime, AnyItem]], *, cut: datetime
) -> Iterator[tuple[date, list[tuple[datetime, AnyItem]]]]:
    seen = sorted(
        (one for one in submissions if one[0] <= cut), key=lambda one: (one[0], one[1].item_id)
    )
    for day, arrivals in groupby(seen, key=lambda one: one[0].date()):
        yield day, list(arrivals)


def _rows(
    assessments: Iterable[Assessment], *, labels: Mapping[str, Sequence[Label]]
) -> Iterator[TrainingRow]:
    for assessment in assessments:
        later = [one for one in labels.get(assessment.item_id, ())
                 if one.known_at > assessment.assessed_at]  # fmt: skip
        yield from label_rows(assessment, labels=later)


def _verdict_labels(firm: Firm) -> Iterator[Label]:
    for verdict in firm.verdicts:
        yield Label(
            item_id=verdict.item_id,
            source=LabelSource.VERDICT,
            is_violation=verdict.is_violation,
            known_at=verdict.known_at,
        )


def _row_ids(item: AnyItem) -> list[str]:
    """What stands on an invoice of an item; a milestone stands there itself."""
    if isinstance(item, Timesheet):
        return [entry.id for entry in item.entries]
    if isinstance(item, ExpenseReport):
        return [expense.id for expense in item.expenses]
    return [item.item_id]


def _outcome_labels(firm: Firm) -> Iterator[Label]:
    """Whether an item was late is known once the invoice that bills it has left."""
    item_of = {row: one.item.item_id for one in firm.submissions for row in _row_ids(one.item)}
    billed_at: dict[str, datetime] = {}
    for invoice in firm.invoices:
        for line in invoice.lines:
            item_id = item_of[line.row_id]
            billed_at[item_id] = max(invoice.issued_at, billed_at.get(item_id, invoice.issued_at))
    for item_id, known_at in billed_at.items():
        yield Label(
            item_id=item_id,
            source=LabelSource.OUTCOME,
            is_delayed=firm.truth[item_id].is_delayed,
            known_at=known_at,
        )
