"""Past work as training rows: the very same `assess`, day by day, on what was known that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, groupby

from data.firm.records import Firm
from data.schemas.assessment import Assessment
from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.decision import Label, TrainingRow
from data.schemas.items import AnyItem
from data.schemas.questions import Question
from data.schemas.reference import Reference
from models.assess import assess
from models.codes import Codes
from models.columns import to_batch
from models.past.history import History
from models.terms import Terms
from models.thinning import uniform
from training.dataset import label_rows
from training.past_labels import labels_of, open_label

Fact = Invoice | Payment | Dispute | WriteOff | Label


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWork:
    """Items with the time they arrived, the ledger, and what was learned of the items later."""

    reference: Reference
    submissions: tuple[tuple[datetime, AnyItem], ...]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    labels: tuple[Label, ...]
    disputes: tuple[Dispute, ...] = ()
    write_offs: tuple[WriteOff, ...] = ()


def past_work_of(firm: Firm) -> PastWork:
    """Give a generated firm's past as it could be known, without its hidden truth."""
    return PastWork(
        reference=firm.reference,
        submissions=tuple((one.received_at, one.item) for one in firm.submissions),
        invoices=firm.invoices,
        payments=firm.payments,
        labels=labels_of(firm),
        disputes=firm.disputes,
        write_offs=firm.write_offs,
    )


def history_rows(
    work: PastWork, *, cut: datetime, salt: str, progress: Callable[[str], None]
) -> list[TrainingRow]:
    """Assess the past in daily batches without a bundle, and give a row per label known by `cut`.

    Facts (bills, payments, disputes, write-offs, verdicts) enter the history only once they are
    known, so each vector is the one that would have been computed that day. An item that nobody
    has billed by `cut` has a row that says so.
    """
    codes = Codes()
    history, terms = History(codes=codes), Terms.build(work.reference, codes=codes)
    facts = Facts(work, cut=cut)
    numbers = count(1)
    rows: list[TrainingRow] = []
    for day, arrivals in days_of(work.submissions, cut=cut):
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
        rows.extend(_rows(assessments, items=facts.items, labels=facts.labels, cut=cut))
        if day.day == 1:
            progress(f"{day}: {len(rows)} rows")
    return rows


class Facts:
    """Everything that is learned besides items, in the order it became known."""

    def __init__(self, work: PastWork, *, cut: datetime) -> None:
        self.items = {item.item_id: item for _, item in work.submissions}
        self.labels: dict[str, list[Label]] = defaultdict(list)
        queue: list[tuple[datetime, Fact]] = []
        queue.extend((invoice.issued_at, invoice) for invoice in work.invoices)
        for recorded in (work.payments, work.disputes, work.write_offs):
            queue.extend((fact.recorded_at, fact) for fact in recorded)
        for label in work.labels:
            if label.known_at <= cut:
                self.labels[label.item_id].append(label)
                queue.append((label.known_at, label))
        self.queue = sorted(queue, key=lambda fact: (fact[0], fact[1].__class__.__name__))
        self.told = 0
        self.reviewed: set[str] = set()

    def tell(self, history: History, *, terms: Terms, until: datetime) -> None:
        """Add what became known up to `until`."""
        while self.told < len(self.queue) and self.queue[self.told][0] <= until:
            known_at, fact = self.queue[self.told]
            self.told += 1
            match fact:
                case Invoice():
                    history.add_invoice(fact, known_at=known_at)
                case Payment():
                    history.add_payment(fact, known_at=known_at)
                case Dispute():
                    history.add_dispute(fact, known_at=known_at)
                case WriteOff():
                    self._tell_write_off(fact, history=history, terms=terms)
                case Label():
                    self._tell_label(fact, history=history, terms=terms)

    def _tell_write_off(self, write_off: WriteOff, *, history: History, terms: Terms) -> None:
        item = self.items[write_off.item_id]
        client = terms.client_of_contract(item.contract_id)
        if client is not None:
            history.add_write_off(
                write_off, item=item, client_id=client.id, known_at=write_off.recorded_at
            )

    def _tell_label(self, label: Label, *, history: History, terms: Terms) -> None:
        item = self.items[label.item_id]
        client = terms.client_of_contract(item.contract_id)
        if client is None:
            return
        is_fault = label.answers.get(Question.ANY_FAULT)
        if is_fault is not None and label.item_id not in self.reviewed:
            # A second, blind opinion of an item is no second item.
            self.reviewed.add(label.item_id)
            history.add_verdict(
                item, client_id=client.id, is_violation=is_fault, known_at=label.known_at
            )
        is_delayed = label.answers.get(Question.MISSED_CUT_OFF)
        # As in the service, a history hears of it once, with the bill.
        if is_delayed is not None and label.billed_at is not None:
            history.add_delay(client_id=client.id, is_delayed=is_delayed, known_at=label.known_at)


def days_of(
    submissions: Sequence[tuple[datetime, AnyItem]], *, cut: datetime
) -> Iterator[tuple[date, list[tuple[datetime, AnyItem]]]]:
    """Give what arrived by `cut` day by day, each day in the order of arrival."""
    seen = sorted(
        (one for one in submissions if one[0] <= cut), key=lambda one: (one[0], one[1].item_id)
    )
    for day, arrivals in groupby(seen, key=lambda one: one[0].date()):
        yield day, list(arrivals)


def _rows(
    assessments: Iterable[Assessment],
    *,
    items: Mapping[str, AnyItem],
    labels: Mapping[str, Sequence[Label]],
    cut: datetime,
) -> Iterator[TrainingRow]:
    for assessment in assessments:
        item_id = assessment.item_id
        known = labels.get(item_id, ())
        later = [one for one in known if one.known_at > assessment.assessed_at]
        if not any(one.billed_at for one in known):
            still_open = open_label(item_id, assessed_at=assessment.assessed_at, cut=cut)
            later += [still_open] if still_open else []
        yield from label_rows(assessment, item=items[item_id], labels=later)
