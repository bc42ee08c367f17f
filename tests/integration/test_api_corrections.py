"""Corrections: however a corrected file is cut into calls, each row is told the same."""

from __future__ import annotations

import pytest

from data.schemas.clauses import NotToExceed
from tests.builders.api import running_api
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import timesheet, week

# Two weeks of 4,800.00 are 9,600.00; ten minutes more a day are 100.00 more a week.
TIGHT = contract(clauses=clauses(NotToExceed(limit_minor=9_700_00)))


def _sheet(number, *, minutes):
    name = f"TS-{number}"
    return timesheet(external_id=name, entries=week(of=name, minutes_worked=minutes))


def _told(home, *, calls):
    """The findings of two corrected sheets that come in these calls."""
    told = {}
    with running_api(home, reference=reference(TIGHT)) as api:
        api.assess(_sheet(0, minutes=480), _sheet(1, minutes=480))
        for items in calls:
            for one in api.assess(*items).json()["results"]:
                told[one["assessment"]["item_id"]] = one["assessment"]["findings"]
    return told


@pytest.mark.parametrize("is_turned", [False, True])
def test_corrections_in_one_call_are_told_what_they_are_told_one_by_one(tmp_path, is_turned):
    first, second = _sheet(0, minutes=490), _sheet(1, minutes=490)
    one_by_one = _told(tmp_path / "apart", calls=[[first], [second]])
    at_once = [second, first] if is_turned else [first, second]
    assert _told(tmp_path / "together", calls=[at_once]) == one_by_one
    codes = {name: [one["code"] for one in found] for name, found in one_by_one.items()}
    # 4,900.00 beside the 4,800.00 of the other's first version meet the limit exactly;
    # 4,900.00 beside 4,900.00 are 100.00 over.
    assert "not_to_exceed_breach" not in codes["test:TS-0"]
    assert "not_to_exceed_breach" in codes["test:TS-1"]
