"""What the scorer knows: it follows the table of facts, in the one order that replay repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.vocabulary import BILLING_VERDICTS, Verdict
from models.codes import Codes
from models.past.history import History
from models.terms import Terms
from service.domain.cut_off import CUT_OFF_DAY
from service.ports.stores import Fact, FactKind, StoredItem, UnitOfWork
from service.scoring.late_bills import LateBills
from service.usecases.billing.make_bill import bill_from_json

OF_BILLS = frozenset({FactKind.BILL, FactKind.BILL_WITHDRAWN})
LONGEST_RUN = 1_000
"""Items learned together: at the start all of a large history would lie in memory twice."""


class Memory:
    """Terms and history as of the last fact learned."""

    def __init__(self, *, cut_off_day: int = CUT_OFF_DAY) -> None:
        self.codes = Codes()
        self.history = History(codes=self.codes)
        self._late_bills = LateBills(self.history, cut_off_day=cut_off_day)
        self.terms: Terms | None = None
        self.alarms: dict[str, datetime] = {}
        """When the promise of a segment was last found broken."""
        self._own: dict[int, StoredItem] = {}

    def expect(self, items: list[StoredItem]) -> None:
        """Keep items just stored, so that their facts need not be read back."""
        self._own.update({stored.seq: stored for stored in items})

    def catch_up(self, uow: UnitOfWork) -> None:
        """Learn every fact stored since the last call."""
        facts = uow.facts.since(self.history.through)
        if self.terms is None or any(one.kind is FactKind.REFERENCE for one in facts):
            self.terms = Terms.build(uow.references.load(), codes=self.codes)
        self._follow(facts, uow)

    def learn_until(self, seq: int, uow: UnitOfWork) -> None:
        """Learn what was known when the fact `seq` was the last, and nothing later."""
        self.terms = Terms.build(uow.references.load_as_of(seq), codes=self.codes)
        self._follow([one for one in uow.facts.since(0) if one.seq <= seq], uow)

    def _follow(self, facts: Sequence[Fact], uow: UnitOfWork) -> None:
        bills = uow.postings.bills([one.subject_id for one in facts if one.kind in OF_BILLS])
        run: list[tuple[Fact, StoredItem]] = []
        for fact in facts:
            if fact.kind is FactKind.ITEM:
                run.append((fact, self._stored(fact, uow)))
                if len(run) == LONGEST_RUN:
                    self._add_items(run)
                continue
            self._add_items(run)
            self._learn(fact, uow, bills=bills)
            self.history.through = fact.seq
        self._add_items(run)
        self._own.clear()

    def _add_items(self, run: list[tuple[Fact, StoredItem]]) -> None:
        if run:
            last = run[-1][0]
            self.history.add_items(
                [stored.item for _, stored in run], known_at=last.at, through=last.seq
            )
            self._late_bills.learn_items((stored.item for _, stored in run), known_at=last.at)
            run.clear()

    def _learn(self, fact: Fact, uow: UnitOfWork, *, bills: Mapping[str, str]) -> None:
        match fact.kind:
            case FactKind.INVOICE | FactKind.PAYMENT | FactKind.DISPUTE | FactKind.WRITE_OFF:
                self._learn_of_ledger(fact, uow)
            case FactKind.VERDICT:
                self._learn_verdict(fact, uow)
            case FactKind.PAST_VERDICT:
                self._learn_past_verdict(fact, uow)
            case FactKind.BILL | FactKind.BILL_WITHDRAWN:
                self._mark_billed(
                    fact,
                    bills.get(fact.subject_id),
                    is_standing=fact.kind is FactKind.BILL,
                )
            case FactKind.ITEM_WITHDRAWN:
                self.history.retire(uow.items.version(int(fact.subject_id)).item.item_id)
            case FactKind.SEGMENT_FROZEN:
                self.alarms[fact.subject_id.partition(":")[2]] = fact.at
            case FactKind.REFERENCE | FactKind.ITEM:
                pass

    def _learn_of_ledger(self, fact: Fact, uow: UnitOfWork) -> None:
        body = _body(fact, uow)
        match fact.kind:
            case FactKind.INVOICE:
                invoice = Invoice.model_validate_json(body)
                self.history.add_invoice(invoice, known_at=fact.at)
                self._late_bills.learn_invoice(invoice, known_at=fact.at)
            case FactKind.PAYMENT:
                self.history.add_payment(Payment.model_validate_json(body), known_at=fact.at)
            case FactKind.DISPUTE:
                self.history.add_dispute(Dispute.model_validate_json(body), known_at=fact.at)
            case _:
                self._learn_write_off(WriteOff.model_validate_json(body), fact, uow)

    def _learn_write_off(self, write_off: WriteOff, fact: Fact, uow: UnitOfWork) -> None:
        stored = uow.items.newest_at(write_off.item_id, at=fact.at)
        if stored is not None:
            self.history.add_write_off(
                write_off, item=stored.item, client_id=stored.client_id, known_at=fact.at
            )

    def _learn_verdict(self, fact: Fact, uow: UnitOfWork) -> None:
        decision = uow.decisions.get(fact.subject_id)
        case = uow.cases.get(decision.case_id) if decision else None
        if decision is None or case is None:
            return
        stored = uow.items.version(case.item_seq)
        # Of many cases decided at once nobody looked at each: such a verdict teaches nothing.
        if decision.bulk_id is None:
            self.history.add_verdict(
                stored.item,
                client_id=stored.client_id,
                is_violation=decision.verdict is not Verdict.APPROVE,
                known_at=fact.at,
            )
        if decision.verdict not in BILLING_VERDICTS:
            self.history.retire(stored.item.item_id)

    def _learn_past_verdict(self, fact: Fact, uow: UnitOfWork) -> None:
        seq, found = fact.subject_id.split(":")
        stored = uow.items.version(int(seq))
        self.history.add_verdict(
            stored.item,
            client_id=stored.client_id,
            is_violation=found == "1",
            known_at=fact.at,
        )

    def _mark_billed(self, fact: Fact, bill_json: str | None, *, is_standing: bool) -> None:
        if bill_json is None:
            return
        bill = bill_from_json(bill_json)
        if bill.corrects is not None:
            return
        rows = [row for line in bill.lines for row in line.source_row_ids]
        if is_standing:
            self.history.add_bill(rows, bill_id=fact.subject_id, known_at=fact.at)
        else:
            self.history.withdraw_bill(rows, bill_id=fact.subject_id, known_at=fact.at)

    def _stored(self, fact: Fact, uow: UnitOfWork) -> StoredItem:
        seq = int(fact.subject_id)
        own = self._own.get(seq)
        # The number of an item whose transaction failed is given to another item.
        return own if own is not None and own.received_at == fact.at else uow.items.version(seq)


def _body(fact: Fact, uow: UnitOfWork) -> str:
    return uow.references.get_version(fact.subject_id) or ""
