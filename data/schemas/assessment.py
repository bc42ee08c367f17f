"""What is said of an item at one time: findings, probabilities, route, reasons and versions."""

from __future__ import annotations

from data.schemas.catalogue import ExceptionCode
from data.schemas.values import (
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
