"""The tables of events out: what is told, whom, and what is on its way."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Text

from service.store.tables import Sequence, UtcText, strict_table

event = strict_table(
    "event",
    Column("idx", Sequence, ForeignKey("audit_leaf.idx"), primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("business_unit", Text),
    Column("at", UtcText, nullable=False),
    Column("body", Text, nullable=False),
)
Index("ix_event_subject_sequence", event.c.subject, event.c.sequence, unique=True)
Index("ix_event_at", event.c.at)

event_cursor = strict_table(
    "event_cursor",
    Column("name", Text, primary_key=True),
    Column("read_to", Sequence, nullable=False),
)

subscriber = strict_table(
    "subscriber",
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("types", Text, nullable=False),
    Column("owner_id", Text, nullable=False),
    Column("made_at", UtcText, nullable=False),
    Column("status", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("position", Sequence, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("paused_until", UtcText),
    Column("delivered_at", UtcText),
    Column("courier", Text),
    Column("courier_until", UtcText),
)

subscriber_secret = strict_table(
    "subscriber_secret",
    Column("id", Text, primary_key=True),
    Column("subscriber_id", Text, ForeignKey("subscriber.id"), nullable=False, index=True),
    Column("made_at", UtcText, nullable=False),
    Column("ends_at", UtcText),
)

event_delivery = strict_table(
    "event_delivery",
    Column("subscriber_id", Text, ForeignKey("subscriber.id"), primary_key=True),
    Column("event_idx", Sequence, ForeignKey("event.idx"), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcText, nullable=False),
)
Index("ix_event_delivery_subscriber_id_subject_event_idx", event_delivery.c.subscriber_id,
      event_delivery.c.subject, event_delivery.c.event_idx)  # fmt: skip
