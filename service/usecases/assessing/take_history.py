"""Take what was billed before Countersign came: the models learn habits from it, nobody decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from data.schemas.items import content_sha256
from data.schemas.vocabulary import AuditEvent
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError
from service.ports.scorer import Scorer
from service.ports.stores import Fact, FactKind, StoredItem, UnitOfWork
from service.wire.assessments import PastItem


def take_history(
    past: Sequence[PastItem], *, actor_id: str, uow: UnitOfWork, scorer: Scorer, now: datetime
) -> int:
    """Store past items, with what a review once found in them; give how many were new.

    They are never assessed, routed or posted. Raises InvalidRequestError for an unknown contract
    and for an item that stands twice.
    """
    scorer.catch_up(uow)
    hashes = {one.item.item_id: content_sha256(one.item) for one in past}
    if len(hashes) < len(past):
        raise InvalidRequestError("external_id", _repeated(past), "stands twice; send it once")
    keys = list(hashes.items())
    known = uow.items.find_unassessed(keys) | {name for name, _ in uow.items.find_versions(keys)}
    fresh = [one for one in past if one.item.item_id not in known]
    if not fresh:
        return 0
    stored = uow.items.add(
        [
            StoredItem(
                seq=0,
                item=one.item,
                sha256=hashes[one.item.item_id],
                client_id=_client_of(one, scorer),
                business_unit=scorer.business_unit_of(one.item.contract_id, one.item.line_id),
                received_at=now,
            )
            for one in fresh
        ]
    )
    uow.facts.add(
        [Fact(kind=FactKind.ITEM, subject_id=str(one.seq), at=now) for one in stored]
        + [
            Fact(
                kind=FactKind.PAST_VERDICT,
                subject_id=f"{kept.seq}:{int(one.is_violation)}",
                at=now,
            )
            for kept, one in zip(stored, fresh, strict=True)
            if one.is_violation is not None
        ]
    )
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.HISTORY_TAKEN,
            at=now,
            actor_id=actor_id,
            subject="history",
            facts={"items": len(fresh), "first": stored[0].seq, "last": stored[-1].seq},
        )
    )
    return len(fresh)


def _repeated(past: Sequence[PastItem]) -> str:
    seen: set[str] = set()
    for one in past:
        if one.item.item_id in seen:
            return one.item.external_id
        seen.add(one.item.item_id)
    return ""


def _client_of(one: PastItem, scorer: Scorer) -> str:
    contract = scorer.contract_of(one.item.contract_id)
    if contract is None:
        raise InvalidRequestError(
            "contract_id", one.item.contract_id, "no such contract is known; PUT it first"
        )
    return contract.client_id
