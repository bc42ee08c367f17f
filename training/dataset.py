"""What counts as a label, and with what weight: training rows as one table for each question."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from data.schemas.assessment import Assessment, is_held_back
from data.schemas.decision import Label, TrainingRow
from data.schemas.items import AnyItem, Milestone, narrative_of
from data.schemas.questions import ASKED, Asked, LabelSource, Question
from data.schemas.vocabulary import ItemKind, Lane, Proof
from models.columns import Flags, Floats, Ints
from models.reporting_currency import reporting_minor
from models.segments import segment_of
from training.row_columns import NOT_SAID, RowColumns, columns_of
from training.verdicts import Settled, latest, settle

MAX_WEIGHT = 20.0
"""One over the smallest propensity that still tells something; beyond it one row is all noise."""
FAIR_LANES = frozenset({Lane.INDEX, Lane.AUDIT, Lane.DOUBLE})
"""Lanes whose propensity is known; gold cases are chosen, returned ones came back for a reason."""
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskTable:
    """The rows one head learns from, oldest first; amounts in reporting minor units."""

    item_id: tuple[str, ...]
    kind: tuple[ItemKind, ...]
    segment: tuple[str, ...]
    era: tuple[str, ...]
    group: tuple[str, ...]
    """What is billed together; empty where a row does not say."""
    narrative: tuple[str, ...]
    assessed_us: Ints
    known_us: Ints
    amount: Floats
    features: Floats
    is_positive: Flags
    propensity: Floats
    reliability: Floats
    """How far the label can be believed, up to one: from double reviews, `training.raters`."""

    def __len__(self) -> int:
        return len(self.item_id)

    @property
    def weight(self) -> Floats:
        """One over the propensity, clipped, times the reliability."""
        weight: Floats = np.minimum(1.0 / self.propensity, MAX_WEIGHT) * self.reliability
        return weight

    def take(self, rows: Flags) -> RiskTable:
        """Give the rows of a mask."""
        where = np.flatnonzero(rows)
        kept: dict[str, Any] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            is_text = isinstance(column, tuple)
            kept[field.name] = tuple(column[i] for i in where) if is_text else column[where]
        return RiskTable(**kept)


def label_rows(
    assessment: Assessment, *, item: AnyItem, labels: Iterable[Label]
) -> list[TrainingRow]:
    """Give a row per label: verdicts and outcomes stay apart, each with its own time.

    Without labels there is one row that says nothing: not reviewed is not faultless.
    """
    narrative = narrative_of(item)
    month = item.submitted_at.date() if isinstance(item, Milestone) else item.period_end
    group = f"{item.contract_id}/{month:%Y-%m}"
    rows = [_row(assessment, narrative=narrative, group=group, label=label) for label in labels]
    return rows or [_row(assessment, narrative=narrative, group=group, label=None)]


def table_of(rows: Iterable[TrainingRow] | RowColumns, question: Question) -> RiskTable:
    """Give the rows that answer a question, one per item.

    A verdict counts only where the item came to a person by a known chance, no rule had already
    answered, and nothing that no model answers for had sent it to a person: what policy never
    clears has no part in a promise about what it clears. Verdicts of several people on one item
    become one, weighed by how far each can be believed. An outcome shows by itself for every
    item, so all count, and alike; the one known last stands.
    """
    columns = rows if isinstance(rows, RowColumns) else columns_of(rows)
    asked = ASKED[question]
    told = columns.take(_answering(columns, asked=asked))
    says = told.answer(question) == 1
    if asked.source is LabelSource.OUTCOME:
        settled = latest(told, says=says)
        return _table(told, settled=settled, propensity=np.ones(len(settled.place)))
    settled = settle(told, says=says)
    return _table(told, settled=settled, propensity=settled.propensity)


def effective_sample_size(weight: Floats) -> float:
    """How many equally weighted rows would tell as much."""
    total = float(weight.sum())
    return total * total / float((weight**2).sum()) if len(weight) else 0.0


def _answering(columns: RowColumns, *, asked: Asked) -> Flags:
    kinds = [kind.value for kind in asked.kinds]
    told: Flags = (columns.answer(asked.question) != NOT_SAID) & np.isin(columns.kind, kinds)
    if asked.source is LabelSource.OUTCOME:
        return told
    is_fair = np.isin(columns.lane, [lane.value for lane in FAIR_LANES])
    return told & is_fair & ~columns.is_rule_proved & ~columns.is_suspected


def _row(assessment: Assessment, *, narrative: str, group: str, label: Label | None) -> TrainingRow:
    waited = label if label is not None and label.source is LabelSource.OUTCOME else None
    return TrainingRow(
        item_id=assessment.item_id,
        kind=assessment.kind,
        assessed_at=assessment.assessed_at,
        known_at=assessment.assessed_at if label is None else label.known_at,
        amount_minor=assessment.amount_minor,
        currency=assessment.currency,
        features=assessment.features,
        narrative=narrative,
        is_rule_proved=any(finding.proof is Proof.RULE for finding in assessment.findings),
        is_suspected=is_held_back(assessment.findings),
        label_source=LabelSource.VERDICT if label is None else label.source,
        answers={} if label is None else dict(label.answers),
        days_to_bill=None if waited is None else _days_waited(assessment, label=waited),
        is_billed=None if waited is None else waited.billed_at is not None,
        route=assessment.route,
        lane=assessment.lane,
        propensity=assessment.propensity,
        bundle=assessment.versions.bundle,
        probability=assessment.violation_probability,
        rater=None if label is None else label.rater,
        active_seconds=None if label is None else label.active_seconds,
        is_score_shown=None if label is None else label.is_score_shown,
        group=group,
    )


def _days_waited(assessment: Assessment, *, label: Label) -> float:
    """Days to the invoice, or so far where none has left."""
    until = label.known_at if label.billed_at is None else label.billed_at
    return max((until - assessment.assessed_at).total_seconds() / DAY_SECONDS, 0.0)


def _table(told: RowColumns, *, settled: Settled, propensity: Floats) -> RiskTable:
    order = np.lexsort((told.item_id[settled.place], told.assessed_us[settled.place]))
    place = settled.place[order]
    amount = _amounts(told, place=place)
    kinds = tuple(ItemKind(kind) for kind in told.kind[place])
    return RiskTable(
        item_id=tuple(told.item_id[place]),
        kind=kinds,
        segment=tuple(
            segment_of(kind, amount_reporting_minor=None if math.isinf(value) else value)
            for kind, value in zip(kinds, amount.tolist(), strict=True)
        ),
        era=tuple(told.bundle[place]),
        group=tuple(told.group[place]),
        narrative=tuple(told.narrative[place]),
        assessed_us=told.assessed_us[place],
        known_us=told.known_us[place],
        amount=amount,
        features=told.features[place],
        is_positive=settled.is_yes[order],
        propensity=propensity[order],
        reliability=settled.reliability[order],
    )


def _amounts(told: RowColumns, *, place: Ints) -> Floats:
    """Amounts on the reporting scale; without a rate one is above every cap."""
    amounts = np.full(len(place), math.inf)
    minor, currency = told.amount_minor[place], told.currency[place]
    for code in set(currency.tolist()):
        rows = np.flatnonzero(currency == code)
        for row in rows.tolist():
            amount = reporting_minor(int(minor[row]), currency=code)
            amounts[row] = math.inf if amount is None else amount
    return amounts
