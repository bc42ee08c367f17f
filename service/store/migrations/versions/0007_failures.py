"""Failures of business systems: when a posting is tried again, and which systems rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "posting_failure",
        sa.Column("posting_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("is_surely_unwritten", sa.Integer(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("next_try_at", sa.Text(), nullable=True),
        sa.Column("due_at", sa.Text(), nullable=True),
        sa.Column("told_late_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_posting_failure_posting_id")
        ),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_posting_failure")),
        sqlite_strict=True,
    )
    op.create_index("ix_posting_failure_reason", "posting_failure", ["reason"])
    op.create_index("ix_posting_failure_due_at", "posting_failure", ["due_at"])
    op.create_table(
        "circuit",
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_posting_id", sa.Text(), nullable=False),
        sa.Column("rests", sa.Integer(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("system", name=op.f("pk_circuit")),
        sqlite_strict=True,
    )
