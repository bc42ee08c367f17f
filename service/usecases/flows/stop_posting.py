"""One switch for all posting: nothing leaves while it is off, and everything goes on after."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent, FlowState
from service.domain.actor import Actor
from service.domain.errors import FlowStateError
from service.ports.flow_stores import FlowHold
from service.ports.flows import POSTING_QUEUE, Flows
from service.ports.stores import UnitOfWork
from service.usecases.flows.one_transaction import Run
from service.usecases.flows.steer_flow import flow_entry, hold_of, require_steerer

MOST_RUNNING = 200
"""Far more than all workers have in hand together."""


def stop_posting(*, reason: str, actor: Actor, flows: Flows, run: Run, now: datetime) -> None:
    """Let no bill leave until somebody starts posting again.

    A bill that is being sent now is sent to its end. Raises NotAllowedError, InvalidRequestError,
    and FlowStateError while posting is stopped.
    """
    require_steerer(actor, reason=reason)
    stop = FlowHold(name=POSTING_QUEUE, queue=POSTING_QUEUE, by_id=actor.id, reason=reason, at=now)

    def work(uow: UnitOfWork) -> None:
        if uow.flow_holds.get(POSTING_QUEUE) is not None:
            raise FlowStateError(
                POSTING_QUEUE, why="is stopped already", remedy="Start it, or let it rest."
            )
        uow.flow_holds.add(stop)
        uow.audit.record(
            flow_entry(
                AuditEvent.POSTING_STOPPED, POSTING_QUEUE, actor_id=actor.id, reason=reason, now=now
            )
        )

    run(work)
    flows.hold_queue()
    hold_running(stop, flows=flows, run=run)


def start_posting(*, reason: str, actor: Actor, flows: Flows, run: Run, now: datetime) -> None:
    """Let bills leave again, those first that were interrupted.

    Flows that somebody paused one by one stay paused. Raises NotAllowedError, InvalidRequestError,
    and FlowStateError where posting is not stopped.
    """
    require_steerer(actor, reason=reason)

    def work(uow: UnitOfWork) -> list[FlowHold]:
        stop = uow.flow_holds.get(POSTING_QUEUE)
        if stop is None:
            raise FlowStateError(
                POSTING_QUEUE, why="is not stopped", remedy="Nothing has to be done."
            )
        held = [one for one in uow.flow_holds.all() if is_part_of(one, stop)]
        for one in (*held, stop):
            uow.flow_holds.remove(one.name)
        uow.audit.record(
            flow_entry(
                AuditEvent.POSTING_STARTED, POSTING_QUEUE, actor_id=actor.id, reason=reason,
                now=now, stopped_at=stop.at.isoformat(),
            )
        )  # fmt: skip
        return held

    for one in run(work):
        flows.release(one.name, queue=one.queue, not_before=one.resume_at)
    flows.release_queue()


def hold_running(stop: FlowHold, *, flows: Flows, run: Run) -> int:
    """Hold every flow that posts now at its next step, as part of a stop; gives how many."""
    running = [
        one
        for one in flows.newest(states=[FlowState.RUNNING], limit=MOST_RUNNING)
        if one.queue == POSTING_QUEUE
    ]

    def work(uow: UnitOfWork) -> None:
        for one in running:
            if uow.flow_holds.get(one.id) is None:
                uow.flow_holds.add(hold_of(one, by_id=stop.by_id, reason=stop.reason, at=stop.at))

    if running:
        run(work)
    for one in running:
        flows.hold(one)
    return len(running)


def is_part_of(hold: FlowHold, stop: FlowHold) -> bool:
    """Say whether a flow is held because all posting is, and goes on with it."""
    return hold.name != stop.name and (hold.at, hold.by_id) == (stop.at, stop.by_id)
