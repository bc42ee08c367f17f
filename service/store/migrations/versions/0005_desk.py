"""The desk: its policy, lanes, exposure, second opinions, bulks, talk, walls and people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.triggers import append_only_statements, two_people_statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "policy_version",
    "exposure",
    "own_call",
    "known_answer",
    "known_answer_end",
    "adjudication",
    "bulk",
    "bulk_revert",
    "comment",
    "attachment",
    "contract_document",
)
Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Real: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _widen_cases()
    _widen_people()
    _create_policy()
    _create_exposure()
    _create_tally()
    _create_second_opinions()
    _create_talk()
    for statement in append_only_statements(op.get_bind().dialect.name, tables=APPEND_ONLY):
        op.execute(statement)
    for statement in two_people_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: going back would drop who decided what, and what they were told."""
    raise RuntimeError("second opinions are never taken back; restore a backup instead")


def _widen_cases() -> None:
    op.add_column("item", sa.Column("business_unit", sa.Text()))
    for column in (
        sa.Column("business_unit", sa.Text()),
        sa.Column("person_id", sa.Text()),
        sa.Column("project_id", sa.Text()),
        sa.Column("worth", Real, nullable=False, server_default="0"),
        sa.Column("boost", sa.Text(), nullable=False, server_default=""),
        sa.Column("timeouts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("snoozed_until", sa.Text()),
        sa.Column("reserved_for_id", sa.Text()),
        sa.Column("kept_from_id", sa.Text()),
        sa.Column("repeats_number", Number),
    ):
        op.add_column("review_case", column)
    # Cents are assumed: the claim scores anew, the stored worth only narrows its search.
    op.execute(
        "UPDATE review_case SET worth = "
        "value_minor / 100.0 * (doubt - review_error) / review_minutes"
    )
    op.create_index("ix_decision_decided_at", "decision", ["decided_at"])
    for columns in (
        ["status", "lane", "worth"],
        ["client_id", "status"],
        ["person_id"],
        ["lease_owner_id"],
        ["reserved_for_id"],
        ["status", "boost"],
        ["status", "due_at"],
        ["status", "lane", "opened_at"],
        ["repeats_number"],
    ):
        op.create_index(f"ix_review_case_{'_'.join(columns)}", "review_case", columns)


def _widen_people() -> None:
    for column in (
        sa.Column("email", sa.Text(), nullable=False, server_default=""),
        sa.Column("is_active", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("must_change_password", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("is_trainee", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("wall_clients", sa.Text()),
        sa.Column("wall_units", sa.Text()),
        sa.Column("preferences", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("absent_from", sa.Text()),
        sa.Column("absent_until", sa.Text()),
        sa.Column("deputy_id", sa.Text()),
        sa.Column("external_id", sa.Text()),
    ):
        op.add_column("account", column)
    op.create_index("ix_account_external_id", "account", ["external_id"], unique=True)
    op.add_column("session", sa.Column("device", sa.Text(), nullable=False, server_default=""))
    op.add_column("session", sa.Column("authenticated_at", sa.Text()))
    op.add_column("session", sa.Column("identity_sha256", sa.Text()))
    op.create_index("ix_session_identity_sha256", "session", ["identity_sha256"], unique=True)
    for name in ("wall_clients", "wall_units", "created_at"):
        op.add_column("api_key", sa.Column(name, sa.Text()))


def _create_policy() -> None:
    op.create_table(
        "policy_draft",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("settled_by_id", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_draft")),
        sqlite_strict=True,
    )
    op.create_table(
        "policy_version",
        sa.Column("version", Number, nullable=False, autoincrement=True),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("publisher_id", sa.Text(), nullable=False),
        sa.Column("published_at", sa.Text(), nullable=False),
        sa.CheckConstraint("publisher_id <> author_id", name=op.f("ck_policy_version_two_people")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["policy_draft.id"], name=op.f("fk_policy_version_draft_id")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_version")),
        sqlite_strict=True,
    )


def _create_exposure() -> None:
    op.create_table(
        "exposure",
        sa.Column("id", Number, nullable=False, autoincrement=True),
        sa.Column("case_number", Number, nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("score", sa.Text(), nullable=False),
        sa.Column("propensity", Real, nullable=False),
        sa.Column("shown_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "propensity > 0 and propensity <= 1",
            name=op.f("ck_exposure_propensity_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_number"], ["review_case.number"], name=op.f("fk_exposure_case_number")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_exposure_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure")),
        sqlite_strict=True,
    )
    op.create_index("ix_exposure_case_number_actor_id", "exposure", ["case_number", "actor_id"])
    op.create_index("ix_exposure_assessment_id_actor_id", "exposure", ["assessment_id", "actor_id"])
    op.create_table(
        "own_call",
        sa.Column("exposure_id", Number, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exposure_id"], ["exposure.id"], name=op.f("fk_own_call_exposure_id")
        ),
        sa.PrimaryKeyConstraint("exposure_id", name=op.f("pk_own_call")),
        sqlite_strict=True,
    )
    op.create_table(
        "known_answer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("item_seq", Number, nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("is_faulty", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("named_by_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_known_answer_assessment_id")
        ),
        sa.ForeignKeyConstraint(["item_seq"], ["item.seq"], name=op.f("fk_known_answer_item_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_answer")),
        sa.UniqueConstraint("item_seq", name=op.f("uq_known_answer_item_seq")),
        sqlite_strict=True,
    )
    op.create_table(
        "known_answer_end",
        sa.Column("answer_id", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["known_answer.id"], name=op.f("fk_known_answer_end_answer_id")
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_known_answer_end")),
        sqlite_strict=True,
    )


def _create_tally() -> None:
    op.create_table(
        "queue_tally",
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("business_unit", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("seconds", Number, nullable=False),
        sa.Column("value_minor", Number, nullable=False),
        sa.PrimaryKeyConstraint(
            "status", "currency", "client_id", "business_unit", name=op.f("pk_queue_tally")
        ),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO queue_tally (status, currency, client_id, business_unit, cases, seconds, "
        "value_minor) SELECT status, currency, client_id, coalesce(business_unit, ''), count(*), "
        "sum(CAST(round(review_minutes * 60) AS INTEGER)), sum(value_minor) FROM review_case "
        "WHERE status NOT IN ('decided', 'closed') "
        "GROUP BY status, currency, client_id, coalesce(business_unit, '')"
    )


def _create_second_opinions() -> None:
    for name in ("signs_id", "bulk_id"):
        op.add_column("decision", sa.Column(name, sa.Text()))
        op.create_index(f"ix_decision_{name}", "decision", [name])
    op.create_table(
        "adjudication",
        sa.Column("second_decision_id", sa.Text(), nullable=False),
        sa.Column("first_decision_id", sa.Text(), nullable=False),
        sa.Column("stands_id", sa.Text(), nullable=True),
        sa.Column("decider_id", sa.Text(), nullable=False),
        sa.Column("second_id", sa.Text(), nullable=False),
        sa.Column("adjudicator_id", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "adjudicator_id <> decider_id and adjudicator_id <> second_id",
            name=op.f("ck_adjudication_three_people"),
        ),
        sa.ForeignKeyConstraint(
            ["second_decision_id"], ["decision.id"], name=op.f("fk_adjudication_second_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_decision_id"], ["decision.id"], name=op.f("fk_adjudication_first_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["stands_id"], ["decision.id"], name=op.f("fk_adjudication_stands_id")
        ),
        sa.PrimaryKeyConstraint("second_decision_id", name=op.f("pk_adjudication")),
        sqlite_strict=True,
    )
    op.create_index("ix_adjudication_first_decision_id", "adjudication", ["first_decision_id"])
    op.create_table(
        "bulk",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason_codes", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk")),
        sqlite_strict=True,
    )
    op.create_index("ix_bulk_actor_id", "bulk", ["actor_id"])
    op.create_table(
        "bulk_revert",
        sa.Column("bulk_id", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk.id"], name=op.f("fk_bulk_revert_bulk_id")),
        sa.PrimaryKeyConstraint("bulk_id", name=op.f("pk_bulk_revert")),
        sqlite_strict=True,
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("business_unit", sa.Text(), nullable=True),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("amount_minor", Number, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("to_contract_id", sa.Text(), nullable=False),
        sa.Column("to_line_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("settled_by_id", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_transfer_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sqlite_strict=True,
    )
    op.create_index("ix_transfer_decision_id", "transfer", ["decision_id"])
    op.create_index("ix_transfer_item_id", "transfer", ["item_id"])
    op.create_index("ix_transfer_status", "transfer", ["status"])


def _create_talk() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_number", Number, nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["review_case.number"], name=op.f("fk_comment_case_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sqlite_strict=True,
    )
    op.create_index("ix_comment_case_number", "comment", ["case_number"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_number", Number, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["review_case.number"], name=op.f("fk_attachment_case_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_strict=True,
    )
    op.create_index("ix_attachment_case_number", "attachment", ["case_number"])
    op.create_table(
        "contract_document",
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "sha256", name=op.f("pk_contract_document")),
        sqlite_strict=True,
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Integer(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sqlite_strict=True,
    )
    op.create_index("ix_saved_view_owner_id", "saved_view", ["owner_id"])
    _create_notifications()


def _create_notifications() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("case_number", Number, nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("read_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["review_case.number"], name=op.f("fk_notification_case_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sqlite_strict=True,
    )
    op.create_index("ix_notification_person_id_id", "notification", ["person_id", "id"])
    op.create_table(
        "delivery",
        sa.Column("notification_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("done_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notification.id"], name=op.f("fk_delivery_notification_id")
        ),
        sa.PrimaryKeyConstraint("notification_id", "channel", name=op.f("pk_delivery")),
        sqlite_strict=True,
    )
    op.create_index("ix_delivery_status_due_at", "delivery", ["status", "due_at"])
