"""A posting: one write to a business system, done once or given to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.schemas.vocabulary import PostingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What is to be written, and how that fares. `token` is the ledger's idempotency key."""

    id: str
    token: str
    item_id: str
    item_seq: int
    case_id: str | None
    decision_id: str | None
    ledger: str
    status: PostingStatus
    bill_json: str
    total_minor: int
    currency: str
    not_before: datetime
    created_at: datetime
    document_id: str | None = None
    attempts: int = 0
    error: str | None = None
    owner_id: str | None = None
    done_at: datetime | None = None
