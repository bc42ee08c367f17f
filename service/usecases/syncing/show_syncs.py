"""Show how the sources fare that work is read from."""

from __future__ import annotations

from datetime import datetime

from service.domain.sync import Sync
from service.domain.sync_plan import SyncPlan
from service.ports.stores import UnitOfWork
from service.usecases.syncing.steer_sync import known_sync
from service.wire.syncs import SyncDetail, SyncRunView, SyncsView, SyncView

RUNS_SHOWN = 20


def syncs_view(*, plan: SyncPlan, uow: UnitOfWork, now: datetime) -> SyncsView:
    """Give every source that is read or is to be, by name."""
    known = {one.source: one for one in uow.syncs.all()}
    named = sorted({*known, *plan.sources})
    return SyncsView(
        syncs=tuple(
            _view(known.get(name) or Sync(source=name), plan=plan, uow=uow, now=now)
            for name in named
        ),
        at=now,
    )


def sync_detail(source: str, *, plan: SyncPlan, uow: UnitOfWork, now: datetime) -> SyncDetail:
    """Give one source with its last syncs. Raises NotFoundError."""
    found = known_sync(source, plan=plan, uow=uow)
    runs = uow.syncs.runs(source, limit=RUNS_SHOWN)
    return SyncDetail(
        sync=_view(found, plan=plan, uow=uow, now=now),
        runs=tuple(
            SyncRunView(
                began_at=one.began_at,
                ended_at=one.ended_at,
                outcome=one.outcome,
                counts=dict(one.counts),
                told=one.told,
                remedy=one.remedy,
            )
            for one in runs
        ),
    )


def _view(one: Sync, *, plan: SyncPlan, uow: UnitOfWork, now: datetime) -> SyncView:
    period = plan.period_of(one.source)
    owner_id = plan.owner_of(one)
    account = uow.accounts.by_person(owner_id)
    return SyncView(
        source=one.source,
        state=plan.state_of(one, now=now),
        is_scheduled=one.source in plan.sources,
        every_seconds=None if period is None else int(period.total_seconds()),
        began_at=one.began_at,
        ended_at=one.ended_at,
        outcome=one.outcome,
        counts=dict(one.counts),
        done_at=one.done_at,
        told=one.told,
        remedy=one.remedy,
        failures=one.failures,
        failing_since=one.failing_since,
        owner_id=owner_id,
        owner_name=owner_id if account is None else account.name,
        next_due_at=plan.due_at(one),
    )
