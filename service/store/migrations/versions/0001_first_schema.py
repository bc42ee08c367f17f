"""First schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.triggers import trigger_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "audit",
    "audit_leaf",
    "decision",
    "undo",
    "signature",
    "assessment",
    "fact",
    "reference",
)
"""Tables of this revision in which triggers refuse UPDATE and DELETE."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "account",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sqlite_strict=True,
    )
    op.create_table(
        "answer",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "idempotency_key", name=op.f("pk_answer")),
        sqlite_strict=True,
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_sha256", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("is_revoked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_sha256", name=op.f("uq_api_key_key_sha256")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_subject"), ["subject"], unique=False)

    op.create_table(
        "fact",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_fact")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_fact_kind_subject_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "item",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column(
            "superseded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["item.seq"], name=op.f("fk_item_superseded_by")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_item")),
        sa.UniqueConstraint("item_id", "sha256", name=op.f("uq_item_item_id_sha256")),
        sqlite_strict=True,
    )
    op.create_table(
        "reference",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", "version", name=op.f("pk_reference")),
        sqlite_strict=True,
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("item_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=True),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("assessed_at", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_seq"], ["item.seq"], name=op.f("fk_assessment_item_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("item_seq", name=op.f("uq_assessment_item_seq")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_bundle_route", ["bundle", "route"], unique=False)

    op.create_table(
        "audit_leaf",
        sa.Column(
            "idx",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["audit.id"], name=op.f("fk_audit_leaf_id")),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_audit_leaf")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_leaf_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_pending",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["audit.id"], name=op.f("fk_audit_pending_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_pending")),
        sqlite_strict=True,
    )
    op.create_table(
        "session",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("last_seen_at", sa.Text(), nullable=False),
        sa.Column("is_revoked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["account.person_id"], name=op.f("fk_session_person_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_session")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "review_case",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("item_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("propensity", sa.Double().with_variant(sa.REAL(), "sqlite"), nullable=False),
        sa.Column(
            "amount_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "risk_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "leak_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "value_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("doubt", sa.Double().with_variant(sa.REAL(), "sqlite"), nullable=False),
        sa.Column("review_minutes", sa.Double().with_variant(sa.REAL(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("lease_owner_id", sa.Text(), nullable=True),
        sa.Column("lease_expires_at", sa.Text(), nullable=True),
        sa.Column("released_by_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "propensity > 0 and propensity <= 1", name=op.f("ck_review_case_propensity_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_review_case_assessment_id")
        ),
        sa.ForeignKeyConstraint(["item_seq"], ["item.seq"], name=op.f("fk_review_case_item_seq")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_review_case")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("review_case", schema=None) as batch_op:
        batch_op.create_index("ix_review_case_item_id", ["item_id"], unique=False)
        batch_op.create_index("ix_review_case_status", ["status"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "case_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["review_case.number"], name=op.f("fk_decision_case_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_case_number"), ["case_number"], unique=False)

    op.create_table(
        "posting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("item_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "case_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decision_id", sa.Text(), nullable=True),
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("bill", sa.Text(), nullable=False),
        sa.Column(
            "total_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("not_before", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("done_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["review_case.number"], name=op.f("fk_posting_case_number")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_posting_decision_id")
        ),
        sa.ForeignKeyConstraint(["item_seq"], ["item.seq"], name=op.f("fk_posting_item_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("token", name=op.f("uq_posting_token")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_status"), ["status"], unique=False)

    op.create_table(
        "signature",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("decider_id", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=False),
        sa.Column("is_approved", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.CheckConstraint("approver_id <> decider_id", name=op.f("ck_signature_two_people")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_signature_decision_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_signature")),
        sqlite_strict=True,
    )
    op.create_table(
        "undo",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_undo_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_undo")),
        sqlite_strict=True,
    )

    for statement in trigger_statements(op.get_bind().dialect.name, tables=APPEND_ONLY):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: going back would drop the audit trail."""
    raise RuntimeError("the first schema is never taken back; restore a backup instead")
