"""What people do about a source: have it read now, or put a name on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.vocabulary import AuditEvent, NotificationKind, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import NotFoundError, SyncNotServedError, SyncRunsError
from service.domain.sync import Sync
from service.domain.sync_plan import SyncPlan
from service.ports.stores import UnitOfWork
from service.usecases.telling.hand_over import hand_over

SYNC_KEEPERS = (Role.INTEGRATION_OWNER, Role.ADMIN)
"""Who sees to the sources."""


def ask_for_sync(
    source: str, *, plan: SyncPlan, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Have a source read as soon as the worker looks, whatever it waits for.

    Raises NotAllowedError, NotFoundError, SyncRunsError, and SyncNotServedError for a source that
    no worker reads.
    """
    _require_keeper(actor)
    known = known_sync(source, plan=plan, uow=uow)
    if source not in plan.sources:
        raise SyncNotServedError(source)
    if known.is_running:
        raise SyncRunsError(source)
    uow.syncs.save(replace(known, next_due_at=now))
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.SYNC_ASKED,
            at=now,
            actor_id=actor.id,
            subject=source,
            facts={"failed": known.failures},
        )
    )


def assign_sync(
    source: str,
    *,
    person_id: str,
    plan: SyncPlan,
    actor: Actor,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Make a person the owner of a source: they are told when it fails, and when it works again.

    Raises NotAllowedError, NotFoundError, and InvalidRequestError for somebody who does not log in
    here, or is behind a wall: what a source brings is cut by none.
    """
    _require_keeper(actor)
    known = known_sync(source, plan=plan, uow=uow)
    hand_over(
        f"the sync of {source}",
        person_id=person_id,
        may_see=lambda wall: wall.is_open,
        unseen="is somebody who may not see every client",
        kind=NotificationKind.SYNC_FAILS,
        actor=actor,
        uow=uow,
        now=now,
    )
    uow.syncs.save(replace(known, owner_id=person_id))
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.SYNC_ASSIGNED,
            at=now,
            actor_id=actor.id,
            subject=source,
            facts={"owner": person_id, "was": known.owner_id},
        )
    )


def known_sync(source: str, *, plan: SyncPlan, uow: UnitOfWork) -> Sync:
    """Give a source that is read, or is to be. Raises NotFoundError."""
    known = uow.syncs.get(source)
    if known is not None:
        return known
    if source in plan.sources:
        return Sync(source=source)
    raise NotFoundError("sync", source)


def _require_keeper(actor: Actor) -> None:
    actor.require_role(*SYNC_KEEPERS)
    actor.require_open_wall()
