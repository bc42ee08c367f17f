"""T16 late submission, T17 time dated after its submission."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Timekeeping, TimelyBilling
from data.schemas.vocabulary import ClauseKind, Severity
from tests.builders.checking import finding_of, rows_of
from tests.builders.contracts import change_order, clause, clauses, contract, reference
from tests.builders.items import MONDAY, entry, timesheet

T16 = ExceptionCode.LATE_TIME_SUBMISSION
T17 = ExceptionCode.FUTURE_DATED_TIME


def _submitted(moment: datetime, *, zone: str = "Europe/Vienna"):
    return timesheet(entries=(entry(),), submitted_at=moment, zone=zone)


@pytest.mark.parametrize(
    ("moment", "zone", "exposure_minor"),
    [
        # Fourteen days are agreed. 16 March is day 14: in time to the last minute in Vienna.
        (datetime(2026, 3, 16, 22, 59, tzinfo=UTC), "Europe/Vienna", None),
        # 17 March, 00:00 in Vienna is day 15: 960.00 x 0.08 x 15 / 365 = 3.1562.
        (datetime(2026, 3, 16, 23, 0, tzinfo=UTC), "Europe/Vienna", -3_16),
        # The same moment is still 16 March in New York, and long since the 17th in Auckland.
        (datetime(2026, 3, 16, 23, 0, tzinfo=UTC), "America/New_York", None),
        (datetime(2026, 3, 16, 12, 0, tzinfo=UTC), "Pacific/Auckland", -3_16),
        # 73 days: 960.00 x 0.08 x 73 / 365 = 15.36.
        (datetime(2026, 5, 14, 12, 0, tzinfo=UTC), "Europe/Vienna", -15_36),
    ],
)
def test_days_are_counted_on_the_local_calendar(moment, zone, exposure_minor):
    found = finding_of(T16, _submitted(moment, zone=zone))
    assert (found.exposure_minor if found else None) == exposure_minor


def test_late_time_costs_the_price_of_waiting_rounded_half_up():
    # 3.65 x 0.50 x 15 / 365 = 0.075 -> 0.08
    terms = TimelyBilling(late_days=14, annual_cost_of_capital=0.5)
    under = reference(contract(clauses=clauses(terms)))
    sheet = timesheet(
        entries=(entry(minutes_worked=60, hourly_rate_minor=365),),
        submitted_at=datetime(2026, 3, 17, 12, tzinfo=UTC),
    )
    found = finding_of(T16, sheet, under=under)
    assert (found.exposure_minor, found.severity) == (-8, Severity.MEDIUM)


def test_forfeit_time_leaks_its_amount_and_is_critical():
    terms = TimelyBilling(late_days=14, is_forfeit_when_late=True)
    under = reference(contract(clauses=clauses(terms)))
    found = finding_of(T16, _submitted(datetime(2026, 3, 17, 12, tzinfo=UTC)), under=under)
    assert (found.exposure_minor, found.severity) == (-960_00, Severity.CRITICAL)
    assert found.evidence[0].actual == "submitted 15 days after the work"
    assert found.evidence[0].expected == "within 14 days"


def test_only_the_late_days_of_a_sheet_are_found():
    sheet = timesheet(submitted_at=datetime(2026, 3, 18, 12, tzinfo=UTC))
    # Monday 2 March is 16 days before the 18th, Tuesday 15, Wednesday 14.
    assert list(rows_of(finding_of(T16, sheet))) == ["TS-1-1", "TS-1-2"]


def _cut_off(**terms):
    given = {"late_days": 60, "cut_off_day": 5} | terms
    return reference(contract(clauses=clauses(TimelyBilling(**given))))


@pytest.mark.parametrize(
    ("work_date", "moment", "is_found"),
    [
        # Work of March is due on 5 April: in time until midnight in Vienna (22:00 UTC in summer).
        (date(2026, 3, 31), datetime(2026, 4, 5, 21, 59, tzinfo=UTC), False),
        (date(2026, 3, 31), datetime(2026, 4, 5, 22, 0, tzinfo=UTC), True),
        (date(2026, 3, 1), datetime(2026, 4, 5, 12, tzinfo=UTC), False),
        # Work of April has until 5 May.
        (date(2026, 4, 1), datetime(2026, 5, 5, 12, tzinfo=UTC), False),
        (date(2026, 4, 1), datetime(2026, 5, 6, 12, tzinfo=UTC), True),
    ],
)
def test_time_comes_in_by_the_cut_off_of_the_following_month(work_date, moment, is_found):
    sheet = timesheet(entries=(entry(work_date=work_date),), submitted_at=moment)
    assert (finding_of(T16, sheet, under=_cut_off()) is not None) == is_found


def test_cut_off_of_december_lies_in_the_next_year():
    under = _cut_off(cut_off_day=3)
    work = (entry(work_date=date(2026, 12, 30)),)
    in_time = timesheet(entries=work, submitted_at=datetime(2027, 1, 3, 12, tzinfo=UTC))
    late = timesheet(entries=work, submitted_at=datetime(2027, 1, 4, 12, tzinfo=UTC))
    assert finding_of(T16, in_time, under=under) is None
    found = finding_of(T16, late, under=under)
    assert found.evidence[0].actual == "submitted on 2027-01-04"
    assert found.evidence[0].expected == "by the cut-off on 2027-01-03"
    # Five days waited: 960.00 x 0.08 x 5 / 365 = 1.0520.
    assert found.exposure_minor == -1_05


def test_days_and_cut_off_are_each_enough():
    # 9 March is 7 days after 2 March: over six days, and long before the cut-off of 5 April.
    sheet = timesheet(entries=(entry(),), submitted_at=datetime(2026, 3, 9, 12, tzinfo=UTC))
    found = finding_of(T16, sheet, under=_cut_off(late_days=6))
    assert found.evidence[0].actual == "submitted 7 days after the work"
    assert finding_of(T16, sheet, under=_cut_off(late_days=7)) is None


def test_cut_off_restated_by_a_change_order_counts_from_its_day():
    order = change_order(
        effective_on=date(2026, 3, 4),
        clauses=(clause(TimelyBilling(late_days=60, cut_off_day=5), id="CL-new"),),
    )
    loose = TimelyBilling(late_days=60)
    under = reference(contract(clauses=clauses(loose), change_orders=(order,)))
    sheet = timesheet(submitted_at=datetime(2026, 4, 6, 12, tzinfo=UTC))
    # Monday and Tuesday lie before the order; Wednesday is its first day.
    assert list(rows_of(finding_of(T16, sheet, under=under))) == ["TS-1-3", "TS-1-4", "TS-1-5"]


@pytest.mark.parametrize(
    ("moment", "zone", "is_found"),
    [
        # Work of 2 March. 1 March, 23:30 UTC is already the 2nd in Vienna, and not in New York.
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "Europe/Vienna", False),
        (datetime(2026, 3, 1, 22, 59, tzinfo=UTC), "Europe/Vienna", True),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "America/New_York", True),
        (datetime(2026, 3, 2, 5, 0, tzinfo=UTC), "America/New_York", False),
    ],
)
def test_work_lies_no_later_than_the_local_day_of_submission(moment, zone, is_found):
    sheet = timesheet(entries=(entry(),), submitted_at=moment, zone=zone)
    found = finding_of(T17, sheet)
    assert rows_of(found) == ({"E-1": 960_00} if is_found else {})


def test_future_work_is_critical_and_needs_no_clause():
    sheet = timesheet(submitted_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    found = finding_of(T17, sheet)
    assert (found.severity, found.clause_id) == (Severity.CRITICAL, None)
    assert [(row.row_id, row.actual) for row in found.evidence] == [
        ("TS-1-5", "work on 2026-03-06")
    ]


def test_future_work_cites_timekeeping_where_it_was_agreed():
    under = reference(contract(clauses=clauses(Timekeeping())))
    sheet = timesheet(submitted_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    found = finding_of(T17, sheet, under=under)
    assert found.clause_id == f"CL-{ClauseKind.TIMEKEEPING}"


def test_future_work_that_is_not_billed_costs_nothing():
    sheet = timesheet(
        entries=(entry(work_date=MONDAY + timedelta(days=9), minutes_billable=0),),
        submitted_at=datetime(2026, 3, 5, 12, tzinfo=UTC),
    )
    assert finding_of(T17, sheet) is None
