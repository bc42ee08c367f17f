"""Finds features that know the outcome: nothing honest ranks this well all by itself."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_auc_score

from models.columns import Flags, Floats
from training.dataset import RiskTable

SUSPICIOUS_AUC = 0.9
FEWEST_OUTCOMES = 15
"""With fewer rows of either outcome a high rank is luck: one fault among thirty gives 0.9 often."""


def find_leaks(table: RiskTable, *, features: tuple[str, ...]) -> list[str]:
    """Name every feature, and every flag of its absence, that separates the outcome by itself."""
    leaks = []
    for column, name in enumerate(features):
        values = table.features[:, column]
        is_unknown = np.isnan(values)
        if _separates(is_unknown.astype(np.float64), is_positive=table.is_positive):
            leaks.append(f"{name} (by being unknown)")
        known = ~is_unknown
        if _separates(values[known], is_positive=table.is_positive[known]):
            leaks.append(name)
    return leaks


def _separates(values: Floats, *, is_positive: Flags) -> bool:
    positives = int(is_positive.sum())
    if min(positives, len(values) - positives) < FEWEST_OUTCOMES or np.ptp(values) == 0:
        return False
    auc = float(roc_auc_score(is_positive, values))
    return max(auc, 1.0 - auc) > SUSPICIOUS_AUC
