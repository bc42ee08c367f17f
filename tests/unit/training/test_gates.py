"""What the gate lets through, and what it refuses and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.schemas.questions import Question
from models.features.catalogue import FEATURE_NAMES
from tests.builders.training_rows import tables
from training.evaluate import Cleared, measure
from training.gates import HeadEvidence, Passed, Refused, judge, weak_heads
from training.leaks import find_leaks

FIT, _ = tables(1_500, seed=1)
TEST, _ = tables(1_000, seed=2)
LATE = FEATURE_NAMES.index("client_late_rate")


def good_scores(table=TEST):
    vague = table.features[:, FEATURE_NAMES.index("vague_share")]
    return np.where(vague > 0.8, 0.3, 0.01)


def evidence(
    *, probability=None, champion=None, fit=FIT, test=TEST, leaks=(), question=Question.ANY_FAULT
):
    probability = good_scores(test) if probability is None else probability
    return HeadEvidence(
        question=question, fit=fit, test=test, figures=measure(test, probability=probability),
        probability=probability, champion_probability=champion, leaks=leaks,
    )  # fmt: skip


def cleared(rows=None, wrong=0.0):
    rows = np.zeros(len(TEST), dtype=bool) if rows is None else rows
    return Cleared(
        is_cleared=rows, share_of_cases=0.0, share_of_money=0.0, wrong_share_of_cases=wrong,
        wrong_share_of_money=0.0, missed_leakage=0.0,
    )  # fmt: skip


def judged(head, *, promise=None, objections=()):
    return judge(
        {head.question: head}, cleared=promise or cleared(), alpha=0.05, objections=objections,
        seed=1,
    )  # fmt: skip


def reasons(gate):
    assert isinstance(gate, Refused)
    return " | ".join(gate.reasons)


def test_the_first_bundle_passes_on_absolute_checks():
    assert isinstance(judged(evidence()), Passed)


def test_a_candidate_as_good_as_the_champion_passes():
    assert isinstance(judged(evidence(champion=good_scores())), Passed)


def test_a_worse_candidate_is_refused():
    worse = np.clip(good_scores() * 0.4 + 0.03, 0, 1)
    assert "worse than the champion" in reasons(
        judged(evidence(probability=worse, champion=good_scores()))
    )


def test_a_candidate_that_ranks_by_chance_is_refused():
    noise = np.random.default_rng(1).uniform(0.0, 0.1, len(TEST))
    found = reasons(judged(evidence(probability=noise)))
    assert "AUC" in found
    assert "base rate" in found


def test_a_candidate_that_overstates_is_refused():
    assert "calibration error" in reasons(judged(evidence(probability=good_scores() + 0.2)))


def test_a_true_probability_is_not_refused_because_its_test_slice_is_small():
    # Of 120 rows at 0.5 the calibration error is about 0.1 by chance alone.
    generator = np.random.default_rng(4)
    few = TEST.take(np.arange(len(TEST)) < 120)
    stated = np.where(np.arange(120) % 2 == 0, 0.65, 0.35)
    few = replace(few, is_positive=generator.uniform(size=120) < stated)
    gate = judged(evidence(probability=stated, test=few), promise=cleared(np.zeros(120, bool)))
    assert isinstance(gate, Passed), gate


def test_a_slice_that_is_served_badly_is_refused_though_the_whole_looks_well():
    # Slow clients are a third of the rows: theirs is overstated, the others' understated.
    slow = TEST.features[:, LATE] >= 0.3
    generator = np.random.default_rng(5)
    truth = np.where(slow, 0.02, 0.4) * np.where(good_scores() > 0.1, 1.5, 0.7)
    labels = generator.uniform(size=len(TEST)) < truth
    test = replace(TEST, is_positive=labels)
    blind = np.where(good_scores() > 0.1, 1.5, 0.7) * float(labels.mean())
    told = reasons(judged(evidence(probability=blind, test=test)))
    assert "in client.slow the stated share is off by +" in told


def test_a_slice_the_champion_served_better_is_named():
    slow = TEST.features[:, LATE] >= 0.3
    worse = np.where(slow, 0.02, good_scores())
    told = reasons(judged(evidence(probability=worse, champion=good_scores())))
    assert "in client.slow log-loss is worse than the champion's" in told


def test_too_few_rows_are_refused():
    few, _ = tables(60)
    assert "fewer than 300" in reasons(judged(evidence(fit=few)))


def test_a_planted_leak_is_found_and_refused_by_name():
    leaking = FIT.features.copy()
    generator = np.random.default_rng(1)
    leaking[:, LATE] = FIT.is_positive + generator.normal(0.0, 0.1, len(FIT))
    leaks = find_leaks(replace(FIT, features=leaking), features=FEATURE_NAMES)
    told = reasons(judged(evidence(leaks=leaks)))
    assert "client_late_rate" in told
    assert not find_leaks(FIT, features=FEATURE_NAMES)


def test_objections_of_the_registry_are_kept():
    assert reasons(judged(evidence(), objections=("too low",))) == "too low"


def test_a_broken_promise_is_refused():
    positives = np.flatnonzero(TEST.is_positive)[:30]
    rows = np.zeros(len(TEST), dtype=bool)
    rows[:100] = True
    rows[positives] = True
    assert "was promised" in reasons(judged(evidence(), promise=cleared(rows)))


def test_a_few_faults_within_the_promise_are_fine():
    rows = ~TEST.is_positive
    assert isinstance(judged(evidence(), promise=cleared(rows)), Passed)


def test_a_weak_head_is_left_out_and_does_not_refuse_the_bundle():
    noise = np.random.default_rng(1).uniform(0.0, 0.1, len(TEST))
    heads = {
        Question.ANY_FAULT: evidence(),
        Question.WRITE_OFF: evidence(probability=noise, question=Question.WRITE_OFF),
        Question.BLOCK_BILLING: evidence(question=Question.BLOCK_BILLING),
    }
    weak = weak_heads(heads, seed=1)
    assert set(weak) == {Question.WRITE_OFF}
    assert "AUC" in weak[Question.WRITE_OFF][0]
    gate = judge(heads, cleared=cleared(), alpha=0.05, objections=(), seed=1)
    assert isinstance(gate, Passed)


def test_one_sign_may_decide_a_question_with_one_cause_but_never_an_absence():
    sign, absence = "purchase_order_missing", "purchase_order_missing (by being unknown)"

    def weak(question, leak):
        return bool(weak_heads({question: evidence(question=question, leaks=[leak])}, seed=1))

    assert not weak(Question.DUPLICATE_TIME, sign)
    assert not weak(Question.DISPUTED_REFERENCE, sign)
    assert weak(Question.WRITE_OFF, sign)  # given up for many reasons
    assert weak(Question.DUPLICATE_TIME, absence)
    assert weak(Question.DISPUTED_REFERENCE, absence)
