"""Days to bill: when will the invoice of an item leave, and how sure is that?

A hazard in discrete time: for every stretch of days that an item was seen to wait, did its invoice
leave in it? Items in progress tell of the stretches they waited through, so they are censored and
not dropped; learning from billed items alone takes the quick for the usual.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.schemas.questions import Question
from data.schemas.values import Name, Record
from models.boosting import BoosterSettings, Head, fit_head, head_from_text
from models.columns import Flags, Floats, Ints
from models.conformal import conformal_quantile
from models.features.catalogue import FEATURE_NAMES, FEATURES

LEVELS = (0.5, 0.8, 0.9)
BOOSTER = BoosterSettings(trees=150, leaves=15, learning_rate=0.06, min_rows_in_leaf=60)
STRETCH = "stretch"
"""The feature beside those of the item: which stretch of days is asked about."""
ROWS_AT_ONCE = 8_192
"""Items asked about together: each takes a row for every stretch."""
SHORTEST_DAYS = 1.0 / 24.0
"""An invoice that leaves at once leaves in the first hour: a stretch has a length."""


class DaysDocument(Record):
    """What a days model is beside its trees."""

    features: tuple[Name, ...]
    edges: tuple[float, ...]
    """Ends of the stretches in days; the first begins at 0 and the last ends at the horizon."""
    levels: tuple[float, ...] = LEVELS
    """The level to read the curve at for each of 0.5, 0.8 and 0.9, after conformal adjustment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysSettings:
    """How finely days are told apart, and how the hazard is learned."""

    stretches: int = 14
    fewest_waiting: int = 50
    """The horizon ends where fewer items than this were still watched."""
    most_rows: int = 60_000
    """Of more items the latest are taken: a row of the fit is an item in a stretch."""
    booster: BoosterSettings = BOOSTER


SETTINGS = DaysSettings()


