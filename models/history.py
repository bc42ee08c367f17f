"""What is known before a decision: past entries as growing columns, bills, and running tallies.

Facts are added in the order they became known, so a decision can never see its own future.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from data.schemas.billing import Invoice, Payment
from data.schemas.items import Milestone, Timesheet
from data.schemas.vocabulary import InvoiceStatus
from models.columns import (
    ENTRY_FIELDS,
    TEXT_FIELDS,
    UNKNOWN,
    Batch,
    Codebook,
    Codes,
    EntryColumns,
    Ints,
    microseconds,
    to_batch,
)
from models.words import words

FIRST_CAPACITY = 1_024
UNBILLED = frozenset({InvoiceStatus.DRAFT, InvoiceStatus.CREDITED})


class FutureFactError(ValueError):
    """A fact known at {known_at} was used for a decision at {decided_at}; feed facts in order."""


@dataclass(slots=True)
class Tally:
    """For each code: how many cases were settled, and the sum of their outcomes."""

    count: list[int] = field(default_factory=list)
    total: list[float] = field(default_factory=list)

    def add(self, code: int, outcome: float) -> None:
        """Count one settled case."""
        while len(self.count) <= code:
            self.count.append(0)
            self.total.append(0.0)
        self.count[code] += 1
        self.total[code] += outcome

    def shrunk_mean(self, code: int, *, prior: float, strength: float) -> float:
        """Mean outcome of a code, drawn to `prior` as if `strength` cases had shown it."""
        if not 0 <= code < len(self.count):
            return prior
        return (self.total[code] + strength * prior) / (self.count[code] + strength)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a batch may look at: live entries of the same people and contracts, and bills."""

    entries: EntryColumns
    billed_by: dict[str, str]
    """Entry id or milestone item id -> id of the posted, uncredited invoice that bills it."""


