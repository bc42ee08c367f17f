"""The promise as tables: how often it broke in firms of known truth, and how soon that shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models.evaluation.promise import PromiseFigures, evaluate_promise
from training.report import Report

KEPT_RISK, TRIPLED = 0.02, 3


def evaluate_promises(*, firms: int, progress: Callable[[str], None]) -> Iterator[Report]:
    """Certify many firms at each alpha, and watch many live; a table each."""
    figures = evaluate_promise(
        firms=firms, progress=lambda line: progress(line.removeprefix("promise: "))
    )
    yield _certified(figures, firms=firms)
    yield _watched(figures)


def _certified(figures: PromiseFigures, *, firms: int) -> Report:
    ours = [one for one in figures.cells if one.way != "plug-in"]
    worst = max(max(one.broken_cases, one.broken_money) for one in ours)
    return Report(
        title=f"Promise: {firms} firms for each alpha, broken at most {figures.delta:.0%} of them",
        columns=("way", "alpha", "labels", "broken in cases", "in money", "cleared",
                 "of the oracle", "nothing cleared"),
        rows=[
            (one.way, f"{one.alpha:.0%}", f"{one.labels:,}", f"{one.broken_cases:.1%}",
             f"{one.broken_money:.1%}", f"{one.share:.1%}", f"{one.of_best:.2f}",
             f"{one.none:.0%}")
            for one in figures.cells
        ],
        figures={
            "promise_broken_share": worst,
            **{f"certified_of_oracle.{one.alpha:g}.{one.labels}": one.of_best
               for one in ours if one.way == "certificate"},
        },
        notes=("The plug-in takes the observed risk at its word: the same firms find it out.",),
    )  # fmt: skip


def _watched(figures: PromiseFigures) -> Report:
    kept = [one for one in figures.watches if one.risk <= KEPT_RISK]
    tripled = [one for one in figures.watches if one.risk >= TRIPLED * KEPT_RISK]
    return Report(
        title="Watch: live audits of what was cleared under a promise of 2 %",
        columns=("audits drawn", "true risk", "runs", "alarm", "median audits", "median cleared"),
        rows=[
            (one.design, f"{one.risk:.0%}", f"{one.runs}", f"{one.alarms:.1%}",
             _count(one.median_audits), _count(one.median_clears))
            for one in figures.watches
        ],
        figures={
            "false_alarm_share": max(one.alarms for one in kept),
            "tripling_found_share": min(one.alarms for one in tripled),
            "tripling_median_audits": max(one.median_audits or 0.0 for one in tripled),
        },
        notes=("At a true risk of 2 % the promise is just kept, and every alarm is false.",),
    )  # fmt: skip


def _count(number: float | None) -> str:
    return "-" if number is None else f"{number:,.0f}"
