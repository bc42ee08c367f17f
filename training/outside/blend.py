"""How much each of several answers counts, without trusting a small sample too far."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from models.columns import Floats

STEPS = 10
"""Weights are tenths."""


def even_weights(answers: Floats, *, loss: Callable[[Floats], float], worth: float) -> Floats:
    """Give weights (they add up to 1) of the columns of `answers`.

    Of the blends whose loss is within `worth` of the least, the most even one: a sample decides
    what is clearly worse, and averaging does the rest.
    """
    blends = [np.array(parts) / STEPS for parts in _shares(answers.shape[1], total=STEPS)]
    losses = np.array([loss(answers @ blend) for blend in blends])
    alike = [blend for blend, one in zip(blends, losses, strict=True)
             if one <= losses.min() + worth]  # fmt: skip
    return min(alike, key=lambda blend: float(np.sum(blend**2)))


def _shares(arms: int, *, total: int) -> Iterator[tuple[int, ...]]:
    if arms == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _shares(arms - 1, total=total - first):
            yield (first, *rest)
