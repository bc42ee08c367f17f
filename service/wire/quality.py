"""Shapes of how well people judge: every figure with its count and its interval."""

from __future__ import annotations

from datetime import datetime

from data.schemas.values import Record
from data.schemas.vocabulary import ItemKind, Verdict
from service.wire.models import SegmentView


class Figure(Record):
    """A measured figure with its interval of 95 %; without a value while too few speak of it."""

    count: int
    """How many it was measured on."""
    needed: int
    """From how many on it is told."""
    part: int | None = None
    """How many of them, where the figure is a share."""
    value: float | None = None
    low: float | None = None
    high: float | None = None


class EffectOfShowing(Record):
    """Share of verdicts that agree with the models, told their opinion and not told it.

    Who is told is drawn by coin, and each verdict counts by one over its probability.
    """

    shown: Figure
    hidden: Figure
    difference: Figure
    """Shown less hidden."""


class OtherReasons(Record):
    """How often the reason `other` stands behind one verdict."""

    verdict: Verdict
    other: int
    count: int


class UsualTime(Record):
    """Median of the active seconds people spend on a kind of item."""

    kind: ItemKind
    seconds: float
    count: int


class DeskQuality(Record):
    """How well the desk judges; never the figures of one person."""

    agreement: Figure
    kappa: Figure
    ac1: Figure
    caught: Figure
    false_alarms: Figure
    showing: EffectOfShowing
    showing_right: EffectOfShowing
    """The same where the models were right, as far as the truth is known."""
    showing_wrong: EffectOfShowing
    changed_mind: Figure
    overrides: Figure
    overrides_right: Figure
    other_reasons: Figure
    is_other_too_frequent: bool
    other_by_verdict: tuple[OtherReasons, ...]
    hasty: Figure
    usual_times: tuple[UsualTime, ...]
    undone: Figure
    learned: Figure
    """Overrides on items that the models in force have learned from."""
    learned_to: datetime | None
    """When the newest item was assessed that the models in force learned from."""
    cleared: tuple[SegmentView, ...] | None
    """What random checks say of what was cleared; None behind a wall, which cannot cut it."""


class OwnQuality(Record):
    """The reader's own figures, told to nobody else."""

    caught: Figure
    false_alarms: Figure
    agreement: Figure
    other_reasons: Figure
    undone: Figure


class QualityView(Record):
    """How well people judge in a period."""

    since: datetime
    until: datetime
    decisions: int
    people: int
    is_newest_only: bool
    """There were more decisions than are read; the newest of them are."""
    desk: DeskQuality | None
    why_no_desk: str | None
    own: OwnQuality | None
