"""The tables of failures: postings in trouble, and systems that rest."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Text

from service.store.tables import UtcText, metadata, strict_table

__all__ = ["metadata"]

posting_failure = strict_table(
    "posting_failure",
    Column("posting_id", Text, ForeignKey("posting.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("is_surely_unwritten", Integer, nullable=False),
    Column("since", UtcText, nullable=False),
    Column("next_try_at", UtcText),
    Column("due_at", UtcText),
    Column("told_late_at", UtcText),
)
Index("ix_posting_failure_reason", posting_failure.c.reason)
Index("ix_posting_failure_due_at", posting_failure.c.due_at)

circuit = strict_table(
    "circuit",
    Column("system", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_posting_id", Text, nullable=False),
    Column("rests", Integer, nullable=False),
    Column("until", UtcText),
    Column("since", UtcText),
    Column("why", Text, nullable=False),
)
