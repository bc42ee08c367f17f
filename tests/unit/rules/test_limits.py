"""T2 the ceiling, T4 the hours of a labor category."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import LaborCategoryHours, NotToExceed
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus, Severity
from tests.builders.checking import finding_of, findings, rows_of
from tests.builders.contracts import change_order, clause, clauses, contract, reference
from tests.builders.items import MONDAY, entry, timesheet, week

T2 = ExceptionCode.NOT_TO_EXCEED_BREACH
T4 = ExceptionCode.LABOR_CATEGORY_HOURS_CAP
LAST_WEEK = MONDAY - timedelta(days=7)
TWO_LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-1", name="Run"),
)


def _limited(limit_minor: int, **overrides):
    return reference(contract(clauses=clauses(NotToExceed(limit_minor=limit_minor)), **overrides))


def _earlier(**overrides):
    """4,800.00 worked and assessed the week before."""
    return timesheet(external_id="TS-0", entries=week(of="TS-0", monday=LAST_WEEK), **overrides)


@pytest.mark.parametrize(
    ("limit_minor", "exposure_by_row"),
    [
        (9_600_00, {}),  # 4,800.00 before and 5 x 960.00: exactly met
        (9_599_99, {"TS-1-5": 1}),  # one cent over, on the last entry
        (8_640_00, {"TS-1-5": 960_00}),  # 9,600.00 - 8,640.00: all of the last
        (8_600_00, {"TS-1-4": 40_00, "TS-1-5": 960_00}),  # 8,640.00 - 8,600.00, then capped
        (0, {f"TS-1-{day}": 960_00 for day in range(1, 6)}),  # all of it
    ],
)
def test_money_above_the_ceiling_is_the_exposure(limit_minor, exposure_by_row):
    found = finding_of(T2, timesheet(), before=[_earlier()], under=_limited(limit_minor))
    assert rows_of(found) == exposure_by_row


def test_evidence_says_what_is_consumed_and_what_is_the_limit():
    found = finding_of(T2, timesheet(), before=[_earlier()], under=_limited(9_000_00))
    assert found.severity is Severity.CRITICAL
    assert found.evidence[0].actual == "9,600.00 EUR with this entry"
    assert found.evidence[0].expected == "at most 9,000.00 EUR"


def test_late_work_finds_the_ceiling_used_up_by_later_work_that_was_accepted_before_it():
    next_week = timesheet(
        external_id="TS-2", entries=week(of="TS-2", monday=MONDAY + timedelta(days=7))
    )
    # 4,800.00 are committed: 9,600.00 - 9,000.00 = 600.00 over, on the last day of the late week.
    found = finding_of(T2, timesheet(), before=[next_week], under=_limited(9_000_00))
    assert rows_of(found) == {"TS-1-5": 600_00}


def test_limit_of_late_work_is_the_one_in_force_on_its_work_date():
    next_week = timesheet(
        external_id="TS-2", entries=week(of="TS-2", monday=MONDAY + timedelta(days=7))
    )
    raised = change_order(delta_value_minor=9_600_00, effective_on=MONDAY + timedelta(days=7))
    # The raise pays for the next week, not for this one: 4,800.00 + 960.00 - 5,000.00 = 760.00.
    under = _limited(5_000_00, change_orders=(raised,))
    found = finding_of(T2, timesheet(), before=[next_week], under=under)
    assert rows_of(found)["TS-1-1"] == 760_00
    assert finding_of(T2, next_week, before=[timesheet()], under=under) is None


def _one_day(name: str, *, hour: int, work_date=MONDAY):
    return timesheet(
        external_id=name,
        person_id=name,
        submitted_at=datetime(2026, 3, 6, hour, tzinfo=UTC),
        entries=(entry(id=f"E-{name}", work_date=work_date),),
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # 960.00 fits; whoever counts second is over, by all of 960.00.
        (_one_day("b", hour=8, work_date=MONDAY + timedelta(days=1)), _one_day("a", hour=9)),
        (_one_day("b", hour=8), _one_day("a", hour=9)),
        (_one_day("b", hour=8), _one_day("c", hour=8)),
    ],
)
def test_items_of_one_batch_count_by_submission_then_item_id(first, second):
    found = findings(second, first, under=_limited(960_00))
    exposures = {
        item_id: [one.exposure_minor for one in own if one.code is T2]
        for item_id, own in found.items()
    }
    assert exposures == {first.item_id: [], second.item_id: [960_00]}


def test_what_was_accepted_before_counts_first_whatever_its_submission_and_id():
    first, second = _one_day("b", hour=8), _one_day("a", hour=9)
    assert rows_of(finding_of(T2, first, before=[second], under=_limited(960_00))) == {
        "E-b": 960_00
    }


@pytest.mark.parametrize(
    ("order", "exposure_minor"),
    [
        # Ceiling 2,880.00 to Tuesday; on Wednesday 4 March 1,920.00 more: 4,800.00 is met.
        ({"delta_value_minor": 1_920_00}, 0),
        ({"delta_value_minor": 1_919_00}, 1_00),
        ({"delta_value_minor": 1_920_00, "status": ChangeOrderStatus.DRAFT}, 1_920_00),
        # A line's order moves the contract's ceiling as well.
        ({"delta_value_minor": 1_920_00, "line_id": "L-2"}, 0),
        # Effective Friday: Thursday's 960.00 is over 2,880.00, Friday's 4,800.00 is met.
        ({"delta_value_minor": 1_920_00, "effective_on": date(2026, 3, 6)}, 960_00),
        # Less money from Wednesday on: 2,880.00 - 960.00 = 1,920.00; three days are over.
        ({"delta_value_minor": -960_00}, 2_880_00),
    ],
)
def test_executed_change_order_moves_the_ceiling_from_its_day_on(order, exposure_minor):
    under = _limited(2_880_00, change_orders=(change_order(**order),), lines=TWO_LINES)
    found = finding_of(T2, timesheet(), under=under)
    assert (found.exposure_minor if found else 0) == exposure_minor


def _levels(*, line_minor: int, contract_minor: int, **overrides):
    both = (
        clause(NotToExceed(limit_minor=line_minor), id="line", line_id="L-1"),
        clause(NotToExceed(limit_minor=contract_minor), id="contract"),
    )
    return reference(contract(clauses=both, lines=TWO_LINES, **overrides))


@pytest.mark.parametrize(
    ("line_minor", "contract_minor", "expected"),
    [
        # 4,800.00 on each line: the line has 4,800.00 of its limit, the contract 9,600.00.
        (4_800_00, 9_600_00, None),
        (4_799_00, 9_600_00, ("line", 1_00)),
        (4_800_00, 9_599_00, ("contract", 1_00)),
        (4_799_00, 9_598_00, ("contract", 2_00)),  # the larger of 1.00 and 2.00
        (4_798_00, 9_599_00, ("line", 2_00)),
    ],
)
def test_larger_excess_of_line_and_contract_counts(line_minor, contract_minor, expected):
    under = _levels(line_minor=line_minor, contract_minor=contract_minor)
    other_line = _earlier(line_id="L-2")
    found = finding_of(T2, timesheet(), before=[other_line], under=under)
    assert (found and (found.clause_id, found.exposure_minor)) == expected


def test_change_order_of_another_line_does_not_move_the_limit_of_this_one():
    order = change_order(delta_value_minor=5_000_00, line_id="L-2", effective_on=MONDAY)
    under = _levels(line_minor=4_799_00, contract_minor=1_00, change_orders=(order,))
    assert finding_of(T2, timesheet(), under=under).clause_id == "line"


def test_newer_version_of_an_item_does_not_count_beside_the_older():
    sheet = timesheet()
    assert finding_of(T2, sheet, before=[sheet], under=_limited(4_800_00)) is None


def _capped(cap_minutes: int, **overrides):
    cap = LaborCategoryHours(labor_category="engineer", cap_minutes=cap_minutes)
    return reference(contract(clauses=clauses(cap), **overrides))


@pytest.mark.parametrize(
    ("cap_minutes", "exposure_by_row"),
    [
        (80 * 60, {}),  # 40 h before and 40 h: exactly met
        (80 * 60 - 1, {"TS-1-5": 2_00}),  # one minute over: 120.00 / 60
        (72 * 60, {"TS-1-5": 960_00}),  # 8 h x 120.00
        (70 * 60, {"TS-1-4": 240_00, "TS-1-5": 960_00}),  # 2 h, then 8 h
    ],
)
def test_minutes_above_the_cap_are_priced_at_the_rate(cap_minutes, exposure_by_row):
    found = finding_of(T4, timesheet(), before=[_earlier()], under=_capped(cap_minutes))
    assert rows_of(found) == exposure_by_row


def test_late_hours_find_the_cap_used_up_by_later_hours_that_were_accepted_before_them():
    next_week = timesheet(
        external_id="TS-2", entries=week(of="TS-2", monday=MONDAY + timedelta(days=7))
    )
    found = finding_of(T4, timesheet(), before=[next_week], under=_capped(72 * 60))
    assert rows_of(found) == {"TS-1-5": 960_00}  # 8 h x 120.00


def test_cap_counts_its_own_labor_category_and_line_only():
    others = [
        _earlier(line_id="L-2"),
        timesheet(
            external_id="TS-9",
            entries=week(of="TS-9", monday=LAST_WEEK, labor_category="architect"),
        ),
    ]
    assert finding_of(T4, timesheet(), before=others, under=_capped(40 * 60)) is None


def test_over_minutes_are_rounded_on_the_line():
    # 1 minute x 100.10 an hour = 1.66833, rounded to 1.67.
    sheet = timesheet(entries=(entry(minutes_worked=61, hourly_rate_minor=10_010),))
    assert rows_of(finding_of(T4, sheet, under=_capped(60))) == {"E-1": 1_67}


def test_items_of_one_batch_consume_together():
    found = findings(timesheet(), _earlier(), under=_limited(9_000_00))
    assert [one.code for one in found["test:TS-1"]] == [T2]
    assert found["test:TS-1"][0].exposure_minor == 600_00  # 9,600.00 - 9,000.00
    assert found["test:TS-0"] == ()
