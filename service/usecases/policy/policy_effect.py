"""What a policy would change for the cases that are open now."""

from __future__ import annotations

from datetime import datetime

from data.policy_words import changes
from data.schemas.review_policy import ReviewPolicy
from service.domain.lanes import shares_of
from service.domain.policy_effect import OpenWork, counted
from service.ports.stores import UnitOfWork
from service.wire.policies import LaneMinutes, PolicyCount, PolicyEffect


def policy_effect(policy: ReviewPolicy, *, uow: UnitOfWork, now: datetime) -> PolicyEffect:
    """Count the open cases under the policy in force and under another; it stores nothing."""
    in_force, work = uow.policies.in_force(), uow.policies.open_work()
    return PolicyEffect(
        open_cases=len(work),
        now=_count(work, policy=in_force, now=now),
        then=_count(work, policy=policy, now=now),
        minutes=_minutes(in_force, policy),
        changes=changes(in_force, policy),
    )


def _minutes(before: ReviewPolicy, after: ReviewPolicy) -> tuple[LaneMinutes, ...]:
    now, then = shares_of(before.lanes), shares_of(after.lanes)
    return tuple(LaneMinutes(lane=lane, now=now[lane], then=then[lane]) for lane in now)


def _count(work: list[OpenWork], *, policy: ReviewPolicy, now: datetime) -> PolicyCount:
    found = counted(work, policy=policy, now=now)
    return PolicyCount(four_eyes=found.four_eyes, own_call=found.own_call, late=found.late)
