"""Our learning on a small ledger: honest cuts, leaks refused, figures beside the others'."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from tests.builders.outside_tables import MAPPING, ledger, write_ledger, write_mapping
from training.outside.blend import even_weights
from training.outside.compare import (
    FIGURES,
    area_under_curve,
    average_precision,
    calibration_gap,
    compare,
    mean_error,
)
from training.outside.evaluate import evaluate_outside
from training.outside.features import encode, facts_of
from training.outside.leaking import refuse_leaks
from training.outside.mapping import MappingError, read_mapping
from training.outside.table import read_table
from training.outside.tasks import TooFewRowsError, cut_task


def facts(tmp_path, frame=None, **changes: object):
    mapping = read_mapping(write_mapping(tmp_path, **changes))
    write_ledger(tmp_path, frame)
    return facts_of(read_table(mapping, folder=tmp_path), mapping=mapping)


def test_train_rows_were_known_at_the_cut_and_test_rows_come_after_it(tmp_path):
    told = facts(tmp_path)
    task = cut_task(told, told.labels[0])
    for fold in (*task.folds, task.final):
        start = told.decided[fold.tell].min()
        assert told.decided[fold.learn].max() < start
        assert task.outcome.known[fold.learn].max() < start
        assert not np.any(fold.learn & fold.tell)
    assert not any(np.any(fold.tell & task.final.tell) for fold in task.folds)


def test_codes_come_from_the_train_rows_and_what_they_never_saw_is_other(tmp_path):
    frame = ledger()
    frame.loc[frame.index[-200:], "channel"] = "pigeon"
    told = facts(tmp_path, frame)
    train = np.arange(900) < 600
    encoded = encode(told, train=train)
    channel = encoded.rows[:, encoded.names.index("channel")]
    assert np.all(channel[-200:] == 0.0)
    assert set(channel[:600]) == {1.0, 2.0, 3.0}


def test_too_few_rows_are_refused_with_what_to_do(tmp_path):
    told = facts(tmp_path, ledger(100))
    with pytest.raises(TooFewRowsError, match="export a longer time"):
        cut_task(told, told.labels[0])


def test_a_planted_leak_is_refused_by_name(tmp_path):
    frame = ledger()
    late = frame["paid"] > frame["due"]
    frame["lines"] = np.where(late, 0, frame["lines"])
    told = facts(tmp_path, frame)
    with pytest.raises(MappingError, match=r"lines.*under `dropped`"):
        refuse_leaks(cut_task(told, told.labels[0]))


def test_an_honest_ledger_has_no_leak(tmp_path):
    told = facts(tmp_path)
    refuse_leaks(cut_task(told, told.labels[0]))


def test_a_ledger_is_evaluated_from_its_mapping_to_a_table(tmp_path):
    mappings = tmp_path / "mappings"
    mappings.mkdir()
    write_mapping(mappings)
    said: list[str] = []
    folder = write_ledger(tmp_path, ledger(500))
    report = evaluate_outside(folder, progress=said.append, mappings=mappings)
    assert [row[1] for row in report.rows] == [*FIGURES, "MAE (days)", "coverage of 80% (width)"]
    assert all(len(row) == len(report.columns) for row in report.rows)
    assert len(said) == 2
    # Customers have habits, so their past tells: nobody ranks late payers by chance here.
    assert report.figures["outside: Ledger: late, AUC"] > 0.8
    assert report.figures["outside: Ledger: days to pay, MAE (days)"] < 5.0
    assert 0.7 < report.figures["outside: Ledger: days to pay, coverage"] < 0.9
    assert report.figures["outside_clearly_worse_lines"] == 0.0


def test_a_table_that_is_not_there_is_left_out_and_said_so(tmp_path):
    mappings = tmp_path / "mappings"
    mappings.mkdir()
    write_mapping(mappings)
    for folder in (tmp_path, None):
        report = evaluate_outside(folder, progress=lambda line: None, mappings=mappings)
        assert report.rows == []
        assert report.notes[-1].startswith("Left out: Ledger;")


def test_ranking_figures_are_those_of_scikit_learn_with_equal_answers_too():
    random = np.random.default_rng(4)
    actual = (random.random(500) < 0.2).astype(np.float64)
    for told in (random.random(500), np.round(random.random(500), 1), np.full(500, 0.3)):
        assert area_under_curve(actual, told) == pytest.approx(roc_auc_score(actual, told))
        expected = average_precision_score(actual, told)
        assert average_precision(actual, told) == pytest.approx(expected)


def test_the_calibration_gap_is_the_gap_between_stated_and_seen():
    actual = np.array([1.0] * 20 + [0.0] * 80)
    assert calibration_gap(actual, np.full(100, 0.5), bins=10) == pytest.approx(0.5)
    assert calibration_gap(actual, actual, bins=15) == 0.0


def test_a_worse_model_is_called_clearly_worse_and_chance_is_not():
    random = np.random.default_rng(1)
    actual = random.normal(size=800)
    near, far = actual + random.normal(0, 1, 800), actual + random.normal(0, 2, 800)
    also_near = actual + random.normal(0, 1, 800)

    def line(ours, theirs):
        return compare("MAE", actual=actual, ours=ours, others={"other": theirs},
                       figure=mean_error, sign=-1.0, seed=1)  # fmt: skip

    assert line(far, near).is_clearly_worse
    assert line(near, far).is_better
    assert not line(near, also_near).is_clearly_worse
    assert line(near, near).gain == 0.0


def test_of_answers_that_are_alike_the_blend_is_even_and_a_bad_one_has_no_weight():
    actual = np.arange(10.0)
    answers = np.column_stack([actual, actual, actual[::-1]])
    weights = even_weights(answers, loss=lambda told: mean_error(actual, told), worth=1e-9)
    assert weights.tolist() == [0.5, 0.5, 0.0]


def test_the_mapping_of_the_ledger_learns_from_nothing_that_came_later():
    assert "paid" not in str(MAPPING["columns"])
