"""Note that a sync begins and how it ended; an owner is told of trouble once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from data.schemas.vocabulary import AuditEvent, NotificationKind, Role
from service.domain.actor import WORKER
from service.domain.audit_entry import AuditEntry
from service.domain.sync import Sync, SyncTrouble, run_of
from service.domain.sync_plan import SyncPlan
from service.ports.stores import UnitOfWork
from service.usecases.telling.notify import notify, notify_role

LONGEST_TOLD = 1_000
"""Characters of what a system said that are kept."""


def note_sync_begun(source: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Note that a source is being read."""
    uow.syncs.save(_known(source, uow=uow).begun(now=now))


def note_sync_done(
    source: str, counts: Mapping[str, int], *, plan: SyncPlan, uow: UnitOfWork, now: datetime
) -> None:
    """Note a sync that ended well; whoever was told of the trouble is told that it is over."""
    before = _known(source, uow=uow)
    after = before.done(counts, now=now, next_due_at=plan.due_after_success(source, now=now))
    uow.syncs.save(after)
    uow.syncs.add_run(run_of(after))
    if before.told_at is None:
        return
    since = before.failing_since.isoformat() if before.failing_since else None
    _record(
        AuditEvent.SYNC_WENT_ON, source, {"failed": before.failures, "since": since},
        uow=uow, now=now,
    )  # fmt: skip
    _tell(plan.owner_of(before), f"The sync of {source} works again.", uow=uow, now=now)


def note_sync_failed(
    source: str,
    trouble: SyncTrouble,
    *,
    plan: SyncPlan,
    draw: float,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Note a sync that did not end well, and when it is tried again.

    `draw` between 0 and 1 spreads the waits. Its owner is told at once of what only a person can
    mend, and otherwise of the third failure in a row.
    """
    kept = replace(trouble, told=trouble.told[:LONGEST_TOLD])
    before = _known(source, uow=uow)
    due_at = plan.due_after_failure(before, kept, draw=draw, now=now)
    after = before.failed(kept, now=now, next_due_at=due_at)
    uow.syncs.add_run(run_of(after))
    if not (after.is_to_be_told or (kept.is_for_good and after.told_at is None)):
        uow.syncs.save(after)
        return
    uow.syncs.save(replace(after, told_at=now))
    _record(
        AuditEvent.SYNC_FAILED, source,
        {"failed": after.failures, "kind": kept.kind.value, "owner": plan.owner_of(after)},
        uow=uow, now=now,
    )  # fmt: skip
    text = (
        f"The sync of {source} fails: what is booked there does not arrive. Why, and what to do, "
        "stands under Exceptions, Systems."
    )
    _tell(plan.owner_of(after), text, uow=uow, now=now)


def note_sync_stopped(source: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Note a sync that we ended with ourselves: it is done again from where the last one ended."""
    before = _known(source, uow=uow)
    if before.is_running:
        uow.syncs.save(before.stopped(now=now))


def _known(source: str, *, uow: UnitOfWork) -> Sync:
    return uow.syncs.get(source) or Sync(source=source)


def _record(
    event: AuditEvent,
    source: str,
    facts: Mapping[str, str | int | None],
    *,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    entry = AuditEntry(event=event, at=now, actor_id=WORKER.id, subject=source, facts=dict(facts))
    uow.audit.record(entry)


def _tell(owner_id: str, text: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Tell an owner, or everybody who sees to the systems where the owner is no account."""
    kind = NotificationKind.SYNC_FAILS
    account = uow.accounts.by_person(owner_id)
    if account is not None and account.is_active:
        notify(owner_id, kind=kind, text=text, uow=uow, now=now)
        return
    notify_role(Role.INTEGRATION_OWNER, kind=kind, text=text, uow=uow, now=now)
