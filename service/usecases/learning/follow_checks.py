"""Follow the checks of a segment: what was found there may break a promise, and stop clearing."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.actor import POLICY
from service.domain.audit_entry import AuditEntry
from service.domain.check import MATURITY, Alarm, CheckDraw, CheckOutcome, OpenCheck
from service.ports.stores import Fact, FactKind, UnitOfWork
from service.ports.watcher import Watched, Watcher


def follow_checks(segment: str, *, uow: UnitOfWork, watcher: Watcher, now: datetime) -> None:
    """Count every check of a segment whose turn has come; an alarm freezes the segment.

    Checks count in the order in which they were drawn. One without an answer makes those after it
    wait until it is `MATURITY` old; then it is passed over. Safe to repeat.
    """
    # 1. A watch begins anew after an alarm: what was drawn before it has had its say.
    alarm = uow.watches.newest_alarms().get(segment)
    for check in uow.checks.open(segment):
        # 2. In order: what still waits holds up the rest.
        if _is_waiting(check, now=now):
            return
        is_wrong = _answer(check, alarm=alarm)
        uow.checks.count(check.draw.assessment_id, is_wrong=is_wrong, at=now)
        if is_wrong is None:
            continue
        # 3. The next bet against the promise, and the alarm where it was won.
        state = uow.watches.state(segment)
        watched = watcher.follow(state or None, check.draw, is_wrong=is_wrong)
        if watched.alarm is None:
            uow.watches.save(segment, state=watched.state, at=now)
        else:
            uow.watches.save(segment, state="", at=now)
            alarm = _freeze(check.draw, watched, uow=uow, now=now)


def _is_waiting(check: OpenCheck, *, now: datetime) -> bool:
    return check.outcome is CheckOutcome.WAITING and now < check.draw.drawn_at + MATURITY


def _answer(check: OpenCheck, *, alarm: Alarm | None) -> bool | None:
    is_of_the_past = alarm is not None and check.draw.drawn_at <= alarm.at
    if is_of_the_past or check.outcome in {CheckOutcome.WAITING, CheckOutcome.VOID}:
        return None
    return check.outcome is CheckOutcome.WRONG


def _freeze(draw: CheckDraw, watched: Watched, *, uow: UnitOfWork, now: datetime) -> Alarm:
    why = watched.alarm or ""
    alarm = uow.watches.sound(segment=draw.segment, bundle=draw.bundle, why=why, at=now)
    fact = Fact(kind=FactKind.SEGMENT_FROZEN, subject_id=f"{alarm.number}:{alarm.segment}", at=now)
    uow.facts.add([fact])
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.SEGMENT_FROZEN,
            at=now,
            actor_id=POLICY.id,
            subject=draw.segment,
            facts={
                "why": why,
                "checks": watched.checks,
                "wrong": watched.wrong,
                "bundle": draw.bundle,
            },
        )
    )
    return alarm
