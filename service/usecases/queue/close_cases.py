"""Take items out of the hands of whoever reviews them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from data.schemas.vocabulary import AuditEvent, CaseStatus
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.ports.stores import UnitOfWork
from service.usecases.approvals.withdraw_approvals import withdraw_approvals


def close_cases(item_ids: Sequence[str], *, why: str, uow: UnitOfWork, now: datetime) -> None:
    """Close every unfinished case of these items, and note why."""
    if not item_ids:
        return
    for case in uow.cases.unfinished_of_items(item_ids):
        close_case(case, why=why, uow=uow, now=now)


def close_case(case: Case, *, why: str, uow: UnitOfWork, now: datetime) -> None:
    """Close a case: nobody decides it any more."""
    withdraw_approvals(case.id, uow=uow, now=now)
    uow.cases.save(case.moved_on(CaseStatus.CLOSED, step="closed"))
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_CLOSED,
            at=now,
            actor_id="policy",
            subject=case.id,
            facts={"item": case.item_id, "why": why},
        )
    )
