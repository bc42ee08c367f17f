"""What an expense report looks like beside what the same person spent before."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from models.codes import Codebook
from models.columns import Batch, ExpenseColumns, Floats, Ints
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.past.history import History, Past
from models.words import similarity

LOOK_BACK_DAYS = 31
"""A receipt is claimed again within a month, or nobody remembers it."""
CLOSE_AMOUNT = 0.8
"""Amounts further apart than this are not the same receipt."""
DAYS_TO_HALVE = 3.0
FEWEST_BEFORE = 3
LETTERS = 3
REMEMBERED_MERCHANTS = 4_096

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="expenses", type=_T.COUNT, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="The report has {value:.0f} expenses"),
    Feature(name="receipt_share", type=_T.SHARE, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="{value:.0%} of the expenses carry a receipt"),
    Feature(name="largest_to_usual", type=_T.NUMBER, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="One expense is {value:.1f} times what this person usually spends on such"),
    Feature(name="look_alike_score", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=1, dispute=0),
            sentence="Two expenses are {value:.0%} alike in merchant, amount and day"),
    Feature(name="look_alike_merchant", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=0),
            sentence="The merchants of the two most similar expenses are {value:.0%} alike"),
    Feature(name="look_alike_amount", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=0),
            sentence="The amounts of the two most similar expenses agree to {value:.1%}"),
    Feature(name="look_alike_days", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(fault=0),
            sentence="The two most similar expenses lie {value:.0f} days apart"),
)  # fmt: skip


class _Pair(NamedTuple):
    """Two expenses of one person that may be one, the most similar compare greatest."""

    score: float
    merchant: float
    amount: float
    days: float


_NO_PAIR = _Pair(0.0, float("nan"), float("nan"), float("nan"))


def spending(batch: Batch, *, past: Past, history: History) -> dict[str, Floats]:
    """Give the features of expense reports; anything else has none."""
    table = np.full((len(batch), len(FEATURES)), np.nan)
    for index in np.flatnonzero(np.diff(batch.first_expense)).tolist():
        start, stop = int(batch.first_expense[index]), int(batch.first_expense[index + 1])
        own = batch.expenses.take(np.arange(start, stop))
        before = past.expenses.take(np.flatnonzero(past.expenses.person == batch.person[index]))
        table[index] = (
            float(len(own)),
            float(own.has_receipt.mean()),
            _to_usual(own, before=before),
            *_most_alike(own, before=before, merchants=history.codes.merchant),
        )
    return {feature.name: table[:, column] for column, feature in enumerate(FEATURES)}


def _to_usual(own: ExpenseColumns, *, before: ExpenseColumns) -> float:
    """The greatest cost over the person's median in its category; unknown after a few alone."""
    ratios = []
    for category, cost_minor in zip(own.category.tolist(), own.cost_minor.tolist(), strict=True):
        costs = before.cost_minor[before.category == category]
        if len(costs) >= FEWEST_BEFORE:
            ratios.append(cost_minor / max(float(np.median(costs)), 1.0))
    return max(ratios, default=float("nan"))


def _most_alike(own: ExpenseColumns, *, before: ExpenseColumns, merchants: Codebook) -> _Pair:
    """The most similar pair of an own expense and one before it, in the report or the past."""
    most = _NO_PAIR
    for row in range(len(own)):
        for others, rows in ((before, _near(own, row, before)), (own, _near(own, row, own))):
            for other in rows[(rows < row) | (others is before)].tolist():
                most = max(most, _pair(own, row, others, other, merchants=merchants))
    return most


def _near(own: ExpenseColumns, row: int, others: ExpenseColumns) -> Ints:
    amount = own.amount_minor[row]
    smaller = np.minimum(others.amount_minor, amount)
    larger = np.maximum(others.amount_minor, amount)
    return np.flatnonzero(
        (others.currency == own.currency[row])
        & (np.abs(others.incurred_day - own.incurred_day[row]) <= LOOK_BACK_DAYS)
        & (smaller >= CLOSE_AMOUNT * larger)
    )


def _pair(
    own: ExpenseColumns, row: int, others: ExpenseColumns, other: int, *, merchants: Codebook
) -> _Pair:
    alike = _likeness(
        merchants.name(int(own.merchant[row])), merchants.name(int(others.merchant[other]))
    )
    one, two = sorted((int(own.amount_minor[row]), int(others.amount_minor[other])))
    amount = one / two if two else 1.0
    days = abs(int(own.incurred_day[row]) - int(others.incurred_day[other]))
    closeness = (amount - CLOSE_AMOUNT) / (1.0 - CLOSE_AMOUNT)
    score = alike * closeness * 0.5 ** (days / DAYS_TO_HALVE)
    return _Pair(score, alike, amount, float(days)) if score else _NO_PAIR


@lru_cache(maxsize=REMEMBERED_MERCHANTS)
def _likeness(one: str, other: str) -> float:
    """Likeness of two merchants by words or by letters, whichever sees more of it."""
    by_words = similarity(frozenset(one.split()), frozenset(other.split()))
    return max(by_words, similarity(_letters(one), _letters(other)))


def _letters(name: str) -> frozenset[str]:
    joined = name.replace(" ", "")
    return frozenset(joined[place : place + LETTERS] for place in range(len(joined) - LETTERS + 1))
