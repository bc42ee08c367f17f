"""A ledger in memory that fails on request, and a wrapper that loses one answer of a real one."""

from __future__ import annotations

from service.domain.bill import Bill
from service.ports.ledger import LedgerPort, Payment, Receipt
from service.ports.outside_errors import (
    OutsideAmbiguousError,
    OutsideConflictError,
    OutsideRefusedError,
    OutsideTransientError,
)


class FakeLedger:
    """Keeps bills in memory; passes the same contract suite as the real ledgers.

    `fail_times` calls of `create_draft` fail before anything is kept; with `lose_answer_once` the
    next bill is kept but its answer never comes. `tries` counts all of them.
    """

    name = "fake"

    def __init__(self, *, fail_times: int = 0, lose_answer_once: bool = False) -> None:
        self.fail_times = fail_times
        self.lose_answer_once = lose_answer_once
        self.tries = 0
        self.bills: dict[str, Bill] = {}
        self.states: dict[str, str] = {}
        self.paid: dict[str, list[Payment]] = {}

    def find_by_token(self, token: str) -> Receipt | None:
        return self._receipt(token) if token in self.bills else None

    def create_draft(self, bill: Bill) -> Receipt:
        self.tries += 1
        if self.fail_times:
            self.fail_times -= 1
            raise OutsideTransientError("the fake ledger was told to fail")
        if self.bills.get(bill.token, bill) != bill:
            raise OutsideRefusedError(f"the token {bill.token!r} stands for another bill")
        if bill.token not in self.bills:
            self.bills[bill.token] = bill
            self.states[f"FAKE-{len(self.bills)}"] = "draft"
        if self.lose_answer_once:
            self.lose_answer_once = False
            raise OutsideAmbiguousError("the fake ledger was told to lose its answer")
        return self._receipt(bill.token)

    def post(self, document_id: str) -> Receipt:
        if self.read_state(document_id) == "cancelled":
            raise OutsideConflictError(f"the document {document_id} was cancelled meanwhile")
        if self.states[document_id] == "draft":
            self.states[document_id] = "posted"
        if self.lose_answer_once:
            self.lose_answer_once = False
            raise OutsideAmbiguousError("the fake ledger was told to lose its answer")
        return self._receipt(list(self.bills)[int(document_id.removeprefix("FAKE-")) - 1])

    def read_state(self, document_id: str) -> str:
        if document_id not in self.states:
            raise OutsideRefusedError(f"the fake ledger has no document {document_id!r}")
        return self.states[document_id]

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        self.read_state(document_id)
        paid = self.paid.get(document_id, [])
        return tuple(sorted(paid, key=lambda payment: payment.paid_on))

    def note_payment(self, document_id: str, *, payment: Payment) -> None:
        self.paid.setdefault(document_id, []).append(payment)
        bill = list(self.bills.values())[int(document_id.removeprefix("FAKE-")) - 1]
        if sum(one.amount_minor for one in self.paid[document_id]) >= bill.total_minor:
            self.states[document_id] = "paid"

    def cancel(self, document_id: str) -> None:
        self.states[document_id] = "cancelled"

    def documents_of(self, token: str) -> int:
        return int(token in self.bills)

    def _receipt(self, token: str) -> Receipt:
        document_id = f"FAKE-{list(self.bills).index(token) + 1}"
        return Receipt(
            token=token,
            document_id=document_id,
            state=self.states[document_id],
            total_minor=self.bills[token].total_minor,
        )


class AnswerLosingLedger:
    """Passes every call on to a real ledger, and loses the next answer when told to."""

    def __init__(self, ledger: LedgerPort) -> None:
        self.name = ledger.name
        self.lose_answer_once = False
        self._ledger = ledger

    def find_by_token(self, token: str) -> Receipt | None:
        return self._ledger.find_by_token(token)

    def create_draft(self, bill: Bill) -> Receipt:
        return self._told(self._ledger.create_draft(bill))

    def post(self, document_id: str) -> Receipt:
        return self._told(self._ledger.post(document_id))

    def read_state(self, document_id: str) -> str:
        return self._ledger.read_state(document_id)

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        return self._ledger.payments(document_id)

    def _told(self, receipt: Receipt) -> Receipt:
        if self.lose_answer_once:
            self.lose_answer_once = False
            raise OutsideAmbiguousError("the answer was lost on the way")
        return receipt
