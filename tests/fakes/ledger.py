"""A ledger in memory that fails on request, and a wrapper that loses one answer of a real one."""

from __future__ import annotations

from service.domain.bill import Bill
from service.ports.ledger import LedgerPort, LedgerRefusedError, LedgerTransientError, Receipt


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

    def find_by_token(self, token: str) -> Receipt | None:
        return self._receipt(token) if token in self.bills else None

    def create_draft(self, bill: Bill) -> Receipt:
        self.tries += 1
        if self.fail_times:
            self.fail_times -= 1
            raise LedgerTransientError("the fake ledger was told to fail")
        if self.bills.get(bill.token, bill) != bill:
            raise LedgerRefusedError(f"the token {bill.token!r} stands for another bill")
        if bill.token not in self.bills:
            self.bills[bill.token] = bill
            self.states[f"FAKE-{len(self.bills)}"] = "draft"
        if self.lose_answer_once:
            self.lose_answer_once = False
            raise LedgerTransientError("the fake ledger was told to lose its answer")
        return self._receipt(bill.token)

    def read_state(self, document_id: str) -> str:
        if document_id not in self.states:
            raise LedgerRefusedError(f"the fake ledger has no document {document_id!r}")
        return self.states[document_id]

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
        receipt = self._ledger.create_draft(bill)
        if self.lose_answer_once:
            self.lose_answer_once = False
            raise LedgerTransientError("the answer was lost on the way")
        return receipt

    def read_state(self, document_id: str) -> str:
        return self._ledger.read_state(document_id)
