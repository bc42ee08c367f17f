"""The cursor gives each change once and looks back far enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from service.connectors.tryton_cursor import MAX_REMEMBERED, OVERLAP, START, ChangeCursor

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
keys = st.tuples(
    st.integers(0, 3600).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    st.integers(1, 50),
)


def test_a_first_pull_starts_at_the_beginning():
    assert ChangeCursor.read(None).start() == (START, 0)


def test_the_next_pull_starts_an_overlap_before_the_last_change():
    cursor = ChangeCursor().after([(NOON, 7)])
    assert cursor.start() == (NOON - OVERLAP, 0)


def test_changes_of_the_overlap_are_remembered_and_older_ones_are_not():
    old, edge, new = NOON - timedelta(hours=1), NOON - OVERLAP, NOON
    cursor = ChangeCursor().after([(old, 1), (edge, 2), (new, 3)])
    assert cursor.given == {(edge, 2), (new, 3)}


def test_a_cursor_stays_bounded_after_a_bulk_load():
    cursor = ChangeCursor().after([(NOON, number) for number in range(1, 20_000)])
    assert len(cursor.given) == MAX_REMEMBERED
    assert cursor.last == (NOON, 19_999)


@settings(max_examples=50, deadline=None)
@given(st.sets(keys, max_size=30))
def test_a_cursor_comes_back_from_its_text(changes):
    cursor = ChangeCursor().after(changes)
    assert ChangeCursor.read(cursor.text()) == cursor


@settings(max_examples=50, deadline=None)
@given(st.sets(keys, max_size=30), st.sets(keys, max_size=30))
def test_the_last_change_never_goes_back(first, second):
    before = ChangeCursor().after(first)
    assert before.after(second).last >= before.last
