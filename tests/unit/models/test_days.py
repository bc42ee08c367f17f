"""Days to bill, with items in progress among those it learns from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from models.columns import Flags, Floats
from models.days import (
    DaysModel,
    DaysSettings,
    NoWaitsError,
    conformalise,
    days_from_text,
    fit_days,
)
from training.evaluate import calibration_error

FEATURES = ("size", "client", "noise")
SIGNS = (1, 0, 0)
CUT = 400.0


@dataclass(frozen=True)
class Waits:
    """Items as they stand at the cut, oldest first, and the days that only time will tell."""

    rows: Floats
    truth: Floats
    followed: Floats

    @property
    def is_billed(self) -> Flags:
        return self.truth <= self.followed

    @property
    def days(self) -> Floats:
        return np.minimum(self.truth, self.followed)


def waits(count: int, *, seed: int, followed: float | None = None, stretch: float = 1.0) -> Waits:
    """Three items in ten wait eight times as long: what is billed first is not like the rest."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, 3))
    usual = 10.0 * stretch * np.exp(0.5 * rows[:, 0] + 0.4 * (rows[:, 1] > 0))
    slow = np.where(random.random(count) < 0.3, 8.0, 1.0)
    start = np.sort(random.uniform(0, CUT, count))
    return Waits(
        rows=rows,
        truth=random.exponential(usual * slow),
        followed=CUT - start if followed is None else np.full(count, followed),
    )


def fitted(told: Waits, *, billed_only: bool = False) -> DaysModel:
    taken = told.is_billed if billed_only else np.ones(len(told.rows), dtype=bool)
    return fit_days(
        told.rows[taken],
        days=told.days[taken],
        is_billed=told.is_billed[taken],
        features=FEATURES,
        signs=SIGNS,
    )


def error(model: DaysModel, new: Waits, *, days: float) -> float:
    return calibration_error(
        model.later_than(new.rows, days=days),
        is_positive=new.truth > days,
        weight=np.ones(len(new.rows)),
    )


TOLD, NEW = waits(6_000, seed=1), waits(6_000, seed=2)


@pytest.fixture(scope="module")
def model() -> DaysModel:
    return fitted(TOLD)


def test_items_in_progress_make_the_probability_of_waiting_longer_true(model):
    censored, billed = model, fitted(TOLD, billed_only=True)
    for days in (20.0, 40.0, 80.0):
        assert error(censored, NEW, days=days) < 0.03
        assert error(censored, NEW, days=days) < error(billed, NEW, days=days) / 2


def test_the_quantiles_hold_the_shares_they_say(model):
    matured = waits(2_000, seed=3, followed=400.0)
    held = conformalise(model, matured.rows, days=matured.days, is_billed=matured.is_billed)
    shares = (NEW.truth[:, None] <= held.quantiles(NEW.rows)).mean(axis=0)
    assert shares == pytest.approx([0.5, 0.8, 0.9], abs=0.03)


def test_items_open_at_the_time_of_conformalising_make_quantiles_longer_never_shorter(model):
    open_early = waits(2_000, seed=3, followed=60.0)
    later = conformalise(
        model, open_early.rows, days=open_early.days, is_billed=open_early.is_billed
    )
    shares = (NEW.truth[:, None] <= later.quantiles(NEW.rows)).mean(axis=0)
    assert np.all(shares >= np.array([0.47, 0.77, 0.87]))


def test_quantiles_that_went_out_of_date_are_mended_by_the_latest_items(model):
    slower = waits(4_000, seed=4, followed=250.0, stretch=2.0)
    mended = conformalise(
        model, slower.rows[:2_000], days=slower.days[:2_000], is_billed=slower.is_billed[:2_000]
    )
    truth, rows = slower.truth[2_000:], slower.rows[2_000:]
    assert float((truth <= model.quantiles(rows)[:, 1]).mean()) < 0.72
    assert float((truth <= mended.quantiles(rows)[:, 1]).mean()) == pytest.approx(0.8, abs=0.03)


def test_quantiles_come_in_order_and_never_below_zero_or_past_the_horizon(model):
    given = model.quantiles(NEW.rows)
    assert given.shape == (len(NEW.rows), 3)
    assert np.all(np.diff(given, axis=1) >= 0)
    assert given.min() >= 0
    assert given.max() <= model.horizon


def test_a_feature_that_makes_days_longer_never_makes_them_shorter(model):
    row = np.zeros((50, 3))
    row[:, 0] = np.linspace(-3, 3, 50)
    assert np.all(np.diff(model.quantiles(row), axis=0) >= -1e-9)


def test_a_quantile_and_the_probability_of_being_later_agree(model):
    half = model.quantiles(NEW.rows)[:, 0]
    inside = half < model.horizon
    assert model.later_than(NEW.rows, days=half)[inside] == pytest.approx(0.5, abs=1e-6)


def test_a_model_read_back_from_its_text_gives_the_same_days(model):
    again = days_from_text(model.text(), model.document)
    assert np.array_equal(again.quantiles(NEW.rows), model.quantiles(NEW.rows))


def test_nothing_is_said_of_no_rows(model):
    assert model.quantiles(np.empty((0, 3))).shape == (0, 3)
    assert model.later_than(np.empty((0, 3)), days=5.0).shape == (0,)


def test_too_few_billed_items_are_refused_with_what_to_do():
    few = waits(80, seed=5)
    with pytest.raises(NoWaitsError, match="export a longer time"):
        fitted(few)


def test_invoices_that_all_leave_on_the_same_day_are_learned_without_fuss():
    rows = np.random.default_rng(0).normal(size=(400, 3))
    model = fit_days(
        rows, days=np.full(400, 7.0), is_billed=np.ones(400, dtype=bool),
        features=FEATURES, signs=SIGNS,
    )  # fmt: skip
    assert model.later_than(rows[:5], days=7.0) == pytest.approx(np.zeros(5), abs=0.05)


def test_a_large_table_is_cut_to_its_latest_items():
    mixed = waits(3_000, seed=6, stretch=5.0), waits(3_000, seed=7)
    rows, days, is_billed = (
        np.concatenate([getattr(part, name) for part in mixed])
        for name in ("rows", "truth", "is_billed")
    )
    model = fit_days(
        rows, days=days, is_billed=np.ones(len(is_billed), dtype=bool),
        features=FEATURES, signs=SIGNS, settings=DaysSettings(most_rows=3_000),
    )  # fmt: skip
    assert error(model, NEW, days=30.0) < 0.03
