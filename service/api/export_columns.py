"""The columns of every export: what people take out of the house, row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from service.api.amounts import major
from service.api.export_cells import Cell
from service.wire.audit import AuditEntryView
from service.wire.cases import CaseSummary, DecisionView, PostingView

CASES = (
    "Case", "Status", "Kind", "Title", "Client", "Client id", "Contract", "Contract id",
    "Business unit", "Item", "Currency", "Amount", "At risk", "Leaking", "Findings", "Assigned to",
    "Opened (UTC)", "Due (UTC)",
)  # fmt: skip
DECISIONS = (
    "Decision", "Case", "Title", "By", "Verdict", "Reasons", "Note", "Currency", "Billed",
    "Written off", "Moved", "Decided (UTC)", "Undone", "Posting",
)  # fmt: skip
POSTINGS = (
    "Posting", "Case", "Item", "Ledger", "Status", "Currency", "Total", "Document", "Attempts",
    "Error", "Owner", "Created (UTC)", "Done (UTC)",
)  # fmt: skip
AUDIT = ("Place", "At (UTC)", "Event", "Who", "Name", "About", "Facts")
TITLES: Mapping[str, Sequence[str]] = {
    "cases": CASES,
    "decisions": DECISIONS,
    "postings": POSTINGS,
    "audit": AUDIT,
}


def case_row(one: CaseSummary) -> tuple[Cell, ...]:
    """Give a case as a row."""
    return (
        one.id, one.status, one.kind, one.title, one.client_name, one.client_id,
        one.contract_name, one.contract_id, one.business_unit, one.item_id, one.currency,
        major(one.amount_minor, one.currency), major(one.risk_minor, one.currency),
        major(one.leak_minor, one.currency), ", ".join(one.codes), one.assignee_name,
        one.opened_at, one.due_at,
    )  # fmt: skip


def decision_row(one: DecisionView) -> tuple[Cell, ...]:
    """Give a decision as a row."""
    return (
        one.id, one.case_id, one.title, one.actor_name, one.verdict, ", ".join(one.reason_codes),
        one.note, one.currency, major(one.approved_minor, one.currency),
        major(one.written_off_minor, one.currency), major(one.moved_minor, one.currency),
        one.decided_at, "yes" if one.is_undone else "no", one.posting,
    )  # fmt: skip


def posting_row(one: PostingView) -> tuple[Cell, ...]:
    """Give a posting as a row."""
    return (
        one.id, one.case_id, one.item_id, one.ledger, one.status, one.currency,
        major(one.total_minor, one.currency), one.document_id, one.attempts, one.error,
        one.owner_name or one.owner_id, one.created_at, one.done_at,
    )  # fmt: skip


def audit_row(one: AuditEntryView) -> tuple[Cell, ...]:
    """Give an entry of the audit trail as a row."""
    body = one.body
    facts = body.get("facts")
    return (
        one.index, datetime.fromisoformat(body["at"]), body["event"], body["actor"],
        one.actor_name, body["subject"],
        json.dumps(facts, ensure_ascii=False) if facts else None,
    )  # fmt: skip
