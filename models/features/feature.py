"""What a feature is: a number with a meaning, a time from which it is known, and its signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from data.schemas.questions import ASKED, Question


class FeatureType(StrEnum):
    """How the number is to be read."""

    FLAG = "flag"
    COUNT = "count"
    SHARE = "share"
    DAYS = "days"
    HOURS = "hours"
    NUMBER = "number"


class KnownAt(StrEnum):
    """When the number could first be computed; never later than the decision."""

    SUBMISSION = "submission"
    APPROVAL = "approval"
    DECISION = "decision"


class Family(StrEnum):
    """Questions that the same things bear on, so that a feature has one sign for all of them."""

    FAULT = "fault"
    WRITE_OFF = "write_off"
    DISPUTE = "dispute"
    DELAY = "delay"


def family_of(question: Question) -> Family:
    """Give the family of a question."""
    if question is Question.MISSED_CUT_OFF:
        return Family.DELAY
    if question is Question.WRITE_OFF:
        return Family.WRITE_OFF
    return Family.FAULT if ASKED[question].reason is None else Family.DISPUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One column of the vector.

    A sign of +1 or -1 makes the heads of a family monotone in the feature and 0 leaves them free;
    a family that is not named has no use for it: with few positives, a feature that cannot bear
    on the question only lends itself to chance.
    """

    name: str
    type: FeatureType
    sentence: str
    """The reason in words; `{value}` is the number. `absent` replaces it where a flag is 0."""
    absent: str | None = None
    below: str | None = None
    """Replaces the sentence for a number below zero, and says its size."""
    told_as: Callable[[float], float] = float
    """The number people read, where the feature holds another scale."""
    known_at: KnownAt
    signs: Mapping[Family, int]

    def sign(self, question: Question) -> int | None:
        """Give the sign for the head of a question; None where it has no part."""
        return self.signs.get(family_of(question))


def signs(
    *,
    fault: int | None = None,
    write_off: int | None = None,
    dispute: int | None = None,
    delay: int | None = None,
) -> Mapping[Family, int]:
    """Name the sign of a feature in each family that it has a part in."""
    named = {
        Family.FAULT: fault,
        Family.WRITE_OFF: write_off,
        Family.DISPUTE: dispute,
        Family.DELAY: delay,
    }
    return {family: sign for family, sign in named.items() if sign is not None}
