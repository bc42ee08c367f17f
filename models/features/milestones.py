"""How far a milestone has come: acceptance, evidence, what it waits for, and its share of value."""

from __future__ import annotations

import math
from datetime import date, datetime

import numpy as np

from data.schemas.items import Milestone
from data.schemas.vocabulary import AcceptanceKind
from models.columns import Batch, Floats
from models.features.circumstances import accepted_at, days_of
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.past.balances import Measure
from models.past.history import Past
from models.terms import Terms

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="acceptance_age_days", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(dispute=0, delay=0),
            sentence="The client accepted {value:.0f} days ago"),
    Feature(name="acceptance_late_days", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(write_off=0, dispute=0, delay=0),
            sentence="The client accepted {value:.0f} days after the due date",
            below="The client accepted {value:.0f} days before the due date"),
    Feature(name="client_rejections", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=1, delay=0),
            sentence="The client sent the deliverable back {value:.0f} times"),
    Feature(name="acceptance_unsigned", type=_T.FLAG, known_at=_K.DECISION,
            signs=signs(fault=0, dispute=0, delay=0),
            sentence="The acceptance carries no document",
            absent="The acceptance carries a document"),
    Feature(name="evidence_missing", type=_T.COUNT, known_at=_K.SUBMISSION,
            signs=signs(fault=0, dispute=0, delay=0),
            sentence="{value:.0f} pieces of the required evidence are missing"),
    Feature(name="open_predecessors", type=_T.COUNT, known_at=_K.SUBMISSION,
            signs=signs(fault=0, dispute=0, delay=0),
            sentence="It waits for {value:.0f} other milestones"),
    Feature(name="forecast_slip_days", type=_T.DAYS, known_at=_K.SUBMISSION,
            signs=signs(fault=0, dispute=0, delay=0),
            sentence="Acceptance is expected {value:.0f} days after the due date",
            below="Acceptance is expected {value:.0f} days before the due date"),
    Feature(name="milestone_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="It is {value:.0%} of the value of its line"),
    Feature(name="billed_ahead", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="Milestones so far exceed the measured progress by {value:.0%} of the line",
            below="Milestones so far lie {value:.0%} of the line below the measured progress"),
)  # fmt: skip


def milestones(
    batch: Batch, *, past: Past, terms: Terms, decided_at: datetime
) -> dict[str, Floats]:
    """Give the features of milestones; anything else has none."""
    table = np.full((len(batch), len(FEATURES)), np.nan)
    for index in np.flatnonzero(batch.is_milestone).tolist():
        item = batch.items[index]
        if isinstance(item, Milestone):
            line = batch.line[index : index + 1]
            before_minor = int(past.used(Measure.LINE_MILESTONES, line)[0])
            table[index] = (
                *_acceptance(item, decided_at=decided_at),
                float(len(set(item.evidence_required) - set(item.evidence_provided))),
                float(len(item.open_predecessors)),
                float((item.forecast_on - item.due_on).days) if item.forecast_on else math.nan,
                *_value(item, before_minor=before_minor, terms=terms, on=decided_at.date()),
            )
    return {feature.name: table[:, column] for column, feature in enumerate(FEATURES)}


def _acceptance(item: Milestone, *, decided_at: datetime) -> tuple[float, ...]:
    accepted = accepted_at(item)
    sent_back = {AcceptanceKind.REJECTED, AcceptanceKind.CONDITIONAL}
    rejections = float(sum(event.kind in sent_back for event in item.acceptance))
    if accepted is None:
        return math.nan, math.nan, rejections, math.nan
    is_signed = any(
        event.kind is AcceptanceKind.ACCEPTED and event.document_sha256 for event in item.acceptance
    )
    return (
        days_of(decided_at - accepted),
        float((accepted.date() - item.due_on).days),
        rejections,
        float(not is_signed),
    )


def _value(item: Milestone, *, before_minor: int, terms: Terms, on: date) -> tuple[float, float]:
    """Its share of the line's value, and how far billing runs ahead of the measured progress."""
    contract = terms.reference.contracts.get(item.contract_id)
    lines = [] if contract is None else [one for one in contract.lines if one.id == item.line_id]
    if not lines or not lines[0].value_minor:
        return math.nan, math.nan
    value_minor = lines[0].value_minor
    share = item.amount_minor / value_minor
    project = terms.reference.projects.get(item.project_id)
    measured = [] if project is None else [one for one in project.progress if one.as_of <= on]
    if not measured:
        return share, math.nan
    earned = max(measured, key=lambda one: one.as_of).earned
    return share, (before_minor + item.amount_minor) / value_minor - earned
