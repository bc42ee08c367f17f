"""Every feature once: what it means to a finance person, when it is known, and its sign."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One column of the vector.

    A sign of +1 or -1 makes a head monotone in the feature, 0 leaves it free, and None keeps the
    head from using it: with few positives, a feature that cannot bear on the question only lends
    itself to chance.
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
    violation_sign: int | None = None
    delay_sign: int | None = None


_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="is_milestone", type=_T.FLAG, known_at=_K.SUBMISSION,
            violation_sign=0, delay_sign=0,
            sentence="This is a milestone", absent="This is no milestone"),
    Feature(name="log_amount", type=_T.NUMBER, known_at=_K.SUBMISSION, delay_sign=0,
            sentence="The amount is about {value:,.0f} in the reporting currency",
            told_as=lambda size: 10.0**size),
    Feature(name="late_days", type=_T.DAYS, known_at=_K.SUBMISSION, violation_sign=0, delay_sign=1,
            sentence="Submitted {value:.0f} days after the work was done or due"),
    Feature(name="approval_lag_days", type=_T.DAYS, known_at=_K.APPROVAL, delay_sign=1,
            sentence="The last approval came {value:.1f} days after submission"),
    Feature(name="days_to_month_end", type=_T.DAYS, known_at=_K.APPROVAL, delay_sign=-1,
            sentence="{value:.0f} days were left to the month end of the work at the last "
                     "approval",
            below="The last approval came {value:.0f} days after the month end of the work"),
    Feature(name="work_day_of_month", type=_T.COUNT, known_at=_K.SUBMISSION,
            violation_sign=0, delay_sign=0,
            sentence="The last work or due date falls on day {value:.0f} of the month"),
    Feature(name="client_sign_off_required", type=_T.FLAG, known_at=_K.SUBMISSION, delay_sign=1,
            sentence="The client must sign off", absent="No client sign-off is needed"),
    Feature(name="purchase_order_missing", type=_T.FLAG, known_at=_K.SUBMISSION, delay_sign=1,
            sentence="The client asks for a purchase order and none is on the line",
            absent="The purchase order is in order"),
    Feature(name="payment_terms_days", type=_T.DAYS, known_at=_K.SUBMISSION, delay_sign=0,
            sentence="The client pays at {value:.0f} days"),
    Feature(name="ceiling_burn", type=_T.SHARE, known_at=_K.DECISION, delay_sign=0,
            sentence="{value:.0%} of the ceiling is used with this item"),
    Feature(name="person_violation_rate", type=_T.SHARE, known_at=_K.DECISION, violation_sign=1,
            sentence="About {value:.0%} of this person's reviewed items had a fault"),
    Feature(name="project_violation_rate", type=_T.SHARE, known_at=_K.DECISION, violation_sign=1,
            sentence="About {value:.0%} of this project's reviewed items had a fault"),
    Feature(name="approver_violation_rate", type=_T.SHARE, known_at=_K.DECISION, violation_sign=1,
            sentence="About {value:.0%} of what this approver signed had a fault"),
    Feature(name="client_violation_rate", type=_T.SHARE, known_at=_K.DECISION, violation_sign=1,
            sentence="About {value:.0%} of this client's reviewed items had a fault"),
    Feature(name="approver_mean_days", type=_T.DAYS, known_at=_K.DECISION, delay_sign=1,
            sentence="This approver takes {value:.1f} days on average"),
    Feature(name="client_late_rate", type=_T.SHARE, known_at=_K.DECISION, delay_sign=1,
            sentence="About {value:.0%} of this client's payments came late"),
    Feature(name="client_days_late", type=_T.DAYS, known_at=_K.DECISION, delay_sign=1,
            sentence="This client pays {value:.0f} days late on average"),
    Feature(name="client_delay_rate", type=_T.SHARE, known_at=_K.DECISION, delay_sign=1,
            sentence="About {value:.0%} of this client's items missed their billing date"),
    Feature(name="entries", type=_T.COUNT, known_at=_K.SUBMISSION, violation_sign=0, delay_sign=0,
            sentence="The timesheet has {value:.0f} entries"),
    Feature(name="hours_week", type=_T.HOURS, known_at=_K.DECISION, violation_sign=0,
            sentence="{value:.1f} hours are booked in the busiest week of this timesheet"),
    Feature(name="z_hours_12w", type=_T.NUMBER, known_at=_K.DECISION, violation_sign=0,
            sentence="Weekly hours lie {value:.1f} standard deviations from the 12 weeks before"),
    Feature(name="max_day_hours", type=_T.HOURS, known_at=_K.DECISION, violation_sign=0,
            sentence="The longest day has {value:.1f} hours"),
    Feature(name="day_cap_share", type=_T.SHARE, known_at=_K.DECISION, violation_sign=1,
            sentence="The longest day reaches {value:.0%} of the daily limit of the contract"),
    Feature(name="weekend_share", type=_T.SHARE, known_at=_K.SUBMISSION, violation_sign=1,
            sentence="{value:.0%} of the time was booked on a weekend"),
    Feature(name="round_share", type=_T.SHARE, known_at=_K.SUBMISSION, violation_sign=1,
            sentence="{value:.0%} of the entries are blocks of exactly eight hours"),
    Feature(name="same_value_run", type=_T.COUNT, known_at=_K.SUBMISSION, violation_sign=0,
            sentence="{value:.0f} entries in a row carry the same minutes"),
    Feature(name="unusual_task_share", type=_T.SHARE, known_at=_K.DECISION, violation_sign=1,
            sentence="{value:.0%} of the entries are on tasks this person has hardly booked on"),
    Feature(name="project_days_before", type=_T.COUNT, known_at=_K.DECISION, violation_sign=0,
            sentence="This person had booked on this project on {value:.0f} days before"),
    Feature(name="projects_on_day", type=_T.COUNT, known_at=_K.DECISION, violation_sign=0,
            sentence="Up to {value:.0f} projects share one day of this person"),
    Feature(name="narrative_words_mean", type=_T.COUNT, known_at=_K.SUBMISSION, violation_sign=0,
            sentence="Narratives have {value:.1f} words on average"),
    Feature(name="vague_share", type=_T.SHARE, known_at=_K.SUBMISSION, violation_sign=1,
            sentence="{value:.0%} of the narratives say nothing about the work"),
    Feature(name="overhead_share", type=_T.SHARE, known_at=_K.SUBMISSION, violation_sign=1,
            sentence="{value:.0%} of the narratives speak of internal work or travel"),
    Feature(name="near_duplicate_similarity", type=_T.SHARE, known_at=_K.DECISION,
            violation_sign=1,
            sentence="Two narratives are {value:.0%} alike, with equal minutes on the same task "
                     "within a week"),
    Feature(name="foreign_word_share", type=_T.SHARE, known_at=_K.DECISION, violation_sign=1,
            sentence="{value:.0%} of the words of one narrative belong to other projects"),
    Feature(name="acceptance_age_days", type=_T.DAYS, known_at=_K.DECISION, delay_sign=0,
            sentence="The client accepted {value:.0f} days ago"),
    Feature(name="client_rejections", type=_T.COUNT, known_at=_K.DECISION,
            violation_sign=0, delay_sign=0,
            sentence="The client sent the deliverable back {value:.0f} times"),
)  # fmt: skip
"""The vector, in its order."""

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
BY_NAME: dict[str, Feature] = {feature.name: feature for feature in FEATURES}


def sentence_for(name: str, *, value: float) -> str:
    """Say a feature's value in words; an unknown value says so."""
    feature = BY_NAME[name]
    if math.isnan(value):
        return f"Not known: {name.replace('_', ' ')}"
    if feature.absent is not None and value == 0:
        return feature.absent
    if feature.below is not None and value < 0:
        return feature.below.format(value=-value)
    return feature.sentence.format(value=feature.told_as(value))
