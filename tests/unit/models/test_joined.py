"""A certified head joined with kinds of faults is still one: monotone, stored and told whole."""

from __future__ import annotations

import json

import numpy as np
import pytest

from data.schemas.questions import Question
from models.bundle import BundleError, audit, build, read_manifest, self_test
from models.bundle_document import DOCUMENT, file_of_kind
from models.bundle_files import load_bundle, save_bundle
from models.features.catalogue import FEATURE_NAMES
from models.heads import sign_of
from models.joined import any_of, join, kinds_of, log_odds
from tests.builders.bundles import bundle_files, noisy_rows, small_parts

KINDS = (Question.BLOCK_BILLING, Question.OUT_OF_SCOPE)
ANY_FAULT = Question.ANY_FAULT


def joined_head():
    return small_parts(seed=1, kinds=KINDS).heads[ANY_FAULT]


def test_a_joined_head_never_moves_against_the_sign_of_a_feature():
    head = joined_head()
    rows, _ = noisy_rows(60, seed=5)
    for column, name in enumerate(FEATURE_NAMES):
        sign = sign_of(name, ANY_FAULT)
        raised = rows.copy()
        raised[:, column] += 0.5
        change = head.probabilities(raised) - head.probabilities(rows)
        if sign:
            assert (change * sign >= -1e-12).all(), name


def test_kinds_count_by_their_weight_and_none_leaves_the_head_as_it_was():
    head = joined_head()
    rows, _ = noisy_rows(50, seed=6)
    own = small_parts(seed=1).heads[ANY_FAULT]
    only_kinds = join(own, kinds=kinds_of(head), kinds_weight=1.0)
    of_kinds = np.column_stack([kind.probabilities(rows) for kind in kinds_of(head).values()])
    np.testing.assert_allclose(only_kinds.scores(rows), any_of(of_kinds), rtol=1e-9)
    assert join(own, kinds={}, kinds_weight=0.5) is own
    low = np.minimum(own.scores(rows), only_kinds.scores(rows))
    high = np.maximum(own.scores(rows), only_kinds.scores(rows))
    assert (head.scores(rows) >= low - 1e-12).all()
    assert (head.scores(rows) <= high + 1e-12).all()


def test_what_is_told_of_features_adds_up_to_the_joined_odds():
    """Of one kind exactly; of several each counts by its part in the chance of any."""
    rows, _ = noisy_rows(40, seed=7)
    one = small_parts(seed=1, kinds=KINDS[:1]).heads[ANY_FAULT]
    base = log_odds(one.scores(rows)) - one.contributions(rows).sum(axis=1)
    np.testing.assert_allclose(base, base[0], atol=1e-6)
    twice = small_parts(seed=1, kinds=KINDS).heads[ANY_FAULT]
    moved, _ = noisy_rows(40, seed=8)
    odds = log_odds(twice.scores(moved)) - log_odds(twice.scores(rows))
    told = twice.contributions(moved).sum(axis=1) - twice.contributions(rows).sum(axis=1)
    assert np.corrcoef(odds, told)[0, 1] > 0.95
    assert twice.contributions(rows[:0]).shape == (0, len(FEATURE_NAMES))


def test_a_joined_head_answers_the_same_after_the_disk(tmp_path):
    files = bundle_files(kinds=KINDS)
    assert {file_of_kind(one) for one in KINDS} < set(files)
    loaded = load_bundle(save_bundle(files, bundles=tmp_path),
                         expected_id=read_manifest(files).id)  # fmt: skip
    rows, _ = noisy_rows(80, seed=3)
    np.testing.assert_array_equal(
        loaded.violation.probabilities(rows), joined_head().probabilities(rows)
    )
    assert set(loaded.heads) == {ANY_FAULT, Question.MISSED_CUT_OFF}


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        (None, "should hold"),
        ({"kinds": ["block_billing"], "weight": 0.5}, "should hold"),
        ({"kinds": [], "weight": 0.5}, "join"),
        ({"kinds": ["write_off"], "weight": 0.5}, "no hidden fault"),
        ({"kinds": ["block_billing", "block_billing"], "weight": 0.5}, "twice"),
    ],
)
def test_a_join_that_its_files_do_not_bear_out_is_refused(how, problem):
    files = bundle_files(kinds=KINDS)
    document = json.loads(files[DOCUMENT]) | {"join": how}
    files[DOCUMENT] = json.dumps(document).encode()
    with pytest.raises(BundleError, match=problem):
        audit(files, expected_id=read_manifest(files).id)


def test_another_weight_of_the_kinds_than_at_training_is_refused():
    files = bundle_files(kinds=KINDS)
    document = json.loads(files[DOCUMENT])
    document["join"]["weight"] = 0.9
    files[DOCUMENT] = json.dumps(document).encode()
    with pytest.raises(BundleError, match="golden rows differ"):
        self_test(build(audit(files, expected_id=read_manifest(files).id)))
