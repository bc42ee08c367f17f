"""What a candidate is fitted on, what it leaves out, and that no row reads its own label."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.schemas.questions import Question
from models.bundle import audit, build, read_manifest, self_test
from models.features.catalogue import FEATURE_NAMES
from models.heads import fit_question
from models.joined import REST, kinds_of
from tests.builders.bundles import NOW
from tests.builders.training_rows import tables
from training.baseline import fit_group_median, fit_untuned
from training.fit import document_of, fit_candidate, pack_candidate
from training.flags import LEAST_PROBABILITY, flag_threshold
from training.head_slices import FEWEST_POSITIVES, for_head, is_learnable
from training.joining import fit_kinds, joined_head
from training.settings import TrainingSettings
from training.splits import slices_of
from training.words import learn_words

SETTINGS = TrainingSettings()
ANY_FAULT, LATE, VAGUE = (
    Question.ANY_FAULT, Question.MISSED_CUT_OFF, Question.NARRATIVE_INSUFFICIENT,
)  # fmt: skip


def sliced(table, question=ANY_FAULT):
    return slices_of(table, question, settings=SETTINGS.slices)


def worded(table, *, said_of_faults="did stuff"):
    """The table with narratives: those of faulty items have words of their own."""
    plans = [f"plan {chr(97 + i % 20)}x" for i in range(len(table))]
    narratives = [
        f"{said_of_faults} on {plan}" if is_faulty else f"wrote {plan}"
        for plan, is_faulty in zip(plans, table.is_positive, strict=True)
    ]
    return replace(table, narrative=tuple(narratives))


@pytest.fixture(scope="module")
def faults_and_late():
    faults, late = tables(3_000)
    return worded(faults), late


def test_a_question_of_which_too_little_is_known_gets_no_head(faults_and_late):
    faults, late = faults_and_late
    few = np.cumsum(faults.is_positive) <= 20
    rare = replace(faults, is_positive=faults.is_positive & few)
    given = {ANY_FAULT: sliced(faults), LATE: sliced(late, LATE), VAGUE: sliced(rare)}
    candidate = fit_candidate(given, settings=SETTINGS, now=NOW)
    assert set(candidate.heads) == {ANY_FAULT, LATE}
    document = document_of(candidate, violation=given[ANY_FAULT], metrics={})
    files = pack_candidate(candidate, document=document)
    self_test(build(audit(files, expected_id=read_manifest(files).id)))


def test_only_the_certified_question_leaves_its_calibrate_slice_unlearned(faults_and_late):
    slices = sliced(faults_and_late[0])
    assert for_head(ANY_FAULT, slices) is slices
    wider = for_head(VAGUE, slices)
    kept = set(wider.calibrate.item_id) | set(wider.tune.item_id)
    assert kept < set(slices.calibrate.item_id)
    assert len(wider.fit) > len(slices.fit) + len(slices.tune)
    assert not kept & set(wider.fit.item_id)
    assert wider.test is slices.test


def test_a_kind_is_learned_from_all_the_rows_that_its_head_would_see(faults_and_late):
    slices = sliced(faults_and_late[0])
    rows = np.flatnonzero(slices.calibrate.is_positive)[:FEWEST_POSITIVES]
    rare = np.zeros(len(slices.calibrate), dtype=np.bool_)
    rare[rows] = True
    nothing = replace(slices.fit, is_positive=np.zeros(len(slices.fit), dtype=np.bool_))
    none = replace(slices.tune, is_positive=np.zeros(len(slices.tune), dtype=np.bool_))
    late = replace(slices, fit=nothing, tune=none,
                   calibrate=replace(slices.calibrate, is_positive=rare))  # fmt: skip
    assert is_learnable(VAGUE, late)
    assert not is_learnable(ANY_FAULT, late)


def test_no_label_of_the_calibrate_slice_comes_into_the_certified_head(faults_and_late):
    """Its promise is tested on them: turned round, they may change nothing that scores."""
    slices = sliced(faults_and_late[0])
    turned = replace(
        slices,
        calibrate=replace(slices.calibrate, is_positive=~slices.calibrate.is_positive),
    )
    late = sliced(faults_and_late[1], LATE)
    given, other = ({ANY_FAULT: one, VAGUE: one, LATE: late} for one in (slices, turned))
    first, second = (
        fit_candidate(tables, settings=SETTINGS, now=NOW).heads for tables in (given, other)
    )
    rows = np.hstack([slices.test.features, np.zeros((len(slices.test), 4))])
    np.testing.assert_array_equal(
        first[ANY_FAULT].probabilities(rows), second[ANY_FAULT].probabilities(rows)
    )
    assert (first[VAGUE].probabilities(rows) != second[VAGUE].probabilities(rows)).any()
    kinds = [kinds_fitted(tables) for tables in (given, other)]
    assert set(kinds[0]) == {VAGUE}
    assert kinds[0][VAGUE].text() == kinds[1][VAGUE].text()


def test_faults_of_no_kind_have_a_head_in_the_join_as_well(faults_and_late):
    faults = sliced(faults_and_late[0])
    is_odd = np.arange(len(faults.fit)) % 2 == 1
    vague = replace(faults, fit=replace(faults.fit, is_positive=faults.fit.is_positive & is_odd))
    tables = {ANY_FAULT: faults, VAGUE: vague}
    kinds = kinds_fitted(tables)
    assert set(kinds) == {VAGUE, REST}
    assert all(head.line is None for head in kinds.values()), "a bundle keeps trees of kinds alone"
    own = fit_question(ANY_FAULT, faults.fit.features, is_positive=faults.fit.is_positive,
                       weight=faults.fit.weight)  # fmt: skip
    tune = (faults.tune.features, faults.tune)
    assert joined_head(own, kinds={REST: kinds[REST]}, tune=tune) is own
    blind = replace(faults.tune, is_positive=np.zeros(len(faults.tune), dtype=np.bool_))
    assert joined_head(own, kinds=kinds, tune=(faults.tune.features, blind)) is own


def test_kinds_that_rank_better_get_a_part_in_the_certified_head(faults_and_late):
    faults = sliced(faults_and_late[0])
    given = {"is_positive": faults.fit.is_positive, "weight": faults.fit.weight}
    noise = np.random.default_rng(1).uniform(size=faults.fit.features.shape)
    blind = fit_question(ANY_FAULT, noise, **given)
    good = {VAGUE: fit_question(VAGUE, faults.fit.features, **given)}
    joined = joined_head(blind, kinds=good, tune=(faults.tune.features, faults.tune))
    assert set(kinds_of(joined)) == {VAGUE}


def kinds_fitted(tables):
    return fit_kinds(
        tables,
        rows=tables[ANY_FAULT].fit.features,
        features=FEATURE_NAMES,
        settings=SETTINGS.violation,
    )


def test_what_words_tell_becomes_part_of_the_vector(faults_and_late):
    faults, _ = faults_and_late
    words = learn_words({ANY_FAULT: sliced(faults)})
    assert words.columns == ("words_any_fault", "words_any_fault_share")
    later = words.widened(sliced(faults).test)
    assert later.shape[1] == len(FEATURE_NAMES) + 2
    said, is_positive = later[:, -2], sliced(faults).test.is_positive
    assert said[is_positive].min() > said[~is_positive].max()


def test_no_row_is_read_by_a_model_that_has_seen_its_label(faults_and_late):
    """Words of chance: a model that has seen a row knows it by heart, any other knows nothing."""
    faults, _ = faults_and_late
    generator = np.random.default_rng(3)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    own = tuple(
        " ".join("".join(generator.choice(letters, 4)) for _ in range(6)) for _ in faults.item_id
    )
    slices = sliced(replace(faults, narrative=own))
    words = learn_words({ANY_FAULT: slices})
    said, is_positive = words.widened(slices.fit)[:, -2], slices.fit.is_positive
    by_heart = words.model.read(slices.fit.narrative)[:, 0]
    known = ~np.isnan(said)
    assert known.mean() > 0.7
    assert rank_gap(by_heart[known], is_positive[known]) > 0.3
    assert abs(rank_gap(said[known], is_positive[known])) < 0.15


def rank_gap(score, is_positive):
    """How much higher positives rank on average, as a share of all ranks; half the AUC's excess."""
    ranks = np.argsort(np.argsort(score)) / len(score)
    return ranks[is_positive].mean() - ranks[~is_positive].mean()


def test_a_flag_is_right_half_of_the_time_and_never_says_the_unlikely(faults_and_late):
    table = faults_and_late[0]
    right = np.where(table.is_positive, 0.9, 0.1)
    assert flag_threshold(right, table=table) >= LEAST_PROBABILITY
    noise = np.random.default_rng(1).uniform(size=len(table)) * 0.3
    assert flag_threshold(noise, table=table) == 0.5
    half = np.linspace(1.0, 0.0, len(table))
    some = replace(table, is_positive=half > 0.8)
    # The upper fifth is all right: from 0.6 on every second flag is.
    assert flag_threshold(half, table=some) == pytest.approx(0.6, abs=0.01)


def test_the_models_to_beat_learn_what_they_can():
    faults, _ = tables(1_500)
    untuned = fit_untuned(faults.features, is_positive=faults.is_positive, weight=faults.weight)
    given = untuned.probabilities(faults.features)
    assert given[faults.is_positive].mean() > given[~faults.is_positive].mean()
    median = fit_group_median(("a", "a", "b"), numbers=np.array([1.0, 3.0, 9.0]))
    assert list(median.predict(("a", "b", "nobody"))) == [2.0, 9.0, 3.0]
