"""Claim cases: lease the best next ones (or one by name) to a reviewer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from data.schemas.vocabulary import AuditEvent, Lane, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import CLAIMABLE, Case
from service.domain.errors import NotFoundError, WrongStateError
from service.domain.queue import AUDIT_SHARE, in_order
from service.ports.stores import UnitOfWork

SHORTEST_HOLD = timedelta(minutes=5)
LONGEST_HOLD = timedelta(minutes=30)
HOLD_FACTOR = 3
"""A hold lasts three times the expected work on the case, within 5 to 30 minutes."""


def claim_next(
    *,
    actor: Actor,
    count: int,
    uow: UnitOfWork,
    now: datetime,
    coin: Callable[[str], float],
) -> list[Case]:
    """Lease up to `count` cases, most money per minute first; none when nothing waits.

    What the actor already holds comes first, so that a reload does not take new work. A random
    share of claims hands out a check of the audit lane, which looks like any other case.
    """
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    waiting = uow.cases.waiting()
    mine = [case for case in waiting if _is_mine(case, actor, now)]
    free = [case for case in waiting if not case.is_leased(now=now)]
    chosen = in_order(mine)[:count]
    while len(chosen) < count and free:
        # What the actor gave back comes last: skipping a case must not bring it up again.
        others = [case for case in free if case.released_by_id != actor.id]
        best = _pick(others or free, coin=coin)
        free.remove(best)
        chosen.append(best)
    return [_lease(case, actor=actor, uow=uow, now=now) for case in chosen]


def claim_named(case_id: str, *, actor: Actor, uow: UnitOfWork, now: datetime) -> Case:
    """Lease one case by id: also a held, an escalated one or one that waits for information."""
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    case = uow.cases.get(case_id)
    if case is None:
        raise NotFoundError("case", case_id)
    if case.status not in CLAIMABLE:
        raise WrongStateError(case_id, status=case.status, step="claimed")
    return _lease(case, actor=actor, uow=uow, now=now)


def _is_mine(case: Case, actor: Actor, now: datetime) -> bool:
    return case.is_leased(now=now) and case.lease is not None and case.lease.owner_id == actor.id


def _pick(free: list[Case], *, coin: Callable[[str], float]) -> Case:
    checks = [case for case in free if case.lane is Lane.AUDIT]
    others = [case for case in free if case.lane is not Lane.AUDIT]
    if checks and others:
        oldest = min(checks, key=lambda case: (case.opened_at, case.id))
        is_check = coin(f"lane:{oldest.id}:{len(others)}") < AUDIT_SHARE
        return oldest if is_check else in_order(others)[0]
    return in_order(others or checks)[0]


def _lease(case: Case, *, actor: Actor, uow: UnitOfWork, now: datetime) -> Case:
    hold = min(max(HOLD_FACTOR * timedelta(minutes=case.review_minutes), SHORTEST_HOLD),
               LONGEST_HOLD)  # fmt: skip
    if _is_mine(case, actor, now) and case.lease is not None:
        renewed = case.extended(token=case.lease.token, owner_id=actor.id, now=now, hold=hold)
        uow.cases.save(renewed)
        return renewed
    claimed = case.claimed(owner_id=actor.id, now=now, hold=hold)
    uow.cases.save(claimed)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_CLAIMED,
            at=now,
            actor_id=actor.id,
            subject=case.id,
            facts={"item": case.item_id, "token": claimed.lease_token},
        )
    )
    return claimed
