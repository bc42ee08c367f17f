"""A document is cut into clauses whose places are true to the character."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.clauses.segment import MAX_CHARACTERS, segments, with_unix_line_ends
from tests.builders.proposals import DOCUMENT


def test_every_clause_is_a_segment_with_its_heading_its_page_and_its_place():
    found = segments(DOCUMENT)
    assert [(one.page, one.text[:10]) for one in found] == [
        (1, "SERVICE AG"),
        (1, "2. Working"),
        (2, "3. Key per"),
        (2, "4. Governi"),
    ]
    for one in found:
        assert DOCUMENT[one.char_start : one.char_end] == one.text


def test_a_numbered_line_begins_a_clause_and_a_lettered_list_does_not():
    found = segments("1. The fee covers\n(a) travel and\n(b) meals.\n2. Nothing else is paid.\n")
    assert [one.text.split("\n")[0] for one in found] == [
        "1. The fee covers",
        "2. Nothing else is paid.",
    ]


def test_a_heading_never_runs_over_a_page():
    found = segments("Fees\n\fTime is billed by the hour.")
    assert [(one.page, one.text) for one in found] == [
        (1, "Fees"),
        (2, "Time is billed by the hour."),
    ]


def test_a_long_paragraph_is_cut_between_sentences():
    text = "The Supplier works with care. " * 200
    found = segments(text)
    assert len(found) > 2
    assert all(one.text.endswith(".") for one in found)
    assert all(len(one.text) <= 2 * MAX_CHARACTERS for one in found)


def test_characters_that_hide_text_are_not_shown():
    assert segments("Fees are ca\u00adpped\u200b at ten.")[0].text == "Fees are capped at ten."


@given(st.text(alphabet="aZ9. ;\n\r\f\t(1)-#:é\u00ad", max_size=400))
def test_no_letter_is_lost_and_no_two_segments_overlap(text):
    document = with_unix_line_ends(text)
    found = segments(document)
    end = 0
    for one in found:
        assert document[end : one.char_start].strip() == ""
        assert one.char_start < one.char_end
        end = one.char_end
    assert document[end:].strip() == ""
