"""How good probabilities are on a later slice; figures are named by the harm they measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from models.calibration import EDGE, log_loss
from models.certificate import Certificate
from models.columns import Flags, Floats, Ints
from training.dataset import RiskTable
from training.slicing import slices_by_name

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What the certificates would have cleared in a slice."""

    is_cleared: Flags
    share_of_cases: float
    share_of_money: float
    wrong_share_of_cases: float
    wrong_share_of_money: float
    missed_leakage: float
    """Share of the faulty money that was cleared."""


def measure(table: RiskTable, *, probability: Floats) -> dict[str, float]:
    """Give ranking, probability and calibration figures, each weighted by one over propensity."""
    weight, positive = table.weight, table.is_positive
    base_rate = float(np.average(positive, weights=weight)) if len(table) else 0.0
    figures = {
        "rows": float(len(table)),
        "positives": float(positive.sum()),
        "base_rate": base_rate,
    }
    if not 0 < int(positive.sum()) < len(table):
        return figures
    flat = np.full(len(table), base_rate)
    return figures | {
        "auc": float(roc_auc_score(positive, probability, sample_weight=weight)),
        "pr_auc": float(average_precision_score(positive, probability, sample_weight=weight)),
        "brier": float(np.average((probability - positive) ** 2, weights=weight)),
        "log_loss": log_loss(probability, is_positive=positive, weight=weight),
        "base_log_loss": log_loss(flat, is_positive=positive, weight=weight),
        "ece": calibration_error(probability, is_positive=positive, weight=weight),
    }


def losses(probability: Floats, *, is_positive: Flags) -> Floats:
    """Give the log-loss of each row in nats."""
    inside = np.clip(probability, EDGE, 1.0 - EDGE)
    return -np.where(is_positive, np.log(inside), np.log1p(-inside))


def calibration_error(
    probability: Floats, *, is_positive: Flags, weight: Floats, bins: int = BINS
) -> float:
    """Mean gap between stated and seen share, over bins of equal mass (ECE)."""
    error = 0.0
    for rows in bins_of(probability, weight=weight, bins=bins):
        share = weight[rows].sum() / weight.sum()
        stated = np.average(probability[rows], weights=weight[rows])
        seen = np.average(is_positive[rows], weights=weight[rows])
        error += float(share * abs(stated - seen))
    return error


def bins_of(probability: Floats, *, weight: Floats, bins: int = BINS) -> list[Ints]:
    """Give the rows of each bin of equal mass, from the lowest probability up; empty ones not."""
    order = np.argsort(probability, kind="stable")
    mass = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    number = np.minimum((mass * bins).astype(np.int64), bins - 1)
    groups = (order[number == one] for one in range(bins))
    return [rows for rows in groups if len(rows)]


def measure_slices(
    table: RiskTable, *, probability: Floats, fewest: int = 100
) -> dict[str, dict[str, float]]:
    """Give the figures of each slice (segment, month, newcomers, clients) with enough rows."""
    return {
        name: measure(table.take(rows), probability=probability[rows])
        for name, rows in slices_by_name(table).items()
        if int(rows.sum()) >= fewest
    }


def clear(
    table: RiskTable, *, probability: Floats, certificates: tuple[Certificate, ...], cap: float
) -> Cleared:
    """Apply the certificates to a slice they were not made from."""
    is_cleared: Flags = np.zeros(len(table), dtype=np.bool_)
    for certificate in certificates:
        is_member = np.isin(np.array(table.segment, dtype=object), certificate.members)
        is_cleared |= is_member & certificate.clears(probability, amount=table.amount)
    is_cleared &= table.amount <= cap
    weight = table.weight
    money = weight * np.where(np.isfinite(table.amount), table.amount, 0.0)
    wrong = is_cleared & table.is_positive
    return Cleared(
        is_cleared=is_cleared,
        share_of_cases=_share(weight, is_cleared),
        share_of_money=_share(money, is_cleared),
        wrong_share_of_cases=_share(weight[is_cleared], wrong[is_cleared]),
        wrong_share_of_money=_share(money[is_cleared], wrong[is_cleared]),
        missed_leakage=_share(money[table.is_positive], is_cleared[table.is_positive]),
    )


def _share(weight: Floats, rows: Flags) -> float:
    total = float(weight.sum())
    return float(weight[rows].sum()) / total if total else 0.0
