"""A challenger beside the champion: on all items how they route, on judged ones who was right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.columns import Flags, Floats
from service.domain.shadow import JudgedShadow
from service.ports.stores import UnitOfWork
from service.wire.models import ShadowView

NEVER = 1e-6
"""Probabilities are clipped here: one that is certain and wrong would cost without end."""


def shadow_view(bundle: str, *, uow: UnitOfWork) -> ShadowView:
    """Compare a challenger with the champions it stood beside.

    Judged items are weighed by one over the chance with which they came to a person.
    """
    scores = list(uow.shadows.judged(bundle))
    judged = [one for one in scores if _is_comparable(one)]
    is_wrong = np.array([bool(one.is_wrong) for one in judged], dtype=np.bool_)
    weight = np.array([1.0 / one.score.propensity for one in judged], dtype=np.float64)
    champion = _column([one.score.champion_probability for one in judged])
    challenger = _column([one.score.fault_probability for one in judged])
    return ShadowView(
        bundle=bundle,
        items=len(scores),
        agreement=_share([one.score.is_cleared == one.score.would_clear for one in scores]),
        champion_clears=_share([one.score.is_cleared for one in scores]),
        challenger_clears=_share([one.score.would_clear for one in scores]),
        judged=len(judged),
        wrong=int(is_wrong.sum()),
        champion_log_loss=log_loss(champion, is_wrong=is_wrong, weight=weight),
        challenger_log_loss=log_loss(challenger, is_wrong=is_wrong, weight=weight),
        champion_auc=auc(champion, is_wrong=is_wrong, weight=weight),
        challenger_auc=auc(challenger, is_wrong=is_wrong, weight=weight),
    )


def log_loss(probability: Floats, *, is_wrong: Flags, weight: Floats) -> float | None:
    """Give the weighted mean of minus the log of what was said of the truth; None of nothing."""
    if not len(probability):
        return None
    clipped = np.clip(probability, NEVER, 1.0 - NEVER)
    loss = -np.log(np.where(is_wrong, clipped, 1.0 - clipped))
    return float(np.average(loss, weights=weight))


def auc(probability: Floats, *, is_wrong: Flags, weight: Floats) -> float | None:
    """Give the chance that a wrong item has the higher probability; ties count half.

    None without items of both sorts.
    """
    wrong, sound = weight[is_wrong], weight[~is_wrong]
    if not len(wrong) or not len(sound):
        return None
    order = np.argsort(probability[~is_wrong])
    ranked = probability[~is_wrong][order]
    below = np.concatenate([[0.0], np.cumsum(sound[order])])
    left = below[np.searchsorted(ranked, probability[is_wrong], side="left")]
    right = below[np.searchsorted(ranked, probability[is_wrong], side="right")]
    return float((wrong @ (left + right)) / 2.0 / (wrong.sum() * sound.sum()))


def _is_comparable(one: JudgedShadow) -> bool:
    score = one.score
    return (
        one.is_wrong is not None
        and not score.is_proved
        and score.champion_probability is not None
        and score.fault_probability is not None
    )


def _column(values: Sequence[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None
