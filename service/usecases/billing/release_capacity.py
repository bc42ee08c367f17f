"""Say who is free once the last milestone of a line is billed."""

from __future__ import annotations

from datetime import datetime

from data.schemas.items import Milestone
from data.schemas.vocabulary import AuditEvent
from service.domain.actor import WORKER
from service.domain.audit_entry import AuditEntry
from service.domain.posting import Posting
from service.ports.stores import UnitOfWork
from service.usecases.billing.milestones_ahead import is_a_milestone_ahead


def release_capacity(posting: Posting, *, uow: UnitOfWork, now: datetime) -> None:
    """Note the assignments that a billed milestone sets free; other items set nobody free."""
    item = uow.items.version(posting.item_seq).item
    if not isinstance(item, Milestone):
        return
    if uow.items.unbilled_milestones(contract_id=item.contract_id, line_id=item.line_id):
        return
    if is_a_milestone_ahead(contract_id=item.contract_id, line_id=item.line_id, uow=uow):
        return
    today = now.date()
    freed = [
        {"person": one.person_id, "assignment": one.id, "planned_until": one.end.isoformat()}
        for one in uow.references.load().assignments
        if one.project_id == item.project_id and one.start <= today < one.end
    ]
    if freed:
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.CAPACITY_RELEASED,
                at=now,
                actor_id=WORKER.id,
                subject=item.project_id,
                facts={"item": posting.item_id, "freed": freed},
            )
        )
