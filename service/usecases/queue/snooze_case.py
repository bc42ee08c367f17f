"""Put a case off until a date, with a reason; it comes back by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.schemas.vocabulary import AuditEvent
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.deadlines import due_at
from service.domain.errors import InvalidRequestError
from service.ports.stores import UnitOfWork
from service.usecases.queue.hold_case import case_of

LONGEST_SLEEP = timedelta(days=90)
"""A quarter: what waits longer is not put off, it is forgotten."""


def snooze_case(
    case_id: str,
    *,
    token: int,
    until: datetime,
    reason: str,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> Case:
    """Let a case sleep; its answer is due as long after it wakes as after it was opened.

    A newer version of the item that is worth more of a minute wakes it earlier.
    """
    case = case_of(case_id, actor=actor, uow=uow)
    case.checked_lease(token=token, owner_id=actor.id, now=now)
    _check(until, reason, now=now)
    due = due_at(
        until,
        kind=case.kind,
        amount_minor=case.amount_minor,
        currency=case.currency,
        policy=uow.policies.in_force(),
    )
    # The reason stays in the case: what is written into the trail cannot be erased.
    asleep = case.snoozed(until=until, due_at=due, boost=f"Put off: {reason.strip()}")
    uow.cases.save(asleep)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_SNOOZED,
            at=now,
            actor_id=actor.id,
            subject=case_id,
            facts={"until": until.isoformat()},
        )
    )
    return asleep


def _check(until: datetime, reason: str, *, now: datetime) -> None:
    if not now < until <= now + LONGEST_SLEEP:
        raise InvalidRequestError(
            "until", until.isoformat(),
            f"lies outside the next {LONGEST_SLEEP.days} days; choose a day when it can go on",
        )  # fmt: skip
    if not reason.strip():
        raise InvalidRequestError("reason", reason, "say what the case waits for")
