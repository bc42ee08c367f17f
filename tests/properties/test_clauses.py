"""Whatever a document holds: proposals quote it, figures stay within bounds, nothing fails."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schemas.proposals import ClauseQuote
from data.schemas.vocabulary import ClauseKind
from models.clauses.learn import learn
from models.clauses.propose import Document, Named, propose, propose_quoted, without_repeats
from models.clauses.terms_of import Passage, read_terms_of
from service.scoring.clause_reader import embedded_clauses

SIGNED = date(2026, 1, 10)
TEXTS = [one.text for one in embedded_clauses()]
MODEL = Named(name="test", classifier=learn(embedded_clauses(), temperature=0.1))
PIECES = st.sampled_from(
    ["EUR ", "US$", "us$", "$", "€", "1.2.3.4", "9" * 30, "0,0", "3/4/2026", "31.02.2026", " days",
     " hours", "%", " per day in Vienna", "five words", "category ", ": a, b and c.", "\n\n", "\f",
     "\r\n", "(10) ", "5th of the following month", "999999999999 months", "½", "\u00ad", '"x"']
)  # fmt: skip
MESS = st.lists(PIECES | st.sampled_from(TEXTS) | st.text(max_size=20), max_size=25).map("".join)


@settings(max_examples=60, deadline=None)
@given(MESS)
def test_every_draft_is_a_passage_of_the_document(text):
    document = Document.of(text, currency="EUR", signed_on=SIGNED)
    for draft in propose(document, model=MODEL):
        passage = document.text[draft.source.char_start : draft.source.char_end]
        assert passage.strip()
        assert draft.source.page == 1 + document.text[: draft.source.char_start].count("\f")
        assert (draft.terms is None) == bool(draft.missing)
        assert draft.terms is None or draft.terms.kind is draft.kind


@settings(max_examples=150, deadline=None)
@given(MESS, st.sampled_from(ClauseKind))
def test_every_quote_that_stands_in_the_document_is_proposed_and_no_other(text, kind):
    document = Document.of(text, currency="USD", signed_on=SIGNED)
    half = document.text[len(document.text) // 3 :]
    quotes = [
        ClauseQuote(kind=kind, quote=half),
        ClauseQuote(kind=kind, quote=half + "\u0001 never there"),
    ]
    drafts, dropped = propose_quoted(document, quotes, model=MODEL, proposed_by="llm:test")
    assert len(drafts) + dropped == 2
    assert dropped >= 1
    for draft in drafts:
        assert document.text[draft.source.char_start : draft.source.char_end] == half
    assert len(without_repeats((*drafts, *drafts))) == len(drafts)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(TEXTS), st.sampled_from(ClauseKind), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_any_text_is_read_as_any_kind(text, kind, currency):
    reading = read_terms_of(kind, Passage(text=text, currency=currency, signed_on=SIGNED, hints={}))
    assert (reading.terms is None) == bool(reading.missing)


@pytest.mark.parametrize("piece", ["9", "9,", "1 ", "A ", "a. ", "EUR ", "(a) ", '"', "one ", "%"])
def test_a_page_of_one_sign_is_read_in_a_moment(piece):
    document = Document.of(piece * (20_000 // len(piece)), currency="EUR", signed_on=SIGNED)
    started = time.process_time()
    propose(document, model=MODEL)
    for kind in ClauseKind:
        read_terms_of(
            kind, Passage(text=document.text[:3_200], currency="EUR", signed_on=SIGNED, hints={})
        )
    assert time.process_time() - started < 5
