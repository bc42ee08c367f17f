"""What is typed into the adjust form, as the rows of a decision."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from data.schemas.decision import Adjustment, MoveTarget
from review_app.screens.deciding.adjustment import (
    Parts,
    adjust_entries,
    divided_too_far,
    to_major,
    to_minor,
)
from tests.builders.review import entry

SHEET = (entry(0), entry(1))
THERE = MoveTarget(contract_id="C-2", line_id="L-9")


def test_only_changed_entries_are_adjustments():
    parts = {"entry-0": Parts(billed=480), "entry-1": Parts(billed=240)}

    assert adjust_entries(SHEET, parts=parts, moved_to=None) == (
        Adjustment(row_id="entry-1", minutes_billable=240),
    )


def test_an_entry_is_divided_into_billed_written_off_and_moved():
    parts = {"entry-0": Parts(billed=300, written_off=60, moved=120)}

    assert adjust_entries(SHEET, parts=parts, moved_to=THERE) == (
        Adjustment(
            row_id="entry-0",
            minutes_billable=300,
            minutes_written_off=60,
            minutes_moved=120,
            moved_to=THERE,
        ),
    )


def test_a_target_goes_with_the_moved_rows_alone():
    parts = {"entry-0": Parts(billed=420, written_off=60)}
    (adjusted,) = adjust_entries(SHEET, parts=parts, moved_to=THERE)

    assert adjusted.moved_to is None


def test_more_minutes_than_there_are_is_too_far():
    parts = {"entry-0": Parts(billed=480, written_off=1), "entry-1": Parts(billed=479, moved=1)}

    assert [one.id for one in divided_too_far(SHEET, parts=parts)] == ["entry-0"]


@given(st.integers(min_value=0, max_value=10**10), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_typed_back_is_the_same_amount(minor, currency):
    assert to_minor(to_major(minor, currency=currency), currency=currency) == minor
