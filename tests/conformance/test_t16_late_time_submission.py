"""T16: time was submitted more than the agreed days after the work, or after the cut-off.

A day of 960.00 waits at 0.08 a year: 960.00 x 0.08 x days / 365. Fourteen days are agreed unless a
row says otherwise, and Monday, 2 March 2026, and fourteen days is the 16th.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import TimelyBilling
from data.schemas.vocabulary import ChangeOrderStatus, Severity
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, contract, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.LATE_TIME_SUBMISSION
TUESDAY = date(2026, 3, 3)


def _agreed(**terms):
    return clause(TimelyBilling(**({"late_days": 14} | terms)), id="CL-late")


def _under(*agreed, **overrides):
    return reference(contract(clauses=agreed or (_agreed(),), **overrides))


def _by_cut_off(day, **terms):
    """A cut-off in the following month that comes long before the days agreed."""
    return _under(_agreed(late_days=60, cut_off_day=day, **terms))


def _sheet(year, month, day, hour=12, minute=0, *, work=MONDAY, **overrides):
    """Eight hours of a day, submitted at a moment in UTC."""
    return timesheet(
        entries=(entry(work_date=work),),
        submitted_at=datetime(year, month, day, hour, minute, tzinfo=UTC),
        **overrides,
    )


ROWS = (
    Row(
        name="submitted at the end of the week",
        shows=Aspect.CLEAN,
        item=_sheet(2026, 3, 6),
        under=_under(),
    ),
    Row(
        # 16 March, 23:59 in Vienna.
        name="the last minute of the last day in Vienna",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(2026, 3, 16, 22, 59),
        under=_under(),
    ),
    Row(
        # 17 March, 0:00 in Vienna. 960.00 x 0.08 x 15 / 365 = 3.1562.
        name="the first minute of the day after in Vienna",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(2026, 3, 16, 23, 0),
        under=_under(),
        expected={"E-1": -3_16},
        clause_id="CL-late",
    ),
    Row(
        # 16 March, 19:30 in New York.
        name="the same evening in New York",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(2026, 3, 16, 23, 30, zone="America/New_York"),
        under=_under(),
    ),
    Row(
        # Summer time began on 8 March: 4:00 UTC is midnight.
        name="the first minute of the day after in New York",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(2026, 3, 17, 4, 0, zone="America/New_York"),
        under=_under(),
        expected={"E-1": -3_16},
        clause_id="CL-late",
    ),
    Row(
        # 77 min x 120.50 = 154.6417 -> 154.64; 154.64 x 0.085 x 31 / 365 = 1.1164 -> 1.12.
        name="a month late, at an odd rate and an odd price of waiting",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(entry(minutes_worked=77, hourly_rate_minor=120_50),),
            submitted_at=datetime(2026, 4, 2, 12, tzinfo=UTC),
        ),
        under=_under(_agreed(annual_cost_of_capital=0.085)),
        expected={"E-1": -1_12},
        clause_id="CL-late",
    ),
    Row(
        # 3.65 x 0.5 x 15 / 365 = 0.075 -> 0.08.
        name="half a cent is rounded up",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(entry(minutes_worked=60, hourly_rate_minor=3_65),),
            submitted_at=datetime(2026, 3, 17, 12, tzinfo=UTC),
        ),
        under=_under(_agreed(annual_cost_of_capital=0.5)),
        expected={"E-1": -8},
        clause_id="CL-late",
    ),
    Row(
        # On the 18th Monday is 16 days old, 3.3666 -> 3.37, Tuesday 15, 3.16, Wednesday 14.
        name="a week of which two days are late",
        shows=Aspect.HIT,
        item=timesheet(submitted_at=datetime(2026, 3, 18, 12, tzinfo=UTC)),
        under=_under(),
        expected={"TS-1-1": -3_37, "TS-1-2": -3_16},
        clause_id="CL-late",
    ),
    Row(
        name="late time that is forfeit leaks in full",
        shows=Aspect.HIT,
        item=_sheet(2026, 3, 17),
        under=_under(_agreed(is_forfeit_when_late=True)),
        expected={"E-1": -960_00},
        clause_id="CL-late",
        severity=Severity.CRITICAL,
    ),
    Row(
        # Work of March may come until 5 April, 23:59 in Vienna, 21:59 UTC in summer.
        name="the last minute before the cut-off",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(2026, 4, 5, 21, 59, work=date(2026, 3, 31)),
        under=_by_cut_off(5),
    ),
    Row(
        # 31 March to 6 April are six days: 960.00 x 0.08 x 6 / 365 = 1.2625 -> 1.26.
        name="the first minute after the cut-off",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(2026, 4, 5, 22, 0, work=date(2026, 3, 31)),
        under=_by_cut_off(5),
        expected={"E-1": -1_26},
        clause_id="CL-late",
    ),
    Row(
        name="work of the first of a month has until the next month's cut-off",
        shows=Aspect.CLEAN,
        item=_sheet(2026, 5, 5, work=date(2026, 4, 1)),
        under=_by_cut_off(5),
    ),
    Row(
        name="the cut-off of December lies in January",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(2027, 1, 3, work=date(2026, 12, 30)),
        under=_by_cut_off(3),
    ),
    Row(
        # 30 December to 4 January are five days: 960.00 x 0.08 x 5 / 365 = 1.0521 -> 1.05.
        name="the day after the cut-off of December",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(2027, 1, 4, work=date(2026, 12, 30)),
        under=_by_cut_off(3),
        expected={"E-1": -1_05},
        clause_id="CL-late",
    ),
    Row(
        name="time after the cut-off that is forfeit leaks in full",
        shows=Aspect.HIT,
        item=_sheet(2026, 4, 6, work=date(2026, 3, 31)),
        under=_by_cut_off(5, is_forfeit_when_late=True),
        expected={"E-1": -960_00},
        clause_id="CL-late",
        severity=Severity.CRITICAL,
    ),
    Row(
        # The cut-off is 5 April; fifteen days are one too many.
        name="before the cut-off and too many days after the work",
        shows=Aspect.HIT,
        item=_sheet(2026, 3, 17),
        under=_under(_agreed(cut_off_day=5)),
        expected={"E-1": -3_16},
        clause_id="CL-late",
    ),
    Row(
        # Tuesday to the 20th are 17 days: 960.00 x 0.08 x 17 / 365 = 3.5770 -> 3.58.
        name="the day before more days are agreed",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(2026, 3, 20, work=TUESDAY),
        under=_under(change_orders=(restating(TimelyBilling(late_days=16)),)),
        expected={"E-1": -3_58},
        clause_id="CL-late",
    ),
    Row(
        # Wednesday to the 20th are 16 days.
        name="the day more days are agreed",
        shows=Aspect.AMENDED,
        item=_sheet(2026, 3, 20, work=WEDNESDAY),
        under=_under(change_orders=(restating(TimelyBilling(late_days=16)),)),
    ),
    Row(
        # 17 days, 3.5770 -> 3.58.
        name="one day more than the new days",
        shows=Aspect.AMENDED,
        item=_sheet(2026, 3, 21, work=WEDNESDAY),
        under=_under(change_orders=(restating(TimelyBilling(late_days=16)),)),
        expected={"E-1": -3_58},
        clause_id="CL-new",
    ),
    Row(
        # 16 days, 3.3666 -> 3.37.
        name="more days that were sent and not signed",
        shows=Aspect.AMENDED,
        item=_sheet(2026, 3, 20, work=WEDNESDAY),
        under=_under(
            change_orders=(restating(TimelyBilling(late_days=16), status=ChangeOrderStatus.SENT),)
        ),
        expected={"E-1": -3_37},
        clause_id="CL-late",
    ),
    Row(
        # Wednesday, Thursday and Friday are restated; on 6 April they are 33, 32 and 31 days old:
        # 6.9436, 6.7332 and 6.5227. Monday and Tuesday have 60 days.
        name="a cut-off that begins in the middle of a sheet",
        shows=Aspect.AMENDED,
        item=timesheet(submitted_at=datetime(2026, 4, 6, 12, tzinfo=UTC)),
        under=_under(
            _agreed(late_days=60),
            change_orders=(restating(TimelyBilling(late_days=60, cut_off_day=5)),),
        ),
        expected={"TS-1-3": -6_94, "TS-1-4": -6_73, "TS-1-5": -6_52},
        clause_id="CL-new",
    ),
    Row(
        # Seven days where the line has six: 960.00 x 0.08 x 7 / 365 = 1.4729 -> 1.47.
        name="the line's own days outrank the contract's",
        shows=Aspect.HIT,
        item=_sheet(2026, 3, 9),
        under=_under(_agreed(), clause(TimelyBilling(late_days=6), id="CL-line", line_id="L-1")),
        expected={"E-1": -1_47},
        clause_id="CL-line",
    ),
    Row(
        # 50 min x 9,500 yen = 7,917; 7,917 x 0.08 x 15 / 365 = 26.03 yen.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY",
            entries=(entry(minutes_worked=50, hourly_rate_minor=9_500),),
            submitted_at=datetime(2026, 3, 17, 12, tzinfo=UTC),
        ),
        under=_under(currency="JPY"),
        expected={"E-1": -26},
        clause_id="CL-late",
    ),
    Row(
        # 37 min x 37.505 dinars = 23.128; 23.128 x 0.08 x 15 / 365 = 0.076037 -> 0.076.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD",
            entries=(entry(minutes_worked=37, hourly_rate_minor=37_505),),
            submitted_at=datetime(2026, 3, 17, 12, tzinfo=UTC),
        ),
        under=_under(currency="KWD"),
        expected={"E-1": -76},
        clause_id="CL-late",
    ),
    Row(
        name="late work that is not billed",
        shows=Aspect.CLEAN,
        item=timesheet(
            entries=(entry(minutes_billable=0),),
            submitted_at=datetime(2026, 3, 17, 12, tzinfo=UTC),
        ),
        under=_under(),
    ),
)


@table(ROWS)
def test_late_time_submission(row):
    check_row(CODE, row)
