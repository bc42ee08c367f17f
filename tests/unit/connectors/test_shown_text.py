"""What an error shows of foreign text can be read, and deceives nobody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from data.schemas.batch import FieldProblem
from service.connectors.shown_text import MAX_LENGTH, shown


def test_plain_text_is_shown_as_it_is():
    assert shown("Prüfung der Anlage, 7,5 h") == "Prüfung der Anlage, 7,5 h"


def test_hidden_characters_are_spelled_out():
    assert shown("a\u202eb\x1f\ud800") == "a\\u202eb\\x1f\\ud800"


@given(st.text(st.characters(codec=None), max_size=2 * MAX_LENGTH))
def test_whatever_is_shown_can_stand_in_a_problem(text):
    assert FieldProblem(field="x", value=shown(text), reason="x").value is not None
