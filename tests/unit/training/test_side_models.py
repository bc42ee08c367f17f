"""Days, minutes and reviewers' error are learned where enough is known, and left out elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from data.schemas.questions import LabelSource, Question
from data.schemas.vocabulary import ItemKind, Lane
from models.features.catalogue import FEATURE_NAMES
from tests.builders.training_rows import START, reviewed_rows, training_row
from training.row_columns import columns_of, together
from training.side_models import learn_side_models, reviewer_errors

HOURS = FEATURE_NAMES.index("hours_week")
CUT = START + timedelta(days=400)
VERDICTS = columns_of(
    [row for row in reviewed_rows(900, days=400) if row.label_source is LabelSource.VERDICT]
)


def timed(rows, *, seed=1):
    """Reviews that take longer the more hours the week has."""
    generator = np.random.default_rng(seed)
    hours = rows.features[:, HOURS]
    seconds = 60 * np.exp(0.3 + 2.0 * hours + generator.normal(0, 0.3, len(rows)))
    return replace(rows, active_seconds=seconds)


def billed(*, seed=2):
    """Bills that leave after 10 to 40 days; the youngest items still wait at the cut."""
    generator = np.random.default_rng(seed)
    days = generator.uniform(10, 40, 900)
    rows = []
    for number, wait in enumerate(days):
        at = START + timedelta(days=400 * number / 900)
        is_billed = at + timedelta(days=wait) <= CUT
        known = at + timedelta(days=wait) if is_billed else CUT
        rows.append(
            training_row(
                item_id=f"test:TS-{number}", assessed_at=at, known_at=known, answers={},
                label_source=LabelSource.OUTCOME, is_billed=is_billed,
                days_to_bill=(known - at) / timedelta(days=1),
            )
        )  # fmt: skip
    return columns_of(rows)


def learned(rows):
    return learn_side_models(rows, cut=CUT, maturity_days=60)


def test_days_hold_on_items_like_the_latest():
    side = learned(together([VERDICTS, billed()]))
    assert side.days is not None
    p50, p80, p90 = side.days.quantiles(billed().features[:200]).mean(axis=0)
    # Uniform on 10 to 40 days: 25, 34 and 37.
    assert p50 == pytest.approx(25, abs=3)
    assert p80 == pytest.approx(34, abs=3)
    assert p90 == pytest.approx(37, abs=3)


def test_minutes_follow_the_work():
    side = learned(timed(VERDICTS))
    rows = np.zeros((2, VERDICTS.features.shape[1]))
    rows[1, HOURS] = 1.0
    quick, slow = side.minutes.predict(rows)
    assert slow > 2.5 * quick


def test_what_cannot_be_learned_is_left_out_with_its_reason():
    side = learned(VERDICTS)
    assert (side.days, side.minutes, side.reviewer_error) == (None, None, {})
    assert [one.split(":")[0] for one in side.missing] == ["days", "minutes"]


def pair(number, first, second, *, kind=ItemKind.TIMESHEET, third=None):
    said = [("a", first, Lane.INDEX), ("b", second, Lane.DOUBLE)]
    if third is not None:
        said.append(("c", third, Lane.DOUBLE))
    return [
        training_row(
            item_id=f"test:{kind}-{number}", kind=kind, rater=rater, lane=lane,
            answers={Question.ANY_FAULT: answer}, known_at=START + timedelta(days=turn + 1),
        )
        for turn, (rater, answer, lane) in enumerate(said)
    ]  # fmt: skip


def test_reviewers_err_as_often_as_their_double_reviews_say():
    rows = []
    for number in range(200):
        rows += pair(number, False, number % 5 == 0)  # every fifth pair differs
        rows += pair(number, False, number % 5 == 0, kind=ItemKind.MILESTONE, third=False)
    errors = reviewer_errors(columns_of(rows))
    # One error in ten reviews either way: half of each unsettled pair, or the one that was wrong.
    assert errors["all"] == pytest.approx(0.1, abs=0.01)
    assert errors["timesheet"] == pytest.approx(errors["milestone"], abs=0.01)