class History:
    """Everything known so far.

    `through` is the sequence number of the last item added; with the same items, bills and
    labels added in the same order two histories are equal, which is what replay relies on.
    """

    def __init__(self, *, codes: Codes) -> None:
        self.codes = codes
        self.through = 0
        self.known_us = 0
        self.client = Codebook()
        self.approver = Codebook()
        self.violations_of_person = Tally()
        self.violations_of_project = Tally()
        self.violations_of_approver = Tally()
        self.violations_of_client = Tally()
        self.approval_days_of_approver = Tally()
        self.days_late_of_client = Tally()
        self.late_of_client = Tally()
        self.invoice_delays_of_client = Tally()
        self.uses_of_word: dict[str, int] = {}
        self.uses_of_word_on_project: dict[int, dict[str, int]] = {}
        self.projects_of_word: dict[str, int] = {}
        self.entries_of_project: dict[int, int] = {}
        self._billed_by: dict[str, str] = {}
        self._invoices: dict[str, Invoice] = {}
        self._size = 0
        self._columns = {
            name: np.empty(FIRST_CAPACITY, dtype=object if name in TEXT_FIELDS else np.int64)
            for name in ENTRY_FIELDS
        }
        self._is_live = np.zeros(FIRST_CAPACITY, dtype=np.bool_)
        self._rows_of_item: dict[str, list[int]] = {}
        self._rows_of_person: dict[int, list[int]] = {}
        self._rows_of_contract: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return self._size

    def add_batch(self, batch: Batch, *, known_at: datetime, through: int) -> None:
        """Remember assessed items; a newer version of an item takes the place of the older."""
        self._advance(known_at)
        self.through = through
        for index, item in enumerate(batch.items):
            self.retire(item.item_id)
            start, stop = int(batch.first_entry[index]), int(batch.first_entry[index + 1])
            self._append(item.item_id, batch.entries, start, stop)
            self._remember_habits(item)

    def add_items(
        self, items: Sequence[Timesheet | Milestone], *, known_at: datetime, through: int
    ) -> None:
        """Remember items given as objects."""
        self.add_batch(to_batch(items, codes=self.codes), known_at=known_at, through=through)

    def retire(self, item_id: str) -> None:
        """Let an item no longer count: it was superseded, rejected or written off."""
        rows = self._rows_of_item.pop(item_id, None)
        if rows:
            self._is_live[rows] = False

    def add_invoice(self, invoice: Invoice, *, known_at: datetime) -> None:
        """Remember what an invoice bills; a credited or draft one bills nothing."""
        self._advance(known_at)
        self._invoices[invoice.id] = invoice
        for line in invoice.lines:
            billed = line.entry_id or line.milestone_id or ""
            if invoice.status in UNBILLED:
                if self._billed_by.get(billed) == invoice.id:
                    del self._billed_by[billed]
            else:
                self._billed_by[billed] = invoice.id

    def add_bill(self, billed: Sequence[str], *, bill_id: str, known_at: datetime) -> None:
        """Remember what one of our own bills covers, from the moment it is decided."""
        self._advance(known_at)
        self._billed_by.update(dict.fromkeys(billed, bill_id))

    def withdraw_bill(self, billed: Sequence[str], *, bill_id: str, known_at: datetime) -> None:
        """Forget a bill that never left."""
        self._advance(known_at)
        for row in billed:
            if self._billed_by.get(row) == bill_id:
                del self._billed_by[row]

    def add_payment(self, payment: Payment, *, known_at: datetime) -> None:
        """Learn how late a client paid."""
        self._advance(known_at)
        invoice = self._invoices.get(payment.invoice_id)
        if invoice is None:
            return
        days_late = (payment.paid_on - invoice.due_on).days
        client = self.client.code(invoice.client_id)
        self.days_late_of_client.add(client, float(max(days_late, 0)))
        self.late_of_client.add(client, float(days_late > 0))

    def add_verdict(
        self, item: Timesheet | Milestone, *, client_id: str, is_violation: bool, known_at: datetime
    ) -> None:
        """Learn what a full review found."""
        self._advance(known_at)
        outcome = float(is_violation)
        person = item.person_id if isinstance(item, Timesheet) else item.owner_id
        project = item.entries[0].project_id if isinstance(item, Timesheet) else item.project_id
        self.violations_of_person.add(self.codes.person.code(person), outcome)
        self.violations_of_project.add(self.codes.project.code(project), outcome)
        self.violations_of_client.add(self.client.code(client_id), outcome)
        for event in item.approvals:
            if event.actor_id != person:
                self.violations_of_approver.add(self.approver.code(event.actor_id), outcome)

    def add_delay(self, *, client_id: str, is_delayed: bool, known_at: datetime) -> None:
        """Learn whether an item's invoice left after its cut-off."""
        self._advance(known_at)
        self.invoice_delays_of_client.add(self.client.code(client_id), float(is_delayed))

    def past(self, batch: Batch, *, decided_at: datetime) -> Past:
        """Give what a decision at `decided_at` may see, without the batch's own items.

        Raises FutureFactError if a later fact was already added.
        """
        if microseconds(decided_at) < self.known_us:
            raise FutureFactError(
                f"a fact known at {self.known_us} us was used for a decision at "
                f"{microseconds(decided_at)} us; feed facts in the order they became known"
            )
        rows = self._rows_near(batch)
        own = [row for item in batch.items for row in self._rows_of_item.get(item.item_id, ())]
        if own:
            rows = np.setdiff1d(rows, np.array(own, dtype=np.int64), assume_unique=True)
        entries = EntryColumns(
            **{name: self._columns[name][: self._size][rows] for name in ENTRY_FIELDS}
        )
        return Past(entries=entries, billed_by=self._billed_by)

    def invoice(self, invoice_id: str) -> Invoice | None:
        """Give an invoice by id."""
        return self._invoices.get(invoice_id)

    def _rows_near(self, batch: Batch) -> Ints:
        found: set[int] = set()
        _collect(found, self._rows_of_person, batch.person)
        _collect(found, self._rows_of_contract, batch.contract)
        rows = np.fromiter(found, dtype=np.int64, count=len(found))
        rows.sort()
        return rows[self._is_live[rows]]

    def _append(self, item_id: str, entries: EntryColumns, start: int, stop: int) -> None:
        count = stop - start
        self._grow(self._size + count)
        rows = range(self._size, self._size + count)
        for name, column in self._columns.items():
            column[rows.start : rows.stop] = getattr(entries, name)[start:stop]
        self._columns["item"][rows.start : rows.stop] = UNKNOWN
        self._is_live[rows.start : rows.stop] = True
        self._size = rows.stop
        self._rows_of_item[item_id] = list(rows)
        for row in rows:
            person, contract = self._columns["person"][row], self._columns["contract"][row]
            self._rows_of_person.setdefault(int(person), []).append(row)
            self._rows_of_contract.setdefault(int(contract), []).append(row)

    def _grow(self, needed: int) -> None:
        capacity = len(self._is_live)
        if needed <= capacity:
            return
        wanted = max(needed, 2 * capacity)
        self._columns = {name: _resized(column, wanted) for name, column in self._columns.items()}
        self._is_live = _resized(self._is_live, wanted)

    def _remember_habits(self, item: Timesheet | Milestone) -> None:
        for event in item.approvals:
            if event.at > item.submitted_at:
                days = (event.at - item.submitted_at).total_seconds() / 86_400
                self.approval_days_of_approver.add(self.approver.code(event.actor_id), days)
        if isinstance(item, Timesheet):
            for entry in item.entries:
                self._remember_words(self.codes.project.code(entry.project_id), entry.narrative)

    def _remember_words(self, project: int, narrative: str) -> None:
        self.entries_of_project[project] = self.entries_of_project.get(project, 0) + 1
        on_project = self.uses_of_word_on_project.setdefault(project, {})
        for word in words(narrative):
            self.uses_of_word[word] = self.uses_of_word.get(word, 0) + 1
            if word not in on_project:
                self.projects_of_word[word] = self.projects_of_word.get(word, 0) + 1
            on_project[word] = on_project.get(word, 0) + 1

    def _advance(self, known_at: datetime) -> None:
        self.known_us = max(self.known_us, microseconds(known_at))


def _collect(found: set[int], rows_of: dict[int, list[int]], codes: Ints) -> None:
    for code in set(codes.tolist()):
        found.update(rows_of.get(code, ()))


def _resized(column: np.ndarray, capacity: int) -> np.ndarray:
    larger = np.zeros(capacity, dtype=column.dtype)
    larger[: len(column)] = column
    return larger
