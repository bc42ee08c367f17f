"""What the upkeep does to flows: holds are made good after a crash, and old flows are forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.schemas.vocabulary import FlowKind, FlowState
from service.ports.flow_stores import FlowHold
from service.ports.flows import POSTING_QUEUE, Flow, Flows
from service.usecases.flows.one_transaction import Run
from service.usecases.flows.steer_flow import UNFINISHED
from service.usecases.flows.stop_posting import hold_running

MOST_AT_ONCE = 500
"""Flows forgotten in one run: the database is held for moments only, and the rest comes next."""
MODELS_QUEUE = "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a run did."""

    held: int
    released: int
    forgotten: int


def keep_flows(*, flows: Flows, run: Run, now: datetime, keep_for: timedelta) -> Kept:
    """Bring the engine into line with what people held, and forget what ended long ago.

    Whoever holds or releases a flow writes that down first; where a crash came in between, this
    catches up. Safe to repeat.
    """
    # In this order: whoever pauses writes the hold first, so a flow found paused has its hold.
    paused = flows.newest(states=[FlowState.PAUSED], limit=MOST_AT_ONCE)
    holds = {one.name: one for one in run(lambda uow: uow.flow_holds.all())}
    released = _release(paused, holds, flows=flows)
    held = _make_holds_good(holds, flows=flows, run=run)
    forgotten = flows.delete_finished(before=now - keep_for, limit=MOST_AT_ONCE)
    return Kept(held=held, released=released, forgotten=forgotten)


def _make_holds_good(holds: Mapping[str, FlowHold], *, flows: Flows, run: Run) -> int:
    stop = holds.get(POSTING_QUEUE)
    held = 0
    if stop is not None:
        flows.hold_queue()
        held += hold_running(stop, flows=flows, run=run)
    for name in holds:
        flow = None if name == POSTING_QUEUE else flows.flow(name)
        if flow is not None and flow.state in UNFINISHED:
            flows.hold(flow)
            held += 1
    return held


def _release(paused: Sequence[Flow], holds: Mapping[str, FlowHold], *, flows: Flows) -> int:
    """Nothing but a hold stops a flow: one without any goes on."""
    lost = [one for one in paused if one.id not in holds]
    for one in lost:
        flows.release(one.id, queue=_queue_of(one), not_before=None)
    return len(lost)


def _queue_of(flow: Flow) -> str:
    return MODELS_QUEUE if flow.kind is FlowKind.MODEL_ORDER else POSTING_QUEUE
