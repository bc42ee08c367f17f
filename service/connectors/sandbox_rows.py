"""The tables of the sandbox ledger: what a document, its lines and its payments look like."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import date

from service.connectors.bill_content import content_sha256
from service.domain.bill import Bill, BillingLine
from service.ports.ledger import Payment, Receipt

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
CREATE TABLE IF NOT EXISTS payment (
  number INTEGER NOT NULL REFERENCES document (number),
  paid_on TEXT NOT NULL,
  amount_minor INTEGER NOT NULL
) STRICT;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxDocument:
    """A document of the sandbox as it stands, with its lines."""

    document_id: str
    state: str
    bill: Bill


def document_of_token(connection: sqlite3.Connection, token: str) -> sqlite3.Row | None:
    """Give the document that carries a token, or None."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM document WHERE token = ?", (token,)
    ).fetchone()
    return row


def document_of_id(connection: sqlite3.Connection, document_id: str) -> sqlite3.Row | None:
    """Give a document by its id, or None."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM document WHERE printf('SB-%06d', number) = ?", (document_id,)
    ).fetchone()
    return row


def lines_of(connection: sqlite3.Connection, number: int) -> tuple[BillingLine, ...]:
    """Give the lines of a document as they were written."""
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


def payments_of(connection: sqlite3.Connection, number: int) -> tuple[Payment, ...]:
    """Give what was paid on a document, by day."""
    rows = connection.execute(
        "SELECT * FROM payment WHERE number = ? ORDER BY paid_on, rowid", (number,)
    )
    return tuple(
        Payment(paid_on=date.fromisoformat(row["paid_on"]), amount_minor=row["amount_minor"])
        for row in rows
    )


def insert_document(connection: sqlite3.Connection, *, bill: Bill) -> None:
    """Write a bill as a draft."""
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


def set_state(connection: sqlite3.Connection, number: int, *, state: str) -> None:
    """Note what became of a document."""
    connection.execute("UPDATE document SET state = ? WHERE number = ?", (state, number))


def insert_payment(connection: sqlite3.Connection, number: int, *, payment: Payment) -> None:
    """Note money that came in."""
    connection.execute(
        "INSERT INTO payment VALUES (?, ?, ?)",
        (number, payment.paid_on.isoformat(), payment.amount_minor),
    )


def restored(row: sqlite3.Row, *, lines: tuple[BillingLine, ...]) -> SandboxDocument:
    """Give a document with the bill it was written from."""
    bill = Bill(
        token=row["token"],
        item_id=row["item_id"],
        contract_id=row["contract_id"],
        client_id=row["client_id"],
        currency=row["currency"],
        period_end=date.fromisoformat(row["period_end"]),
        lines=lines,
    )
    return SandboxDocument(document_id=document_id_of(row), state=row["state"], bill=bill)


def receipt_of(row: sqlite3.Row) -> Receipt:
    """Give what the ledger says of a document."""
    return Receipt(
        token=row["token"],
        document_id=document_id_of(row),
        state=row["state"],
        total_minor=row["total_minor"],
    )


def document_id_of(row: sqlite3.Row) -> str:
    """Give the id of a document, such as SB-000001."""
    return f"SB-{row['number']:06d}"
