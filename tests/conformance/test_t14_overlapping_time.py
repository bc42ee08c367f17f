"""T14: two entries of one person cover the same time of day; the one that counts later is found.

A minute at 120.00 an hour is 2.00. Times are of Monday, 2 March 2026, in UTC, unless a row says
otherwise.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Timekeeping
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, contract, reference
from tests.builders.items import MONDAY, at, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.OVERLAPPING_TIME
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)
AGREED = clause(Timekeeping(), id="CL-time")
VIENNA = timezone(timedelta(hours=1))
UNDER = reference(contract(clauses=()), contract(id="C-2", clauses=()))


def _time(hour, minute=0, second=0, *, day=MONDAY, zone=UTC):
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)


def _entry(name, start, end, *, minutes=60, **overrides):
    """An entry from one time of day to another."""
    return entry(id=name, started_at=start, ended_at=end, minutes_worked=minutes, **overrides)


def _sheet(*entries, **overrides):
    return timesheet(entries=entries, **overrides)


def _past(*entries, **overrides):
    return timesheet(external_id="TS-0", entries=entries, **overrides)


def _two_hours(day):
    """Nine to eleven, and half past ten to half past eleven: 30 minutes are in both."""
    return _sheet(
        _entry("E-1", _time(9, day=day), _time(11, day=day), minutes=120, work_date=day),
        _entry("E-2", _time(10, 30, day=day), _time(11, 30, day=day), work_date=day),
    )


ROWS = (
    Row(
        name="morning and afternoon",
        shows=Aspect.CLEAN,
        item=_sheet(
            _entry("E-1", _time(9), _time(12), minutes=180),
            _entry("E-2", _time(13), _time(17), minutes=240),
        ),
        under=UNDER,
    ),
    Row(
        name="one ends when the other begins",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(
            _entry("E-1", _time(9), _time(10)),
            _entry("E-2", _time(10), _time(11)),
        ),
        under=UNDER,
    ),
    Row(
        # One second is a minute begun: 2.00.
        name="one ends a second after the other begins",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(
            _entry("E-1", _time(9), _time(10, 0, 1)),
            _entry("E-2", _time(10), _time(11)),
        ),
        under=UNDER,
        expected={"E-2": 2_00},
        clause_id=None,
    ),
    Row(
        # Exactly sixty seconds are one minute, and sixty-one are two.
        name="sixty-one seconds are two minutes",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(
            _entry("E-1", _time(9), _time(10, 1, 1)),
            _entry("E-2", _time(10), _time(11)),
        ),
        under=UNDER,
        expected={"E-2": 4_00},
        clause_id=None,
    ),
    Row(
        # 30 min at 2.00.
        name="half an hour in both",
        shows=Aspect.HIT,
        item=_two_hours(MONDAY),
        under=UNDER,
        expected={"E-2": 60_00},
        clause_id=None,
    ),
    Row(
        # 25 min x 120.50 = 50.2083 -> 50.21.
        name="a short entry inside a long one",
        shows=Aspect.HIT,
        item=_sheet(
            _entry("E-1", _time(9), _time(17), minutes=480),
            _entry("E-2", _time(10), _time(10, 25), minutes=25, hourly_rate_minor=120_50),
        ),
        under=UNDER,
        expected={"E-2": 50_21},
        clause_id=None,
    ),
    Row(
        # The third covers 9:00 to 10:30 of the two before it, which share half an hour: 90 min,
        # not 120. The second shares 30 min with the first.
        name="time that two others cover counts once",
        shows=Aspect.HIT,
        item=_sheet(
            _entry("E-1", _time(9), _time(10)),
            _entry("E-2", _time(9, 30), _time(10, 30)),
            _entry("E-3", _time(9), _time(11), minutes=120),
        ),
        under=UNDER,
        expected={"E-2": 60_00, "E-3": 180_00},
        clause_id=None,
    ),
    Row(
        # Thirty seconds with each are one minute together.
        name="seconds are added up before they are rounded",
        shows=Aspect.HIT,
        item=_sheet(
            _entry("E-1", _time(9), _time(9, 0, 30), minutes=1),
            _entry("E-2", _time(9, 10), _time(9, 10, 30), minutes=1),
            _entry("E-3", _time(9), _time(9, 30), minutes=30),
        ),
        under=UNDER,
        expected={"E-3": 2_00},
        clause_id=None,
    ),
    Row(
        # 60 min are in both, of which 25 x 120.50 = 50.2083 -> 50.21 are billed.
        name="no more is at risk than is billed",
        shows=Aspect.HIT,
        item=_sheet(
            _entry("E-1", _time(9), _time(11), minutes=120),
            _entry("E-2", _time(9), _time(10), minutes_billable=25, hourly_rate_minor=120_50),
        ),
        under=UNDER,
        expected={"E-2": 50_21},
        clause_id=None,
    ),
    Row(
        name="overlapping time of which nothing is billed",
        shows=Aspect.HIT,
        item=_sheet(
            _entry("E-1", _time(9), _time(11), minutes=120),
            _entry("E-2", _time(9), _time(10), minutes_billable=0),
        ),
        under=UNDER,
        expected={"E-2": 0},
        clause_id=None,
    ),
    Row(
        # The second was recorded first, so the first repeats its half hour: 30 min at 2.00.
        name="what was recorded later counts later",
        shows=Aspect.HIT,
        item=_sheet(
            _entry("E-1", _time(9), _time(10), recorded_at=at(MONDAY, hour=18)),
            _entry("E-2", _time(9, 30), _time(10, 30), recorded_at=at(MONDAY, hour=17)),
        ),
        under=UNDER,
        expected={"E-1": 60_00},
        clause_id=None,
    ),
    Row(
        name="time accepted on another contract",
        shows=Aspect.HIT,
        item=_sheet(_entry("E-1", _time(9), _time(10))),
        before=(_past(_entry("E-0", _time(9, 30), _time(11), minutes=90), contract_id="C-2"),),
        under=UNDER,
        expected={"E-1": 60_00},
        clause_id=None,
    ),
    Row(
        name="time of another person",
        shows=Aspect.CLEAN,
        item=_sheet(_entry("E-1", _time(9), _time(10))),
        before=(_past(_entry("E-0", _time(9), _time(10)), person_id="bob"),),
        under=UNDER,
    ),
    Row(
        name="the same times of another person in the same batch",
        shows=Aspect.HIT,
        item=_two_hours(MONDAY),
        beside=(
            timesheet(
                external_id="TS-2",
                person_id="bob",
                entries=(
                    _entry("F-1", _time(9), _time(11), minutes=120),
                    _entry("F-2", _time(10, 30), _time(11, 30)),
                ),
                submitted_at=at(TUESDAY),
            ),
        ),
        under=UNDER,
        expected={"E-2": 60_00},
        clause_id=None,
    ),
    Row(
        name="the sheet handed in later repeats the time",
        shows=Aspect.HIT,
        item=_sheet(_entry("E-1", _time(9), _time(10)), submitted_at=at(FRIDAY, hour=18)),
        beside=(
            timesheet(
                external_id="TS-2",
                entries=(_entry("F-1", _time(9), _time(10)),),
                submitted_at=at(FRIDAY, hour=17),
            ),
        ),
        under=UNDER,
        expected={"E-1": 120_00},
        clause_id=None,
    ),
    Row(
        name="the sheet handed in first does not",
        shows=Aspect.CLEAN,
        item=_sheet(_entry("E-1", _time(9), _time(10)), submitted_at=at(FRIDAY, hour=16)),
        beside=(
            timesheet(
                external_id="TS-2",
                entries=(_entry("F-1", _time(9), _time(10)),),
                submitted_at=at(FRIDAY, hour=17),
            ),
        ),
        under=UNDER,
    ),
    Row(
        # Monday's night shift ends on Tuesday at two.
        name="a night that reaches into the next work day",
        shows=Aspect.HIT,
        item=_sheet(
            _entry(
                "E-1",
                _time(1, day=TUESDAY),
                _time(3, day=TUESDAY),
                minutes=120,
                work_date=TUESDAY,
            )
        ),
        before=(_past(_entry("E-0", _time(22), _time(2, day=TUESDAY), minutes=240)),),
        under=UNDER,
        expected={"E-1": 120_00},
        clause_id=None,
    ),
    Row(
        # Accepted: Tuesday from midnight on. 23:00 to 0:30 shares 30 min with it.
        name="a night that reaches into an accepted next day",
        shows=Aspect.HIT,
        item=_sheet(_entry("E-1", _time(23), _time(0, 30, day=TUESDAY), minutes=90)),
        before=(
            _past(_entry("E-0", _time(0, day=TUESDAY), _time(1, day=TUESDAY), work_date=TUESDAY)),
        ),
        under=UNDER,
        expected={"E-1": 60_00},
        clause_id=None,
    ),
    Row(
        # The first is inside the night from one to two, 60 min. The second shares 1:30 to 2:00
        # with the night and with the first, 30 min.
        name="a night and two entries of the next day",
        shows=Aspect.HIT,
        item=_sheet(
            _entry("E-1", _time(1, day=TUESDAY), _time(2, day=TUESDAY), work_date=TUESDAY),
            _entry("E-2", _time(1, 30, day=TUESDAY), _time(2, 30, day=TUESDAY), work_date=TUESDAY),
        ),
        before=(_past(_entry("E-0", _time(22), _time(2, day=TUESDAY), minutes=240)),),
        under=UNDER,
        expected={"E-1": 120_00, "E-2": 60_00},
        clause_id=None,
    ),
    Row(
        # The shift of Monday is said to last until Wednesday: only the days beside are looked at.
        name="work days two apart are not compared",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(
            _entry("E-1", _time(22), _time(2, day=WEDNESDAY), minutes=240),
            _entry("E-2", _time(1, day=WEDNESDAY), _time(3, day=WEDNESDAY), work_date=WEDNESDAY),
        ),
        under=UNDER,
    ),
    Row(
        name="the version of the sheet that this one replaces",
        shows=Aspect.CLEAN,
        item=_sheet(_entry("E-1", _time(9), _time(10, 30), minutes=90)),
        before=(_sheet(_entry("E-1", _time(9), _time(10))),),
        under=UNDER,
    ),
    Row(
        # Nine to ten in Vienna is eight to nine in UTC.
        name="the same clock in two time zones is not the same time",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(
            _entry("E-1", _time(9, zone=VIENNA), _time(10, zone=VIENNA)),
            _entry("E-2", _time(9), _time(10)),
        ),
        under=UNDER,
    ),
    Row(
        # Ten to eleven in Vienna is nine to ten in UTC.
        name="another clock in two time zones may be the same time",
        shows=Aspect.HIT,
        item=_sheet(
            _entry("E-1", _time(10, zone=VIENNA), _time(11, zone=VIENNA)),
            _entry("E-2", _time(9, 37), _time(10, 37)),
        ),
        under=UNDER,
        # 9:37 to 10:00 are 23 min at 2.00.
        expected={"E-2": 46_00},
        clause_id=None,
    ),
    Row(
        name="an entry without times of day",
        shows=Aspect.CLEAN,
        item=_sheet(_entry("E-1", _time(9), _time(17), minutes=480), entry(id="E-2")),
        under=UNDER,
    ),
    Row(
        name="the clause is cited where it was agreed",
        shows=Aspect.HIT,
        item=_two_hours(MONDAY),
        under=reference(contract(clauses=(AGREED,))),
        expected={"E-2": 60_00},
        clause_id="CL-time",
    ),
    Row(
        name="the line's own clause is cited before the contract's",
        shows=Aspect.HIT,
        item=_two_hours(MONDAY),
        under=reference(
            contract(clauses=(AGREED, clause(Timekeeping(), id="CL-line", line_id="L-1")))
        ),
        expected={"E-2": 60_00},
        clause_id="CL-line",
    ),
    Row(
        name="the day before timekeeping is agreed nothing is cited",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_two_hours(TUESDAY),
        under=reference(contract(clauses=(), change_orders=(restating(Timekeeping()),))),
        expected={"E-2": 60_00},
        clause_id=None,
    ),
    Row(
        name="the day timekeeping is agreed it is cited",
        shows=Aspect.AMENDED,
        item=_two_hours(WEDNESDAY),
        under=reference(contract(clauses=(), change_orders=(restating(Timekeeping()),))),
        expected={"E-2": 60_00},
        clause_id="CL-new",
    ),
    Row(
        name="an order that was sent and not signed is not cited",
        shows=Aspect.AMENDED,
        item=_two_hours(WEDNESDAY),
        under=reference(
            contract(
                clauses=(),
                change_orders=(restating(Timekeeping(), status=ChangeOrderStatus.SENT),),
            )
        ),
        expected={"E-2": 60_00},
        clause_id=None,
    ),
    Row(
        # 37 min x 37.505 dinars = 23.128083 -> 23.128.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=_sheet(
            _entry("E-1", _time(9), _time(10)),
            _entry("E-2", _time(9, 23), _time(10, 23), hourly_rate_minor=37_505),
            currency="KWD",
        ),
        under=reference(contract(clauses=(), currency="KWD")),
        expected={"E-2": 23_128},
        clause_id=None,
    ),
)


@table(ROWS)
def test_overlapping_time(row):
    check_row(CODE, row)
