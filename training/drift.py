"""Whether the champion still lives in the world it was trained in, and why not if it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from data.schemas.questions import Question
from models.bundle import Bundle
from models.columns import Flags, Floats, microseconds
from models.features.catalogue import FEATURE_NAMES
from training.comparison import answers_of
from training.dataset import RiskTable, table_of
from training.monitors import Agreement, Shift, agreement_of, seen_interval, share_chance, shift_of
from training.row_columns import NOT_SAID, RowColumns
from training.settings import SliceSettings
from training.splits import horizon_days, mature
from training.verdicts import doubles, last_of_each, standing

RECENT_DAYS = 60
"""Long enough for a few hundred verdicts, short enough to see a change of this quarter."""
FEWEST_ROWS = 100
"""In either sample; below that every monitor stays silent."""
PSI_MOVED, KS_MOVED = 0.2, 0.15
"""Conventional: a PSI from 0.1 is a small shift, from 0.2 a large one; a KS of 0.15 moves every
seventh item."""
CHANCE = 0.01
"""Of a false alarm per check; shared among the features, since each of them is looked at."""
MOVED_SHARE, FEWEST_MOVED = 0.1, 3
"""Of the features: single ones move with the seasons, many together mean another business."""
CALIBRATION_GAP = 0.25
"""Relative: probabilities that are off by less cost less than a new model does."""
SHARE_GAP = 0.5
"""Relative change of the share of yes that matters to people."""
FEWEST_PAIRS = 30
LOWEST_KAPPA, LOWEST_AC1 = 0.6, 0.8
"""Below 0.6 agreement is moderate at best (Landis and Koch 1977)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the champion stated of recent items, and what their verdicts and bills said."""

    rows: int
    expected: float
    seen: float
    low: float
    high: float
    """The 95 % interval of the seen share."""

    @property
    def is_off(self) -> bool:
        """Whether the stated share lies outside of the interval, and far enough to matter."""
        is_outside = not self.low <= self.expected <= self.high
        return is_outside and abs(self.expected - self.seen) > CALIBRATION_GAP * self.seen


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelShare:
    """The share of yes before and now, and how likely chance alone moves it so far."""

    before: float
    now: float
    chance: float

    @property
    def is_moved(self) -> bool:
        """Whether it moved beyond chance, and far enough to matter."""
        return self.chance < CHANCE and abs(self.now - self.before) > SHARE_GAP * self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What every monitor says."""

    reference_rows: int
    recent_rows: int
    features: Mapping[str, Shift]
    calibration: Mapping[Question, Calibration]
    label_share: Mapping[Question, LabelShare]
    agreement: Agreement | None

    @property
    def moved_features(self) -> tuple[str, ...]:
        """Features that moved far, and not by chance; the farthest first."""
        chance = CHANCE / max(len(self.features), 1)
        moved = [
            name
            for name, one in self.features.items()
            if (one.psi > PSI_MOVED and one.psi_chance < chance)
            or (one.ks > KS_MOVED and one.ks_chance < chance)
        ]
        return tuple(sorted(moved, key=lambda name: -self.features[name].psi))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What people should look at, though a new model would not mend it."""
        one = self.agreement
        if one is None or one.pairs < FEWEST_PAIRS:
            return ()
        if one.high >= LOWEST_KAPPA or one.ac1 >= LOWEST_AC1:
            return ()
        return (
            f"reviewers agree on {one.raw:.0%} of {one.pairs} double reviews (kappa "
            f"{one.kappa:.2f}, at most {one.high:.2f}): settle what counts as a fault first",
        )


def needs_retraining(drift: Drift) -> tuple[str, ...]:
    """Give the reasons to train again; none where the champion still fits."""
    reasons = []
    moved = drift.moved_features
    if len(moved) >= max(FEWEST_MOVED, MOVED_SHARE * len(drift.features)):
        shown = ", ".join(moved[:5])
        reasons.append(f"{len(moved)} of {len(drift.features)} features moved: {shown}")
    for question, one in drift.calibration.items():
        if one.is_off:
            reasons.append(
                f"{question.value}: {one.expected:.1%} was stated of {one.rows} recent items and "
                f"{one.seen:.1%} came true ({one.low:.1%} to {one.high:.1%})"
            )
    for question, share in drift.label_share.items():
        if share.is_moved:
            reasons.append(
                f"{question.value}: the share of yes went from {share.before:.1%} to "
                f"{share.now:.1%}"
            )
    return tuple(reasons)


def watch_drift(
    rows: RowColumns, *, champion: Bundle, now: datetime, recent_days: int = RECENT_DAYS
) -> Drift:
    """Compare the last days with the time whose items the champion was fitted on.

    Answers are compared on the last days of which every answer is in: those that come first are
    not like the rest.
    """
    learned_from = microseconds(champion.document.trained_from)
    learned_to = microseconds(champion.document.trained_to)
    _, first = np.unique(rows.item_id.astype(str), return_index=True)
    items = rows.take(first)
    is_reference = (items.assessed_us >= learned_from) & (items.assessed_us <= learned_to)
    recent_from = microseconds(now - timedelta(days=recent_days))
    is_recent = (items.assessed_us >= recent_from) & (items.assessed_us > learned_to)
    calibration, shares = {}, {}
    for question in champion.heads:
        table = table_of(rows, question)
        before = table.take((table.assessed_us >= learned_from) & (table.assessed_us <= learned_to))
        horizon = horizon_days(question, settings=SliceSettings())
        matured = mature(table, cut=now, days=horizon)
        since = microseconds(now - timedelta(days=recent_days + horizon))
        lately = matured.take((matured.assessed_us >= since) & (matured.assessed_us > learned_to))
        if min(len(before), len(lately)) >= FEWEST_ROWS:
            calibration[question] = _calibration(lately, champion=champion, question=question)
            shares[question] = _label_share(before, lately)
    return Drift(
        reference_rows=int(is_reference.sum()),
        recent_rows=int(is_recent.sum()),
        features=shifts(items.features[is_reference], items.features[is_recent]),
        calibration=calibration,
        label_share=shares,
        agreement=_agreement(rows, since_us=recent_from),
    )


def shifts(reference: Floats, recent: Floats) -> dict[str, Shift]:
    """Compare every feature of two samples, in catalogue order; nothing where either is small."""
    if min(len(reference), len(recent)) < FEWEST_ROWS:
        return {}
    return {
        name: shift_of(reference[:, place], recent[:, place])
        for place, name in enumerate(FEATURE_NAMES)
    }


def as_record(drift: Drift) -> dict[str, Any]:
    """Give everything as plain values, for JSON."""
    return {
        "needs_retraining": list(needs_retraining(drift)),
        "warnings": list(drift.warnings),
        "moved_features": list(drift.moved_features),
        "reference_rows": drift.reference_rows,
        "recent_rows": drift.recent_rows,
        "features": {name: asdict(one) for name, one in drift.features.items()},
        "calibration": {one.value: asdict(said) for one, said in drift.calibration.items()},
        "label_share": {one.value: asdict(said) for one, said in drift.label_share.items()},
        "agreement": None if drift.agreement is None else asdict(drift.agreement),
    }


def _calibration(lately: RiskTable, *, champion: Bundle, question: Question) -> Calibration:
    stated = answers_of(champion, table=lately, question=question)
    expected = float("nan") if stated is None else np.average(stated, weights=lately.weight)
    seen, low, high = seen_interval(lately.is_positive, weight=lately.weight)
    return Calibration(rows=len(lately), expected=float(expected), seen=seen, low=low, high=high)


def _label_share(before: RiskTable, lately: RiskTable) -> LabelShare:
    counts = [(int(table.is_positive.sum()), len(table)) for table in (before, lately)]
    return LabelShare(
        before=seen_interval(before.is_positive, weight=before.weight)[0],
        now=seen_interval(lately.is_positive, weight=lately.weight)[0],
        chance=share_chance(before=counts[0], now=counts[1]),
    )


def _agreement(rows: RowColumns, *, since_us: int) -> Agreement | None:
    """Of the first two people who judged an item blindly."""
    told: Flags = (rows.answer(Question.ANY_FAULT) != NOT_SAID) & (rows.known_us >= since_us)
    verdicts = rows.take(told)
    item, place = last_of_each(verdicts)
    pairs = [
        several for _, several in doubles(standing(verdicts, item=item, place=place), item=item)
    ]
    if not pairs:
        return None
    is_yes = verdicts.answer(Question.ANY_FAULT) == 1
    first, second = (is_yes[[pair[turn] for pair in pairs]] for turn in (0, 1))
    return agreement_of(first, second)
