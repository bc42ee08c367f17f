"""What words say of an item, learned and read in two ways that must agree."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from data.schemas.questions import ASKED, LabelSource, Question
from models.words_model import learn
from models.words_model.columns import WORD_COLUMNS, sentence_of
from models.words_model.learn import Texts, fit_words, read_texts
from models.words_model.model import WordsDocument, words_from_text
from models.words_model.terms import terms_of
from tests.builders.bundles import vague_words

WANTING = Question.NARRATIVE_INSUFFICIENT
HIGHEST, SHARE = (name for name, one in WORD_COLUMNS.items() if one.question is WANTING)


def everything(count):
    return np.ones(count, dtype=np.bool_)


def test_terms_are_words_pairs_and_runs_without_numbers():
    assert {"review", "draft", "review draft", "~ rev", "~aft "} <= terms_of("Review draft 4711")
    assert not any("4711" in term for term in terms_of("Review draft 4711"))
    assert terms_of("") == frozenset()


def test_a_row_that_reads_like_those_found_wanting_lifts_its_item():
    model = vague_words()
    said = model.read(["wrote report\nsome stuff", "wrote report\nread report", ""])
    highest, share = said[:, 0], said[:, 1]
    assert highest[0] > 0 > highest[1]
    assert np.isnan(said[2]).all()
    assert 0.0 <= share[1] <= share[0] <= 1.0


def test_misspelled_and_abbreviated_words_are_still_read():
    model = vague_words()
    known, unknown = model.margins(["stuffs done", "quarterly plan"])[:, 0]
    assert known > unknown


def test_reading_the_taken_apart_texts_gives_the_same_as_the_served_model():
    things = ("report", "plan", "draft", "memo", "list")
    narratives = [f"did stuff\nwrote {one}" for one in things] * 4
    narratives += ["", *(f"wrote {one}\nread {one} 12" for one in things)] * 4
    texts = Texts.of(narratives)
    wanting = np.array(["stuff" in text for text in narratives])
    model = fit_words(texts, {WANTING: (wanting, everything(len(wanting)))})
    np.testing.assert_allclose(
        read_texts(texts, model, items=len(narratives)), model.read(narratives), atol=1e-9
    )


def test_a_model_reads_the_same_after_the_disk():
    model = vague_words()
    again = words_from_text(model.text())
    texts = ["did stuff", "wrote a report", "neither"]
    np.testing.assert_array_equal(model.margins(texts), again.margins(texts))


def test_the_vocabulary_is_capped_and_keeps_what_tells_faults_apart(monkeypatch):
    monkeypatch.setattr(learn, "MOST_TERMS", 10)
    assert len(vague_words().document.terms) == 10
    assert "stuff" in vague_words().document.terms


@pytest.mark.parametrize("narratives", [[], ["", ""], ["one text", "another"]])
def test_nothing_is_learned_where_nothing_is_told(narratives):
    nobody = np.zeros(len(narratives), dtype=np.bool_)
    assert fit_words(Texts.of(narratives), {WANTING: (nobody, ~nobody)}) is None
    assert fit_words(Texts.of(narratives), {}) is None


def test_a_document_with_a_column_missing_is_refused():
    whole = vague_words().document
    with pytest.raises(ValidationError, match="missing"):
        WordsDocument.model_validate(whole.model_dump() | {"idf": whole.idf[1:]})


def test_every_column_has_a_sentence_and_speaks_for_its_own_fault_and_for_any():
    for name, column in WORD_COLUMNS.items():
        assert ASKED[column.question].source is LabelSource.VERDICT
        assert column.sign(column.question) == column.sign(Question.ANY_FAULT) == 1
        assert column.sign(Question.MISSED_CUT_OFF) is None
        assert "found" in sentence_of(name, value=0.5)
    assert sentence_of(HIGHEST, value=float("nan")) == "There are no words to read"
    assert sentence_of(SHARE, value=0.25).startswith("25% of the narratives")
    assert sentence_of("entries", value=3.0) == "The timesheet has 3 entries"
