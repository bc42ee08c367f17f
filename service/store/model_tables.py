"""The tables of the models in use: checks of what they cleared, alarms, shadows, and orders."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Text

from service.store.tables import Real, Sequence, UtcText, strict_table

check_draw = strict_table(
    "check_draw",
    Column("assessment_id", Text, ForeignKey("assessment.id"), primary_key=True),
    Column("item_seq", Sequence, ForeignKey("item.seq"), nullable=False),
    Column("segment", Text, nullable=False),
    Column("bundle", Text, nullable=False),
    Column("propensity", Real, nullable=False),
    Column("amount_reporting_minor", Real, nullable=False),
    Column("promise", Text, nullable=False),
    Column("drawn_at", UtcText, nullable=False),
    CheckConstraint("propensity > 0 and propensity <= 1", name="propensity_is_known"),
)
Index("ix_check_draw_segment_item_seq", check_draw.c.segment, check_draw.c.item_seq)

check_result = strict_table(
    "check_result",
    Column("assessment_id", Text, ForeignKey("check_draw.assessment_id"), primary_key=True),
    Column("is_wrong", Integer),
    Column("at", UtcText, nullable=False),
)

watch = strict_table(
    "watch",
    Column("segment", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("changed_at", UtcText, nullable=False),
)

alarm = strict_table(
    "alarm",
    Column("number", Sequence, primary_key=True, autoincrement=True),
    Column("segment", Text, nullable=False, index=True),
    Column("bundle", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

shadow_score = strict_table(
    "shadow_score",
    Column("assessment_id", Text, ForeignKey("assessment.id"), primary_key=True),
    Column("bundle", Text, primary_key=True),
    Column("probabilities", Text, nullable=False),
    Column("fault_probability", Real),
    Column("would_clear", Integer, nullable=False),
    Column("champion", Text, nullable=False),
    Column("champion_probability", Real),
    Column("is_cleared", Integer, nullable=False),
    Column("is_proved", Integer, nullable=False),
    Column("propensity", Real, nullable=False),
)

model_job = strict_table(
    "model_job",
    Column("id", Text, primary_key=True),
    Column("ordered", Text, nullable=False),
    Column("version", Integer),
    Column("actor_id", Text, nullable=False),
    Column("status", Text, nullable=False, index=True),
    Column("ordered_at", UtcText, nullable=False),
    Column("is_at_shell", Integer, nullable=False),
    Column("started_at", UtcText),
    Column("ended_at", UtcText),
    Column("result", Text),
    Column("why", Text),
)
