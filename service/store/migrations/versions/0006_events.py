"""Events out: their subscribers, and what is on its way to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.triggers import append_only_statements

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _create_events()
    _create_subscribers()
    for statement in append_only_statements(op.get_bind().dialect.name, tables=("event",)):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: going back would drop who was told what."""
    raise RuntimeError("events that were told stay told; restore a backup instead")


def _create_events() -> None:
    op.create_table(
        "event",
        sa.Column("idx", Number, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("business_unit", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["idx"], ["audit_leaf.idx"], name=op.f("fk_event_idx")),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_event_subject_sequence", "event", ["subject", "sequence"], unique=True)
    op.create_index("ix_event_at", "event", ["at"])
    op.create_table(
        "event_cursor",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("read_to", Number, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_event_cursor")),
        sqlite_strict=True,
    )


def _create_subscribers() -> None:
    op.create_table(
        "subscriber",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("position", Number, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.Text(), nullable=True),
        sa.Column("courier", sa.Text(), nullable=True),
        sa.Column("courier_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
        sqlite_strict=True,
    )
    op.create_table(
        "subscriber_secret",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subscriber_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_subscriber_secret_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber_secret")),
        sqlite_strict=True,
    )
    op.create_index("ix_subscriber_secret_subscriber_id", "subscriber_secret", ["subscriber_id"])
    op.create_table(
        "event_delivery",
        sa.Column("subscriber_id", sa.Text(), nullable=False),
        sa.Column("event_idx", Number, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_event_delivery_subscriber_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_idx"], ["event.idx"], name=op.f("fk_event_delivery_event_idx")
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "event_idx", name=op.f("pk_event_delivery")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_event_delivery_subscriber_id_subject_event_idx",
        "event_delivery",
        ["subscriber_id", "subject", "event_idx"],
    )
