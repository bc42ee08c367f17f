"""The tables of the desk: its policy, what people were told, second opinions, bulks and talk."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Text

from service.store.tables import Money, Real, Sequence, UtcText, metadata, strict_table

__all__ = ["metadata"]

policy_draft = strict_table(
    "policy_draft",
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("based_on", Integer, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("drafted_at", UtcText, nullable=False),
    Column("status", Text, nullable=False),
    Column("settled_by_id", Text),
    Column("settled_at", UtcText),
)

policy_version = strict_table(
    "policy_version",
    Column("version", Sequence, primary_key=True, autoincrement=True),
    Column("draft_id", Text, ForeignKey("policy_draft.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("publisher_id", Text, nullable=False),
    Column("published_at", UtcText, nullable=False),
    CheckConstraint("publisher_id <> author_id", name="two_people"),
)

exposure = strict_table(
    "exposure",
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("case_number", Sequence, ForeignKey("review_case.number"), nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("assessment_id", Text, ForeignKey("assessment.id"), nullable=False),
    Column("score", Text, nullable=False),
    Column("propensity", Real, nullable=False),
    Column("shown_at", UtcText, nullable=False),
    CheckConstraint("propensity > 0 and propensity <= 1", name="propensity_is_known"),
)
Index("ix_exposure_case_number_actor_id", exposure.c.case_number, exposure.c.actor_id)
Index("ix_exposure_assessment_id_actor_id", exposure.c.assessment_id, exposure.c.actor_id)

queue_tally = strict_table(
    "queue_tally",
    Column("status", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("client_id", Text, primary_key=True),
    Column("business_unit", Text, primary_key=True),
    Column("cases", Integer, nullable=False),
    Column("seconds", Sequence, nullable=False),
    Column("value_minor", Money, nullable=False),
)

own_call = strict_table(
    "own_call",
    Column("exposure_id", Sequence, ForeignKey("exposure.id"), primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

known_answer = strict_table(
    "known_answer",
    Column("id", Text, primary_key=True),
    Column("item_seq", Sequence, ForeignKey("item.seq"), nullable=False, unique=True),
    Column("assessment_id", Text, ForeignKey("assessment.id"), nullable=False),
    Column("is_faulty", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("named_by_id", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

known_answer_end = strict_table(
    "known_answer_end",
    Column("answer_id", Text, ForeignKey("known_answer.id"), primary_key=True),
    Column("by_id", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

adjudication = strict_table(
    "adjudication",
    Column("second_decision_id", Text, ForeignKey("decision.id"), primary_key=True),
    Column("first_decision_id", Text, ForeignKey("decision.id"), nullable=False, index=True),
    Column("stands_id", Text, ForeignKey("decision.id")),
    Column("decider_id", Text, nullable=False),
    Column("second_id", Text, nullable=False),
    Column("adjudicator_id", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", UtcText, nullable=False),
    CheckConstraint(
        "adjudicator_id <> decider_id and adjudicator_id <> second_id", name="three_people"
    ),
)

bulk = strict_table(
    "bulk",
    Column("id", Text, primary_key=True),
    Column("actor_id", Text, nullable=False, index=True),
    Column("verdict", Text, nullable=False),
    Column("reason_codes", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("decisions", Integer, nullable=False),
    Column("at", UtcText, nullable=False),
)

bulk_revert = strict_table(
    "bulk_revert",
    Column("bulk_id", Text, ForeignKey("bulk.id"), primary_key=True),
    Column("actor_id", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

contract_document = strict_table(
    "contract_document",
    Column("contract_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

transfer = strict_table(
    "transfer",
    Column("id", Text, primary_key=True),
    Column("decision_id", Text, ForeignKey("decision.id"), nullable=False, index=True),
    Column("item_id", Text, nullable=False, index=True),
    Column("client_id", Text, nullable=False),
    Column("business_unit", Text),
    Column("row_id", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("amount_minor", Money, nullable=False),
    Column("currency", Text, nullable=False),
    Column("to_contract_id", Text, nullable=False),
    Column("to_line_id", Text, nullable=False),
    Column("status", Text, nullable=False, index=True),
    Column("created_at", UtcText, nullable=False),
    Column("settled_by_id", Text),
    Column("settled_at", UtcText),
    Column("note", Text, nullable=False, server_default=""),
)

comment = strict_table(
    "comment",
    Column("id", Text, primary_key=True),
    Column("case_number", Sequence, ForeignKey("review_case.number"), nullable=False, index=True),
    Column("author_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

attachment = strict_table(
    "attachment",
    Column("id", Text, primary_key=True),
    Column("case_number", Sequence, ForeignKey("review_case.number"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("by_id", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

saved_view = strict_table(
    "saved_view",
    Column("id", Text, primary_key=True),
    Column("owner_id", Text, nullable=False, index=True),
    Column("page", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("is_shared", Integer, nullable=False),
    Column("filters", Text, nullable=False),
    Column("at", UtcText, nullable=False),
)

notification = strict_table(
    "notification",
    Column("id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("case_number", Sequence, ForeignKey("review_case.number")),
    Column("at", UtcText, nullable=False),
    Column("read_at", UtcText),
)
Index("ix_notification_person_id_id", notification.c.person_id, notification.c.id)

delivery = strict_table(
    "delivery",
    Column("notification_id", Text, ForeignKey("notification.id"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcText, nullable=False),
    Column("error", Text),
    Column("done_at", UtcText),
)
Index("ix_delivery_status_due_at", delivery.c.status, delivery.c.due_at)
