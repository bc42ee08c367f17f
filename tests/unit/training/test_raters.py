"""Reviewers are believed as far as their double reviews say, and labels join accordingly."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.questions import Question
from data.schemas.vocabulary import Lane
from tests.builders.training_rows import START, training_row
from training.dataset import table_of
from training.raters import Votes, fit_raters

SENSITIVITY = np.array([0.95, 0.9, 0.6, 0.85])
SPECIFICITY = np.array([0.995, 0.98, 0.97, 0.8])


def judged(items, *, raters=4, base_rate=0.2, seed=1):
    """Each item is judged by two of the raters, who err as declared."""
    generator = np.random.default_rng(seed)
    truth = generator.uniform(size=items) < base_rate
    pairs = np.array([generator.choice(raters, 2, replace=False) for _ in range(items)])
    item, rater = np.repeat(np.arange(items), 2), pairs.reshape(-1)
    says_yes = np.where(truth[item], SENSITIVITY[rater], 1 - SPECIFICITY[rater])
    votes = Votes(item=item, rater=rater, is_yes=generator.uniform(size=len(item)) < says_yes)
    return votes, truth


def test_raters_with_known_errors_are_recovered():
    votes, _ = judged(4_000)
    raters = fit_raters(votes, raters=4)
    assert raters.sensitivity == pytest.approx(SENSITIVITY, abs=0.06)
    assert raters.specificity == pytest.approx(SPECIFICITY, abs=0.03)
    assert raters.prevalence == pytest.approx(0.2, abs=0.03)
    # Youden's J orders them: 0.945, 0.88, 0.57 and 0.65.
    assert np.argsort(raters.weight).tolist() == [2, 3, 1, 0]


def test_weighing_raters_finds_more_truth_than_counting_heads():
    votes, truth = judged(4_000)
    belief = fit_raters(votes, raters=4).posterior(votes, items=len(truth))
    yes = np.bincount(votes.item, weights=votes.is_yes)
    counted = np.where(yes == 1, 0.5, yes / 2)
    assert np.mean((belief - truth) ** 2) < 0.8 * np.mean((counted - truth) ** 2)


def test_a_rater_who_guesses_weighs_next_to_nothing():
    votes, _ = judged(3_000)
    generator = np.random.default_rng(2)
    guessed = np.where(
        votes.rater == 3, generator.uniform(size=len(votes.item)) < 0.5, votes.is_yes
    )
    raters = fit_raters(Votes(item=votes.item, rater=votes.rater, is_yes=guessed), raters=4)
    assert raters.weight[3] < 0.15
    assert raters.weight[0] > 0.8


def test_two_raters_get_the_error_that_their_agreement_shows():
    generator = np.random.default_rng(3)
    items, error = 5_000, 0.1
    truth = generator.uniform(size=items) < 0.3
    says = [np.where(generator.uniform(size=items) < error, ~truth, truth) for _ in range(2)]
    votes = Votes(
        item=np.tile(np.arange(items), 2), rater=np.repeat([0, 1], items),
        is_yes=np.concatenate(says),
    )  # fmt: skip
    raters = fit_raters(votes, raters=2)
    assert raters.sensitivity == pytest.approx([1 - error] * 2, abs=0.02)


def test_without_enough_double_reviews_nobody_is_weighed():
    votes, _ = judged(29)
    assert fit_raters(votes, raters=4) is None
    single = Votes(item=np.arange(500), rater=np.arange(500) % 4, is_yes=np.zeros(500, dtype=bool))
    assert fit_raters(single, raters=4) is None


@given(st.integers(0, 1_000), st.floats(0.02, 0.5))
def test_weights_and_beliefs_stay_probabilities(seed, base_rate):
    votes, truth = judged(60, base_rate=base_rate, seed=seed)
    raters = fit_raters(votes, raters=4)
    belief = raters.posterior(votes, items=len(truth))
    assert ((belief >= 0) & (belief <= 1)).all()
    assert ((raters.weight > 0) & (raters.weight <= 1)).all()


def verdict(says, *, rater, day, item="test:TS-1", lane=Lane.INDEX, **more):
    return training_row(
        item_id=item, answers={Question.ANY_FAULT: says}, rater=rater, lane=lane,
        known_at=START + timedelta(days=day), **more,
    )  # fmt: skip


def faults(*rows):
    return table_of(rows, Question.ANY_FAULT)


def test_a_double_review_is_one_item():
    table = faults(
        verdict(False, rater="a", day=1), verdict(False, rater="b", day=2, lane=Lane.DOUBLE)
    )
    assert len(table) == 1
    assert table.reliability.tolist() == [1.0]


def test_a_contradicted_verdict_counts_half_until_it_is_settled():
    first, second = verdict(False, rater="a", day=1), verdict(True, rater="b", day=2)
    assert faults(first, second).reliability.tolist() == [0.5]
    settled = faults(first, second, verdict(False, rater="c", day=3))
    assert settled.is_positive.tolist() == [False]
    assert settled.reliability.tolist() == [1.0]


def test_a_correction_by_the_same_person_is_no_second_opinion():
    table = faults(verdict(False, rater="a", day=1), verdict(True, rater="a", day=2))
    assert table.is_positive.tolist() == [True]
    assert table.reliability.tolist() == [1.0]


def test_a_verdict_on_an_older_version_does_not_contradict_the_newer():
    older = verdict(True, rater="a", day=1)
    newer = verdict(False, rater="b", day=9, assessed_at=START + timedelta(days=5))
    table = faults(older, newer)
    assert table.is_positive.tolist() == [False]
    assert table.reliability.tolist() == [1.0]


def test_an_item_drawn_for_a_double_review_keeps_the_chance_of_its_first():
    table = faults(
        verdict(False, rater="a", day=1, propensity=1.0),
        verdict(False, rater="b", day=2, lane=Lane.DOUBLE, propensity=0.05),
    )
    assert table.propensity.tolist() == [1.0]


def test_a_careless_rater_weighs_less_than_a_careful_one_wherever_they_judge_alone():
    votes, _ = judged(1_500, raters=3)
    rows = [
        verdict(bool(yes), rater=f"r{rater}", day=1, item=f"test:D-{item}")
        for item, rater, yes in zip(votes.item, votes.rater, votes.is_yes, strict=True)
    ]
    alone = [verdict(False, rater=f"r{n}", day=1, item=f"test:S-{n}") for n in range(3)]
    table = faults(*rows, *alone)
    weight = {name: table.reliability[place] for place, name in enumerate(table.item_id)}
    assert weight["test:S-2"] < 0.7
    assert weight["test:S-0"] > 0.85
