"""Shapes of released models: what is in force, what is promised, watched and ordered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from data.schemas.questions import Question
from data.schemas.values import Probability, Record
from data.schemas.vocabulary import JobStatus, ModelOrder


class CertificateView(Record):
    """A promise: of what is cleared in these segments, at most alpha is wrong."""

    segment: str
    members: tuple[str, ...]
    is_in_force: bool
    """Granted, not expired, and not used up."""
    threshold: Probability | None
    """None where nothing could be certified: then nothing of these segments is cleared."""
    alpha_cases: Probability
    alpha_money: Probability
    delta: Probability
    certified_at: datetime
    expires_at: datetime
    clears_left: int
    """Items the bundle may still clear before its certificates end."""


class BundleView(Record):
    """A released bundle, with its place in the registry."""

    id: str
    version: int | None
    gate: str | None
    """By whose leave it was released."""
    questions: tuple[Question, ...]
    """What it answers."""
    trained_from: datetime
    trained_to: datetime
    certificates: tuple[CertificateView, ...]


class ShareView(Record):
    """An estimated share with its interval of 95 %; None, 0 to 1 where nothing is known."""

    share: Probability | None
    low: Probability
    high: Probability


class SegmentView(Record):
    """What random checks say of a segment since its last alarm, if there was one."""

    segment: str
    is_frozen: bool
    """Clearing is stopped until a bundle certified after the alarm is promoted."""
    alarm_at: datetime | None
    why: str | None
    checks: int
    wrong: int
    waiting: int
    """Checks drawn whose turn has not come."""
    wrong_cases: ShareView
    wrong_money: ShareView
    evidence: float | None = None
    """What one unit bet against the promise has become; None before the first check."""
    evidence_for_alarm: float | None = None
    """From here on the promise counts as broken."""


class ShadowView(Record):
    """A challenger beside the champions of its time, over the items it was asked about."""

    bundle: str
    items: int
    agreement: Probability | None
    """Share of items that both would clear, or neither."""
    champion_clears: Probability | None
    challenger_clears: Probability | None
    judged: int
    """Items among them that a person judged, no rule having proved a fault."""
    wrong: int
    champion_log_loss: float | None
    challenger_log_loss: float | None
    champion_auc: float | None
    challenger_auc: float | None


class RollbackRequest(Record):
    """Which earlier version is to be champion again."""

    version: Annotated[int, Field(ge=1)]


class JobView(Record):
    """An order to the models and how far it has come."""

    id: str
    ordered: ModelOrder
    version: int | None
    actor_id: str
    status: JobStatus
    ordered_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    result: dict[str, Any]
    why: str | None
    """Why it failed."""


class ModelsView(Record):
    """Everything that is known of the models in force."""

    champion: BundleView | None
    """None: rules alone, and nothing is cleared without a person."""
    champion_refused: str | None
    """Why the newest release was not taken, if so."""
    challenger: BundleView | None
    challenger_refused: str | None
    segments: tuple[SegmentView, ...]
    shadow: ShadowView | None
    order: JobView | None
    """The order that waits or runs."""
    retraining: JobView | None
    """The last one."""
    drift: JobView | None
    """The last look for drift."""


class JobPage(Record):
    """Orders to the models, newest first."""

    jobs: tuple[JobView, ...]
    next_cursor: str | None = None
