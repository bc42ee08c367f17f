"""What a person may say of a case now."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from data.schemas.vocabulary import CaseStatus, Role
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.four_eyes import may_be_second
from service.ports.stores import UnitOfWork

Asked = Literal["decision", "second_verdict", "adjudication"]


def asked_of(case: Case, *, actor: Actor, uow: UnitOfWork, now: datetime) -> Asked | None:
    """Say what is asked of the actor: what they hold, or what nobody has decided but others."""
    if case.lease is not None and case.lease.owner_id == actor.id and case.is_leased(now=now):
        return "decision"
    if Role.APPROVER not in actor.roles or not may_be_second(actor, policy=uow.policies.in_force()):
        return None
    if case.status is CaseStatus.AWAITING_SIGNATURE:
        return "second_verdict" if actor.id not in _judges(case, uow) else None
    if case.status is CaseStatus.AWAITING_ADJUDICATION:
        return "adjudication" if actor.id not in _judges(case, uow) else None
    return None


def _judges(case: Case, uow: UnitOfWork) -> set[str | None]:
    """Who has said something of the case, or of the one that it repeats."""
    first = uow.decisions.last_of_case(case.id)
    second = None if first is None else uow.decisions.second_to(first.id)
    return {
        case.kept_from_id,
        first.actor_id if first else None,
        second.actor_id if second else None,
    }
