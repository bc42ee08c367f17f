"""Shapes of flows: what the engine carries out, how far each has come, and what people hold."""

from __future__ import annotations

from datetime import datetime

from data.schemas.values import Record
from data.schemas.vocabulary import FlowKind, FlowState
from service.wire.postings import Reason


class SteerRequest(Record):
    """Why a flow is paused, resumed or cancelled, or all posting stopped or started."""

    reason: Reason


class HoldView(Record):
    """Who held something back, and why."""

    by_name: str
    reason: str
    at: datetime


class FlowView(Record):
    """One flow."""

    id: str
    kind: FlowKind
    state: FlowState
    about: str
    """The item, with how many others, or the order."""
    case_id: str | None
    bills: int
    """Bills that are part of it."""
    bills_left: int
    """Of them, those that have still to leave."""
    step: str
    """The last step that ended; empty before the first one, and in lists of ended flows."""
    tries: int
    """Calls to the ledger for its most tried bill; before one, how often a worker took it up."""
    next_try_at: datetime | None
    executor: str
    created_at: datetime
    changed_at: datetime
    age_seconds: int
    """Since it was created; for an ended one, until it ended."""
    hold: HoldView | None
    """None unless somebody paused it."""


class FlowStepView(Record):
    """One step of a flow that has ended."""

    name: str
    began_at: datetime | None
    ended_at: datetime | None
    outcome: str
    has_failed: bool


class FlowDetail(Record):
    """One flow with its steps in order."""

    flow: FlowView
    steps: tuple[FlowStepView, ...]


class FlowPage(Record):
    """Flows, newest first, and whether all posting is stopped."""

    flows: tuple[FlowView, ...]
    posting_stopped: HoldView | None
    next_cursor: str | None = None
    """Where the next page begins; None on the last."""


class PostingSwitch(Record):
    """Whether all posting is stopped, by whom and why."""

    posting_stopped: HoldView | None
