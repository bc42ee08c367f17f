"""What a bundle carries beside its heads: days to the invoice, minutes of review, reviewers' error.

Each is optional: where too little is known of it, the product keeps its documented formula.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from data.schemas.questions import LabelSource, Question
from models.columns import Flags, Floats, microseconds
from models.days import DaysModel, NoWaitsError, conformalise, fit_days
from models.minutes import MinutesModel, NotEnoughReviewsError, fit_minutes
from models.reviewers import UNSETTLED, errors_by_kind, pairs_checked
from training.fit import Candidate
from training.row_columns import NOT_SAID, RowColumns
from training.verdicts import A_PAIR, doubles, last_of_each, standing

CONFORMAL_SHARE = 0.2
"""Of the matured items, the latest: they set how wide the intervals of days must be."""
SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SideModels:
    """What could be learned, and why the rest could not."""

    days: DaysModel | None = None
    minutes: MinutesModel | None = None
    reviewer_error: dict[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def learn_side_models(rows: RowColumns, *, cut: datetime, maturity_days: int) -> SideModels:
    """Learn days, minutes and reviewers' error from what was known at `cut`."""
    missing = []
    days: DaysModel | None = None
    minutes: MinutesModel | None = None
    try:
        days = _days(rows, matured_us=microseconds(cut - timedelta(days=maturity_days)))
    except NoWaitsError as error:
        missing.append(f"days: {error}")
    try:
        minutes = _minutes(rows)
    except NotEnoughReviewsError as error:
        missing.append(f"minutes: {error}")
    return SideModels(
        days=days, minutes=minutes, reviewer_error=reviewer_errors(rows), missing=tuple(missing)
    )


def with_side_models(candidate: Candidate, side: SideModels) -> Candidate:
    """Give the candidate with what was learned beside its heads."""
    parts = replace(candidate.parts, days=side.days, minutes=side.minutes)
    return replace(candidate, parts=parts, reviewer_error=side.reviewer_error)


def reviewer_errors(rows: RowColumns) -> dict[str, float]:
    """Give the error of reviewers by kind of item and of `all`; nothing without double reviews."""
    says = rows.answer(Question.ANY_FAULT)
    told = rows.take(says != NOT_SAID)
    is_yes = told.answer(Question.ANY_FAULT) == 1
    item, place = last_of_each(told)
    pairs = [several for _, several in doubles(standing(told, item=item, place=place), item=item)]
    if not pairs:
        return {}
    first, second = (np.array([pair[turn] for pair in pairs], dtype=np.int64) for turn in (0, 1))
    settled = [int(is_yes[pair[-1]]) if len(pair) > A_PAIR else UNSETTLED for pair in pairs]
    checked = pairs_checked(
        told.kind[first],
        is_first_yes=is_yes[first],
        is_second_yes=is_yes[second],
        settled=np.array(settled, dtype=np.int64),
    )
    return {name: error.share for name, error in errors_by_kind(checked).items()}


def _days(rows: RowColumns, *, matured_us: int) -> DaysModel:
    waits = _waits(rows)
    is_matured = waits.assessed_us <= matured_us
    matured = waits.take(is_matured)
    if len(matured) == 0:
        raise NoWaitsError("no item is old enough to have been billed; export a longer time")
    boundary = int(np.quantile(matured.assessed_us, 1.0 - CONFORMAL_SHARE))
    early = waits.take(waits.assessed_us < boundary)
    model = fit_days(early.features, days=early.days_to_bill, is_billed=early.is_billed == 1)
    late = matured.take(matured.assessed_us >= boundary)
    return conformalise(model, late.features, days=late.days_to_bill, is_billed=late.is_billed == 1)


def _waits(rows: RowColumns) -> RowColumns:
    """One row per item, what was known last of its waiting; oldest first."""
    told = rows.take(
        (rows.label_source == LabelSource.OUTCOME.value) & (rows.is_billed != NOT_SAID)
    )
    _, place = last_of_each(told)
    latest = told.take(place)
    return latest.take(np.lexsort((latest.item_id.astype(str), latest.assessed_us)))


def _minutes(rows: RowColumns) -> MinutesModel:
    timed: Flags = (rows.label_source == LabelSource.VERDICT.value) & (rows.active_seconds > 0)
    reviews = rows.take(timed)
    minutes: Floats = reviews.active_seconds / SECONDS_PER_MINUTE
    return fit_minutes(reviews.features, minutes=minutes)
