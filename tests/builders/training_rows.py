"""Training rows and tables whose answer is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from data.schemas.decision import TrainingRow
from data.schemas.questions import LabelSource, Question
from data.schemas.vocabulary import ItemKind, Lane, Route
from models.features.catalogue import FEATURE_NAMES
from training.dataset import RiskTable, table_of

VARYING = (
    "vague_share",
    "approval_lag_days",
    "client_late_rate",
    "client_delay_rate",
    "late_days",
    "hours_week",
    "round_share",
    "project_days_before",
)
"""Features that differ from row to row; a table of nothing but noise would be learned by heart."""
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def training_row(**overrides: Any) -> TrainingRow:
    """A reviewed timesheet without fault, known three days after it was assessed."""
    assessed_at = overrides.get("assessed_at", START)
    given = {
        "item_id": "test:TS-1",
        "kind": ItemKind.TIMESHEET,
        "assessed_at": assessed_at,
        "known_at": assessed_at + timedelta(days=3),
        "amount_minor": 300_000,
        "currency": "EUR",
        "features": dict.fromkeys(FEATURE_NAMES, 0.0),
        "is_rule_proved": False,
        "answers": {Question.ANY_FAULT: False},
        "label_source": LabelSource.VERDICT,
        "route": Route.REVIEW,
        "lane": Lane.INDEX,
        "propensity": 1.0,
        "bundle": "rules-only",
    }
    return TrainingRow(**(given | overrides))


def reviewed_rows(count: int, *, seed: int = 1, days: int = 300) -> list[TrainingRow]:
    """Items over `days`; faults follow `vague_share`, late invoices `approval_lag_days`.

    Each item has a verdict row and an outcome row.
    """
    generator = np.random.default_rng(seed)
    values = np.zeros((count, len(FEATURE_NAMES)))
    places = [FEATURE_NAMES.index(name) for name in VARYING]
    values[:, places] = generator.uniform(0.0, 1.0, (count, len(VARYING)))
    vague = values[:, FEATURE_NAMES.index("vague_share")]
    lag = values[:, FEATURE_NAMES.index("approval_lag_days")]
    is_violation = generator.uniform(size=count) < np.where(vague > 0.8, 0.3, 0.01)
    is_delayed = generator.uniform(size=count) < np.where(lag > 0.7, 0.5, 0.05)
    amounts = generator.integers(150_000, 500_000, count)
    rows = []
    for i in range(count):
        row = training_row(
            item_id=f"test:TS-{i}",
            assessed_at=START + timedelta(days=days * i / count),
            amount_minor=int(amounts[i]),
            features=dict(zip(FEATURE_NAMES, values[i].tolist(), strict=True)),
            answers={Question.ANY_FAULT: bool(is_violation[i])},
        )
        outcome = {
            "answers": {Question.MISSED_CUT_OFF: bool(is_delayed[i])},
            "label_source": LabelSource.OUTCOME,
        }
        rows += [row, row.model_copy(update=outcome)]
    return rows


def tables(count: int, *, seed: int = 1) -> tuple[RiskTable, RiskTable]:
    """The tables of both heads."""
    rows = reviewed_rows(count, seed=seed)
    return table_of(rows, Question.ANY_FAULT), table_of(rows, Question.MISSED_CUT_OFF)
