"""What an event says: drawn out of the entry of the trail and of what the entry is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from data.schemas.vocabulary import (
    FINAL_VERDICTS,
    ApprovalKind,
    AuditEvent,
    CaseStatus,
    ReasonCode,
    Verdict,
)
from service.ports.event_stores import About, EventStore
from service.wire.events import (
    MOST_FREED,
    ApprovalTold,
    CapacityReleasedTold,
    CaseClosedTold,
    CaseDecidedTold,
    CaseOpenedTold,
    DecisionUndoneTold,
    FreedPerson,
    ItemTold,
    PostingTold,
)

Facts = Mapping[str, Any]
"""What the trail keeps beside event, time, actor and subject."""


def about(fact: AuditEvent, *, subject: str, facts: Facts, events: EventStore) -> About | None:
    """Find what an entry is about; None for what is told to nobody outside."""
    if "posting" in facts:
        found = events.about_posting(facts["posting"])
    elif fact is AuditEvent.CAPACITY_RELEASED:
        found = events.about_item(facts["item"])
    else:
        found = events.about_case(subject)
    return None if found is None or found.is_practice else found


def told(fact: AuditEvent, *, subject: str, facts: Facts, found: About) -> ItemTold:
    """Give the data of an event."""
    return _TOLD[fact](subject, facts, found)


def _item(found: About) -> dict[str, Any]:
    return {
        "item_id": found.item_id,
        "item_kind": found.item_kind,
        "contract_id": found.contract_id,
        "client_id": found.client_id,
        "business_unit": found.business_unit,
        "case_id": found.case_id,
    }


def _opened(_subject: str, facts: Facts, found: About) -> ItemTold:
    return CaseOpenedTold(
        **_item(found),
        status=CaseStatus(facts["status"]),
        amount_minor=found.amount_minor,
        currency=found.currency,
    )


def _closed(_subject: str, _facts: Facts, found: About) -> ItemTold:
    return CaseClosedTold(**_item(found))


def _decided(_subject: str, facts: Facts, found: About) -> ItemTold:
    # Whoever gives the second verdict must not read the first one in another system.
    return _verdict(facts, found, is_open=not facts.get("needs_second"))


def _seconded(_subject: str, facts: Facts, found: About) -> ItemTold:
    return _verdict(facts, found, is_open=bool(facts["is_agreed"]))


def _adjudicated(_subject: str, facts: Facts, found: About) -> ItemTold:
    return _verdict(facts, found, is_open=facts["stands"] is not None)


def _verdict(facts: Facts, found: About, *, is_open: bool) -> ItemTold:
    shown: Facts = facts if is_open else {}
    verdict = Verdict(shown["verdict"]) if is_open else None
    return CaseDecidedTold(
        **_item(found),
        decision_id=facts.get("decision") or facts["second"],
        is_final=verdict in FINAL_VERDICTS,
        verdict=verdict,
        reason_codes=tuple(ReasonCode(one) for one in shown.get("reasons", ())),
        approved_minor=shown.get("approved_minor"),
        written_off_minor=shown.get("written_off_minor"),
        moved_minor=shown.get("moved_minor"),
        currency=found.currency,
    )


def _undone(_subject: str, facts: Facts, found: About) -> ItemTold:
    return DecisionUndoneTold(**_item(found), decision_id=facts["decision"])


def _approval(_subject: str, facts: Facts, found: About) -> ItemTold:
    return ApprovalTold(
        **_item(found),
        approval_id=facts["approval"],
        decision_id=facts["decision"],
        kind=ApprovalKind(facts["kind"]),
        amount_minor=facts["amount_minor"],
        currency=facts["currency"],
    )


def _posting(_subject: str, facts: Facts, found: About) -> ItemTold:
    posting = found.posting
    if posting is None:
        raise LookupError(f"the trail speaks of posting {facts['posting']}, and there is none")
    return PostingTold(
        **_item(found),
        posting_id=posting.id,
        ledger=posting.ledger,
        total_minor=facts.get("total_minor", posting.total_minor),
        currency=posting.currency,
        document_id=facts.get("document"),
    )


def _released(subject: str, facts: Facts, found: About) -> ItemTold:
    return CapacityReleasedTold(
        **_item(found),
        project_id=subject,
        freed=tuple(
            FreedPerson(
                person_id=one["person"],
                assignment_id=one["assignment"],
                planned_until=date.fromisoformat(one["planned_until"]),
            )
            for one in facts["freed"][:MOST_FREED]
        ),
        freed_count=len(facts["freed"]),
    )


_TOLD: Mapping[AuditEvent, Callable[[str, Facts, About], ItemTold]] = {
    AuditEvent.CASE_OPENED: _opened,
    AuditEvent.CASE_CLOSED: _closed,
    AuditEvent.CASE_DECIDED: _decided,
    AuditEvent.DECISION_CORRECTED: _decided,
    AuditEvent.SECOND_SIGNATURE_GIVEN: _seconded,
    AuditEvent.CASE_ADJUDICATED: _adjudicated,
    AuditEvent.DECISION_UNDONE: _undone,
    AuditEvent.APPROVAL_ASKED: _approval,
    AuditEvent.APPROVAL_GIVEN: _approval,
    AuditEvent.APPROVAL_REJECTED: _approval,
    AuditEvent.POSTING_ENQUEUED: _posting,
    AuditEvent.POSTING_DONE: _posting,
    AuditEvent.POSTING_MARKED_POSTED: _posting,
    AuditEvent.POSTING_REFUSED: _posting,
    AuditEvent.POSTING_RETRIED: _posting,
    AuditEvent.POSTING_EDITED: _posting,
    AuditEvent.POSTING_DISCARDED: _posting,
    AuditEvent.CAPACITY_RELEASED: _released,
}
