"""Open a case wherever a person is asked, and wherever policy holds the item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from data.schemas.assessment import Assessment
from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, Route
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.ports.stores import StoredItem, UnitOfWork
from service.usecases.queue.draft_case import draft_case, title_of


def open_cases(
    assessed: Sequence[tuple[StoredItem, Assessment]], *, uow: UnitOfWork, now: datetime
) -> dict[str, Case]:
    """Open a case for each item that a person is asked about or that policy holds, by item id."""
    policy = uow.policies.in_force()
    drafts = [
        draft_case(stored, one, policy=policy, now=now)
        for stored, one in assessed
        if asks_a_person(one)
    ]
    opened = uow.cases.add(drafts) if drafts else []
    uow.audit.record(*(case_opened(case, now=now) for case in opened))
    return {case.item_id: case for case in opened}


def asks_a_person(assessment: Assessment) -> bool:
    """Say whether an assessment needs a case: somebody is asked, or policy holds the item."""
    return assessment.lane is not None or assessment.route is not Route.AUTO_CLEAR


def open_returned_case(
    stored: StoredItem, assessment: Assessment, *, title: str, uow: UnitOfWork, now: datetime
) -> Case:
    """Bring an item that was done with before a person again, under a title that says why."""
    draft = replace(
        draft_case(stored, assessment, policy=uow.policies.in_force(), now=now),
        title=f"{title}: {title_of(stored.item)}",
        status=CaseStatus.OPEN,
        lane=Lane.RETURNED,
        propensity=1.0,
        boost="Came back after it was done with",
    )
    (opened,) = uow.cases.add([draft])
    uow.audit.record(case_opened(opened, now=now))
    return opened


def case_opened(case: Case, *, now: datetime) -> AuditEntry:
    """The entry that a case was opened."""
    return AuditEntry(
        event=AuditEvent.CASE_OPENED,
        at=now,
        actor_id="policy",
        subject=case.id,
        facts={
            "item": case.item_id,
            "assessment": case.assessment_id,
            "lane": case.lane,
            "propensity": case.propensity,
            "status": case.status,
        },
    )
