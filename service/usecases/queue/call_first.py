"""Keep what a person would do before they are told the models' opinion."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent, ScoreExposure, Verdict
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.errors import WrongStateError
from service.ports.stores import UnitOfWork
from service.usecases.queue.hold_case import case_of


def call_first(
    case_id: str,
    *,
    token: int,
    verdict: Verdict,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> Case:
    """Append the person's own call, after which they are told; repeating it changes nothing.

    Raises StaleLeaseError without a hold on the case, and WrongStateError where no call is asked.
    """
    case = case_of(case_id, actor=actor, uow=uow)
    case.checked_lease(token=token, owner_id=actor.id, now=now)
    told = uow.exposures.find(case, actor_id=actor.id)
    if told is None or told.score is not ScoreExposure.AFTER_OWN_CALL:
        raise WrongStateError(case_id, status="shown without it", step="called first")
    if told.own_verdict is not None:
        return case
    uow.exposures.add_own_call(told, verdict=verdict, at=now)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.OWN_CALL_GIVEN,
            at=now,
            actor_id=actor.id,
            subject=case_id,
            facts={"call": verdict, "assessment": case.assessment_id},
        )
    )
    return case
