"""What is said of an item at one time: findings, probabilities, route, reasons and versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, model_validator

from data.schemas.catalogue import ExceptionCode
from data.schemas.questions import ASKED, Question
from data.schemas.values import (
    ContradictionError,
    Currency,
    Identifier,
    MinorUnits,
    Name,
    Probability,
    Record,
    Sha256,
    SignedMinorUnits,
    Text,
    UtcTime,
)
from data.schemas.vocabulary import ItemKind, Lane, Proof, Route, Severity

SCORES_OF_ITEMS = frozenset({ExceptionCode.LIKELY_VIOLATION, ExceptionCode.INVOICE_DELAY_RISK})
"""Said of a whole item by the released models."""
ANSWERED_BY_MODELS = frozenset(one.code for one in ASKED.values())
"""What a trained model is asked; documented guesses stand in only until there is one."""


class EvidenceRow(Record):
    """One row that proves a finding: what stands there and what the clause expects."""

    row_id: Identifier
    field: Name
    actual: Text
    expected: Text
    exposure_minor: SignedMinorUnits = 0


class Finding(Record):
    """One exception found in an item, with its clause, its proof and its price."""

    code: ExceptionCode
    severity: Severity
    proof: Proof
    probability: Probability = 1.0
    clause_id: Identifier | None
    summary: Text
    evidence: tuple[EvidenceRow, ...]
    exposure_minor: SignedMinorUnits

    @property
    def is_suspicion(self) -> bool:
        """Whether it keeps its item from being cleared though no rule proved it.

        The scores of a whole item have thresholds of their own, and a note holds back nothing.
        """
        return (
            self.proof is Proof.MODEL
            and self.severity is not Severity.LOW
            and self.code not in SCORES_OF_ITEMS
        )


def is_held_back(findings: Iterable[Finding]) -> bool:
    """Whether a suspicion that no model answers for keeps an item from being cleared.

    Where a model is asked the very question, its certified probability decides instead.
    """
    return any(one.is_suspicion and one.code not in ANSWERED_BY_MODELS for one in findings)


def is_suspect(findings: Iterable[Finding]) -> bool:
    """Whether any suspicion stands: what holds an item back while no model is released."""
    return any(one.is_suspicion for one in findings)


class BillDays(Record):
    """Days until the invoice leaves: as likely sooner as later, and the two late ends."""

    p50_days: Annotated[float, Field(ge=0)]
    p80_days: Annotated[float, Field(ge=0)]
    p90_days: Annotated[float, Field(ge=0)]

    @model_validator(mode="after")
    def _in_order(self) -> BillDays:
        if not self.p50_days <= self.p80_days <= self.p90_days:
            raise ContradictionError(
                "lies before an earlier quantile", field="p90_days", value=self.p90_days
            )
        return self


class Reason(Record):
    """Why a model leans one way, in a sentence a finance person understands."""

    feature: Name
    sentence: Text
    contribution: float
    """Signed change of the log-odds; above zero speaks for a violation (or a delay)."""


class Versions(Record):
    """Everything needed to repeat the assessment."""

    rules: Name
    bundle: Name
    policy: Name
    history_through: int
    """Sequence number of the last stored item the assessment could see."""


class Assessment(Record):
    """All that was said of one version of an item at one time."""

    id: Identifier
    item_id: Identifier
    item_sha256: Sha256
    kind: ItemKind
    assessed_at: UtcTime
    amount_minor: MinorUnits
    currency: Currency
    findings: tuple[Finding, ...]
    violation_probability: Probability | None
    """Probability that a full review finds a fault no rule has proved; None in rules-only mode."""
    delay_probability: Probability | None
    """Probability that the invoice leaves after its cut-off; None in rules-only mode."""
    risk_minor: MinorUnits
    leak_minor: MinorUnits
    route: Route
    route_reason: Text
    lane: Lane | None
    """Set when a person is asked; None when policy alone decided."""
    propensity: Probability
    """Probability with which this item was sent to a person."""
    reasons: tuple[Reason, ...]
    features: dict[str, float | None]
    """The vector the models saw; None where a value was not known."""
    versions: Versions
    probabilities: dict[Question, Probability] = Field(default_factory=dict)
    """What the released models answer; a question without a head does not stand here."""
    bill_days: BillDays | None = None
    review_minutes: Annotated[float, Field(ge=0)] | None = None
    """Minutes of a person's attention that a review of this item is expected to take."""
    review_error: Probability | None = None
    """How often a person's verdict on this kind of item is wrong."""
