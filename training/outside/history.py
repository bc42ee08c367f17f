"""What was known of a customer, a person or a project just before each decision.

An outcome counts from the moment it was known, strictly before the decision; what is open is told
from events, never from a final status.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.columns import Floats, Ints
from training.outside.outcomes import Outcome

MOST_COUNTED = 20.0
"""Counts stop here: one that only grows with time would tell the date, not the customer."""
HALF_LIFE_DAYS = 90.0
PRIOR_ROWS = 5.0
"""Outcomes of everybody that a mean over few is pulled towards."""


def past_outcomes(outcome: Outcome, *, entity: Ints, decided: Floats) -> dict[str, Floats]:
    """Give count, mean, median, latest three, recent mean and days since, as of each decision."""
    blank = np.full(len(decided), np.nan)
    found = {name: blank.copy() for name in ("count", "mean", "median", "last_3", "recent", "ago")}
    everybody = _as_of_mean(outcome, rows=np.arange(len(decided)), at=decided)
    for rows in _rows_of(entity):
        told = rows[outcome.is_known[rows]]
        told = told[np.argsort(outcome.known[told], kind="stable")]
        known, value = outcome.known[told], outcome.value[told]
        before = np.searchsorted(known, decided[rows], side="left")
        total = _up_to(value, before)
        prior = everybody[rows]
        found["count"][rows] = np.minimum(before, MOST_COUNTED)
        found["mean"][rows] = np.where(
            np.isfinite(prior), (total + PRIOR_ROWS * prior) / (before + PRIOR_ROWS), np.nan
        )
        found["median"][rows] = _medians(value, before)
        last = np.maximum(before - 3, 0)
        found["last_3"][rows] = _share(total - _up_to(value, last), before - last)
        found["recent"][rows] = _recent(value, known=known, before=before)
        found["ago"][rows] = decided[rows] - _latest(known, before)
    return found


def latest_events(outcome: Outcome, *, entity: Ints, decided: Floats) -> dict[str, Floats]:
    """Give what was told of yes-and-no outcomes lately: how many a decision, and how long ago.

    Counts of events are true however quickly some outcomes are told; means are not.
    """
    found = {name: np.full(len(decided), np.nan) for name in ("lately", "last month", "last yes")}
    for rows in _rows_of(entity):
        at = decided[rows]
        told = np.sort(
            outcome.told[rows][(outcome.value[rows] == 1.0) & np.isfinite(outcome.told[rows])]
        )
        before = np.searchsorted(told, at, side="left")
        found["last yes"][rows] = at - _latest(told, before)
        for name, days in (("lately", HALF_LIFE_DAYS), ("last month", 30.0)):
            yes = before - np.searchsorted(told, at - days, side="left")
            asked = np.searchsorted(at, at, side="left") - np.searchsorted(
                at, at - days, side="left"
            )
            found[name][rows] = (yes + 0.1 * PRIOR_ROWS) / (asked + PRIOR_ROWS)
    return found


def open_now(
    *, entity: Ints, decided: Floats, closed: Floats, due: Floats | None, amount: Floats | None
) -> dict[str, Floats]:
    """Give how many, how much and how many overdue were open just before each decision."""
    found = {"open": np.zeros(len(decided))}
    if amount is not None:
        found["open_amount"] = np.zeros(len(decided))
    if due is not None:
        found["overdue"] = np.zeros(len(decided))
    over = np.where(np.isfinite(closed), closed, np.inf)
    for rows in _rows_of(entity):
        at = decided[rows]
        ones = np.ones(len(rows))
        found["open"][rows] = _sum_before(decided[rows], at, ones) - _sum_before(
            np.maximum(over[rows], decided[rows]), at, ones
        )
        if amount is not None:
            size = np.nan_to_num(amount[rows])
            found["open_amount"][rows] = _sum_before(decided[rows], at, size) - _sum_before(
                np.maximum(over[rows], decided[rows]), at, size
            )
        if due is not None:
            start = np.maximum(due[rows], decided[rows])
            found["overdue"][rows] = _sum_before(start, at, ones) - _sum_before(
                np.maximum(over[rows], start), at, ones
            )
    return found


def _rows_of(entity: Ints) -> Iterator[Ints]:
    order = np.argsort(entity, kind="stable")
    ends = np.flatnonzero(np.diff(entity[order])) + 1
    yield from (part for part in np.split(order, ends) if len(part))


def _as_of_mean(outcome: Outcome, *, rows: Ints, at: Floats) -> Floats:
    told = rows[outcome.is_known[rows]]
    order = told[np.argsort(outcome.known[told], kind="stable")]
    before = np.searchsorted(outcome.known[order], at, side="left")
    return _share(_up_to(outcome.value[order], before), before)


def _up_to(value: Floats, before: Ints) -> Floats:
    return np.concatenate([[0.0], np.cumsum(value)])[before]


def _share(total: Floats, count: Ints) -> Floats:
    share: Floats = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    return share


def _medians(value: Floats, before: Ints) -> Floats:
    found = {0: np.nan}
    for count in np.unique(before).tolist():
        if count:
            found[count] = float(np.median(value[max(0, count - 50) : count]))
    return np.array([found[count] for count in before.tolist()])


def _recent(value: Floats, *, known: Floats, before: Ints) -> Floats:
    """A mean in which an outcome counts half after each half-life."""
    if len(known) == 0:
        return np.full(len(before), np.nan)
    weight = np.exp2((known - known[-1]) / HALF_LIFE_DAYS)
    mass = _up_to(weight, before)
    mean: Floats = np.divide(
        _up_to(weight * value, before), mass, out=np.full(len(before), np.nan), where=mass > 0
    )
    return mean


def _latest(known: Floats, before: Ints) -> Floats:
    padded = np.concatenate([[np.nan], known])
    return padded[before]


def _sum_before(moment: Floats, at: Floats, size: Floats) -> Floats:
    order = np.argsort(moment, kind="stable")
    return _up_to(size[order], np.searchsorted(moment[order], at, side="left"))
