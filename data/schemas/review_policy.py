"""What people decide about the desk without a model: limits, lanes, response times, bias guards."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.approval_policy import ApprovalPolicy
from data.schemas.values import ContradictionError, Record, Zone
from data.schemas.vocabulary import ItemKind, TimeoutAction

Share = Annotated[float, Field(ge=0.0, le=0.5)]
Major = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""Whole currency units, whatever the currency."""
MOST_SHARED = 0.5


class LaneShares(Record):
    """Shares of reviewers' minutes that go to other work than the most valuable next case."""

    audit: Share = 0.05
    """Random checks of what policy cleared."""
    double: Share = 0.05
    """Blind second reviews."""
    gold: Share = 0.04
    """Cases whose answer is known."""

    @model_validator(mode="after")
    def _leaves_time_for_the_queue(self) -> LaneShares:
        taken = self.audit + self.double + self.gold
        if taken > MOST_SHARED:
            raise ContradictionError(
                "takes more than half of the minutes; leave the queue at least as much",
                field="lanes",
                value=taken,
            )
        return self


class TimeoutRule(Record):
    """How long a case of one kind and size may wait, and what happens then."""

    kind: ItemKind | None = None
    """None speaks of every kind; a rule of one kind outranks it."""
    from_major: Major = 0
    """Applies from this amount on; of several rules that of the largest amount applies."""
    respond_hours: Annotated[int, Field(ge=1, le=24 * 90)] = 16
    """Working hours until the answer is due."""
    on_timeout: TimeoutAction = TimeoutAction.ESCALATE


class WorkingHours(Record):
    """When the desk works: response times run in these hours only."""

    zone: Zone = "UTC"
    start_hour: Annotated[int, Field(ge=0, le=23)] = 8
    end_hour: Annotated[int, Field(ge=1, le=24)] = 18
    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1)] = (
        0, 1, 2, 3, 4,
    )  # fmt: skip
    """Monday is 0."""

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> WorkingHours:
        if self.end_hour <= self.start_hour:
            raise ContradictionError("ends before it starts", field="end_hour", value=self.end_hour)
        return self


class ReviewPolicy(Record):
    """Everything an administrator may set about the desk; published by a second person."""

    four_eyes_major: Major = 50_000
    """From this much money on a decision to bill or to give up needs a second person."""
    four_eyes_override_major: Major = 25_000
    """The same where a person overrides a model that was sure of itself."""
    sure_probability: Annotated[float, Field(ge=0.5, le=1.0)] = 0.9
    """From here on a model counts as sure, of a fault or (one minus it) of none."""
    is_trainee_seconded: bool = True
    """Every final decision of a trainee needs a second person."""
    lanes: LaneShares = LaneShares()
    own_call_major: Major = 25_000
    """From this amount on people make their own call before they are told the models' opinion."""
    own_call_share: Share = 0.1
    """The same for a random share of all other cases."""
    hidden_score_share: Share = 0.1
    """Random share of cases in which the models' opinion is never told."""
    bulk_most_cases: Annotated[int, Field(ge=2, le=100)] = 100
    bulk_most_major: Major = 100_000
    """Largest sum of one bulk."""
    value_cap_major: Major = 250_000
    """Above this a case is no more urgent: one typing error must own no queue."""
    working_hours: WorkingHours = WorkingHours()
    timeouts: tuple[TimeoutRule, ...] = (TimeoutRule(),)
    hold_escalated_after_hours: Annotated[int, Field(ge=1, le=24 * 90)] = 16
    """Working hours after which an escalated case that still waits has its invoice held."""
    approvals: ApprovalPolicy = ApprovalPolicy()
    """Which decisions need the approval of named people."""

    @model_validator(mode="after")
    def _has_one_rule_for_each_case(self) -> ReviewPolicy:
        spoken_of = [(one.kind, one.from_major) for one in self.timeouts]
        if len(set(spoken_of)) < len(spoken_of):
            raise ContradictionError(
                "holds two rules of the same kind and amount; keep one of them",
                field="timeouts",
                value=len(spoken_of),
            )
        return self


STANDARD_REVIEW_POLICY = ReviewPolicy()
"""In force until somebody publishes another."""
