"""The tables of flows: requests for approval with every word, and what people hold back."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Text, UniqueConstraint

from service.store.tables import Sequence, UtcText, metadata, strict_table

__all__ = ["metadata"]

approval = strict_table(
    "approval",
    Column("id", Text, primary_key=True),
    Column("decision_id", Text, ForeignKey("decision.id"), nullable=False),
    Column("case_number", Sequence, ForeignKey("review_case.number"), nullable=False),
    Column("decider_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("terms", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("opened_at", UtcText),
    Column("remind_at", UtcText),
    Column("due_at", UtcText),
    Column("escalated_at", UtcText),
    Column("settled_at", UtcText),
    UniqueConstraint("decision_id", "kind"),
)
Index("ix_approval_case_number", approval.c.case_number)
Index("ix_approval_status_opened_at", approval.c.status, approval.c.opened_at)
Index("ix_approval_remind_at", approval.c.remind_at)
Index("ix_approval_due_at", approval.c.due_at)

approval_word = strict_table(
    "approval_word",
    Column("approval_id", Text, ForeignKey("approval.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("in_place_of_id", Text),
    Column("is_approved", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", UtcText, nullable=False),
    UniqueConstraint("approval_id", "person_id"),
)

flow_hold = strict_table(
    "flow_hold",
    Column("name", Text, primary_key=True),
    Column("queue", Text, nullable=False),
    Column("by_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcText, nullable=False),
    Column("resume_at", UtcText),
)
