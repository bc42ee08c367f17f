"""What a person (or policy) decided, and what training makes of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

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
from data.schemas.vocabulary import ItemKind, Lane, ReasonCode, Route, Verdict


class Adjustment(Record):
    """What is billed of one row after an `adjust`: minutes of an entry, or money of an expense."""

    row_id: Identifier
    minutes_billable: Minutes | None = None
    billable_minor: MinorUnits | None = None
    """In the contract's currency."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Adjustment:
        if (self.minutes_billable is None) == (self.billable_minor is None):
            raise ContradictionError(
                "says minutes_billable of an entry or billable_minor of an expense, one of them",
                field="billable_minor",
                value=self.billable_minor,
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
    decided_at: UtcTime
    active_seconds: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    is_score_shown: bool = True
    lane: Lane
    propensity: Probability
    supersedes_id: Identifier | None = None


class LabelSource(StrEnum):
    """Verdicts and outcomes are kept apart: people err, invoices do not."""

    VERDICT = "verdict"
    OUTCOME = "outcome"


class Label(Record):
    """One thing learned about an item after it was assessed."""

    item_id: Identifier
    source: LabelSource
    is_violation: bool | None = None
    is_delayed: bool | None = None
    known_at: UtcTime


class TrainingRow(Record):
    """One assessed item with the vector of that time and what became of it.

    The only thing that passes from the service to training.
    """

    item_id: Identifier
    kind: ItemKind
    assessed_at: UtcTime
    known_at: UtcTime
    amount_minor: MinorUnits
    currency: Currency
    features: dict[str, float | None]
    is_rule_proved: bool
    """A rule had already proved a fault: outside the model's question."""
    is_suspected: bool = False
    """A likely fault had kept it from being cleared: outside the model's question as well."""
    is_violation: bool | None
    is_delayed: bool | None
    label_source: LabelSource
    route: Route
    lane: Lane | None
    propensity: Annotated[float, Field(gt=0.0, le=1.0)]
    bundle: Name
