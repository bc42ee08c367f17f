"""Export what was assessed, decided and billed, from the audit trail, for training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from data.schemas.assessment import Assessment, is_held_back
from data.schemas.decision import TrainingRow
from data.schemas.items import narrative_of
from data.schemas.questions import LabelSource
from data.schemas.vocabulary import (
    BILLING_VERDICTS,
    AuditEvent,
    Lane,
    Proof,
    ReasonCode,
    Verdict,
)
from service.domain.audit_entry import AuditEntry
from service.domain.cut_off import month_of
from service.domain.errors import CountersignError
from service.ports.stores import Said, UnitOfWork
from service.usecases.assessing.assess_items import sha256_of_text
from service.usecases.billing.billing_outcomes import BillingOutcomes
from service.usecases.learning.trail_of_verdicts import TrailOfVerdicts
from service.usecases.learning.verdict_answers import verdict_answers


class TrailMismatchError(CountersignError):
    """A stored assessment is not the one the audit trail vouches for."""

    remedy = "Run 'countersign audit verify' and restore the database from a backup."

    def __init__(self, assessment_id: str) -> None:
        super().__init__(f"Assessment {assessment_id} differs from its hash in the audit trail.")
        self.assessment_id = assessment_id


def export_training_set(
    *, uow: UnitOfWork, until: datetime, rater_of: Callable[[str], str], cut_off_day: int
) -> list[TrainingRow]:
    """Give the rows of every assessment: one of each person who judged it, and of each outcome.

    What policy cleared and nobody reviewed is exported without an answer: it is unknown, not good.
    `rater_of` gives the pseudonym of a person; `cut_off_day` is the day of the month by which the
    invoices of the month before must leave. It only reads. Raises TrailMismatchError if the store
    was changed behind the trail's back.
    """
    # 1. The trail: what was assessed, and which verdicts stand.
    trail = TrailOfVerdicts.read(uow)
    # 2. The ledger: what became of the items since.
    outcomes = BillingOutcomes.read(uow, cut_off_day=cut_off_day)
    # 3. Every stored assessment is held against its hash, and told with both.
    rows: list[TrainingRow] = []
    missing = set(trail.assessed)
    for said in uow.items.everything_said():
        missing.discard(said.assessment_id)
        rows += _rows(said, trail, outcomes, until=until, rater_of=rater_of)
    for assessment_id in sorted(missing):
        raise TrailMismatchError(assessment_id)
    return rows


def note_export(
    rows: Sequence[TrainingRow], *, actor_id: str, uow: UnitOfWork, now: datetime
) -> None:
    """Write down who took the training rows out of the trail."""
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.TRAINING_SET_EXPORTED,
            at=now,
            actor_id=actor_id,
            subject="training-set",
            facts={"rows": len(rows), "labelled": sum(bool(row.answers) for row in rows)},
        )
    )


def _rows(
    said: Said,
    trail: TrailOfVerdicts,
    outcomes: BillingOutcomes,
    *,
    until: datetime,
    rater_of: Callable[[str], str],
) -> Iterator[TrainingRow]:
    if trail.assessed.get(said.assessment_id) != sha256_of_text(said.text):
        raise TrailMismatchError(said.assessment_id)
    assessment = Assessment.model_validate_json(said.text)
    blank = _unlabelled(assessment, said, until=until)
    labels = trail.labels_of(said.assessment_id)
    yield from (_judged(blank, body, rater_of=rater_of) for body in labels) if labels else [blank]
    # An older version was never billed, and what was deleted never will be.
    if said.is_superseded or said.stored.withdrawn_at is not None:
        return
    verdict = trail.verdict_in_force(said.assessment_id)
    for outcome in outcomes.of(
        said.stored.item,
        assessed_at=assessment.assessed_at,
        until=until,
        is_refused=verdict is not None and verdict not in BILLING_VERDICTS,
    ):
        yield blank.model_copy(
            update={
                "label_source": LabelSource.OUTCOME,
                "answers": outcome.answers,
                "known_at": outcome.known_at,
                "days_to_bill": outcome.days_to_bill,
                "is_billed": outcome.is_billed,
            }
        )


def _unlabelled(assessment: Assessment, said: Said, *, until: datetime) -> TrainingRow:
    item = said.stored.item
    return TrainingRow(
        item_id=assessment.item_id,
        kind=assessment.kind,
        assessed_at=assessment.assessed_at,
        known_at=min(until, assessment.assessed_at),
        amount_minor=assessment.amount_minor,
        currency=assessment.currency,
        features=assessment.features,
        narrative=narrative_of(item),
        is_rule_proved=any(finding.proof is Proof.RULE for finding in assessment.findings),
        is_suspected=is_held_back(assessment.findings),
        label_source=LabelSource.VERDICT,
        route=assessment.route,
        lane=assessment.lane,
        propensity=assessment.propensity,
        bundle=assessment.versions.bundle,
        probability=assessment.violation_probability,
        group=f"{item.contract_id}/{month_of(item)}",
    )


def _judged(
    blank: TrainingRow, body: Mapping[str, Any], *, rater_of: Callable[[str], str]
) -> TrainingRow:
    facts = body["facts"]
    reasons = [ReasonCode(one) for one in facts["reasons"]]
    return blank.model_copy(
        update={
            "known_at": datetime.fromisoformat(body["at"]),
            "answers": verdict_answers(Verdict(facts["verdict"]), kind=blank.kind, reasons=reasons),
            "lane": Lane(facts["lane"]),
            "rater": rater_of(body["actor"]),
            "active_seconds": facts["active_seconds"],
            "is_score_shown": facts["is_score_shown"],
        }
    )
