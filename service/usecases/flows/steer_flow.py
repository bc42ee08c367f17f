"""Pause a flow, let it go on, or cancel what of it has not left: by one who answers for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from data.schemas.values import minor_per_major
from data.schemas.vocabulary import AuditEvent, FlowKind, FlowState, PostingStatus, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import FlowStateError, InvalidRequestError, NotFoundError
from service.domain.posting import Posting
from service.ports.flow_stores import FlowHold
from service.ports.flows import Flow, Flows
from service.ports.stores import Fact, FactKind, UnitOfWork
from service.usecases.flows.one_transaction import Run

STEERERS = (Role.INTEGRATION_OWNER, Role.ADMIN)
UNFINISHED = frozenset({FlowState.WAITING, FlowState.DELAYED, FlowState.RUNNING})


def pause_flow(
    flow_id: str, *, reason: str, actor: Actor, flows: Flows, run: Run, now: datetime
) -> None:
    """Hold a flow back; a step that runs is finished, and the next one does not begin.

    Raises NotAllowedError, NotFoundError, InvalidRequestError, and FlowStateError for a flow that
    has ended or is paused.
    """
    require_steerer(actor, reason=reason)
    flow = _known(flow_id, flows)
    if flow.state not in UNFINISHED:
        raise FlowStateError(
            flow_id, why=f"is {flow.state.value}", remedy="Only what has still to be done pauses."
        )
    hold = hold_of(flow, by_id=actor.id, reason=reason, at=now)
    # The intention is durable first: the upkeep holds what is still not held.
    run(lambda uow: _note_hold(hold, uow=uow))
    flows.hold(flow)


def resume_flow(
    flow_id: str, *, reason: str, actor: Actor, flows: Flows, run: Run, now: datetime
) -> None:
    """Let a paused flow go on; one that waited for a moment waits for it still.

    Raises NotAllowedError, InvalidRequestError, and FlowStateError for a flow nobody paused.
    """
    require_steerer(actor, reason=reason)

    def work(uow: UnitOfWork) -> FlowHold:
        hold = uow.flow_holds.get(flow_id)
        if hold is None or hold.name == hold.queue:
            raise FlowStateError(flow_id, why="is not paused", remedy="List the flows again.")
        uow.flow_holds.remove(flow_id)
        uow.audit.record(
            flow_entry(AuditEvent.FLOW_RESUMED, flow_id, actor_id=actor.id, reason=reason, now=now)
        )
        return hold

    hold = run(work)
    flows.release(flow_id, queue=hold.queue, not_before=hold.resume_at)


def cancel_flow(
    flow_id: str, *, reason: str, actor: Actor, flows: Flows, run: Run, now: datetime
) -> tuple[str, ...]:
    """Cancel every bill of a flow that has not left, and give their ids; the flow ends by itself.

    A bill that may have been sent is never cancelled. From the four-eyes limit on, giving up a
    bill takes an approver, too. Raises NotAllowedError, NotFoundError, InvalidRequestError and
    FlowStateError.
    """
    require_steerer(actor, reason=reason)
    flow = _known(flow_id, flows)
    _require_cancellable(flow)

    def work(uow: UnitOfWork) -> tuple[FlowHold | None, tuple[str, ...]]:
        unsent = _unsent(flow, actor=actor, uow=uow)
        for one in unsent:
            cancelled = replace(
                one, status=PostingStatus.CANCELLED, error=f"Cancelled: {reason}", done_at=now
            )
            uow.postings.save(cancelled)
            uow.facts.add([Fact(kind=FactKind.BILL_WITHDRAWN, subject_id=one.id, at=now)])
        bills = [
            {"posting": one.id, "total_minor": one.total_minor, "currency": one.currency}
            for one in unsent
        ]
        uow.audit.record(
            flow_entry(
                AuditEvent.FLOW_CANCELLED, flow_id, actor_id=actor.id, reason=reason, now=now,
                bills=bills,
            )
        )  # fmt: skip
        hold = uow.flow_holds.get(flow_id)
        uow.flow_holds.remove(flow_id)
        return hold, tuple(one.id for one in unsent)

    hold, cancelled = run(work)
    if hold is not None:
        # It goes on to find that nothing is left of it, and ends.
        flows.release(flow_id, queue=hold.queue, not_before=hold.resume_at)
    return cancelled


def require_steerer(actor: Actor, *, reason: str) -> None:
    """Let through who may steer flows, with a reason.

    Raises NotAllowedError and InvalidRequestError.
    """
    actor.require_role(*STEERERS)
    actor.require_open_wall()
    if not reason.strip():
        raise InvalidRequestError("reason", reason, "say why; the audit trail keeps it")


def hold_of(flow: Flow, *, by_id: str, reason: str, at: datetime) -> FlowHold:
    """Give the hold that lets a flow go on later where and when it would have."""
    return FlowHold(
        name=flow.id, queue=flow.queue, by_id=by_id, reason=reason, at=at,
        resume_at=flow.delayed_until,
    )  # fmt: skip


def flow_entry(
    event: AuditEvent, name: str, *, actor_id: str, reason: str, now: datetime, **more: object
) -> AuditEntry:
    """Give the audit entry of what somebody did to a flow or a queue."""
    return AuditEntry(
        event=event, at=now, actor_id=actor_id, subject=name, facts={"reason": reason, **more}
    )


def _known(flow_id: str, flows: Flows) -> Flow:
    flow = flows.flow(flow_id)
    if flow is None:
        raise NotFoundError("flow", flow_id)
    return flow


def _note_hold(hold: FlowHold, *, uow: UnitOfWork) -> None:
    if uow.flow_holds.get(hold.name) is not None:
        raise FlowStateError(hold.name, why="is paused already", remedy="Resume it, or let it be.")
    uow.flow_holds.add(hold)
    uow.audit.record(
        flow_entry(
            AuditEvent.FLOW_PAUSED, hold.name, actor_id=hold.by_id, reason=hold.reason, now=hold.at
        )
    )


def _require_cancellable(flow: Flow) -> None:
    if flow.kind is FlowKind.MODEL_ORDER:
        raise FlowStateError(
            flow.id, why="is an order to the models",
            remedy="Pause it, or let it end and roll the models back.",
        )  # fmt: skip
    if flow.state in {FlowState.DONE, FlowState.FAILED}:
        raise FlowStateError(
            flow.id, why=f"is {flow.state.value}",
            remedy="Correct the decision: a new one takes its place and posts the difference.",
        )  # fmt: skip
    if flow.state is FlowState.RUNNING:
        raise FlowStateError(
            flow.id, why="is running now",
            remedy="Pause it first; what has not left by then can be cancelled.",
        )  # fmt: skip


def _unsent(flow: Flow, *, actor: Actor, uow: UnitOfWork) -> list[Posting]:
    """The bills of a flow that have surely not left. Raises FlowStateError and NotAllowedError."""
    pending = [one for one in postings_of(flow, uow=uow) if one.status is PostingStatus.PENDING]
    tried = [one.id for one in pending if one.attempts > 0]
    if tried:
        raise FlowStateError(
            flow.id, why=f"may have sent {tried[0]} to the ledger",
            remedy="Let it go on: the ledger is asked what it has. A bill that left is corrected "
            "by a new decision; one that fails for good is discarded under Exceptions.",
        )  # fmt: skip
    if not pending:
        raise FlowStateError(
            flow.id, why="holds no bill that has still to leave",
            remedy="Look at its bills: each has left, was cancelled, or waits under Exceptions.",
        )  # fmt: skip
    limit_major = uow.policies.in_force().four_eyes_major
    if any(one.total_minor >= limit_major * minor_per_major(one.currency) for one in pending):
        actor.require_role(Role.APPROVER)
    return pending


def postings_of(flow: Flow, *, uow: UnitOfWork) -> list[Posting]:
    """Give the postings a flow is about; none for an order to the models."""
    if flow.kind is FlowKind.MODEL_ORDER:
        return []
    look = uow.postings.get if flow.kind is FlowKind.POSTING else uow.postings.of_decision
    return [one for name in flow.subjects if (one := look(name)) is not None]
