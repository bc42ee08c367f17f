"""Say when one is away, and who stands in; what one holds goes back to the queue meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from data.schemas.vocabulary import AuditEvent, Role
from service.domain.account import Account
from service.domain.actor import WORKER, Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError, NotAllowedError, NotFoundError
from service.ports.stores import UnitOfWork

LONGEST = timedelta(days=366)
BEGINNING = timedelta(minutes=5)
"""Several looks of the upkeep; a hold that outlasts them runs out by itself."""
DECIDERS = frozenset({Role.REVIEWER, Role.APPROVER})


def set_absence(
    *,
    absent_from: datetime | None,
    absent_until: datetime | None,
    deputy_id: str | None,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> Account:
    """Write the actor's own absence down, or end it by naming no days.

    Raises InvalidRequestError for days that make no sense, and for a deputy who cannot stand in.
    """
    account = uow.accounts.by_person(actor.id)
    if account is None or not actor.is_person:
        raise NotAllowedError("a person: workflows are never away")
    _check_days(absent_from, absent_until, now=now)
    is_away = absent_until is not None
    if deputy_id is not None:
        _check_deputy(deputy_id, of=account, uow=uow)
    changed = replace(
        account,
        absent_from=absent_from,
        absent_until=absent_until,
        deputy_id=deputy_id if is_away else None,
    )
    uow.accounts.save(changed)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.ABSENCE_CHANGED,
            at=now,
            actor_id=actor.id,
            subject=actor.id,
            facts={
                "from": None if absent_from is None else absent_from.isoformat(),
                "until": None if absent_until is None else absent_until.isoformat(),
                "deputy": changed.deputy_id,
            },
        )
    )
    if changed.is_absent(now=now):
        return_leases(changed, uow=uow, now=now)
    return changed


def return_leases_of_the_absent(*, uow: UnitOfWork, now: datetime) -> int:
    """Give back what people hold whose absence has begun; gives how many cases.

    Whoever goes on working after that keeps what they claim.
    """
    gone = [
        account
        for account in uow.accounts.everybody()
        if account.is_absent(now=now)
        and account.absent_from is not None
        and now - account.absent_from < BEGINNING
    ]
    return sum(return_leases(account, uow=uow, now=now) for account in gone)


def return_leases(account: Account, *, uow: UnitOfWork, now: datetime) -> int:
    """Give back everything a person holds; gives how many cases."""
    held = uow.cases.held_by(account.person_id, now=now)
    for case in held:
        uow.cases.save(case.returned())
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.CASE_RELEASED,
                at=now,
                actor_id=WORKER.id,
                subject=case.id,
                facts={"why": "its holder is away"},
            )
        )
    return len(held)


def _check_days(
    absent_from: datetime | None, absent_until: datetime | None, *, now: datetime
) -> None:
    if (absent_from is None) != (absent_until is None):
        raise InvalidRequestError(
            "until", str(absent_until), "give both ends of the absence, or neither"
        )
    if absent_from is None or absent_until is None:
        return
    if absent_until <= absent_from or absent_until <= now:
        raise InvalidRequestError(
            "until", absent_until.isoformat(), "lies before the beginning, or in the past"
        )
    if absent_until - absent_from > LONGEST:
        raise InvalidRequestError(
            "until", absent_until.isoformat(), "is more than a year long; ask an administrator"
        )


def _check_deputy(deputy_id: str, *, of: Account, uow: UnitOfWork) -> None:
    deputy = uow.accounts.by_person(deputy_id)
    if deputy is None or not deputy.is_active:
        raise NotFoundError("colleague", deputy_id)
    if deputy_id == of.person_id:
        raise InvalidRequestError("deputy_id", deputy_id, "is yourself; name a colleague")
    needed = of.roles & DECIDERS
    if not needed <= deputy.roles:
        roles = " and ".join(sorted(needed))
        raise InvalidRequestError(
            "deputy_id", deputy_id, f"lacks your role {roles}, and could not act in your place"
        )
