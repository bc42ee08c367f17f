"""A connection as a ledger: each bill becomes one document that carries our token."""

from __future__ import annotations

from collections.abc import Sequence

from service.connectors.at_most_once import at_most_once
from service.connectors.bill_content import content_mark, refuse_other_content
from service.connectors.posting_lock import PostingLock
from service.connectors.rest_bill import bill_values, line_values
from service.connectors.rest_documents import Document, Documents
from service.connectors.rest_file import label_of
from service.connectors.rest_http import RestSystem
from service.connectors.rest_ledger_file import DocumentState, LedgerSection
from service.connectors.rest_paths import at, text_of
from service.connectors.rest_template import Values
from service.domain.bill import Bill
from service.ports.ledger import Payment, Receipt
from service.ports.outside_errors import (
    OutsideAmbiguousError,
    OutsideConflictError,
    OutsideRefusedError,
    OutsideTransientError,
)

IN_THE_BOOKS = frozenset({DocumentState.POSTED, DocumentState.PAID})


class RestLedger:
    """Writes bills by the requests of a connection file, exactly once per token.

    The other system knows no unique reference as far as we can tell, so the look-up before a
    create and the lock round both make it exactly once.
    """

    def __init__(self, system: RestSystem, *, section: LedgerSection, lock: PostingLock) -> None:
        """Write over `system`; every process that posts there shares the folder of `lock`."""
        self._system, self._section, self._lock = system, section, lock
        self._documents = Documents(system=system, section=section)
        self._whose = label_of(system.connection)
        self.name = system.connection.name
        self._lock_name = f"connection-{self.name}"

    def find_by_token(self, token: str) -> Receipt | None:
        """Give the document that carries this token, or None; two of them are refused."""
        found = self._carrying(token)
        return None if found is None else found.receipt

    def create_draft(self, bill: Bill) -> Receipt:
        """Write the bill as a draft; a repeat gives the first receipt, other content is refused."""
        self._refuse_credit(bill)
        values = bill_values(bill, client=self._client(bill.client_id))
        lines = [line_values(line, bill=bill) for line in bill.lines]
        with self._lock.held(self._lock_name):
            earlier = at_most_once(
                lambda: self._earlier(bill),
                lambda: self._create(values, lines),
                doubtful=(OutsideAmbiguousError,),
            )
            if earlier is not None:
                return earlier
            # The look-up and not the answer says what was written: a create that came twice on
            # the way is told here, before anybody sends two bills.
            written = self._earlier(bill)
        if written is None:
            raise OutsideRefusedError(
                f"{self._whose} took the bill {bill.token}, and its look-up does not find it; "
                "correct `ledger.find`, or cancel the document there, before it is tried again"
            )
        self._refuse_other_total(written, bill=bill)
        return written

    def post(self, document_id: str) -> Receipt:
        """Make a draft count in the books; the state is read before every try."""
        with self._lock.held(self._lock_name):
            posted = at_most_once(
                lambda: self._in_the_books(document_id),
                lambda: self._post(document_id),
                doubtful=(OutsideTransientError,),
            )
            return (posted or self._postable(document_id)).receipt

    def read_state(self, document_id: str) -> str:
        """Give the state of a document; an unknown one is refused."""
        return self._documents.read(document_id).state.value

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        """Give what was paid on a document, by day."""
        return self._documents.payments(document_id)

    def _create(self, values: Values, lines: Sequence[Values]) -> None:
        self._system.write(self._section.create, values=values, lines=lines)

    def _post(self, document_id: str) -> None:
        if self._section.post is None:
            raise OutsideRefusedError(
                f"{self._whose} has no `ledger.post` in its file; post document {document_id} "
                "there, or add the request"
            )
        self._system.write(self._section.post, values={"document_id": document_id})

    def _in_the_books(self, document_id: str) -> Document | None:
        found = self._postable(document_id)
        return found if found.state in IN_THE_BOOKS else None

    def _postable(self, document_id: str) -> Document:
        found = self._documents.read(document_id)
        if found.state is DocumentState.CANCELLED:
            raise OutsideConflictError(
                f"{self._whose}: document {document_id} was cancelled there meanwhile; look why, "
                "and post the bill anew if it still stands"
            )
        if not found.token:
            raise OutsideRefusedError(
                f"{self._whose}: document {document_id} carries no token of ours; post it there"
            )
        return found

    def _carrying(self, token: str) -> Document | None:
        call = self._section.find
        rows = at(self._system.read(call, values={"token": token}), call.rows)
        if not isinstance(rows, list):
            raise OutsideRefusedError(
                f"{self._whose}: there is no list at `ledger.find.rows: {call.rows}`"
            )
        shape = self._section.document
        others = [row for row in rows if text_of(at(row, shape.token)) != token]
        if others:
            raise OutsideRefusedError(
                f"{self._whose}: asked for the token {token}, its look-up gave a document with "
                f"{text_of(at(others[0], shape.token))!r} at `ledger.document.token: {shape.token}`"
                "; the request does not filter, and would hide what is billed already: correct "
                "`ledger.find`"
            )
        whole = [self._documents.read(text_of(at(row, shape.id))) for row in rows]
        # A person who was asked to keep one of several cancels the others.
        found = [one for one in whole if one.state is not DocumentState.CANCELLED] or whole
        if len(found) > 1:
            raise OutsideRefusedError(
                f"{self._whose} holds {len(found)} documents with the token {token} (ids "
                f"{', '.join(one.id for one in found)}); keep one there and cancel the others"
            )
        return found[0] if found else None

    def _earlier(self, bill: Bill) -> Receipt | None:
        found = self._carrying(bill.token)
        if found is None:
            return None
        if not found.content.rstrip().endswith(content_mark(bill)):
            raise refuse_other_content(bill, ledger=self._whose, document_id=found.id)
        return found.receipt

    def _client(self, client_id: str) -> str:
        known = self._section.clients
        if known and client_id not in known:
            raise OutsideRefusedError(
                f"{self._whose}: its file names no client {client_id!r} under `ledger.clients`; "
                "add what it is called there, then try the posting again"
            )
        return known.get(client_id, client_id)

    def _refuse_credit(self, bill: Bill) -> None:
        if bill.total_minor < 0 and not self._section.takes_credits:
            raise OutsideRefusedError(
                f"{self._whose} takes no bill below zero. Credit {-bill.total_minor} minor units "
                f"of {bill.currency} on the document of {bill.corrects or 'the first bill'} there "
                "by hand, then discard this posting with the number of the credit note"
            )

    def _refuse_other_total(self, receipt: Receipt, *, bill: Bill) -> None:
        if receipt.total_minor != bill.total_minor:
            raise OutsideRefusedError(
                f"{self._whose} wrote document {receipt.document_id} over {receipt.total_minor} "
                f"minor units of {bill.currency} where the bill says {bill.total_minor}; "
                "correct or cancel it there"
            )