class NoWaitsError(ValueError):
    """Too few items were billed to say when others will be; export a longer time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysModel:
    """A hazard of being billed in each stretch of days, and the levels to read it at."""

    head: Head
    document: DaysDocument

    @property
    def horizon(self) -> float:
        """The most days that this model tells apart; a quantile at it means that or later."""
        return self.document.edges[-1]

    def survival(self, rows: Floats) -> Floats:
        """Give the probability (n, stretches) of still waiting at the end of each stretch."""
        starts = range(0, len(rows), ROWS_AT_ONCE)
        parts = [self._stays(rows[start : start + ROWS_AT_ONCE]) for start in starts]
        stays = np.vstack(parts) if parts else np.empty((0, len(self.document.edges)))
        return np.asarray(np.cumprod(stays, axis=1), dtype=np.float64)

    def later_than(self, rows: Floats, *, days: float | Floats) -> Floats:
        """Give the probability that the invoice leaves later than so many days."""
        return self._later(_hazard_mass(self.survival(rows)), days=days)

    def quantiles(self, rows: Floats) -> Floats:
        """Give days (n, 3) within which half, 80 % and 90 % of items like each are billed."""
        mass = _hazard_mass(self.survival(rows))
        wanted = -np.log1p(-np.minimum(np.array(self.document.levels), 1.0 - 1e-12))
        edges = np.array((0.0, *self.document.edges))
        given = [np.interp(wanted, row, edges) for row in mass]
        return np.array(given, dtype=np.float64).reshape(len(rows), len(wanted))

    def text(self) -> str:
        """Give the trees as LightGBM text; the rest is in `document`."""
        return self.head.text()

    def _stays(self, rows: Floats) -> Floats:
        stretches = len(self.document.edges)
        asked = np.repeat(rows, stretches, axis=0)
        stretch = np.tile(np.arange(stretches, dtype=np.float64), len(rows))
        hazard = self.head.probabilities(np.column_stack([asked, stretch]))
        stays: Floats = (1.0 - hazard).reshape(len(rows), stretches)
        return stays

    def _later(self, mass: Floats, *, days: float | Floats) -> Floats:
        edges = np.array((0.0, *self.document.edges))
        asked = np.broadcast_to(np.asarray(days, dtype=np.float64), (len(mass),))
        at = np.array([np.interp(day, edges, row) for day, row in zip(asked, mass, strict=True)])
        result: Floats = np.exp(-at.reshape(len(mass)))
        return result


def days_from_text(text: str, document: DaysDocument) -> DaysModel:
    """Build a model from its trees and its document.

    LightGBM may abort the process on damaged text: check hashes first, and in a child process.
    """
    head = head_from_text(text, features=(*document.features, STRETCH), calibrator=None)
    return DaysModel(head=head, document=document)


def fit_days(
    rows: Floats,
    *,
    days: Floats,
    is_billed: Flags,
    features: Sequence[str] = FEATURE_NAMES,
    signs: Sequence[int | None] | None = None,
    settings: DaysSettings = SETTINGS,
) -> DaysModel:
    """Fit on every item, oldest first: days to its invoice, or so far where none has left.

    `signs` say how a feature moves days; the default is how it moves a missed cut-off.
    Raises NoWaitsError where fewer items were billed than a leaf holds.
    """
    newest = slice(max(0, len(rows) - settings.most_rows), None)
    rows, days, is_billed = rows[newest], days[newest], is_billed[newest]
    if int(is_billed.sum()) < 2 * settings.booster.min_rows_in_leaf:
        raise NoWaitsError(
            f"{int(is_billed.sum())} of {len(rows)} items were billed: too few to learn days from; "
            "export a longer time"
        )
    edges = _edges(days, is_billed=is_billed, settings=settings)
    item, stretch, is_event = _person_periods(days, is_billed=is_billed, edges=edges)
    told = _signs_of_delay() if signs is None else list(signs)
    head = fit_head(
        np.column_stack([rows[item], stretch.astype(np.float64)]),
        is_positive=is_event,
        weight=np.ones(len(item)),
        features=(*features, STRETCH),
        # What makes days longer makes the chance to leave in a stretch smaller.
        signs=[*(None if sign is None else -sign for sign in told), 0],
        settings=settings.booster,
    )
    document = DaysDocument(features=tuple(features), edges=tuple(edges.tolist()))
    return DaysModel(head=head, document=document)


def conformalise(
    model: DaysModel, rows: Floats, *, days: Floats, is_billed: Flags, last: int = 2_000
) -> DaysModel:
    """Set the levels so that quantiles hold on items like the latest of these, oldest first.

    Give matured items only, and later ones than the fit saw: an item still open counts as later
    than any quantile. The score of an item is where its days fall on its own curve (distributional
    conformal prediction: Chernozhukov, Wuethrich and Zhu 2021, arXiv 1909.07889), so an adjustment
    stretches long waits more than short ones and never gives negative days.
    """
    newest = slice(max(0, len(rows) - last), None)
    rows, days, is_billed = rows[newest], days[newest], is_billed[newest]
    if len(rows) == 0:
        return model
    place = np.where(is_billed, 1.0 - model.later_than(rows, days=days), 1.0)
    # Past the horizon the curve is not known: such an item is later than any quantile too.
    place = np.where(days > model.horizon, 1.0, place)
    levels = [min(conformal_quantile(place, coverage=level), 1.0) for level in LEVELS]
    document = model.document.model_copy(update={"levels": tuple(levels)})
    return replace(model, document=document)


def _signs_of_delay() -> list[int | None]:
    return [feature.sign(Question.MISSED_CUT_OFF) for feature in FEATURES]


def _edges(days: Floats, *, is_billed: Flags, settings: DaysSettings) -> Floats:
    """Ends of stretches in which about equally many items are billed, censoring allowed for."""
    moments, billed = np.unique(np.maximum(days[is_billed], SHORTEST_DAYS), return_counts=True)
    waiting = len(days) - np.searchsorted(np.sort(days), moments, side="left")
    watched = waiting >= min(settings.fewest_waiting, int(waiting[0]))
    moments, billed, waiting = moments[watched], billed[watched], waiting[watched]
    still = np.cumprod(1.0 - billed / waiting)
    wanted = still[-1] + (1.0 - still[-1]) * (
        1.0 - np.arange(1, settings.stretches + 1) / settings.stretches
    )
    places = np.searchsorted(-still, -wanted - 1e-12, side="left").clip(0, len(moments) - 1)
    return np.unique(moments[places])


def _person_periods(days: Floats, *, is_billed: Flags, edges: Floats) -> tuple[Ints, Ints, Flags]:
    """One row for each stretch that an item was seen through, or was billed in."""
    within = np.searchsorted(edges, days, side="left")
    # A billed item is seen in the stretch it left in; an open one in those it waited to the end.
    ended = np.where(is_billed, within + 1, np.searchsorted(edges, days, side="right"))
    seen = np.minimum(ended, len(edges)).astype(np.int64)
    item = np.repeat(np.arange(len(days), dtype=np.int64), seen)
    stretch = np.arange(len(item), dtype=np.int64) - np.repeat(np.cumsum(seen) - seen, seen)
    is_event: Flags = is_billed[item] & (stretch == within[item])
    return item, stretch, is_event


def _hazard_mass(survival: Floats) -> Floats:
    """Minus the logarithm of survival, from 0 at day 0; it grows evenly inside a stretch."""
    mass = -np.log(np.maximum(survival, math.exp(-50.0)))
    return np.hstack([np.zeros((len(mass), 1)), mass])
