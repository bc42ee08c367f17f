"""The classifier is data: it learns, is kept without pickles, and says how sure it may be."""

from __future__ import annotations

import io
from datetime import date

import numpy as np
import pytest

from data.schemas.vocabulary import ClauseKind
from models.clauses.classify import UnreadableClassifierError, fit, pack, unpack
from models.clauses.learn import LabelledClause, evaluate, learn
from service.domain.errors import UnavailableError
from service.scoring.clause_reader import LEARNED, HomeClauseReader, embedded, embedded_clauses

TEXTS = [
    ("Fees shall not exceed the ceiling.", "ceiling"),
    ("The ceiling of all fees is fixed.", "ceiling"),
    ("Time is handed in within two weeks.", "late"),
    ("Late time that comes in after weeks is forfeit.", "late"),
    ("The laws of Austria govern.", "other"),
    ("Courts of Vienna and the laws of Austria.", "other"),
]


def labelled():
    return [
        LabelledClause(text=text, label=label, contract=f"C-{number % 2}")
        for number, (text, label) in enumerate(TEXTS)
    ]


def test_probabilities_add_up_and_the_highest_is_the_label():
    model = fit([text for text, _ in TEXTS], [label for _, label in TEXTS])
    chances = model.probabilities([text for text, _ in TEXTS])
    assert np.allclose(chances.sum(axis=1), 1.0)
    assert [model.labels[place] for place in chances.argmax(axis=1)] == [one for _, one in TEXTS]


def test_two_labels_are_told_apart_as_well_as_three():
    model = fit([text for text, _ in TEXTS[:4]], [label for _, label in TEXTS[:4]])
    answers = model.margins([text for text, _ in TEXTS[:4]]).argmax(axis=1)
    assert [model.labels[place] for place in answers] == [label for _, label in TEXTS[:4]]


def test_a_kept_classifier_says_the_same():
    model = fit([text for text, _ in TEXTS], [label for _, label in TEXTS])
    again = unpack(pack(model))
    texts = ["An unseen ceiling", "", "Zeit und Ärger"]
    assert np.array_equal(model.probabilities(texts), again.probabilities(texts))
    assert pack(again) == pack(model)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 damaged"])
def test_a_damaged_file_is_refused(content):
    with pytest.raises(UnreadableClassifierError, match="learn anew, or delete"):
        unpack(content)


def test_arrays_that_do_not_belong_together_are_refused():
    packed = pack(fit([text for text, _ in TEXTS], [label for _, label in TEXTS]))
    with np.load(io.BytesIO(packed)) as arrays:
        held = {name: arrays[name] for name in arrays.files}
    kept = io.BytesIO()
    np.savez(kept, **(held | {"weights": held["weights"][:, :-1]}))
    with pytest.raises(UnreadableClassifierError, match="belong together"):
        unpack(kept.getvalue())


def test_an_array_of_objects_is_never_unpickled():
    kept = io.BytesIO()
    np.savez(kept, format=np.array([{"a": 1}], dtype=object))
    with pytest.raises(UnreadableClassifierError):
        unpack(kept.getvalue())


def test_no_contract_is_judged_by_a_model_that_saw_it():
    # Every contract has one label of its own: who never saw it cannot know it.
    apart = [LabelledClause(text=text, label=label, contract=label) for text, label in TEXTS]
    assert evaluate(apart, folds=3).macro_f1 == 0.0
    assert evaluate(labelled(), folds=2).contracts == 2


def test_learning_is_repeatable():
    assert pack(learn(labelled(), temperature=0.2)) == pack(learn(labelled(), temperature=0.2))


def test_the_embedded_clauses_hold_every_kind_and_what_is_none():
    counts = {}
    for one in embedded_clauses():
        counts[one.label] = counts.get(one.label, 0) + 1
    assert set(counts) == {*ClauseKind, "other"}
    assert min(counts.values()) >= 6
    assert 150 <= sum(counts.values()) <= 260


def test_the_embedded_clauses_teach_enough_for_wordings_nobody_saw():
    # 33 labels: chance is 0.03.
    assert evaluate(embedded_clauses(), folds=5).macro_f1 > 0.6


def test_the_embedded_classifier_is_trained_once_and_mended_when_damaged(tmp_path):
    first = embedded(tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"damaged")
    assert embedded(tmp_path) == first
    assert kept.read_bytes() == first


def test_a_damaged_classifier_that_was_learned_is_told_with_its_remedy(tmp_path):
    (tmp_path / LEARNED).write_bytes(b"damaged")
    with pytest.raises(UnavailableError, match="learn anew") as refused:
        HomeClauseReader(tmp_path).read("text", currency="EUR", signed_on=date(2026, 1, 1))
    assert "terms learn" in refused.value.remedy
