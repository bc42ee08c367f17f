"""Flows and approval policies: requests for approval, every word on them, and what is held back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.triggers import (
    APPROVAL_BREACHES,
    append_only_statements,
    two_people_statements,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _create_approval()
    _create_words()
    op.create_table(
        "flow_hold",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("resume_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_flow_hold")),
        sqlite_strict=True,
    )
    dialect = op.get_bind().dialect.name
    for statement in append_only_statements(dialect, tables=("approval_word",)):
        op.execute(statement)
    for statement in two_people_statements(dialect, breaches=APPROVAL_BREACHES):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: going back would drop who approved what."""
    raise RuntimeError("approvals are never taken back; restore a backup instead")


def _create_approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("case_number", Number, nullable=False),
        sa.Column("decider_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=True),
        sa.Column("remind_at", sa.Text(), nullable=True),
        sa.Column("due_at", sa.Text(), nullable=True),
        sa.Column("escalated_at", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["review_case.number"], name=op.f("fk_approval_case_number")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_approval_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("decision_id", "kind", name=op.f("uq_approval_decision_id_kind")),
        sqlite_strict=True,
    )
    for columns in (["case_number"], ["status", "opened_at"], ["remind_at"], ["due_at"]):
        op.create_index(f"ix_approval_{'_'.join(columns)}", "approval", columns)


def _create_words() -> None:
    op.create_table(
        "approval_word",
        sa.Column("approval_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("in_place_of_id", sa.Text(), nullable=True),
        sa.Column("is_approved", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_approval_word_approval_id")
        ),
        sa.PrimaryKeyConstraint("approval_id", "place", name=op.f("pk_approval_word")),
        sa.UniqueConstraint(
            "approval_id", "person_id", name=op.f("uq_approval_word_approval_id_person_id")
        ),
        sqlite_strict=True,
    )
