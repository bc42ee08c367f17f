"""The page of definitions says what the screens say."""

from __future__ import annotations

import pytest

from data.definitions import DEFINITIONS, explain
from tests.golden import definitions_page

LONGEST = 420
"""Characters: what is longer is not read beside a number."""


def test_page_of_definitions_is_what_the_screens_say() -> None:
    written = definitions_page.PAGE.read_text(encoding="utf-8")
    assert written == definitions_page.definitions_page(), (
        "run `python -m tests.golden.definitions_page` and read the difference"
    )


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_a_definition_is_short_and_whole_sentences(name: str) -> None:
    assert explain(name).endswith(".")
    assert len(explain(name)) <= LONGEST


def test_no_two_numbers_share_a_title() -> None:
    titles = [one.title for one in DEFINITIONS.values()]
    assert len(set(titles)) == len(titles)
