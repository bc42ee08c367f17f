"""SQL of postings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from data.schemas.vocabulary import PostingStatus
from service.domain.posting import Posting
from service.store.cases import case_name, case_number
from service.store.chunks import chunks
from service.store.tables import posting

BILLS = select(posting.c.id, posting.c.bill).where(
    posting.c.id.in_(bindparam("ids", expanding=True))
)
"""Asked with every assessment, so it is built once."""


class SqlPostingStore:
    """Writes to business systems, pending and done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, postings: Sequence[Posting]) -> None:
        """Store new postings."""
        self._connection.execute(insert(posting), [_row_of(one) for one in postings])

    def get(self, posting_id: str) -> Posting | None:
        """Give a posting."""
        row = self._connection.execute(
            select(posting).where(posting.c.id == posting_id)
        ).one_or_none()
        return None if row is None else posting_of_row(row)

    def bills(self, posting_ids: Sequence[str]) -> dict[str, str]:
        """Give the bill of each posting there is, as it was written down."""
        found: dict[str, str] = {}
        for part in chunks(posting_ids):
            rows = self._connection.execute(BILLS, {"ids": part})
            found.update({row.id: row.bill for row in rows})
        return found

    def of_decision(self, decision_id: str) -> Posting | None:
        """Give the posting a decision led to."""
        row = self._connection.execute(
            select(posting).where(posting.c.decision_id == decision_id)
        ).one_or_none()
        return None if row is None else posting_of_row(row)

    def of_item(self, item_id: str) -> list[Posting]:
        """Give every posting of an item, in any version, oldest first."""
        query = select(posting).where(posting.c.item_id == item_id).order_by(posting.c.created_at)
        return [posting_of_row(row) for row in self._connection.execute(query)]

    def of_document(self, ledger: str, document_id: str) -> Posting | None:
        """Give the posting that a document of a ledger belongs to."""
        query = select(posting).where(
            posting.c.document_id == document_id, posting.c.ledger == ledger
        )
        row = self._connection.execute(query.limit(1)).one_or_none()
        return None if row is None else posting_of_row(row)

    def done_at(self) -> dict[str, datetime]:
        """Give when the last bill of each billed item was written to the ledger, by item id."""
        query = (
            select(posting.c.item_id, posting.c.done_at)
            .where(posting.c.status == PostingStatus.DONE.value)
            .order_by(posting.c.done_at)
        )
        return {row.item_id: row.done_at for row in self._connection.execute(query)}

    def save(self, one: Posting) -> None:
        """Write a changed posting."""
        self._connection.execute(
            update(posting).where(posting.c.id == one.id).values(**_row_of(one))
        )


def posting_of_row(row: Row[Any]) -> Posting:
    """Read a row of the posting table."""
    return Posting(
        id=row.id,
        token=row.token,
        item_id=row.item_id,
        item_seq=row.item_seq,
        case_id=None if row.case_number is None else case_name(row.case_number),
        decision_id=row.decision_id,
        ledger=row.ledger,
        status=PostingStatus(row.status),
        bill_json=row.bill,
        total_minor=row.total_minor,
        currency=row.currency,
        not_before=row.not_before,
        created_at=row.created_at,
        document_id=row.document_id,
        attempts=row.attempts,
        error=row.error,
        owner_id=row.owner_id,
        done_at=row.done_at,
    )


def _row_of(one: Posting) -> dict[str, object]:
    return {
        "id": one.id,
        "token": one.token,
        "item_id": one.item_id,
        "item_seq": one.item_seq,
        "case_number": None if one.case_id is None else case_number(one.case_id),
        "decision_id": one.decision_id,
        "ledger": one.ledger,
        "status": one.status.value,
        "bill": one.bill_json,
        "total_minor": one.total_minor,
        "currency": one.currency,
        "not_before": one.not_before,
        "created_at": one.created_at,
        "document_id": one.document_id,
        "attempts": one.attempts,
        "error": one.error,
        "owner_id": one.owner_id,
        "done_at": one.done_at,
    }
