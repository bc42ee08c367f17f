"""Checks of what was cleared, what they say of each promise, shadow scores, and model orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.triggers import append_only_statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("check_draw", "check_result", "alarm", "shadow_score")
Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Real: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _create_checks()
    _create_watches()
    _create_orders()
    op.add_column(
        "review_case",
        sa.Column("review_error", Real, nullable=False, server_default="0.05"),
    )
    for statement in append_only_statements(op.get_bind().dialect.name, tables=APPEND_ONLY):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: going back would drop what is known of a broken promise."""
    raise RuntimeError("checks and alarms are never taken back; restore a backup instead")


def _create_checks() -> None:
    op.create_table(
        "check_draw",
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("item_seq", Number, nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("propensity", Real, nullable=False),
        sa.Column("amount_reporting_minor", Real, nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "propensity > 0 and propensity <= 1",
            name=op.f("ck_check_draw_propensity_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_check_draw_assessment_id")
        ),
        sa.ForeignKeyConstraint(["item_seq"], ["item.seq"], name=op.f("fk_check_draw_item_seq")),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_check_draw")),
        sqlite_strict=True,
    )
    op.create_index("ix_check_draw_segment_item_seq", "check_draw", ["segment", "item_seq"])
    op.create_table(
        "check_result",
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("is_wrong", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["check_draw.assessment_id"],
            name=op.f("fk_check_result_assessment_id"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_check_result")),
        sqlite_strict=True,
    )
    op.create_table(
        "shadow_score",
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("probabilities", sa.Text(), nullable=False),
        sa.Column("fault_probability", Real, nullable=True),
        sa.Column("would_clear", sa.Integer(), nullable=False),
        sa.Column("champion", sa.Text(), nullable=False),
        sa.Column("champion_probability", Real, nullable=True),
        sa.Column("is_cleared", sa.Integer(), nullable=False),
        sa.Column("is_proved", sa.Integer(), nullable=False),
        sa.Column("propensity", Real, nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_shadow_score_assessment_id")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "bundle", name=op.f("pk_shadow_score")),
        sqlite_strict=True,
    )


def _create_watches() -> None:
    op.create_table(
        "watch",
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("segment", name=op.f("pk_watch")),
        sqlite_strict=True,
    )
    op.create_table(
        "alarm",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alarm")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_alarm_segment"), "alarm", ["segment"], unique=False)


def _create_orders() -> None:
    op.create_table(
        "model_job",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ordered", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.Text(), nullable=False),
        sa.Column("is_at_shell", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_job")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_model_job_status"), "model_job", ["status"], unique=False)
