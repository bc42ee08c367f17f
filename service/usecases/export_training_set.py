"""Export what was assessed and decided, from the audit trail, for training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data.schemas.assessment import Assessment
from data.schemas.decision import LabelSource, TrainingRow
from data.schemas.vocabulary import FINAL_VERDICTS, AuditEvent, Lane, Proof, Verdict
from service.domain.audit_entry import AuditEntry
from service.domain.errors import CountersignError
from service.ports.stores import UnitOfWork
from service.usecases.assess_items import sha256_of


class TrailMismatchError(CountersignError):
    """A stored assessment is not the one the audit trail vouches for."""

    remedy = "Run 'countersign audit verify' and restore the database from a backup."

    def __init__(self, assessment_id: str) -> None:
        super().__init__(f"Assessment {assessment_id} differs from its hash in the audit trail.")
        self.assessment_id = assessment_id


@dataclass(slots=True)
class _Trail:
    """The trail, folded: what was assessed, and the standing verdict of each assessment."""

    assessed: dict[str, str] = field(default_factory=dict)
    decided: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)


def export_training_set(*, actor_id: str, uow: UnitOfWork, now: datetime) -> list[TrainingRow]:
    """Give a row per assessment, with its label where a person settled it.

    What policy cleared and nobody reviewed is exported without a label: it is unknown, not good.
    Raises TrailMismatchError if the store was changed behind the trail's back.
    """
    trail = _folded(uow.audit.entries(AuditEvent.ITEM_ASSESSED, AuditEvent.CASE_DECIDED,
                                      AuditEvent.DECISION_UNDONE))  # fmt: skip
    rows = [
        _row(_vouched(assessment_id, sha256, uow), trail, until=now)
        for assessment_id, sha256 in trail.assessed.items()
    ]
    labelled = sum(row.is_violation is not None for row in rows)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.TRAINING_SET_EXPORTED,
            at=now,
            actor_id=actor_id,
            subject="training-set",
            facts={"rows": len(rows), "labelled": labelled},
        )
    )
    return rows


def _folded(entries: Iterator[Mapping[str, Any]]) -> _Trail:
    trail = _Trail()
    for body in entries:
        facts = body["facts"]
        match body["event"]:
            case AuditEvent.ITEM_ASSESSED:
                trail.assessed[facts["assessment"]] = facts["assessment_sha256"]
            case AuditEvent.CASE_DECIDED:
                if Verdict(facts["verdict"]) in FINAL_VERDICTS:
                    trail.decided[facts["assessment"]] = body
            case _:
                trail.undone.add(facts["decision"])
    return trail


def _vouched(assessment_id: str, sha256: str, uow: UnitOfWork) -> Assessment:
    assessment = uow.items.assessment(assessment_id)
    if assessment is None or sha256_of(assessment) != sha256:
        raise TrailMismatchError(assessment_id)
    return assessment


def _row(assessment: Assessment, trail: _Trail, *, until: datetime) -> TrainingRow:
    body = trail.decided.get(assessment.id)
    if body is not None and body["facts"]["decision"] in trail.undone:
        body = None
    facts = body["facts"] if body else {}
    return TrainingRow(
        item_id=assessment.item_id,
        kind=assessment.kind,
        assessed_at=assessment.assessed_at,
        known_at=datetime.fromisoformat(body["at"]) if body else min(until, assessment.assessed_at),
        amount_minor=assessment.amount_minor,
        currency=assessment.currency,
        features=assessment.features,
        is_rule_proved=any(finding.proof is Proof.RULE for finding in assessment.findings),
        is_suspected=any(finding.is_suspicion for finding in assessment.findings),
        is_violation=facts["verdict"] != Verdict.APPROVE if facts else None,
        is_delayed=None,
        label_source=LabelSource.VERDICT,
        route=assessment.route,
        lane=Lane(facts["lane"]) if facts else assessment.lane,
        propensity=assessment.propensity,
        bundle=assessment.versions.bundle,
    )
