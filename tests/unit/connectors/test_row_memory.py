"""What was last seen of rows: nothing is told twice, and nothing that is gone is forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from service.connectors.row_memory import RowMemory, Seen, UnreadableMemoryError, digest_of
from service.connectors.watched_window import watched_since

PLACES = some.from_regex(r"[0-9]{1,3}[./][a-z0-9.,]{0,8}", fullmatch=True)
SEEN = some.builds(
    Seen,
    day=some.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)),
    place=PLACES,
    digest=some.sampled_from(["", "0a1b", "ffff"]),
)
ROWS = some.dictionaries(some.integers(1, 40).map(str), SEEN)


@given(rows=ROWS)
def test_a_memory_kept_and_read_again_is_the_same(rows):
    memory = RowMemory(rows=rows)
    assert RowMemory.read(memory.text()) == memory


@given(known=ROWS, present=ROWS)
def test_what_differs_and_what_is_absent_lead_from_one_state_to_the_next(known, present):
    memory = RowMemory(rows=known)
    differing, absent = memory.differing(present), memory.absent(present)
    after = memory.having({one: present[one] for one in differing}).without(absent)
    assert after.rows == present
    assert (after.differing(present), after.absent(present)) == ([], ())


@given(rows=ROWS, day=some.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)))
def test_rows_before_the_window_are_never_told_gone(rows, day):
    watched = RowMemory(rows=rows).since(day)
    assert set(watched.absent(())) == {one for one, seen in rows.items() if seen.day >= day}


@pytest.mark.parametrize("text", ["", "[]", "7", '{"rows": 3}', '{"rows": {"soon": {"1": "a|b"}}}'])
def test_a_foreign_text_is_refused_with_the_remedy(text):
    with pytest.raises(UnreadableMemoryError, match="without a cursor"):
        RowMemory.read(text)


def test_an_edit_of_any_field_changes_the_digest():
    row = {"id": 1, "hours": "7.5", "comments": "x"}
    assert digest_of(row) == digest_of(dict(reversed(row.items())))
    assert len({digest_of(row | {key: "new"}) for key in row} | {digest_of(row)}) == 4


@pytest.mark.parametrize(
    ("today", "since"),
    [
        (date(2026, 11, 23), date(2026, 9, 27)),  # November is open: 35 days before the 1st
        (date(2026, 11, 10), date(2026, 8, 27)),  # October leaves today: 35 days before its 1st
        (date(2026, 11, 11), date(2026, 9, 27)),
        (date(2026, 1, 3), date(2025, 10, 27)),
    ],
)
def test_the_window_begins_35_days_before_the_oldest_month_that_is_open(today, since):
    assert watched_since(today, cut_off_day=10) == since


@given(today=some.dates(min_value=date(2020, 1, 1)), cut_off_day=some.integers(1, 28))
def test_the_month_before_is_always_watched_until_its_invoices_have_left(today, cut_off_day):
    since = watched_since(today, cut_off_day=cut_off_day)
    assert since <= today - timedelta(days=35)
    if today.day <= cut_off_day:
        assert since < (today.replace(day=1) - timedelta(days=1)).replace(day=1)
