"""Show a case to a person: what they are told of the models' opinion is drawn once and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import AuditEvent
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.exposure import Exposure, draw_exposure
from service.ports.stores import UnitOfWork
from service.usecases.queue.see_case import see_case


def expose_case(
    case: Case,
    *,
    actor: Actor,
    uow: UnitOfWork,
    policy: ReviewPolicy,
    coin: Callable[[str], float],
    now: datetime,
) -> Exposure:
    """Give what the person is told of the case, drawing it at their first look.

    A look is written down once for each person and version of the item, not for every reload.
    """
    known = uow.exposures.find(case, actor_id=actor.id)
    if known is not None:
        return known
    drawn = draw_exposure(case, actor=actor, policy=policy, coin=coin, now=now)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_VIEWED,
            at=now,
            actor_id=actor.id,
            subject=case.id,
            facts={
                "assessment": case.assessment_id,
                "score": drawn.score,
                "score_propensity": drawn.propensity,
            },
        )
    )
    return uow.exposures.add(drawn)


def view_case(
    case_id: str,
    *,
    actor: Actor,
    uow: UnitOfWork,
    coin: Callable[[str], float],
    now: datetime,
) -> Exposure:
    """Show a case to a person who did not claim it; raises NotFoundError behind their wall."""
    case = see_case(case_id, actor=actor, uow=uow)
    return expose_case(
        case, actor=actor, uow=uow, policy=uow.policies.in_force(), coin=coin, now=now
    )
