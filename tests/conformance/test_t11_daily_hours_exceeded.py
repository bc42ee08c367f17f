"""T11: minutes of a person on a day are above the agreed limit, or above the 1,440 of a day.

A minute at 120.00 an hour is 2.00. The limit is 600 minutes unless a row says otherwise.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import WorkingTime
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind, Severity
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.items import MONDAY, at, entry, timesheet
from tests.builders.sheets import one_day
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.DAILY_HOURS_EXCEEDED
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)
NO_LIMIT = clauses(without=[ClauseKind.WORKING_TIME])


def _limit(minutes, **overrides):
    given = {"id": "CL-day"} | overrides
    return clause(WorkingTime(max_daily_minutes=minutes), **given)


def _under(*limits, **overrides):
    given = {"clauses": limits or (_limit(600),), "lines": LINES}
    return reference(contract(**(given | overrides)), contract(id="C-2"))


def _past(minutes, *, day=MONDAY, **overrides):
    work = entry(id="E-0", work_date=day, minutes_worked=minutes)
    return timesheet(external_id="TS-0", entries=(work,), **overrides)


ROWS = (
    Row(
        name="a day of eight hours",
        shows=Aspect.CLEAN,
        item=one_day(480),
        under=_under(),
    ),
    Row(
        name="the limit exactly met by two entries",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480, 120),
        under=_under(),
    ),
    Row(
        name="one minute above the limit",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(480, 121),
        under=_under(),
        expected={"E-2": 2_00},
        clause_id="CL-day",
    ),
    Row(
        # Running: 400, 580, 617, 677. 17 min x 120.50 = 34.1417 -> 34.14; 60 min at 2.00.
        name="a day that runs over in its third entry",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=400),
                entry(id="E-2", minutes_worked=180),
                entry(id="E-3", minutes_worked=37, hourly_rate_minor=120_50),
                entry(id="E-4", minutes_worked=60),
            )
        ),
        under=_under(),
        expected={"E-3": 34_14, "E-4": 120_00},
        clause_id="CL-day",
    ),
    Row(
        # 601 on Monday and 601 on Tuesday, each one over.
        name="each day has its own limit",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=601),
                entry(id="E-2", work_date=TUESDAY, minutes_worked=601),
            )
        ),
        under=_under(),
        expected={"E-1": 2_00, "E-2": 2_00},
        clause_id="CL-day",
    ),
    Row(
        name="the eve does not count",
        shows=Aspect.JUST_INSIDE,
        item=one_day(600),
        before=(_past(600, day=date(2026, 3, 1)),),
        under=_under(),
    ),
    Row(
        # 300 elsewhere and 301 here.
        name="work accepted on another contract counts",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(301),
        before=(_past(300, contract_id="C-2"),),
        under=_under(),
        expected={"E-1": 2_00},
        clause_id="CL-day",
    ),
    Row(
        name="work of another person does not count",
        shows=Aspect.JUST_INSIDE,
        item=one_day(600),
        before=(_past(300, person_id="bob"),),
        under=_under(),
    ),
    Row(
        # The other sheet was handed in first: 480 + 480 - 600 = 360 min.
        name="whoever hands in first uses up first",
        shows=Aspect.HIT,
        item=one_day(480, submitted_at=at(FRIDAY, hour=18)),
        beside=(
            timesheet(
                external_id="TS-2",
                line_id="L-2",
                entries=(entry(id="F-1"),),
                submitted_at=at(FRIDAY, hour=17),
            ),
        ),
        under=_under(),
        expected={"E-1": 720_00},
        clause_id="CL-day",
    ),
    Row(
        name="the sheet handed in first has the day to itself",
        shows=Aspect.CLEAN,
        item=one_day(480, submitted_at=at(FRIDAY, hour=16)),
        beside=(
            timesheet(
                external_id="TS-2",
                line_id="L-2",
                entries=(entry(id="F-1"),),
                submitted_at=at(FRIDAY, hour=17),
            ),
        ),
        under=_under(),
    ),
    Row(
        # 720 - 600 = 120 min over, of which 60 are billed.
        name="no more is at risk than is billed",
        shows=Aspect.HIT,
        item=timesheet(entries=(entry(minutes_worked=720, minutes_billable=60),)),
        under=_under(),
        expected={"E-1": 120_00},
        clause_id="CL-day",
    ),
    Row(
        # 1,000 and 440 are the 1,440 a day has.
        name="a full day where no limit was agreed",
        shows=Aspect.JUST_INSIDE,
        item=one_day(440),
        before=(_past(1_000, line_id="L-2"),),
        under=_under(clauses=NO_LIMIT),
    ),
    Row(
        name="one minute more than a day has, where no limit was agreed",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(441),
        before=(_past(1_000, line_id="L-2"),),
        under=_under(clauses=NO_LIMIT),
        expected={"E-1": 2_00},
        clause_id=None,
        severity=Severity.CRITICAL,
    ),
    Row(
        # The day was full before: all of 25 min x 120.50 = 50.2083 -> 50.21.
        name="more than a day has, where a limit was agreed",
        shows=Aspect.HIT,
        item=timesheet(entries=(entry(minutes_worked=25, hourly_rate_minor=120_50),)),
        before=(_past(1_440, line_id="L-2"),),
        under=_under(),
        expected={"E-1": 50_21},
        clause_id="CL-day",
        severity=Severity.CRITICAL,
    ),
    Row(
        name="the line's own limit outranks the contract's",
        shows=Aspect.HIT,
        item=one_day(481),
        under=_under(_limit(600), _limit(480, id="CL-line", line_id="L-1")),
        expected={"E-1": 2_00},
        clause_id="CL-line",
    ),
    Row(
        name="the line's own wider limit outranks the contract's",
        shows=Aspect.JUST_INSIDE,
        item=one_day(720),
        under=_under(_limit(600), _limit(720, id="CL-line", line_id="L-1")),
    ),
    Row(
        # 660 - 600 = 60 min.
        name="the day before a wider limit takes effect",
        shows=Aspect.BEFORE_AMENDMENT,
        item=one_day(660, day=TUESDAY),
        under=_under(change_orders=(restating(WorkingTime(max_daily_minutes=660)),)),
        expected={"E-1": 120_00},
        clause_id="CL-day",
    ),
    Row(
        name="the day a wider limit takes effect",
        shows=Aspect.AMENDED,
        item=one_day(660, day=WEDNESDAY),
        under=_under(change_orders=(restating(WorkingTime(max_daily_minutes=660)),)),
    ),
    Row(
        name="one minute above the wider limit",
        shows=Aspect.AMENDED,
        item=one_day(661, day=WEDNESDAY),
        under=_under(change_orders=(restating(WorkingTime(max_daily_minutes=660)),)),
        expected={"E-1": 2_00},
        clause_id="CL-new",
    ),
    Row(
        name="a wider limit that was sent and not signed",
        shows=Aspect.AMENDED,
        item=one_day(660, day=WEDNESDAY),
        under=_under(
            change_orders=(
                restating(WorkingTime(max_daily_minutes=660), status=ChangeOrderStatus.SENT),
            )
        ),
        expected={"E-1": 120_00},
        clause_id="CL-day",
    ),
    Row(
        # 637 - 600 = 37 min x 37.505 dinars = 23.128083 -> 23.128.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD", entries=(entry(minutes_worked=637, hourly_rate_minor=37_505),)
        ),
        under=_under(currency="KWD"),
        expected={"E-1": 23_128},
        clause_id="CL-day",
    ),
    Row(
        # 650 - 600 = 50 min x 9,500 yen = 7,916.67 -> 7,917 yen.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY", entries=(entry(minutes_worked=650, hourly_rate_minor=9_500),)
        ),
        under=_under(currency="JPY"),
        expected={"E-1": 7_917},
        clause_id="CL-day",
    ),
)


@table(ROWS)
def test_daily_hours_exceeded(row):
    check_row(CODE, row)
