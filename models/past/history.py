"""What is known before a decision: past entries as growing columns, bills, and running tallies.

Facts are added in the order they became known, so a decision can never see its own future.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.items import AnyItem, Timesheet
from data.schemas.vocabulary import InvoiceStatus
from models.codes import Codebook, Codes, task_name
from models.columns import (
    ENTRY_FIELDS,
    EXPENSE_FIELDS,
    Batch,
    EntryColumns,
    ExpenseColumns,
    Ints,
    microseconds,
    person_of,
    project_of,
    to_batch,
)
from models.past.accounts import Accounts
from models.past.balances import OF_ENTRIES, OF_EXPENSES, Balances, Measure
from models.past.invoiced_elsewhere import InvoicedElsewhere, InvoicedTime, sums_of
from models.past.learned import Learned
from models.past.row_store import RowStore
from models.past.running_totals import RunningTotals
from models.past.tally import Tally
from models.past.work_habits import WorkHabits
from models.sums import Sums
from models.timeline import pair
from models.words import words

UNBILLED = frozenset({InvoiceStatus.DRAFT, InvoiceStatus.CREDITED})


class FutureFactError(ValueError):
    """A fact known at {known_at} was used for a decision at {decided_at}; feed facts in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a batch may look at: live rows near it, sums, and bills."""

    entries: EntryColumns
    """Of the people of the batch."""
    expenses: ExpenseColumns
    """Of the people and the contracts of the batch."""
    billed_by: dict[str, str]
    """Id of an entry, an expense or a milestone item -> the posted, uncredited invoice."""
    billed_minor: dict[str, int | None]
    """The same ids -> what was billed for it; None where the bill does not say."""
    _balances: Balances
    _elsewhere: InvoicedElsewhere
    _own_entries: EntryColumns
    """Rows of older versions of the batch's own items: they count in no sum."""
    _own_expenses: ExpenseColumns
    _own_milestones: tuple[Ints, Ints]
    _freed: Sequence[InvoicedTime] = ()
    """Invoiced time of those older versions: without them it counts by itself."""
    learned: Learned = field(default_factory=Learned)
    """Counts and outcomes for what is likely; rules look at none of it."""

    def used(self, measure: Measure, keys: Ints) -> Ints:
        """Give what was used up before the batch, by key of the measure."""
        used = self._balances.at(measure, keys) - self._own(measure).at(keys)
        return used + sums_of(self._freed, measure).at(keys) if self._freed else used

    def replaced_by(self, entries: EntryColumns, *, order: Ints) -> list[tuple[int, InvoicedTime]]:
        """Give the invoiced time in the sums that rows take the place of, coming in this order."""
        return self._elsewhere.replaced_by(entries.entry_id, order=order, freed=self._freed)

    def _own(self, measure: Measure) -> Sums:
        if measure in OF_ENTRIES:
            return Sums.of(*OF_ENTRIES[measure](self._own_entries))
        if measure in OF_EXPENSES:
            return Sums.of(*OF_EXPENSES[measure](self._own_expenses))
        return Sums.of(*self._own_milestones)


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
        self.invoice_delays_of_client = Tally()
        self.accounts = Accounts()
        self.habits = WorkHabits()
        self.uses_of_word: dict[str, int] = {}
        self.uses_of_word_on_project: dict[int, dict[str, int]] = {}
        self.projects_of_word: dict[str, int] = {}
        self.uses_of_word_on_task: dict[int, dict[str, int]] = {}
        self.entries_of_task: dict[int, int] = {}
        self.openings: dict[str, int] = {}
        """How many narratives began with a word: people begin with what they did."""
        self.entries_of_project: dict[int, int] = {}
        self._billed_by: dict[str, str] = {}
        self._billed_minor: dict[str, int | None] = {}
        self._invoices: dict[str, Invoice] = {}
        self._entries = RowStore(ENTRY_FIELDS)
        self._expenses = RowStore(EXPENSE_FIELDS)
        self._milestones: dict[str, tuple[int, int]] = {}
        self._balances = Balances()
        self._day_money = RunningTotals()
        self._elsewhere = InvoicedElsewhere(self._balances, codes=codes)

    def __len__(self) -> int:
        return len(self._entries)

    def add_batch(self, batch: Batch, *, known_at: datetime, through: int) -> None:
        """Remember assessed items; a newer version of an item takes the place of the older."""
        self._advance(known_at)
        self.through = through
        for name in batch.item_id.tolist():
            self.retire(name)
        self._keep(_last_versions(batch, codes=self.codes))
        for item, person, project, contract, amount_minor in zip(
            batch.items, batch.person.tolist(), batch.project.tolist(),
            batch.contract.tolist(), batch.amount_minor.tolist(), strict=True,
        ):  # fmt: skip
            self.habits.add_item(
                item, contract=contract, person=person, project=project, amount_minor=amount_minor
            )
            self._remember_signatures(item)
            self._remember_narratives(item)

    def add_items(self, items: Sequence[AnyItem], *, known_at: datetime, through: int) -> None:
        """Remember items given as objects."""
        self.add_batch(to_batch(items, codes=self.codes), known_at=known_at, through=through)

    def retire(self, item_id: str) -> None:
        """Let an item no longer count: it was superseded, withdrawn, rejected or written off."""
        places = self._entries.retire(item_id)
        if len(places):
            entries = EntryColumns(**self._entries.columns(places))
            self._balances.add_entries(entries, sign=-1)
            self._day_money.add(pair(entries.line, entries.work_day), -entries.amount_minor)
            self._elsewhere.let_go(entries.entry_id.tolist())
        places = self._expenses.retire(item_id)
        if len(places):
            expenses = ExpenseColumns(**self._expenses.columns(places))
            self._balances.add_expenses(expenses, sign=-1)
        if item_id in self._milestones:
            line, amount_minor = self._milestones.pop(item_id)
            self._weigh_milestone(line, -amount_minor)

    def add_invoice(self, invoice: Invoice, *, known_at: datetime) -> None:
        """Remember what an invoice bills; a credited or draft one bills nothing."""
        self._advance(known_at)
        if invoice.id in self._invoices:
            self._elsewhere.fall(self._invoices[invoice.id])
        if invoice.status not in UNBILLED:
            self._elsewhere.stand(invoice)
        self._invoices[invoice.id] = invoice
        self.accounts.post(invoice, client=self.client.code(invoice.client_id))
        for line in invoice.lines:
            billed = line.row_id
            if invoice.status in UNBILLED:
                self._set_free(billed, bill_id=invoice.id)
            else:
                self._billed_by[billed] = invoice.id
                self._billed_minor[billed] = line.amount_minor

    def add_bill(self, billed: Sequence[str], *, bill_id: str, known_at: datetime) -> None:
        """Remember what one of our own bills covers, from the moment it is decided."""
        self._advance(known_at)
        self._billed_by.update(dict.fromkeys(billed, bill_id))
        self._billed_minor.update(dict.fromkeys(billed))

    def withdraw_bill(self, billed: Sequence[str], *, bill_id: str, known_at: datetime) -> None:
        """Forget a bill that never left."""
        self._advance(known_at)
        for row in billed:
            self._set_free(row, bill_id=bill_id)

    def add_payment(self, payment: Payment, *, known_at: datetime) -> None:
        """Learn that a client paid."""
        self._advance(known_at)
        invoice = self._invoices.get(payment.invoice_id)
        if invoice is not None:
            self.accounts.pay(payment, client=self.client.code(invoice.client_id))

    def add_verdict(
        self, item: AnyItem, *, client_id: str, is_violation: bool, known_at: datetime
    ) -> None:
        """Learn what a full review found."""
        self._advance(known_at)
        outcome = float(is_violation)
        person, project = person_of(item), project_of(item)
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

    def add_dispute(self, dispute: Dispute, *, known_at: datetime) -> None:
        """Learn that a client objected to a billed row."""
        self._advance(known_at)
        self.accounts.object_to(dispute)

    def add_write_off(
        self, write_off: WriteOff, *, item: AnyItem, client_id: str, known_at: datetime
    ) -> None:
        """Learn that value of an item was given up at billing."""
        self._advance(known_at)
        self.habits.add_write_off(
            write_off,
            item=item,
            client=self.client.code(client_id),
            person=self.codes.person.code(person_of(item)),
            project=self.codes.project.code(project_of(item)),
        )

    def used(self, measure: Measure, keys: Ints) -> Ints:
        """Give what was used up so far, by key of the measure."""
        return self._balances.at(measure, keys)

    def past(self, batch: Batch, *, decided_at: datetime) -> Past:
        """Give what a decision at `decided_at` may see, without the batch's own items.

        Raises FutureFactError if a later fact was already added.
        """
        if microseconds(decided_at) < self.known_us:
            raise FutureFactError(
                f"a fact known at {self.known_us} us was used for a decision at "
                f"{microseconds(decided_at)} us; feed facts in the order they became known"
            )
        names = batch.item_id.tolist()
        own_entries, own_expenses = self._entries.of_items(names), self._expenses.of_items(names)
        own_rows = EntryColumns(**self._entries.columns(own_entries))
        own_milestones = [self._milestones[name] for name in names if name in self._milestones]
        return Past(
            entries=EntryColumns(**self._entries.columns(self._near_entries(batch, own_entries))),
            expenses=ExpenseColumns(
                **self._expenses.columns(self._near_expenses(batch, own_expenses))
            ),
            billed_by=self._billed_by,
            billed_minor=self._billed_minor,
            _balances=self._balances,
            _elsewhere=self._elsewhere,
            _own_entries=own_rows,
            _own_expenses=ExpenseColumns(**self._expenses.columns(own_expenses)),
            _own_milestones=(
                np.array([line for line, _ in own_milestones], dtype=np.int64),
                np.array([minor for _, minor in own_milestones], dtype=np.int64),
            ),
            _freed=self._elsewhere.freed_by(own_rows.entry_id.tolist()),
            learned=self._learned(own_rows),
        )

    def entries_of_contract(self, contract_id: str) -> tuple[EntryColumns, list[str]]:
        """Give the entries of a contract that count, as they arrived, and the item of each."""
        contract = np.array([self.codes.contract.find(contract_id)], dtype=np.int64)
        places = self._entries.of_contracts(contract)
        return EntryColumns(**self._entries.columns(places)), self._entries.items_at(places)

    def invoiced_elsewhere(self, contract_id: str) -> list[InvoicedTime]:
        """Give the invoiced time of a contract that counts though we hold no entry of it."""
        return self._elsewhere.of_contract(self.codes.contract.find(contract_id))

    def billed_by(self, row_id: str) -> str | None:
        """Give the posted, uncredited invoice that a row stands on."""
        return self._billed_by.get(row_id)

    def invoice(self, invoice_id: str) -> Invoice | None:
        """Give an invoice by id."""
        return self._invoices.get(invoice_id)

    def _learned(self, own: EntryColumns) -> Learned:
        return Learned(
            codes=self.codes,
            uses_of_word=self.uses_of_word,
            uses_of_word_on_project=self.uses_of_word_on_project,
            projects_of_word=self.projects_of_word,
            entries_of_project=self.entries_of_project,
            corrections_of_person=self.violations_of_person,
            corrections_of_project=self.violations_of_project,
            _day_money=self._day_money,
            _own_day_money=(
                Sums.of(pair(own.line, own.work_day), own.amount_minor) if len(own) else None
            ),
        )

    def _set_free(self, billed: str, *, bill_id: str) -> None:
        if self._billed_by.get(billed) == bill_id:
            del self._billed_by[billed], self._billed_minor[billed]

    def _keep(self, batch: Batch) -> None:
        """Take the rows of items into the stores and the sums."""
        names = batch.item_id.tolist()
        for place in np.flatnonzero(batch.is_milestone).tolist():
            line, amount_minor = int(batch.line[place]), int(batch.amount_minor[place])
            self._milestones[names[place]] = line, amount_minor
            self._weigh_milestone(line, amount_minor)
        if len(batch.entries):
            self._entries.append(names, batch.entries, first=batch.first_entry)
            self._balances.add_entries(batch.entries)
            self._day_money.add(
                pair(batch.entries.line, batch.entries.work_day), batch.entries.amount_minor
            )
            self._elsewhere.hold(batch.entries.entry_id.tolist())
        if len(batch.expenses):
            self._expenses.append(names, batch.expenses, first=batch.first_expense)
            self._balances.add_expenses(batch.expenses)

    def _near_entries(self, batch: Batch, own: Ints) -> Ints:
        return _without(self._entries.of_people(batch.person), own)

    def _near_expenses(self, batch: Batch, own: Ints) -> Ints:
        of_people = self._expenses.of_people(batch.person)
        of_contracts = self._expenses.of_contracts(batch.contract)
        return _without(np.union1d(of_people, of_contracts), own)

    def _weigh_milestone(self, line: int, amount_minor: int) -> None:
        self._balances.add(Measure.LINE_MILESTONES, np.array([line]), np.array([amount_minor]))

    def _remember_signatures(self, item: AnyItem) -> None:
        for event in item.approvals:
            if event.at > item.submitted_at:
                days = (event.at - item.submitted_at).total_seconds() / 86_400
                approver = self.approver.code(event.actor_id)
                self.approval_days_of_approver.add(approver, days)
                self.habits.add_signature(approver, at_us=microseconds(event.at))

    def _remember_narratives(self, item: AnyItem) -> None:
        if isinstance(item, Timesheet):
            for entry in item.entries:
                task = self.codes.task.code(task_name(entry.project_id, entry.task_id))
                project = self.codes.project.code(entry.project_id)
                self._remember_words(entry.narrative, project=project, task=task)

    def _remember_words(self, narrative: str, *, project: int, task: int) -> None:
        self.entries_of_project[project] = self.entries_of_project.get(project, 0) + 1
        self.entries_of_task[task] = self.entries_of_task.get(task, 0) + 1
        on_project = self.uses_of_word_on_project.setdefault(project, {})
        on_task = self.uses_of_word_on_task.setdefault(task, {})
        text = words(narrative)
        if text:
            self.openings[text[0]] = self.openings.get(text[0], 0) + 1
        for word in text:
            self.uses_of_word[word] = self.uses_of_word.get(word, 0) + 1
            if word not in on_project:
                self.projects_of_word[word] = self.projects_of_word.get(word, 0) + 1
            on_project[word] = on_project.get(word, 0) + 1
            on_task[word] = on_task.get(word, 0) + 1

    def _advance(self, known_at: datetime) -> None:
        self.known_us = max(self.known_us, microseconds(known_at))


def _last_versions(batch: Batch, *, codes: Codes) -> Batch:
    """Of items that come twice in a batch the last version counts."""
    last = {name: place for place, name in enumerate(batch.item_id.tolist())}
    if len(last) == len(batch):
        return batch
    return to_batch([batch.items[place] for place in sorted(last.values())], codes=codes)


def _without(rows: Ints, own: Ints) -> Ints:
    return np.setdiff1d(rows, own, assume_unique=True) if len(own) else rows
