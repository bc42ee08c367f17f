"""Flows as the engine knows them: listed, looked into, held back and let go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.schemas.vocabulary import FlowKind, FlowState

POSTING_QUEUE = "posting"
"""The queue on which bills leave; stopping it stops all posting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One flow, as the engine tells of it."""

    id: str
    kind: FlowKind
    state: FlowState
    queue: str
    """Empty while it is paused."""
    subjects: tuple[str, ...]
    """Postings, the decision, or the order it is about."""
    created_at: datetime
    changed_at: datetime
    delayed_until: datetime | None
    executor: str
    """The worker that took it last."""
    tries: int
    """How often a worker took it up; more than once after a worker died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep:
    """One step of a flow that has ended."""

    name: str
    began_at: datetime | None
    ended_at: datetime | None
    outcome: str
    """What it gave, or its error, as text."""
    has_failed: bool


class Flows(Protocol):
    """The engine's flows; each call is durable when it returns, and safe to repeat."""

    def flow(self, flow_id: str) -> Flow | None:
        """Give a flow."""
        ...

    def newest(
        self, *, states: Sequence[FlowState], limit: int, after: Flow | None = None
    ) -> list[Flow]:
        """Give flows in these states, newest first, or those that follow one in that order."""
        ...

    def steps(self, flow_id: str) -> list[FlowStep]:
        """Give the steps of a flow that have ended, in order."""
        ...

    def hold(self, flow: Flow) -> None:
        """Let a flow not begin, or not begin its next step; what a step does now is finished."""
        ...

    def release(self, flow_id: str, *, queue: str, not_before: datetime | None) -> None:
        """Let a flow go on where it was held, at once or when its time comes."""
        ...

    def hold_queue(self) -> None:
        """Let no flow begin that posts."""
        ...

    def release_queue(self) -> None:
        """Let flows that post begin again."""
        ...

    def delete_finished(self, *, before: datetime, limit: int) -> int:
        """Forget flows that ended before a moment, the oldest first; gives how many."""
        ...
