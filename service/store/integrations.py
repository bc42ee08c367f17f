"""How the parts of the installation fare, from what they left in the database and in health."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, select

from data.schemas.vocabulary import CircuitState, PostingStatus, SyncState
from service.domain.circuit import Circuit
from service.domain.sync import Sync
from service.domain.sync_plan import SyncPlan
from service.store.failures import SqlCircuitStore
from service.store.syncs import SqlSyncStore
from service.store.tables import posting
from service.wire.integrations import SystemState, SystemView

PATIENCE = timedelta(minutes=3)
"""The worker looks round once a minute; a bill that waits longer than this waits for somebody."""


class SqlIntegrations:
    """Looks at tables and health checks; it calls no system outside."""

    def __init__(
        self,
        engine: Engine,
        *,
        checks: Mapping[str, Callable[[], str | None]],
        worker_seen: Callable[[], datetime | None],
        ledger: str,
        outside: Mapping[str, str],
        plan: SyncPlan,
    ) -> None:
        """Take the health checks, and the names of systems outside with where they are, or ''."""
        self._engine, self._checks, self._worker_seen = engine, checks, worker_seen
        self._ledger, self._outside, self._plan = ledger, outside, plan

    def systems(self, *, now: datetime) -> tuple[SystemView, ...]:
        """Tell how each part fares."""
        with self._engine.connect() as connection:
            return tuple(self._looked_at(connection, now=now))

    def _looked_at(self, connection: Connection, *, now: datetime) -> Iterator[SystemView]:
        for name, check in self._checks.items():
            yield _checked(name, check() or "ok")
        yield self._worker(now=now)
        yield self._bills(connection, now=now)
        known = {one.source: one for one in SqlSyncStore(connection).all()}
        for source in sorted({*known, *self._plan.sources}):
            yield _source(known.get(source) or Sync(source=source), plan=self._plan, now=now)
        for name, place in self._outside.items():
            yield _outside(name, place)

    def _worker(self, *, now: datetime) -> SystemView:
        seen = self._worker_seen()
        if seen is not None and now - seen <= PATIENCE:
            text, state = "Posts bills and carries orders to the models out.", SystemState.WORKS
        else:
            text = (
                "Not seen of late: nothing is posted and no order to the models is carried out. "
                "Start it with 'countersign serve' or 'python -m service.worker'."
            )
            state = SystemState.TROUBLE
        return SystemView(name="Worker", state=state, text=text, at=seen)

    def _bills(self, connection: Connection, *, now: datetime) -> SystemView:
        waiting = connection.execute(
            select(func.count(), func.min(posting.c.not_before)).where(
                posting.c.status == PostingStatus.PENDING.value,
                posting.c.not_before < now - PATIENCE,
            )
        ).one()
        last = connection.execute(
            select(posting.c.done_at)
            .where(posting.c.done_at.is_not(None))
            .order_by(posting.c.done_at.desc())
            .limit(1)
        ).scalar()
        name = f"Ledger ({self._ledger})"
        rest = SqlCircuitStore(connection).get(self._ledger)
        if rest.state is not CircuitState.CLOSED and rest.until is not None:
            return SystemView(
                name=name,
                state=SystemState.TROUBLE,
                text=_resting(rest, waiting=_pending(connection), now=now),
                at=last,
            )
        if waiting[0]:
            text = (
                f"{waiting[0]} bills wait longer than they should. They are tried again by "
                "themselves; look whether the ledger answers and the worker runs."
            )
            return SystemView(name=name, state=SystemState.TROUBLE, text=text, at=last)
        text = "No bill waits longer than it should."
        return SystemView(name=name, state=SystemState.WORKS, text=text, at=last)


def _pending(connection: Connection) -> int:
    query = select(func.count()).where(posting.c.status == PostingStatus.PENDING.value)
    return int(connection.execute(query).scalar_one())


def _resting(rest: Circuit, *, waiting: int, now: datetime) -> str:
    seconds = max(0, round(((rest.until or now) - now).total_seconds()))
    return (
        f"Left alone since {rest.since or now:%Y-%m-%d %H:%M} UTC: {rest.failures} bills failed "
        f"one after the other. It is tried again in {seconds} seconds; bills that wait "
        f"({waiting}) go out by themselves once it answers. It last said: {rest.why}"
    )


def _checked(name: str, answer: str) -> SystemView:
    works = answer == "ok" or answer.startswith("ok:")
    refused = "refused:" in answer
    text = answer.removeprefix("ok").removeprefix(":").strip() or "Answers."
    return SystemView(
        name=name.capitalize(),
        state=SystemState.WORKS if works and not refused else SystemState.TROUBLE,
        # The name of a bundle is no sentence.
        text=text[0].upper() + text[1:] if " " in text else text,
    )


def _outside(name: str, place: str) -> SystemView:
    if not place:
        text = "Not connected in this installation."
        return SystemView(name=name, state=SystemState.NOT_CONNECTED, text=text)
    return SystemView(name=name, state=SystemState.WORKS, text=f"Set up: {place}")


def _source(one: Sync, *, plan: SyncPlan, now: datetime) -> SystemView:
    state = plan.state_of(one, now=now)
    is_in_trouble = bool(one.failures) or state is SyncState.OVERDUE
    return SystemView(
        name=f"Source {one.source}",
        state=SystemState.TROUBLE if is_in_trouble else SystemState.WORKS,
        text=_said_of(one, state),
        at=one.done_at,
    )


def _said_of(one: Sync, state: SyncState) -> str:
    if one.failures and one.failing_since is not None:
        times = "once" if one.failures == 1 else f"{one.failures} times in a row"
        # What its system said may name a client, and this is told to people behind walls too.
        return (
            f"Cannot be read: failed {times} since {one.failing_since:%Y-%m-%d %H:%M} UTC. "
            "Why, and what to do, stands with the sources."
        )
    match state:
        case SyncState.RUNNING:
            return "Is being read."
        case SyncState.NEVER_RUN:
            return "Was never read; the worker begins with it."
        case SyncState.OVERDUE:
            return "Should have been read by now; look whether the worker runs."
        case SyncState.WORKS | SyncState.FAILING:
            return "Read by itself." if one.next_due_at is not None else "Read when asked for."
