"""A newer version of an item joins the case that is open on it, so that nothing said is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from data.schemas.assessment import Assessment
from data.schemas.vocabulary import AuditEvent, CaseStatus
from service.domain.actor import POLICY
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.queue import has_effect
from service.ports.stores import StoredItem, UnitOfWork
from service.usecases.approvals.withdraw_approvals import withdraw_approvals
from service.usecases.queue.close_cases import close_case
from service.usecases.queue.draft_case import draft_case
from service.usecases.queue.open_cases import asks_a_person
from service.usecases.telling.tell import tell_answered

BOOST = "A newer version of the item arrived"
CLEARED = "a newer version of the item was cleared"
DOUBLED = "another case of the item goes on"


def raise_cases(
    fresh: Sequence[StoredItem], said: Sequence[Assessment], *, uow: UnitOfWork, now: datetime
) -> dict[str, Case]:
    """Let each open case go on with the newer version of its item, by item id.

    Whoever held it is told that it has changed. Where nobody is asked any more, the case is
    closed. Blind repeats stay with the version they are about.
    """
    newer = {
        stored.item.item_id: (stored, one)
        for stored, one in zip(fresh, said, strict=True)
        if stored.is_correction
    }
    raised: dict[str, Case] = {}
    for case in uow.cases.unfinished_of_items(list(newer)) if newer else ():
        if not has_effect(case):
            continue
        stored, one = newer[case.item_id]
        if not asks_a_person(one):
            close_case(case, why=CLEARED, uow=uow, now=now)
        elif case.item_id in raised:
            close_case(case, why=DOUBLED, uow=uow, now=now)
        else:
            raised[case.item_id] = _raised(case, stored, one, uow=uow, now=now)
    return raised


def _raised(
    case: Case, stored: StoredItem, said: Assessment, *, uow: UnitOfWork, now: datetime
) -> Case:
    draft = draft_case(stored, said, policy=uow.policies.in_force(), now=now)
    raised = case.raised(draft, boost=BOOST)
    withdraw_approvals(case.id, uow=uow, now=now)
    uow.cases.save(raised)
    if case.status is CaseStatus.AWAITING_INFORMATION:
        tell_answered(case, uow=uow, now=now)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_RAISED,
            at=now,
            actor_id=POLICY.id,
            subject=case.id,
            facts={
                "item": case.item_id,
                "assessment": said.id,
                "before": case.assessment_id,
                "was": case.status,
                "lane": raised.lane,
                "propensity": raised.propensity,
            },
        )
    )
    return raised
