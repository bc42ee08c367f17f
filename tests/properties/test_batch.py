"""No row is lost between what was sent, what was accepted and what was given back."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from data.schemas.batch import Rejection, parse_items
from tests.builders.items import milestone, timesheet

GOOD = [
    json.loads(one.model_dump_json())
    for one in (timesheet(), timesheet(external_id="TS-2"), milestone())
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@st.composite
def damaged(draw):
    """A good row with one field replaced by anything."""
    row = dict(draw(st.sampled_from(GOOD)))
    row[draw(st.sampled_from(sorted(row)))] = draw(anything)
    return row


rows = st.lists(st.sampled_from(GOOD) | damaged() | anything, max_size=8)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(rows)
def test_every_row_is_accepted_or_given_back(sent):
    batch = parse_items(sent)
    numbers = [row for row, _ in batch.accepted] + [one.row for one in batch.rejected]
    assert sorted(numbers) == list(range(len(sent)))
    assert len({item.item_id for _, item in batch.accepted}) == len(batch.accepted)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(rows)
def test_every_rejection_says_where_what_and_why(sent):
    for rejection in parse_items(sent).rejected:
        assert rejection.problems
        for problem in rejection.problems:
            assert problem.field
            assert problem.value
            assert problem.reason
        assert Rejection.model_validate_json(rejection.model_dump_json()) == rejection


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.permutations(GOOD))
def test_good_rows_are_accepted_in_their_order(sent):
    batch = parse_items(sent)
    assert batch.rejected == ()
    assert [row for row, _ in batch.accepted] == list(range(len(sent)))
