"""Minutes of review: better than the median of a class, the same after a round trip."""

from __future__ import annotations

import numpy as np
import pytest

from models.features.catalogue import FEATURE_NAMES
from models.minutes import (
    FEWEST_REVIEWS,
    LONGEST,
    NotEnoughReviewsError,
    fit_minutes,
    minutes_from_text,
)

MILESTONE, ENTRIES = FEATURE_NAMES.index("is_milestone"), FEATURE_NAMES.index("entries")


def reviews(count, *, seed):
    """Milestones take about six minutes; timesheets a third of a minute an entry."""
    generator = np.random.default_rng(seed)
    rows = np.zeros((count, len(FEATURE_NAMES)))
    rows[:, MILESTONE] = generator.uniform(size=count) < 0.2
    rows[:, ENTRIES] = np.where(rows[:, MILESTONE] == 1, np.nan, generator.integers(2, 40, count))
    usual = np.where(rows[:, MILESTONE] == 1, 6.0, rows[:, ENTRIES] / 3)
    return rows, usual * np.exp(generator.normal(0, 0.4, count))


ROWS, MINUTES = reviews(1_500, seed=1)
MODEL = fit_minutes(ROWS, minutes=MINUTES)


def test_it_is_nearer_than_the_median_of_each_class():
    rows, minutes = reviews(1_000, seed=2)
    is_milestone = rows[:, MILESTONE] == 1
    medians = [np.median(MINUTES[ROWS[:, MILESTONE] == kind]) for kind in (0, 1)]
    by_class = np.where(is_milestone, medians[1], medians[0])
    ours = np.abs(np.log(MODEL.predict(rows) / minutes)).mean()
    theirs = np.abs(np.log(by_class / minutes)).mean()
    assert ours < 0.75 * theirs


def test_a_card_left_open_does_not_move_the_rest():
    minutes = MINUTES.copy()
    minutes[::20] = 600.0
    model = fit_minutes(ROWS, minutes=minutes)
    assert np.median(model.predict(ROWS) / MODEL.predict(ROWS)) == pytest.approx(1.0, abs=0.1)
    assert model.predict(ROWS).max() <= LONGEST


def test_text_and_document_give_the_same_minutes():
    again = minutes_from_text(MODEL.text(), MODEL.document)
    assert again.predict(ROWS).tolist() == MODEL.predict(ROWS).tolist()
    assert again.predict(ROWS[:0]).tolist() == []


def test_reviews_without_a_time_are_no_reviews():
    untimed = MINUTES.copy()
    untimed[FEWEST_REVIEWS - 1 :] = np.nan
    with pytest.raises(NotEnoughReviewsError, match="199 reviews carry their active time"):
        fit_minutes(ROWS, minutes=untimed)
