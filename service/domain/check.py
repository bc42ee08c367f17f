"""Random checks of cleared items: who was drawn, what came of it, and the alarm they raise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MATURITY = timedelta(days=14)
"""So long a check may wait for its verdict before those drawn after it stop waiting for it.

Checks count in the order in which they were drawn: what is found late must not come late.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDraw:
    """A cleared item that the coin sent to a person, as it was known before anybody looked."""

    assessment_id: str
    item_id: str
    item_seq: int
    segment: str
    bundle: str
    propensity: float
    amount_reporting_minor: float
    promise: str
    """What the bundle promised of the segment, in the words of the scorer that reads it again."""
    drawn_at: datetime


class CheckOutcome(StrEnum):
    """How far a check has come."""

    WAITING = "waiting"
    SOUND = "sound"
    WRONG = "wrong"
    VOID = "void"
    """Nobody will answer: a newer version took the item's place, or it was withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCheck:
    """A check that is not counted yet."""

    draw: CheckDraw
    outcome: CheckOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCheck:
    """A check that the watch of its segment has counted."""

    draw: CheckDraw
    is_wrong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """The moment at which the promise of a segment was found broken; clearing stops with it."""

    number: int
    segment: str
    bundle: str
    why: str
    at: datetime
