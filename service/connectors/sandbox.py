"""A ledger in one SQLite file: for the demo, for tests, and for trying a policy without an ERP."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from service.connectors.bill_content import content_sha256, refuse_other_content
from service.domain.bill import Bill, BillingLine
from service.ports.ledger import (
    LedgerRefusedError,
    LedgerTransientError,
    Receipt,
)

BUSY_SECONDS = 30.0
"""How long a writer waits for another before the call counts as transient."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
  number INTEGER PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  content_sha256 TEXT NOT NULL,
  item_id TEXT NOT NULL,
  contract_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  period_end TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'validated', 'posted', 'paid', 'cancelled')),
  total_minor INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS document_line (
  number INTEGER NOT NULL REFERENCES document (number),
  position INTEGER NOT NULL,
  description TEXT NOT NULL,
  quantity_minutes INTEGER,
  hourly_rate_minor INTEGER,
  amount_minor INTEGER NOT NULL,
  source_row_ids TEXT NOT NULL,
  PRIMARY KEY (number, position)
) STRICT;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxDocument:
    """A document of the sandbox as it stands, with its lines."""

    document_id: str
    state: str
    bill: Bill


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
            row = _document(connection, token=token)
        return None if row is None else _receipt(row)

    def create_draft(self, bill: Bill) -> Receipt:
        """Write the bill once; a repeat gives the first receipt, other content is refused."""
        with self._transaction() as connection:
            row = _document(connection, token=bill.token)
            if row is None:
                _insert(connection, bill=bill)
                row = _document(connection, token=bill.token)
            elif row["content_sha256"] != content_sha256(bill):
                raise refuse_other_content(
                    bill, ledger="The sandbox ledger", document_id=_document_id(row["number"])
                )
        if row is None:
            raise LedgerTransientError(f"the draft of {bill.token!r} is gone; write it again")
        return _receipt(row)

    def read_state(self, document_id: str) -> str:
        """Give the state of a document; an unknown one is refused."""
        with self._connection() as connection:
            row = connection.execute(
                "SELECT state FROM document WHERE printf('SB-%06d', number) = ?", (document_id,)
            ).fetchone()
        if row is None:
            raise LedgerRefusedError(
                f"the sandbox ledger has no document {document_id!r}; its ids look like SB-000001"
            )
        return str(row["state"])

    def documents(self) -> tuple[SandboxDocument, ...]:
        """Give every document with its lines, in the order they were written."""
        with self._connection() as connection:
            rows = connection.execute("SELECT * FROM document ORDER BY number").fetchall()
            return tuple(_restored(row, lines=_lines(connection, row["number"])) for row in rows)

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
            raise LedgerTransientError(
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


def _document(connection: sqlite3.Connection, *, token: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM document WHERE token = ?", (token,)
    ).fetchone()
    return row


def _lines(connection: sqlite3.Connection, number: int) -> tuple[BillingLine, ...]:
    rows = connection.execute(
        "SELECT * FROM document_line WHERE number = ? ORDER BY position", (number,)
    )
    return tuple(
        BillingLine(
            description=row["description"],
            quantity_minutes=row["quantity_minutes"],
            hourly_rate_minor=row["hourly_rate_minor"],
            amount_minor=row["amount_minor"],
            source_row_ids=tuple(json.loads(row["source_row_ids"])),
        )
        for row in rows
    )


def _insert(connection: sqlite3.Connection, *, bill: Bill) -> None:
    number = connection.execute(
        "INSERT INTO document (token, content_sha256, item_id, contract_id, client_id, currency,"
        " period_end, state, total_minor) VALUES (?, ?, ?, ?, ?, ?, ?, 'draft', ?)",
        (
            bill.token,
            content_sha256(bill),
            bill.item_id,
            bill.contract_id,
            bill.client_id,
            bill.currency,
            bill.period_end.isoformat(),
            bill.total_minor,
        ),
    ).lastrowid
    connection.executemany(
        "INSERT INTO document_line VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                number,
                position,
                line.description,
                line.quantity_minutes,
                line.hourly_rate_minor,
                line.amount_minor,
                json.dumps(line.source_row_ids),
            )
            for position, line in enumerate(bill.lines)
        ],
    )


def _restored(row: sqlite3.Row, *, lines: tuple[BillingLine, ...]) -> SandboxDocument:
    bill = Bill(
        token=row["token"],
        item_id=row["item_id"],
        contract_id=row["contract_id"],
        client_id=row["client_id"],
        currency=row["currency"],
        period_end=date.fromisoformat(row["period_end"]),
        lines=lines,
    )
    return SandboxDocument(document_id=_document_id(row["number"]), state=row["state"], bill=bill)


def _receipt(row: sqlite3.Row) -> Receipt:
    return Receipt(
        token=row["token"],
        document_id=_document_id(row["number"]),
        state=row["state"],
        total_minor=row["total_minor"],
    )


def _document_id(number: int) -> str:
    return f"SB-{number:06d}"
