"""Pictures of a candidate for people: calibration, ranking, and what the certificate clears."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from models.certificate import Certificate
from models.columns import Floats
from training.dataset import RiskTable
from training.evaluate import bins_of

INCHES = (5.0, 4.0)
BLUE, GREY, RED = "#1f6feb", "#8b949e", "#d1242f"


def reliability_curve(table: RiskTable, *, probability: Floats) -> bytes:
    """Draw the stated share against the seen one, in bins of equal mass, as SVG."""
    figure, axes = _axes("Stated and seen share of yes", x="stated", y="seen")
    weight, bins = table.weight, bins_of(probability, weight=table.weight)
    stated = [np.average(probability[rows], weights=weight[rows]) for rows in bins]
    seen = [np.average(table.is_positive[rows], weights=weight[rows]) for rows in bins]
    most = max([*stated, *seen, 1e-3]) * 1.1
    axes.plot([0, most], [0, most], color=GREY, linestyle="--", linewidth=1)
    axes.plot(stated, seen, color=BLUE, marker="o")
    axes.set_xlim(0, most)
    axes.set_ylim(0, most)
    return _svg(figure)


def precision_recall(table: RiskTable, *, probability: Floats) -> bytes:
    """Draw precision against recall, with the base rate beside it, as SVG."""
    figure, axes = _axes("Precision and recall", x="recall", y="precision")
    precision, recall, _ = precision_recall_curve(
        table.is_positive, probability, sample_weight=table.weight
    )
    base_rate = float(np.average(table.is_positive, weights=table.weight))
    axes.axhline(base_rate, color=GREY, linestyle="--", linewidth=1)
    axes.plot(recall, precision, color=BLUE, drawstyle="steps-post")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    return _svg(figure)


def risk_and_coverage(
    table: RiskTable,
    *,
    probability: Floats,
    certificates: tuple[Certificate, ...],
    cleared_share: float,
    wrong_share: float,
) -> bytes:
    """Draw how much would be wrong of what is cleared, against how much is cleared, as SVG.

    The line is any threshold on the test slice; the mark is what the certificates clear, and the
    dashed line what they promise.
    """
    figure, axes = _axes("What is cleared, and what of it is wrong", x="cleared", y="wrong")
    order = np.argsort(probability, kind="stable")
    weight = table.weight[order]
    coverage = np.cumsum(weight) / weight.sum()
    risk = np.cumsum(weight * table.is_positive[order]) / np.cumsum(weight)
    axes.plot(coverage, risk, color=BLUE)
    for alpha in sorted({one.alpha_cases for one in certificates}):
        axes.axhline(alpha, color=RED, linestyle="--", linewidth=1)
    axes.plot([cleared_share], [wrong_share], color=RED, marker="D", linestyle="none")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, None)
    return _svg(figure)


def _axes(title: str, *, x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return figure, axes


def _svg(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    # Without a date the same figures give the same picture.
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()
