"""Open a case wherever a person is asked, and wherever policy holds the item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from data.schemas.assessment import Assessment
from data.schemas.items import AnyItem, Milestone
from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, Route
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.queue import doubt, due_at, review_minutes, value_minor
from service.ports.stores import StoredItem, UnitOfWork


def open_cases(
    fresh: Sequence[StoredItem], said: Sequence[Assessment], *, uow: UnitOfWork, now: datetime
) -> dict[str, Case]:
    """Open a case for each item that a person is asked about or that policy holds, by item id."""
    drafts = [
        _draft_case(stored, one, now=now)
        for stored, one in zip(fresh, said, strict=True)
        if one.lane is not None or one.route is not Route.AUTO_CLEAR
    ]
    opened = uow.cases.add(drafts) if drafts else []
    uow.audit.record(*(_opened(case, now=now) for case in opened))
    return {case.item_id: case for case in opened}


def open_returned_case(
    stored: StoredItem, assessment: Assessment, *, title: str, uow: UnitOfWork, now: datetime
) -> Case:
    """Bring an item that was done with before a person again, under a title that says why."""
    draft = replace(
        _draft_case(stored, assessment, now=now),
        title=f"{title}: {title_of(stored.item)}",
        status=CaseStatus.OPEN,
        lane=Lane.RETURNED,
        propensity=1.0,
    )
    (opened,) = uow.cases.add([draft])
    uow.audit.record(_opened(opened, now=now))
    return opened


def _opened(case: Case, *, now: datetime) -> AuditEntry:
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


def _draft_case(stored: StoredItem, assessment: Assessment, *, now: datetime) -> Case:
    is_held = assessment.route is Route.AUTO_HOLD and assessment.lane is None
    return Case(
        id="",
        item_id=stored.item.item_id,
        item_seq=stored.seq,
        assessment_id=assessment.id,
        kind=stored.item.kind,
        title=title_of(stored.item),
        client_id=stored.client_id,
        contract_id=stored.item.contract_id,
        status=CaseStatus.HELD if is_held else CaseStatus.OPEN,
        version=1,
        route=assessment.route,
        lane=assessment.lane or Lane.INDEX,
        propensity=assessment.propensity,
        amount_minor=assessment.amount_minor,
        currency=assessment.currency,
        risk_minor=assessment.risk_minor,
        leak_minor=assessment.leak_minor,
        value_minor=value_minor(assessment),
        doubt=doubt(assessment),
        review_minutes=review_minutes(assessment, stored.item),
        opened_at=now,
        due_at=due_at(now),
    )


def title_of(item: AnyItem) -> str:
    """How a list names an item; a person by their id, which screens replace by a name."""
    if isinstance(item, Milestone):
        return f"{item.name}, due {item.due_on}"
    return f"{item.person_id}, {item.period_start} to {item.period_end}"
