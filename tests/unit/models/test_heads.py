"""A head obeys the signs of its features, alone and with a line beside its trees."""

from __future__ import annotations

import numpy as np
import pytest

from data.schemas.questions import Question
from models.features.catalogue import FEATURE_NAMES
from models.heads import fit_question, sign_of
from models.line import fit_line
from tests.builders.bundles import SMALL, noisy_rows

DISPUTE = Question.DISPUTED_PRICE


def head_of(question, *, seed=4):
    rows, is_positive = noisy_rows(600, seed=seed)
    return fit_question(
        question, rows, is_positive=is_positive, weight=np.ones(600), settings=SMALL
    )


@pytest.mark.parametrize("question", [Question.ANY_FAULT, Question.MISSED_CUT_OFF, DISPUTE])
def test_raising_a_signed_feature_never_moves_a_probability_against_its_sign(question):
    head = head_of(question)
    rows, _ = noisy_rows(60, seed=5)
    for column, name in enumerate(FEATURE_NAMES):
        sign = sign_of(name, question)
        raised = rows.copy()
        raised[:, column] += 0.5
        change = head.probabilities(raised) - head.probabilities(rows)
        if sign is None:
            assert (change == 0).all(), name
        elif sign:
            assert (change * sign >= -1e-12).all(), name


def test_a_dispute_is_told_by_a_line_beside_the_trees_and_its_parts_add_up():
    head = head_of(DISPUTE)
    assert head.line is not None
    assert 0 < head.line_weight < 1
    assert head_of(Question.NARRATIVE_INSUFFICIENT).line is None
    rows, _ = noisy_rows(20, seed=6)
    rows[::3, ::5] = np.nan
    scores = head.scores(rows)
    base = np.log(scores / (1 - scores)) - head.contributions(rows).sum(axis=1)
    np.testing.assert_allclose(base, base[0], atol=1e-9)


def test_a_line_finds_a_planted_slope_and_bears_unknown_values_and_odd_rows():
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(4_000, 3))
    is_positive = generator.uniform(size=4_000) < 1 / (1 + np.exp(2 - 1.5 * rows[:, 0]))
    rows[0, 0] = 1e9
    rows[::10, 1] = np.nan
    line = fit_line(rows, is_positive=is_positive, weight=np.ones(4_000), signs=[1, 0, None])
    assert line.slopes[0] == pytest.approx(1.5, abs=0.2)
    assert line.slopes[2] == line.unknown[2] == 0.0
    assert np.isfinite(line.margins(np.full((1, 3), np.nan))).all()


def test_a_line_never_runs_against_its_sign():
    generator = np.random.default_rng(2)
    rows = generator.normal(size=(1_000, 1))
    falling = generator.uniform(size=1_000) < 1 / (1 + np.exp(2 * rows[:, 0]))
    line = fit_line(rows, is_positive=falling, weight=np.ones(1_000), signs=[1])
    assert line.slopes == (0.0,)
