"""Claim cases: lease the best next ones (or one by name) to a reviewer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import AuditEvent, CaseStatus, ItemKind, Lane, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import CLAIMABLE, WAITING, Case
from service.domain.errors import NotFoundError, WrongStateError
from service.domain.lanes import draw_lane, shares_of
from service.domain.queue import has_effect, in_order, measured_error, worth_now
from service.domain.working_hours import shift_end
from service.ports.blind_stores import ErrorCount
from service.ports.queue_look import QueueLook, Waiting
from service.ports.stores import UnitOfWork
from service.usecases.queue.expose_case import expose_case
from service.usecases.queue.see_case import see_case
from service.usecases.queue.show_known_case import known_case_for, seed_case

SHORTEST_HOLD = timedelta(minutes=5)
LONGEST_HOLD = timedelta(minutes=30)
HOLD_FACTOR = 3
"""A hold lasts three times the expected work on the case, within 5 to 30 minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claiming:
    """One person's claim: who, when, with which rules and chance."""

    actor: Actor
    uow: UnitOfWork
    now: datetime
    coin: Callable[[str], float]
    policy: ReviewPolicy
    errors: Mapping[ItemKind, ErrorCount]

    def worth(self, case: Case) -> float:
        """Net value of a minute of this person on a case, as measured now."""
        counted = self.errors.get(case.kind, ErrorCount(wrong=0, known=0))
        error = measured_error(case.review_error, wrong=counted.wrong, known=counted.known)
        return worth_now(case, error=error, cap_major=self.policy.value_cap_major)


def claim_next(
    *,
    actor: Actor,
    count: int,
    uow: UnitOfWork,
    now: datetime,
    coin: Callable[[str], float],
) -> list[Case]:
    """Lease up to `count` cases, most money per minute first; none when nothing waits.

    What the actor already holds comes first, so that a reload does not take new work. Shares of
    the minutes go to random checks, blind second reviews, cases with a known answer and what is
    due this shift; none of them can be told from the rest.
    """
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    claiming = _Claiming(
        actor=actor,
        uow=uow,
        now=now,
        coin=coin,
        policy=uow.policies.in_force(),
        errors=uow.known_answers.errors(is_trainee=actor.is_trainee),
    )
    # 1. What is in hand already.
    look = QueueLook(
        actor=actor, now=now, shift_end=shift_end(now, desk=claiming.policy.working_hours)
    )
    waiting = uow.cases.look(look)
    held = in_order(waiting.mine, worth=claiming.worth)[:count]
    leased = [_renewed(case, claiming) for case in held]
    # 2. The best of the lane that the coin names, one after the other.
    leased += _drawn(waiting, claiming, count=count - len(leased))
    # 3. What the actor gave back comes last: skipping a case must not bring it up again.
    if len(leased) < count:
        waiting = uow.cases.look(look.without_passing_over())
        leased += _drawn(waiting, claiming, count=count - len(leased))
    return leased


def claim_named(
    case_id: str,
    *,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
    coin: Callable[[str], float],
) -> Case:
    """Lease one case by id: also a held, an escalated one or one that waits for information."""
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    case = see_case(case_id, actor=actor, uow=uow)
    _require_may_take(case, actor, now=now)
    claiming = _Claiming(
        actor=actor, uow=uow, now=now, coin=coin, policy=uow.policies.in_force(), errors={}
    )
    if _is_mine(case, actor, now):
        return _renewed(case, claiming)
    taken = _leased(case, claiming, drawn={})
    if taken is None:
        raise WrongStateError(case_id, status="held by a colleague", step="claimed")
    return taken


def _require_may_take(case: Case, actor: Actor, *, now: datetime) -> None:
    """A blind repeat is handed out by the queue alone; whoever asks by name knows of it."""
    is_in_queue = case.status in WAITING and not _is_mine(case, actor, now)
    if is_in_queue and not has_effect(case):
        raise NotFoundError("case", case.id)
    if case.status not in CLAIMABLE:
        raise WrongStateError(case.id, status=case.status, step="claimed")


def _drawn(waiting: Waiting, claiming: _Claiming, *, count: int) -> list[Case]:
    lanes = _lanes(waiting, claiming)
    leased: list[Case] = []
    while len(leased) < count and any(lanes.values()):
        lane, propensity = draw_lane(
            {lane: cases[0] for lane, cases in lanes.items() if cases},
            shares=shares_of(claiming.policy.lanes),
            coin=claiming.coin,
        )
        chosen = lanes[lane][0]
        lanes = {name: [one for one in cases if one != chosen] for name, cases in lanes.items()}
        taken = _leased(chosen, claiming, drawn={"lane": lane, "lane_propensity": propensity})
        if taken is not None:
            leased.append(taken)
    return leased


def _lanes(waiting: Waiting, claiming: _Claiming) -> dict[Lane, list[Case]]:
    """The cases that each lane offers, best first.

    Where a reviewer errs as often as the default does, a look is worth nothing: such a case waits
    until it is due, or until there is nothing better to do.
    """
    boosted = [case for case in waiting.boosted if _goes_first(case, claiming)]
    names = {case.id for case in boosted}
    by_worth = in_order(waiting.by_lane.get(Lane.INDEX, ()), worth=claiming.worth)
    index = [one for one in by_worth if claiming.worth(one) > 0.0 and one.id not in names]
    lanes = dict(waiting.by_lane) | {Lane.INDEX: boosted + index}
    if not any(lanes.values()):
        return {Lane.RETURNED: list(waiting.rest)}
    if not lanes.get(Lane.GOLD):
        known = known_case_for(
            claiming.actor, uow=claiming.uow, policy=claiming.policy, coin=claiming.coin
        )
        lanes[Lane.GOLD] = [] if known is None else [known]
    return lanes


def _goes_first(case: Case, claiming: _Claiming) -> bool:
    is_asked_for = case.lane is Lane.RETURNED or case.status is CaseStatus.ESCALATED
    return is_asked_for or claiming.worth(case) > 0.0


def _is_mine(case: Case, actor: Actor, now: datetime) -> bool:
    return case.is_leased(now=now) and case.lease is not None and case.lease.owner_id == actor.id


def _renewed(case: Case, claiming: _Claiming) -> Case:
    renewed = case.extended(
        token=case.lease_token,
        owner_id=claiming.actor.id,
        now=claiming.now,
        hold=_hold(case),
    )
    claiming.uow.cases.save(renewed)
    return renewed


def _leased(case: Case, claiming: _Claiming, *, drawn: Mapping[str, object]) -> Case | None:
    """Lease a case that is free; None where somebody was faster."""
    uow, actor, now = claiming.uow, claiming.actor, claiming.now
    if not case.id:
        case = seed_case(case, uow=uow, now=now)
    claimed = case.claimed(owner_id=actor.id, now=now, hold=_hold(case))
    if not uow.cases.take(claimed):
        return None
    expose_case(claimed, actor=actor, uow=uow, policy=claiming.policy, coin=claiming.coin, now=now)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_CLAIMED,
            at=now,
            actor_id=actor.id,
            subject=case.id,
            facts={"item": case.item_id, "token": claimed.lease_token, **drawn},
        )
    )
    return claimed


def _hold(case: Case) -> timedelta:
    work = HOLD_FACTOR * timedelta(minutes=case.review_minutes)
    return min(max(work, SHORTEST_HOLD), LONGEST_HOLD)
