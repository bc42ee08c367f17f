"""Finds features that know the outcome, or the date: nothing honest tells so much by itself.

The thresholds come from two leaks of a public log of travel permits (BPI Challenge 2020), where
306 amounts were overwritten with zero and 421 projects stayed unknown until a case was finished:
each was a single value, in hundreds of rows, whose outcome was decided.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from models.columns import Flags, Floats
from training.dataset import RiskTable

SUSPICIOUS_AUC = 0.9
FEWEST_OUTCOMES = 15
"""With fewer rows of either outcome a high rank is luck: one fault among thirty gives 0.9 often."""
FEWEST_OF_VALUE, DECIDED_RATE = 30, 0.95
"""So many rows of one value, and so many of them positive, are not chance."""
USUAL_BESIDE = 0.5
"""A value is odd if fewer of the rows next to it are positive: a threshold, such as a date after
which every bill is late, has others like itself on one side."""
SUSPICIOUS_TREND = 0.95
"""Rank correlation with time from which a number counts the days and not what happened in them."""


def find_leaks(
    table: RiskTable, *, features: tuple[str, ...], expected: frozenset[str] = frozenset()
) -> list[str]:
    """Name every feature that gives the outcome or the date away, and by what.

    By its rank (AUC above 0.9), by being unknown, by a single value whose rows have the outcome
    nearly always while those beside it have not, or by growing with time. What is `expected` to
    come close to deciding the question, for a reviewer decides by it, is left out.
    """
    leaks: list[str] = []
    for column, name in enumerate(features):
        if name not in expected:
            leaks.extend(f"{name}{how}" for how in _leaks_of(table.features[:, column], table))
    return leaks


def _leaks_of(values: Floats, table: RiskTable) -> list[str]:
    is_known = ~np.isnan(values)
    known, is_positive = values[is_known], table.is_positive[is_known]
    found = []
    if _tells_by_absence(is_known, is_positive=table.is_positive):
        found.append(" (by being unknown)")
    if _separates(known, is_positive=is_positive):
        found.append("")
    else:
        found += [
            f" (at {value:g}: {rate:.0%} of {rows} rows)"
            for value, rows, rate in _decided_values(known, is_positive=is_positive)
        ]
    if _follows_time(known, time=table.assessed_us[is_known].astype(np.float64)):
        found.append(" (grows with time)")
    return found


def _tells_by_absence(is_known: Flags, *, is_positive: Flags) -> bool:
    if _separates((~is_known).astype(np.float64), is_positive=is_positive):
        return True
    absent, present = is_positive[~is_known], is_positive[is_known]
    if len(absent) < FEWEST_OF_VALUE or not len(present):
        return False
    return bool(absent.mean() >= DECIDED_RATE and present.mean() < USUAL_BESIDE)


def _separates(values: Floats, *, is_positive: Flags) -> bool:
    positives = int(is_positive.sum())
    if min(positives, len(values) - positives) < FEWEST_OUTCOMES or np.ptp(values) == 0:
        return False
    auc = float(roc_auc_score(is_positive, values))
    return max(auc, 1.0 - auc) > SUSPICIOUS_AUC


def _decided_values(values: Floats, *, is_positive: Flags) -> list[tuple[float, int, float]]:
    """Values with many rows, nearly all positive, between rows that mostly are not."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    positives = np.concatenate(([0], np.cumsum(is_positive[order])))
    distinct, first, rows = np.unique(ordered, return_index=True, return_counts=True)
    last = first + rows
    rate = (positives[last] - positives[first]) / rows
    low = np.maximum(first - FEWEST_OF_VALUE, 0)
    high = np.minimum(last + FEWEST_OF_VALUE, len(ordered))
    # On an open side there is nobody to be like, so that side counts as usual.
    below = (positives[first] - positives[low]) / np.maximum(first - low, 1)
    above = (positives[high] - positives[last]) / np.maximum(high - last, 1)
    is_odd = (rows >= FEWEST_OF_VALUE) & (rate >= DECIDED_RATE)
    is_odd &= (np.maximum(below, above) < USUAL_BESIDE) & (rows < len(ordered))
    return [
        (float(distinct[place]), int(rows[place]), float(rate[place]))
        for place in np.flatnonzero(is_odd)
    ]


def _follows_time(values: Floats, *, time: Floats) -> bool:
    if len(values) < FEWEST_OF_VALUE or np.ptp(values) == 0 or np.ptp(time) == 0:
        return False
    return bool(np.corrcoef(rankdata(values), rankdata(time))[0, 1] > SUSPICIOUS_TREND)
