"""T15: nearly the same work, told by the words that say something."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from tests.builders.checking import findings, suspicions
from tests.builders.items import MONDAY, entry, timesheet

CODE = ExceptionCode.DUPLICATE_TIME_ENTRY
TUESDAY = MONDAY + timedelta(days=1)
SEVEN = "Reconciled supplier invoices against ledger accounts for Graz"


def sheet(name, *entries, **overrides):
    return timesheet(external_id=f"TS-{name}", entries=entries, **overrides)


def work(name, narrative, **overrides):
    return entry(id=f"E-{name}", narrative=narrative, minutes_worked=120, **overrides)


def told(item, **given):
    return [one for one in suspicions(item, **given)[item.item_id] if one.code is CODE]


def test_the_same_day_with_one_word_more_is_a_likely_duplicate_of_the_later_entry():
    # Seven content words, of which one is new in eight: 7 / 8 = 0.875.
    first, again = work("1", SEVEN), work("2", f"{SEVEN} branch")
    (one,) = told(sheet("own", first, again))
    assert one.probability == pytest.approx(0.875)
    assert [(row.row_id, row.exposure_minor) for row in one.evidence] == [("E-2", 240_00)]
    assert one.evidence[0].actual == "reads 88% like entry E-1"


def test_what_was_accepted_before_is_the_first():
    own = sheet("own", work("1", f"{SEVEN} branch"))
    (one,) = told(own, before=[sheet("old", work("2", SEVEN))])
    assert one.evidence[0].actual == "reads 88% like entry E-2"


def test_the_next_day_takes_a_quarter_off():
    own = sheet("own", work("1", SEVEN, work_date=TUESDAY))
    (one,) = told(own, before=[sheet("old", work("2", SEVEN))])
    assert one.probability == pytest.approx(0.75)
    other = sheet("own", work("1", f"{SEVEN} branch", work_date=TUESDAY))
    assert told(other, before=[sheet("old", work("2", SEVEN))]) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"minutes_billable": 0},
        {"task_id": "T-2"},
        {"minutes_worked": 119},
        {"work_date": MONDAY + timedelta(days=2)},
        {"narrative": f"{SEVEN} continued"},
        {"narrative": "Various tasks"},
    ],
)
def test_other_work_unbilled_work_and_work_that_goes_on_are_no_duplicates(changed):
    given = {"narrative": f"{SEVEN} branch", "minutes_worked": 120} | changed
    own = sheet("own", entry(id="E-1", **given))
    before = [sheet("old", work("2", changed.get("narrative", SEVEN)[:61]))]
    assert told(own, before=before) == []


def test_an_exact_copy_is_left_to_the_rule():
    own = sheet("own", work("1", SEVEN), work("2", SEVEN.upper()))
    assert [one.code for one in findings(own)[own.item_id]] == [CODE]
    assert told(own) == []
