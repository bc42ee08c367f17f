"""Clauses proposed from a contract's text, and what a person said of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.triggers import append_only_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("proposal", "proposal_outcome")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proposal_contract_id"), "proposal", ["contract_id"], unique=False)
    op.create_table(
        "proposal_outcome",
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_outcome_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal_outcome")),
        sqlite_strict=True,
    )
    for statement in append_only_statements(op.get_bind().dialect.name, tables=TABLES):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: going back would drop who confirmed what."""
    raise RuntimeError("proposals are never taken back; restore a backup instead")
