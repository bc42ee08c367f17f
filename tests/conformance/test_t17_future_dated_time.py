"""T17: the work date lies after the day of submission in the entry's own time zone.

77 minutes at 120.50 an hour are 154.6417 -> 154.64; the work is of Monday, 2 March 2026, unless a
row says otherwise.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Timekeeping
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, contract, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.FUTURE_DATED_TIME
TUESDAY, THURSDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 6)
AGREED = clause(Timekeeping(), id="CL-time")
NEW_YORK, AUCKLAND = "America/New_York", "Pacific/Auckland"


def _under(*agreed, **overrides):
    return reference(contract(clauses=agreed, **overrides))


def _sheet(month, day, hour=12, minute=0, *, work=MONDAY, **overrides):
    """Work of a day, submitted at a moment of 2026 in UTC."""
    return timesheet(
        entries=(entry(work_date=work, minutes_worked=77, hourly_rate_minor=120_50),),
        submitted_at=datetime(2026, month, day, hour, minute, tzinfo=UTC),
        **overrides,
    )


ROWS = (
    Row(
        name="submitted at the end of the week",
        shows=Aspect.CLEAN,
        item=_sheet(3, 6),
        under=_under(),
    ),
    Row(
        # Monday, 0:00 in Vienna.
        name="the first minute of the work day in Vienna",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(3, 1, 23, 0),
        under=_under(),
    ),
    Row(
        # Sunday, 23:59 in Vienna.
        name="the last minute of the eve in Vienna",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(3, 1, 22, 59),
        under=_under(),
        expected={"E-1": 154_64},
        clause_id=None,
    ),
    Row(
        # Monday, 0:30 in Vienna.
        name="Sunday 23:30 UTC is Monday in Vienna",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(3, 1, 23, 30),
        under=_under(),
    ),
    Row(
        # Sunday, 18:30 in New York.
        name="Sunday 23:30 UTC is Sunday in New York",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(3, 1, 23, 30, zone=NEW_YORK),
        under=_under(),
        expected={"E-1": 154_64},
        clause_id=None,
    ),
    Row(
        # Winter time, five hours behind: Sunday, 23:59.
        name="the last minute of the eve in New York",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(3, 2, 4, 59, zone=NEW_YORK),
        under=_under(),
        expected={"E-1": 154_64},
        clause_id=None,
    ),
    Row(
        name="the first minute of the work day in New York",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(3, 2, 5, 0, zone=NEW_YORK),
        under=_under(),
    ),
    Row(
        # Thirteen hours ahead: Monday, 0:00 while it is Sunday noon in Europe.
        name="the first minute of the work day in Auckland",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(3, 1, 11, 0, zone=AUCKLAND),
        under=_under(),
    ),
    Row(
        name="the last minute of the eve in Auckland",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(3, 1, 10, 59, zone=AUCKLAND),
        under=_under(),
        expected={"E-1": 154_64},
        clause_id=None,
    ),
    Row(
        # Summer time began that morning: 22:00 UTC is 0:00 on the 30th.
        name="the first minute of the day after clocks changed in Vienna",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(3, 29, 22, 0, work=date(2026, 3, 30)),
        under=_under(),
    ),
    Row(
        name="the last minute of the day clocks changed in Vienna",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(3, 29, 21, 59, work=date(2026, 3, 30)),
        under=_under(),
        expected={"E-1": 154_64},
        clause_id=None,
    ),
    Row(
        # Thursday 25 min x 120.50 = 50.2083 -> 50.21, Friday 480 min x 120.00.
        name="a week handed in on Wednesday",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1"),
                entry(id="E-2", work_date=WEDNESDAY),
                entry(id="E-3", work_date=THURSDAY, minutes_worked=25, hourly_rate_minor=120_50),
                entry(id="E-4", work_date=FRIDAY),
            ),
            submitted_at=datetime(2026, 3, 4, 12, tzinfo=UTC),
        ),
        under=_under(),
        expected={"E-3": 50_21, "E-4": 960_00},
        clause_id=None,
    ),
    Row(
        # 25 of 77 min are billed: 50.21.
        name="only what is billed is at risk",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(entry(minutes_worked=77, minutes_billable=25, hourly_rate_minor=120_50),),
            submitted_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        ),
        under=_under(),
        expected={"E-1": 50_21},
        clause_id=None,
    ),
    Row(
        name="the clause is cited where it was agreed",
        shows=Aspect.HIT,
        item=_sheet(3, 1),
        under=_under(AGREED),
        expected={"E-1": 154_64},
        clause_id="CL-time",
    ),
    Row(
        name="the line's own clause is cited before the contract's",
        shows=Aspect.HIT,
        item=_sheet(3, 1),
        under=_under(AGREED, clause(Timekeeping(), id="CL-line", line_id="L-1")),
        expected={"E-1": 154_64},
        clause_id="CL-line",
    ),
    Row(
        name="work of the day before timekeeping is agreed",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(3, 2, work=TUESDAY),
        under=_under(change_orders=(restating(Timekeeping()),)),
        expected={"E-1": 154_64},
        clause_id=None,
    ),
    Row(
        name="work of the day timekeeping is agreed",
        shows=Aspect.AMENDED,
        item=_sheet(3, 3, work=WEDNESDAY),
        under=_under(change_orders=(restating(Timekeeping()),)),
        expected={"E-1": 154_64},
        clause_id="CL-new",
    ),
    Row(
        name="an order that was sent and not signed is not cited",
        shows=Aspect.AMENDED,
        item=_sheet(3, 3, work=WEDNESDAY),
        under=_under(change_orders=(restating(Timekeeping(), status=ChangeOrderStatus.SENT),)),
        expected={"E-1": 154_64},
        clause_id=None,
    ),
    Row(
        # 37 min x 37.505 dinars = 23.128083 -> 23.128.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD",
            entries=(entry(minutes_worked=37, hourly_rate_minor=37_505),),
            submitted_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        ),
        under=_under(currency="KWD"),
        expected={"E-1": 23_128},
        clause_id=None,
    ),
    Row(
        name="work of tomorrow that is not billed",
        shows=Aspect.CLEAN,
        item=timesheet(
            entries=(entry(minutes_billable=0),),
            submitted_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        ),
        under=_under(),
    ),
)


@table(ROWS)
def test_future_dated_time(row):
    check_row(CODE, row)
