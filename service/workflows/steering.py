"""Flows as DBOS keeps them, over its public client; its tables are its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from dbos import DBOSClient, DBOSPortableJSONSerializer, WorkflowStatus

from data.schemas.vocabulary import FlowKind, FlowState
from service.ports.flows import Flow, FlowStep
from service.workflows.engine import PARALLEL_WORKFLOWS, QUEUE

NEVER = datetime(2200, 1, 1, tzinfo=UTC)
"""Until then a delayed flow is held: DBOS takes its delay away when it is cancelled."""
LONGEST_OUTCOME = 500
ALIKE = 20
"""Flows read beyond those asked for: so many may share the millisecond a reading ends in."""
HALF_A_MILLISECOND = timedelta(microseconds=500)
"""DBOS cuts a moment to whole milliseconds as a float, which may lose one."""
_NAMES = [kind.value for kind in FlowKind]
_STATES: dict[str, FlowState] = {
    "ENQUEUED": FlowState.WAITING,
    "DELAYED": FlowState.DELAYED,
    "PENDING": FlowState.RUNNING,
    "CANCELLED": FlowState.PAUSED,
    "SUCCESS": FlowState.DONE,
    "ERROR": FlowState.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": FlowState.FAILED,
}
_ENDED = [name for name, state in _STATES.items() if state in {FlowState.DONE, FlowState.FAILED}]


class DbosFlows:
    """Lists and steers what `DbosEngine` enqueued."""

    def __init__(self, database_url: str) -> None:
        self._client = DBOSClient(
            system_database_url=database_url, serializer=DBOSPortableJSONSerializer()
        )

    def flow(self, flow_id: str) -> Flow | None:
        """Give a flow."""
        found = self._client.list_workflows(workflow_ids=[flow_id], name=_NAMES, load_output=False)
        return _flow_of(found[0]) if found else None

    def newest(
        self, *, states: Sequence[FlowState], limit: int, after: Flow | None = None
    ) -> list[Flow]:
        """Give flows in these states, newest first, or those that follow one in that order."""
        # A delayed flow that is held is paused to people, and delayed to DBOS.
        wanted = {*states, *([FlowState.DELAYED] if FlowState.PAUSED in states else [])}
        status = [name for name, state in _STATES.items() if state in wanted]
        until = None if after is None else after.created_at
        following = (
            flow
            for flow in self._by_age(status, until=until, size=limit + ALIKE)
            if flow.state in states and (after is None or _age_order(flow) > _age_order(after))
        )
        return list(islice(following, limit))

    def _by_age(self, status: list[str], *, until: datetime | None, size: int) -> Iterator[Flow]:
        """Give every flow created until a moment, newest first, those of one moment by their ids.

        DBOS orders by the moment alone and goes on behind a moment or a count, neither of which
        tells the flows of one millisecond apart; so the last one a reading came to is read anew.
        """
        while True:
            read = self._client.list_workflows(
                status=status,
                name=_NAMES,
                end_time=(until + HALF_A_MILLISECOND).isoformat() if until else None,
                limit=size,
                sort_desc=True,
                load_output=False,
            )
            found = sorted(map(_flow_of, read), key=_age_order)
            is_last = len(found) < size
            oldest = found[-1].created_at if found else None
            yield from (one for one in found if is_last or one.created_at != oldest)
            if is_last:
                return
            # A millisecond with more flows than were read at once takes a longer reading.
            size *= 2 if found[0].created_at == oldest else 1
            until = oldest

    def steps(self, flow_id: str) -> list[FlowStep]:
        """Give the steps of a flow that have ended, in order."""
        return [
            FlowStep(
                name=one["function_name"],
                began_at=_moment(one["started_at_epoch_ms"]),
                ended_at=_moment(one["completed_at_epoch_ms"]),
                outcome=_outcome(one["error"] if one["error"] is not None else one["output"]),
                has_failed=one["error"] is not None,
            )
            for one in self._client.list_workflow_steps(flow_id)
        ]

    def hold(self, flow: Flow) -> None:
        """Let a flow not begin, or not begin its next step; what a step does now is finished."""
        if flow.state is FlowState.DELAYED:
            self._client.set_workflow_delay(flow.id, delay_until_epoch_ms=_epoch_ms(NEVER))
        elif flow.state in {FlowState.WAITING, FlowState.RUNNING}:
            self._client.cancel_workflow(flow.id)

    def release(self, flow_id: str, *, queue: str, not_before: datetime | None) -> None:
        """Let a flow go on where it was held, at once or when its time comes."""
        found = self._client.list_workflows(workflow_ids=[flow_id], load_output=False)
        if not found:
            return
        if found[0].status == "DELAYED":
            at = _epoch_ms(not_before) if not_before is not None else 0
            self._client.set_workflow_delay(flow_id, delay_until_epoch_ms=at)
        elif found[0].status == "CANCELLED":
            self._client.resume_workflow(flow_id, queue_name=queue)

    def hold_queue(self) -> None:
        """Let no flow begin that posts."""
        self._set_parallel(0)

    def release_queue(self) -> None:
        """Let flows that post begin again."""
        self._set_parallel(PARALLEL_WORKFLOWS)

    def delete_finished(self, *, before: datetime, limit: int) -> int:
        """Forget flows that ended before a moment, the oldest first; gives how many."""
        found = self._client.list_workflows(
            status=_ENDED,
            completed_before=before.isoformat(),
            limit=limit,
            load_input=False,
            load_output=False,
        )
        if found:
            self._client.delete_workflows([one.workflow_id for one in found])
        return len(found)

    def close(self) -> None:
        """Let go of the database."""
        self._client.destroy()

    def _set_parallel(self, workflows: int) -> None:
        queue = self._client.retrieve_queue(QUEUE)
        # Before a worker ran for the first time there is none; it asks when it starts.
        if queue is not None:
            queue.set_worker_concurrency(workflows)


def _age_order(flow: Flow) -> tuple[float, str]:
    return -flow.created_at.timestamp(), flow.id


def _flow_of(one: WorkflowStatus) -> Flow:
    delayed_until = _moment(one.delay_until_epoch_ms)
    state = _STATES[one.status]
    if state is FlowState.DELAYED and delayed_until == NEVER:
        state = FlowState.PAUSED
    return Flow(
        id=one.workflow_id,
        kind=FlowKind(one.name),
        state=state,
        queue=one.queue_name or "",
        subjects=_subjects(one),
        created_at=_moment(one.created_at) or NEVER,
        changed_at=_moment(one.updated_at) or NEVER,
        delayed_until=delayed_until if state is FlowState.DELAYED else None,
        executor=one.executor_id or "",
        tries=one.recovery_attempts or 0,
    )


def _subjects(one: WorkflowStatus) -> tuple[str, ...]:
    arguments: Sequence[Any] = one.input["args"] if one.input else ()
    about = arguments[0] if arguments else ()
    return (about,) if isinstance(about, str) else tuple(about)


def _outcome(value: object) -> str:
    return "" if value is None else str(value)[:LONGEST_OUTCOME]


def _moment(epoch_ms: int | None) -> datetime | None:
    return None if not epoch_ms else datetime.fromtimestamp(epoch_ms / 1_000, tz=UTC)


def _epoch_ms(at: datetime) -> int:
    return int(at.timestamp() * 1_000)
