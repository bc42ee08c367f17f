from __future__ import annotations

from data.schemas.decision import Adjustment
from review_app.adjustment import adjust_milestone, adjust_timesheet, to_major, to_minor
from tests.builders.review import entry, milestone, timesheet


def test_only_changed_entries_are_adjustments():
    sheet = timesheet(entries=(entry(0), entry(1)))

    adjusted = adjust_timesheet(sheet, minutes_by_entry={"entry-0": 480, "entry-1": 240})

    assert adjusted.adjustments == (Adjustment(row_id="entry-1", minutes_billable=240),)
    assert adjusted.after_minor == 180_000  # 8 h + 4 h at 150.00
    assert adjusted.difference_minor == -60_000


def test_money_is_rounded_on_the_line_and_not_on_the_sum():
    sheet = timesheet(entries=(entry(0, rate_minor=10_001), entry(1, rate_minor=10_001)))

    adjusted = adjust_timesheet(sheet, minutes_by_entry={"entry-0": 30, "entry-1": 30})

    assert adjusted.after_minor == 2 * 5_001  # 50.005 rounds up on each line


def test_an_untouched_form_changes_nothing():
    assert not adjust_timesheet(timesheet(), minutes_by_entry={}).is_changed


def test_a_milestone_bills_what_was_typed():
    adjusted = adjust_milestone(milestone(), approved_minor=4_000_000)

    assert adjusted.is_changed
    assert adjusted.difference_minor == -250_000


def test_typed_amounts_become_whole_minor_units():
    assert to_minor(0.29, currency="EUR") == 29  # 0.29 * 100 is 28.999999999999996
    assert to_minor(1_200, currency="JPY") == 1_200
    assert to_major(1_234, currency="KWD") == 1.234
