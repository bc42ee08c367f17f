"""Every table of the service: STRICT on SQLite, money in integers, times as sortable UTC text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    types,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Sequence = BigInteger().with_variant(Integer, "sqlite")
Money = BigInteger().with_variant(Integer, "sqlite")
Real: types.TypeEngine[float] = Double().with_variant(REAL(), "sqlite")


class UtcText(TypeDecorator[datetime]):
    """An aware UTC time as `2026-03-02T09:00:00.000000Z`: sorts as text, reads in any tool."""

    impl = Text  # type: ignore[mutable-override]  # SQLAlchemy declares it so
    cache_ok = True  # type: ignore[mutable-override]  # SQLAlchemy declares it so

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write UTC with microseconds."""
        if value is None:
            return None
        naive = value.astimezone(UTC).replace(tzinfo=None)
        return f"{naive.isoformat(timespec='microseconds')}Z"

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Read an aware time."""
        return None if value is None else datetime.fromisoformat(value)


def strict_table(name: str, *parts: Any) -> Table:  # noqa: ANN401 - columns and constraints
    """Declare a table, STRICT on SQLite."""
    return Table(name, metadata, *parts, sqlite_strict=True)


item = strict_table(
    "item",
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("item_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("contract_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", UtcText, nullable=False),
    Column("superseded_by", Sequence, ForeignKey("item.seq")),
    Column("withdrawn_at", UtcText),
    Column("business_unit", Text),
    UniqueConstraint("item_id", "sha256"),
)

assessment = strict_table(
    "assessment",
    Column("id", Text, primary_key=True),
    Column("item_seq", Sequence, ForeignKey("item.seq"), nullable=False, unique=True),
    Column("route", Text, nullable=False),
    Column("lane", Text),
    Column("bundle", Text, nullable=False),
    Column("assessed_at", UtcText, nullable=False),
    Column("body", Text, nullable=False),
)

Index("ix_assessment_bundle_route", assessment.c.bundle, assessment.c.route)

fact = strict_table(
    "fact",
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("at", UtcText, nullable=False),
    UniqueConstraint("kind", "subject_id"),
)

review_case = strict_table(
    "review_case",
    Column("number", Sequence, primary_key=True, autoincrement=True),
    Column("item_id", Text, nullable=False),
    Column("item_seq", Sequence, ForeignKey("item.seq"), nullable=False),
    Column("assessment_id", Text, ForeignKey("assessment.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("contract_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("route", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("propensity", Real, nullable=False),
    Column("amount_minor", Money, nullable=False),
    Column("currency", Text, nullable=False),
    Column("risk_minor", Money, nullable=False),
    Column("leak_minor", Money, nullable=False),
    Column("value_minor", Money, nullable=False),
    Column("doubt", Real, nullable=False),
    Column("review_minutes", Real, nullable=False),
    Column("opened_at", UtcText, nullable=False),
    Column("due_at", UtcText, nullable=False),
    Column("lease_token", Integer, nullable=False, default=0),
    Column("lease_owner_id", Text),
    Column("lease_expires_at", UtcText),
    Column("released_by_id", Text),
    Column("review_error", Real, nullable=False, server_default="0.05"),
    Column("business_unit", Text),
    Column("person_id", Text),
    Column("project_id", Text),
    Column("worth", Real, nullable=False, server_default="0"),
    Column("boost", Text, nullable=False, server_default=""),
    Column("timeouts", Integer, nullable=False, server_default="0"),
    Column("snoozed_until", UtcText),
    Column("reserved_for_id", Text),
    Column("kept_from_id", Text),
    Column("repeats_number", Sequence),
    CheckConstraint("propensity > 0 and propensity <= 1", name="propensity_is_known"),
)
Index("ix_review_case_status", review_case.c.status)
Index("ix_review_case_item_id", review_case.c.item_id)
Index("ix_review_case_status_lane_worth", review_case.c.status, review_case.c.lane,
      review_case.c.worth)  # fmt: skip
Index("ix_review_case_client_id_status", review_case.c.client_id, review_case.c.status)
Index("ix_review_case_person_id", review_case.c.person_id)
Index("ix_review_case_lease_owner_id", review_case.c.lease_owner_id)
Index("ix_review_case_reserved_for_id", review_case.c.reserved_for_id)
Index("ix_review_case_status_boost", review_case.c.status, review_case.c.boost)
Index("ix_review_case_status_due_at", review_case.c.status, review_case.c.due_at)
Index("ix_review_case_status_lane_opened_at", review_case.c.status, review_case.c.lane,
      review_case.c.opened_at)  # fmt: skip
Index("ix_review_case_repeats_number", review_case.c.repeats_number)

decision = strict_table(
    "decision",
    Column("id", Text, primary_key=True),
    Column("case_number", Sequence, ForeignKey("review_case.number"), nullable=False, index=True),
    Column("actor_id", Text, nullable=False, index=True),
    Column("verdict", Text, nullable=False),
    Column("decided_at", UtcText, nullable=False),
    Column("body", Text, nullable=False),
    Column("signs_id", Text, index=True),
    Column("bulk_id", Text, index=True),
)

Index("ix_decision_decided_at", decision.c.decided_at)

undo = strict_table(
    "undo",
    Column("decision_id", Text, ForeignKey("decision.id"), primary_key=True),
    Column("at", UtcText, nullable=False),
)

signature = strict_table(
    "signature",
    Column("decision_id", Text, ForeignKey("decision.id"), primary_key=True),
    Column("decider_id", Text, nullable=False),
    Column("approver_id", Text, nullable=False),
    Column("is_approved", Integer, nullable=False),
    Column("at", UtcText, nullable=False),
    CheckConstraint("approver_id <> decider_id", name="two_people"),
)

posting = strict_table(
    "posting",
    Column("id", Text, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("item_id", Text, nullable=False, index=True),
    Column("item_seq", Sequence, ForeignKey("item.seq"), nullable=False),
    Column("case_number", Sequence, ForeignKey("review_case.number")),
    Column("decision_id", Text, ForeignKey("decision.id"), index=True),
    Column("ledger", Text, nullable=False),
    Column("status", Text, nullable=False, index=True),
    Column("bill", Text, nullable=False),
    Column("total_minor", Money, nullable=False),
    Column("currency", Text, nullable=False),
    Column("not_before", UtcText, nullable=False),
    Column("created_at", UtcText, nullable=False),
    Column("document_id", Text),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", Text),
    Column("owner_id", Text),
    Column("done_at", UtcText),
)

reference = strict_table(
    "reference",
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("recorded_at", UtcText, nullable=False),
)

account = strict_table(
    "account",
    Column("person_id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("failed_count", Integer, nullable=False, default=0),
    Column("locked_until", UtcText),
    Column("email", Text, nullable=False, server_default=""),
    Column("is_active", Integer, nullable=False, server_default="1"),
    Column("must_change_password", Integer, nullable=False, server_default="0"),
    Column("is_trainee", Integer, nullable=False, server_default="0"),
    Column("wall_clients", Text),
    Column("wall_units", Text),
    Column("preferences", Text, nullable=False, server_default="{}"),
    Column("absent_from", UtcText),
    Column("absent_until", UtcText),
    Column("deputy_id", Text),
    Column("external_id", Text),
)
Index("ix_account_external_id", account.c.external_id, unique=True)

session = strict_table(
    "session",
    Column("token_sha256", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("account.person_id"), nullable=False, index=True),
    Column("opened_at", UtcText, nullable=False),
    Column("last_seen_at", UtcText, nullable=False),
    Column("is_revoked", Integer, nullable=False, default=0),
    Column("device", Text, nullable=False, server_default=""),
    Column("authenticated_at", UtcText),
    Column("identity_sha256", Text),
)
Index("ix_session_identity_sha256", session.c.identity_sha256, unique=True)

api_key = strict_table(
    "api_key",
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key_sha256", Text, nullable=False, unique=True),
    Column("scopes", Text, nullable=False),
    Column("is_revoked", Integer, nullable=False, default=0),
    Column("wall_clients", Text),
    Column("wall_units", Text),
    Column("created_at", UtcText),
)

answer = strict_table(
    "answer",
    Column("owner", Text, primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("result", Text),
    Column("status", Integer),
    Column("headers", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("kept_at", UtcText, nullable=False, index=True),
)

audit = strict_table(
    "audit",
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("body", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("event", Text, nullable=False),
)

audit_pending = strict_table(
    "audit_pending",
    Column("id", Sequence, ForeignKey("audit.id"), primary_key=True),
)

audit_leaf = strict_table(
    "audit_leaf",
    Column("idx", Sequence, primary_key=True, autoincrement=False),
    Column("id", Sequence, ForeignKey("audit.id"), nullable=False, unique=True),
    Column("leaf_hash", LargeBinary, nullable=False),
)

proposal = strict_table(
    "proposal",
    Column("id", Text, primary_key=True),
    Column("contract_id", Text, nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

proposal_outcome = strict_table(
    "proposal_outcome",
    Column("proposal_id", Text, ForeignKey("proposal.id"), primary_key=True),
    Column("status", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

APPEND_ONLY = (
    "audit",
    "audit_leaf",
    "decision",
    "undo",
    "signature",
    "assessment",
    "fact",
    "reference",
    "proposal",
    "proposal_outcome",
    "contract_document",
    "check_draw",
    "check_result",
    "alarm",
    "shadow_score",
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
    "event",
)
"""Tables in which triggers refuse UPDATE and DELETE."""
