"""What a person (or policy) decided, and what training makes of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.questions import LabelSource, Question
from data.schemas.values import (
    ContradictionError,
    Currency,
    Identifier,
    MinorUnits,
    Minutes,
    Name,
    Probability,
    Record,
    Text,
    UtcTime,
)
from data.schemas.vocabulary import ItemKind, Lane, OverrideCause, ReasonCode, Route, Verdict


class MoveTarget(Record):
    """Where minutes belong that were booked on the wrong project."""

    contract_id: Identifier
    line_id: Identifier


class Adjustment(Record):
    """What is billed of one row after an `adjust`: minutes of an entry, or money of an expense.

    Minutes of an entry that are not billed may be written off or moved to another contract line;
    what is neither is not billed and left to the person who recorded it.
    """

    row_id: Identifier
    minutes_billable: Minutes | None = None
    billable_minor: MinorUnits | None = None
    """In the contract's currency."""
    minutes_written_off: Minutes = 0
    minutes_moved: Minutes = 0
    moved_to: MoveTarget | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Adjustment:
        if (self.minutes_billable is None) == (self.billable_minor is None):
            raise ContradictionError(
                "says minutes_billable of an entry or billable_minor of an expense, one of them",
                field="billable_minor",
                value=self.billable_minor,
            )
        return self

    @model_validator(mode="after")
    def _moves_somewhere(self) -> Adjustment:
        if (self.minutes_moved > 0) != (self.moved_to is not None):
            raise ContradictionError(
                "and moved_to go together: say how many minutes move, and to which contract line",
                field="minutes_moved",
                value=self.minutes_moved,
            )
        return self

    @model_validator(mode="after")
    def _splits_minutes_only(self) -> Adjustment:
        if self.minutes_billable is None and (self.minutes_written_off or self.minutes_moved):
            raise ContradictionError(
                "splits minutes of an entry; an expense says billable_minor alone",
                field="minutes_written_off",
                value=self.minutes_written_off,
            )
        return self


class Decision(Record):
    """A verdict on one version of an item; a correction is a new record that supersedes."""

    id: Identifier
    case_id: Identifier
    item_id: Identifier
    assessment_id: Identifier
    actor_id: Identifier
    verdict: Verdict
    reason_codes: tuple[ReasonCode, ...]
    note: Text = ""
    approved_minor: MinorUnits
    """Money to bill after this decision."""
    adjustments: tuple[Adjustment, ...] = ()
    written_off_minor: MinorUnits = 0
    """Money given up by this decision."""
    moved_minor: MinorUnits = 0
    """Money of minutes that belong to another contract line, at this line's rates."""
    not_billed_minor: MinorUnits = 0
    """The rest of what was asked: left to whoever submitted the item."""
    decided_at: UtcTime
    active_seconds: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    is_score_shown: bool = True
    lane: Lane
    propensity: Probability
    supersedes_id: Identifier | None = None
    own_verdict: Verdict | None = None
    """What the person said before they were told the models' opinion."""
    exposure_propensity: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    """Probability with which this person was told what they were told."""
    bulk_id: Identifier | None = None
    """The bulk this decision was part of; such verdicts teach nothing."""
    signs_id: Identifier | None = None
    """The colleague's decision to which this one is the second, blind opinion."""
    needs_second: Text = ""
    """Why a second person has to decide as well; empty where nobody has to."""
    override_cause: OverrideCause | None = None
    """Of a verdict against the machine: what would make it right next time."""


class Label(Record):
    """One thing learned about an item after it was assessed."""

    item_id: Identifier
    source: LabelSource
    answers: dict[Question, bool]
    """What is known now; a question that does not stand here stays open."""
    known_at: UtcTime
    billed_at: UtcTime | None = None
    """When the invoice of the item left; on outcomes only."""
    rater: Name | None = None
    """Who gave the verdict."""
    active_seconds: Annotated[float, Field(ge=0)] | None = None
    is_score_shown: bool | None = None


class TrainingRow(Record):
    """One assessed item with the vector of that time and one label, or none.

    The only thing that passes from the service to training. Verdicts and outcomes come as rows of
    their own. A row without answers says that nothing is known: not reviewed is not faultless.
    """

    item_id: Identifier
    kind: ItemKind
    assessed_at: UtcTime
    known_at: UtcTime
    amount_minor: MinorUnits
    currency: Currency
    features: dict[str, float | None]
    narrative: str = ""
    """The narratives of the item's rows, one a line; the words a text model learns from."""
    is_rule_proved: bool
    """A rule had already proved a fault: outside the question of a hidden one."""
    is_suspected: bool = False
    """A likely fault that no model answers for had kept it from being cleared."""
    label_source: LabelSource
    answers: dict[Question, bool] = Field(default_factory=dict)
    days_to_bill: Annotated[float, Field(ge=0)] | None = None
    """Days from the assessment to the invoice, or so far where none has left."""
    is_billed: bool | None = None
    """False on an item still in progress at `known_at`; None where nothing is said of billing."""
    route: Route
    lane: Lane | None
    propensity: Annotated[float, Field(gt=0.0, le=1.0)]
    bundle: Name
    probability: Probability | None = None
    """Probability of any hidden fault as it was said at the time; None without a bundle."""
    rater: Name | None = None
    active_seconds: Annotated[float, Field(ge=0)] | None = None
    is_score_shown: bool | None = None
    group: Name | None = None
    """What is billed together, contract and month: a split by time may keep it on one side."""

    def answer(self, question: Question) -> bool | None:
        """Give what this row says of a question, None where it says nothing."""
        return self.answers.get(question)
