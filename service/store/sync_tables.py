"""The tables of syncs: how each source fares, and how its last syncs ended."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Text

from service.store.tables import UtcText, metadata, strict_table

__all__ = ["metadata"]

sync = strict_table(
    "sync",
    Column("source", Text, primary_key=True),
    Column("began_at", UtcText),
    Column("ended_at", UtcText),
    Column("outcome", Text),
    Column("counts", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("done_at", UtcText),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcText),
    Column("told_at", UtcText),
    Column("owner_id", Text),
    Column("next_due_at", UtcText),
)

sync_run = strict_table(
    "sync_run",
    Column("source", Text, primary_key=True),
    Column("began_at", UtcText, primary_key=True),
    Column("ended_at", UtcText, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)
