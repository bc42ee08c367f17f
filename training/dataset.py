"""Training rows: from assessments and labels, to and from files, and as tables for each head."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.schemas.assessment import Assessment
from data.schemas.decision import Label, LabelSource, TrainingRow
from data.schemas.vocabulary import Lane, Proof
from models.columns import Flags, Floats, Ints, microseconds
from models.features.catalogue import FEATURE_NAMES
from models.reporting_currency import reporting_minor
from models.segments import segment_of

MAX_WEIGHT = 20.0
"""One over the smallest propensity that still tells something; beyond it one row is all noise."""
FAIR_LANES = frozenset({Lane.INDEX, Lane.AUDIT, Lane.DOUBLE})
"""Lanes whose propensity is known; gold cases are chosen, returned ones came back for a reason."""


class UnreadableRowError(ValueError):
    """A file of training rows holds a line that is not a training row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskTable:
    """The rows one head learns from, oldest first; amounts in reporting minor units."""

    item_id: tuple[str, ...]
    segment: tuple[str, ...]
    era: tuple[str, ...]
    assessed_us: Ints
    known_us: Ints
    amount: Floats
    features: Floats
    is_positive: Flags
    propensity: Floats

    def __len__(self) -> int:
        return len(self.item_id)

    @property
    def weight(self) -> Floats:
        """One over the propensity, clipped."""
        return np.minimum(1.0 / self.propensity, MAX_WEIGHT)

    def take(self, rows: Flags) -> RiskTable:
        """Give the rows of a mask."""
        where = np.flatnonzero(rows).tolist()
        return RiskTable(
            item_id=tuple(self.item_id[i] for i in where),
            segment=tuple(self.segment[i] for i in where),
            era=tuple(self.era[i] for i in where),
            assessed_us=self.assessed_us[rows],
            known_us=self.known_us[rows],
            amount=self.amount[rows],
            features=self.features[rows],
            is_positive=self.is_positive[rows],
            propensity=self.propensity[rows],
        )


def label_rows(assessment: Assessment, *, labels: Iterable[Label]) -> list[TrainingRow]:
    """Give a row per label: verdicts and outcomes stay apart, each with its own time.

    Without labels there is one row that says nothing: not reviewed is not faultless.
    """
    return [_row(assessment, label=label) for label in labels] or [_row(assessment, label=None)]


def violation_table(rows: Iterable[TrainingRow]) -> RiskTable:
    """Rows for 'would a full review find a fault that no rule has proved?'.

    Only verdicts count, only of items that came to a person by a known chance, and only where
    no rule had already answered and nothing likely had sent the item to a person: what policy
    never clears has no part in a promise about what it clears.
    """
    return _table(
        [
            (row, row.is_violation)
            for row in rows
            if row.label_source is LabelSource.VERDICT
            and row.is_violation is not None
            and row.lane in FAIR_LANES
            and not row.is_rule_proved
            and not row.is_suspected
        ]
    )


def delay_table(rows: Iterable[TrainingRow]) -> RiskTable:
    """Rows for 'will the invoice leave late?'; billing shows it for every item, so all count."""
    billed = [(row, row.is_delayed) for row in rows if row.is_delayed is not None]
    return _table(
        [(row.model_copy(update={"propensity": 1.0}), is_delayed) for row, is_delayed in billed]
    )


def effective_sample_size(weight: Floats) -> float:
    """How many equally weighted rows would tell as much."""
    total = float(weight.sum())
    return total * total / float((weight**2).sum()) if len(weight) else 0.0


def write_rows(rows: Sequence[TrainingRow], *, path: Path) -> None:
    """Write rows as JSON lines, or as Parquet if the name ends in `.parquet`."""
    texts = [row.model_dump_json() for row in rows]
    if path.suffix == ".parquet":
        pq.write_table(pa.table({"row": texts}), path)
    else:
        path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")


def read_rows(path: Path) -> list[TrainingRow]:
    """Read what `write_rows` or the service wrote.

    Raises UnreadableRowError with file and line.
    """
    if path.suffix == ".parquet":
        texts = pq.read_table(path, columns=["row"]).column("row").to_pylist()
    else:
        texts = path.read_text(encoding="utf-8").splitlines()
    rows = []
    for number, text in enumerate(texts, start=1):
        if text.strip():
            try:
                rows.append(TrainingRow.model_validate_json(text))
            except ValueError as error:
                raise UnreadableRowError(
                    f"{path.name} line {number} is not a training row: {error}; export the rows "
                    "again with the version that trains"
                ) from error
    return rows


def _row(assessment: Assessment, *, label: Label | None) -> TrainingRow:
    return TrainingRow(
        item_id=assessment.item_id,
        kind=assessment.kind,
        assessed_at=assessment.assessed_at,
        known_at=assessment.assessed_at if label is None else label.known_at,
        amount_minor=assessment.amount_minor,
        currency=assessment.currency,
        features=assessment.features,
        is_rule_proved=any(finding.proof is Proof.RULE for finding in assessment.findings),
        is_suspected=any(finding.is_suspicion for finding in assessment.findings),
        is_violation=None if label is None else label.is_violation,
        is_delayed=None if label is None else label.is_delayed,
        label_source=LabelSource.VERDICT if label is None else label.source,
        route=assessment.route,
        lane=assessment.lane,
        propensity=assessment.propensity,
        bundle=assessment.versions.bundle,
    )


def _table(labelled: Iterable[tuple[TrainingRow, bool | None]]) -> RiskTable:
    """One row per item: the label known last, for a correction outranks what it corrects."""
    latest: dict[str, tuple[TrainingRow, bool | None]] = {}
    for row, label in labelled:
        held = latest.get(row.item_id)
        if held is None or held[0].known_at <= row.known_at:
            latest[row.item_id] = (row, label)
    kept = sorted(latest.values(), key=lambda pair: (pair[0].assessed_at, pair[0].item_id))
    rows = [row for row, _ in kept]
    return RiskTable(
        item_id=tuple(row.item_id for row in rows),
        segment=tuple(_segment(row) for row in rows),
        era=tuple(row.bundle for row in rows),
        assessed_us=_times([row.assessed_at for row in rows]),
        known_us=_times([row.known_at for row in rows]),
        amount=np.array([_amount(row) for row in rows], dtype=np.float64),
        features=_features(rows),
        is_positive=np.array([bool(label) for _, label in kept], dtype=np.bool_),
        propensity=np.array([row.propensity for row in rows], dtype=np.float64),
    )


def _features(rows: Sequence[TrainingRow]) -> Floats:
    table = np.empty((len(rows), len(FEATURE_NAMES)))
    for index, row in enumerate(rows):
        table[index] = [_number(row.features.get(name)) for name in FEATURE_NAMES]
    return table


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _segment(row: TrainingRow) -> str:
    amount = reporting_minor(row.amount_minor, currency=row.currency)
    return segment_of(row.kind, amount_reporting_minor=amount)


def _amount(row: TrainingRow) -> float:
    """The amount on the reporting scale; without a rate it is above every cap."""
    amount = reporting_minor(row.amount_minor, currency=row.currency)
    return math.inf if amount is None else amount


def _times(moments: Sequence[datetime]) -> Ints:
    return np.array([microseconds(moment) for moment in moments], dtype=np.int64)
