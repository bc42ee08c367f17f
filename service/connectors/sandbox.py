"""A ledger in one SQLite file: for the demo, for tests, and for trying a policy without an ERP."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from service.connectors.bill_content import content_sha256, refuse_other_content
from service.connectors.sandbox_rows import (
    SCHEMA,
    SandboxDocument,
    document_id_of,
    document_of_id,
    document_of_token,
    insert_document,
    insert_payment,
    lines_of,
    payments_of,
    receipt_of,
    restored,
    set_state,
)
from service.domain.bill import Bill
from service.ports.ledger import Payment, Receipt
from service.ports.outside_errors import (
    OutsideConflictError,
    OutsideRefusedError,
    OutsideTransientError,
)

__all__ = ["SandboxDocument", "SandboxLedger"]

BUSY_SECONDS = 30.0
"""How long a writer waits for another before the call counts as transient."""


class SandboxLedger:
    """Takes bills as drafts, exactly once per token; nothing in it is ever sent to a client."""

    name = "sandbox"

    def __init__(self, path: Path) -> None:
        """Open the ledger file, and lay its tables where it is new."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    def find_by_token(self, token: str) -> Receipt | None:
        """Give what was written under this token, or None."""
        with self._connection() as connection:
            row = document_of_token(connection, token)
        return None if row is None else receipt_of(row)

    def create_draft(self, bill: Bill) -> Receipt:
        """Write the bill once; a repeat gives the first receipt, other content is refused."""
        with self._transaction() as connection:
            row = document_of_token(connection, bill.token)
            if row is None:
                insert_document(connection, bill=bill)
                row = document_of_token(connection, bill.token)
            elif row["content_sha256"] != content_sha256(bill):
                raise refuse_other_content(
                    bill, ledger="The sandbox ledger", document_id=document_id_of(row)
                )
        if row is None:
            raise OutsideTransientError(f"the draft of {bill.token!r} is gone; write it again")
        return receipt_of(row)

    def post(self, document_id: str) -> Receipt:
        """Make a draft count; one that counts already stays as it is."""
        with self._transaction() as connection:
            row = _known(connection, document_id)
            if row["state"] == "cancelled":
                raise OutsideConflictError(
                    f"the document {document_id} of the sandbox ledger was cancelled meanwhile; "
                    "look why, and post the bill anew if it still stands"
                )
            if row["state"] in {"draft", "validated"}:
                set_state(connection, row["number"], state="posted")
            return receipt_of(_known(connection, document_id))

    def read_state(self, document_id: str) -> str:
        """Give the state of a document; an unknown one is refused."""
        with self._connection() as connection:
            return str(_known(connection, document_id)["state"])

    def payments(self, document_id: str) -> tuple[Payment, ...]:
        """Give what was paid on a document, by day."""
        with self._connection() as connection:
            return payments_of(connection, _known(connection, document_id)["number"])

    def note_payment(self, document_id: str, *, payment: Payment) -> None:
        """Let a client pay, as a bookkeeper would note it; paid in full, the document is paid."""
        with self._transaction() as connection:
            row = _known(connection, document_id)
            if row["state"] != "posted":
                raise OutsideRefusedError(f"{document_id} is {row['state']}; only posted is paid")
            insert_payment(connection, row["number"], payment=payment)
            paid_minor = sum(one.amount_minor for one in payments_of(connection, row["number"]))
            if paid_minor >= row["total_minor"]:
                set_state(connection, row["number"], state="paid")

    def cancel(self, document_id: str) -> None:
        """Cancel a document, as a bookkeeper would."""
        with self._transaction() as connection:
            row = _known(connection, document_id)
            set_state(connection, row["number"], state="cancelled")

    def documents(self) -> tuple[SandboxDocument, ...]:
        """Give every document with its lines, in the order they were written."""
        with self._connection() as connection:
            rows = connection.execute("SELECT * FROM document ORDER BY number").fetchall()
            return tuple(restored(row, lines=lines_of(connection, row["number"])) for row in rows)

    def totals_minor(self) -> dict[str, int]:
        """Give the sum of all documents that are not cancelled, by currency."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT currency, sum(total_minor) AS total FROM document"
                " WHERE state <> 'cancelled' GROUP BY currency ORDER BY currency"
            ).fetchall()
        return {row["currency"]: row["total"] for row in rows}

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(
                sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            ) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA foreign_keys = ON")
                yield connection
        except sqlite3.OperationalError as error:
            raise OutsideTransientError(
                f"the sandbox ledger {self._path.name} did not answer: {error}; try again"
            ) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        # BEGIN IMMEDIATE takes the write lock before the first read. A deferred transaction that
        # reads first fails at once with SQLITE_BUSY when another writer came between.
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _known(connection: sqlite3.Connection, document_id: str) -> sqlite3.Row:
    row = document_of_id(connection, document_id)
    if row is None:
        raise OutsideRefusedError(
            f"the sandbox ledger has no document {document_id!r}; its ids look like SB-000001"
        )
    return row
