"""T3: money used reaches the agreed share of the funds, and no notice was given.

A minute at 120.00 an hour is 2.00. The funds are 1,000.00 and the notice is due at 750.00, unless
a row says otherwise. Nothing is forecast here (`forecast_days=0`): the rows are the rule's alone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Funding
from data.schemas.contracts import ContractLine, Notice, NoticeKind
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import change_order, clause, contract, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.builders.sheets import one_day
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.FUNDING_NOTICE_DUE
TUESDAY = date(2026, 3, 3)
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)
LATE_ON_SUNDAY = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
"""Monday in Vienna, and Sunday in New York."""


def _funds(funded_minor=1_000_00, *, share=0.75):
    return Funding(funded_minor=funded_minor, notice_share=share, forecast_days=0)


def _of_contract(*given, **terms):
    return clause(_funds(*given, **terms), id="CL-contract")


def _of_line(*given, **terms):
    return clause(_funds(*given, **terms), id="CL-line", line_id="L-1")


def _under(*funds, **overrides):
    given = {"clauses": funds or (_of_contract(),), "lines": LINES}
    return reference(contract(**(given | overrides)))


def _notice(day, **overrides):
    return Notice(kind=NoticeKind.FUNDING, given_on=day, **overrides)


def _more_funds(delta_minor, **overrides):
    return change_order(delta_funded_minor=delta_minor, effective_on=WEDNESDAY, **overrides)


def _one_hour(amount_minor, **overrides):
    work = entry(minutes_worked=60, hourly_rate_minor=amount_minor)
    return timesheet(entries=(work,), **overrides)


def _past(minutes, **overrides):
    work = entry(id="E-0", work_date=date(2026, 2, 23), minutes_worked=minutes)
    return timesheet(external_id="TS-0", entries=(work,), **overrides)


ROWS = (
    Row(
        # 300 min are 600.00.
        name="less than the share of the funds",
        shows=Aspect.CLEAN,
        item=one_day(300),
        under=_under(),
    ),
    Row(
        name="one cent below the share of the funds",
        shows=Aspect.JUST_INSIDE,
        item=_one_hour(749_99),
        under=_under(),
    ),
    Row(
        # 750.00 of 1,000.00: the notice is due, and no money stands above the funds.
        name="the share of the funds exactly reached",
        shows=Aspect.JUST_OUTSIDE,
        item=_one_hour(750_00),
        under=_under(),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        # 0.85 x 999.99 = 849.9915: 849.99 lie below it, 850.00 above.
        name="below a share that does not divide",
        shows=Aspect.JUST_INSIDE,
        item=_one_hour(849_99),
        under=_under(_of_contract(999_99, share=0.85)),
    ),
    Row(
        name="above a share that does not divide",
        shows=Aspect.JUST_OUTSIDE,
        item=_one_hour(850_00),
        under=_under(_of_contract(999_99, share=0.85)),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        # Running: 600.00, 800.00, 1,100.00, 1,220.00. Above the funds of 1,000.00 stand
        # nothing of the second, 100.00 of the third, and 220.00 that the fourth has 120.00 of.
        name="a sheet that runs past the share and past the funds",
        shows=Aspect.HIT,
        item=one_day(300, 100, 150, 60),
        under=_under(),
        expected={"E-2": 0, "E-3": 100_00, "E-4": 120_00},
        clause_id="CL-contract",
    ),
    Row(
        # 600.00 before and 25 min x 360.50 = 150.2083 -> 150.21 make 750.21.
        name="money accepted before counts",
        shows=Aspect.HIT,
        item=timesheet(entries=(entry(minutes_worked=25, hourly_rate_minor=360_50),)),
        before=(_past(300),),
        under=_under(),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        # 600.00 of the other line and 200.00 of this one.
        name="the contract's funds pay all of its lines",
        shows=Aspect.HIT,
        item=one_day(100),
        before=(_past(300, line_id="L-2"),),
        under=_under(),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        name="the line's funds pay this line alone",
        shows=Aspect.CLEAN,
        item=one_day(100),
        before=(_past(300, line_id="L-2"),),
        under=_under(_of_line()),
    ),
    Row(
        # 960.00 of the line's 2,000.00; the contract's 1,000.00 do not govern this line.
        name="the line's own funds outrank the contract's",
        shows=Aspect.CLEAN,
        item=one_day(480),
        under=_under(_of_contract(), _of_line(2_000_00)),
    ),
    Row(
        name="a notice on the day of the decision",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        under=_under(notices=(_notice(date(2026, 3, 9)),)),
    ),
    Row(
        name="a notice on the day after the decision",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(480),
        under=_under(notices=(_notice(date(2026, 3, 10)),)),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        name="Sunday 23:30 UTC is the day of Monday's notice in Vienna",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        under=_under(notices=(_notice(date(2026, 3, 9)),)),
        decided_at=LATE_ON_SUNDAY,
    ),
    Row(
        name="Sunday 23:30 UTC is the eve of Monday's notice in New York",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(480, zone="America/New_York"),
        under=_under(notices=(_notice(date(2026, 3, 9)),)),
        decided_at=LATE_ON_SUNDAY,
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        name="a notice for a line does not answer for the contract",
        shows=Aspect.HIT,
        item=one_day(480),
        under=_under(notices=(_notice(MONDAY, line_id="L-1"),)),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        name="a notice for the contract does not answer for the line's funds",
        shows=Aspect.HIT,
        item=one_day(480),
        under=_under(_of_line(), notices=(_notice(MONDAY),)),
        expected={"E-1": 0},
        clause_id="CL-line",
    ),
    Row(
        # 960.00 of 1,000.00: the 500.00 come on Wednesday.
        name="the day before new funds take effect",
        shows=Aspect.BEFORE_AMENDMENT,
        item=one_day(480, day=TUESDAY),
        under=_under(change_orders=(_more_funds(500_00),)),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        # 960.00 of 1,500.00; the notice is due at 1,125.00.
        name="the day new funds take effect",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=_under(change_orders=(_more_funds(500_00),)),
    ),
    Row(
        # Tuesday: 800.00 of 1,000.00. Wednesday: 1,000.00 of 1,500.00, due at 1,125.00.
        name="a sheet in whose middle new funds take effect",
        shows=Aspect.AMENDED,
        item=timesheet(
            entries=(
                entry(id="E-1", work_date=TUESDAY, minutes_worked=400),
                entry(id="E-2", work_date=WEDNESDAY, minutes_worked=100),
            )
        ),
        under=_under(change_orders=(_more_funds(500_00),)),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        # 800.00 from Wednesday, due at 600.00: 640.00 are there.
        name="funds that are taken back",
        shows=Aspect.AMENDED,
        item=one_day(320, day=WEDNESDAY),
        under=_under(change_orders=(_more_funds(-200_00),)),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        name="new funds that were sent and not signed",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=_under(change_orders=(_more_funds(500_00, status=ChangeOrderStatus.SENT),)),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        # It adds to the ceiling and not to the funds.
        name="an order that brings value and no funds",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=_under(change_orders=(change_order(delta_value_minor=500_00),)),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        name="funds of another line count for the contract",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=_under(change_orders=(_more_funds(500_00, line_id="L-2"),)),
    ),
    Row(
        name="funds of the whole contract do not count for the line",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=_under(_of_line(), change_orders=(_more_funds(500_00),)),
        expected={"E-1": 0},
        clause_id="CL-line",
    ),
    Row(
        # 1,100.00 from Wednesday, due at 825.00: Tuesday's notice spoke of 1,000.00.
        name="new funds need a new notice",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=_under(change_orders=(_more_funds(100_00),), notices=(_notice(TUESDAY),)),
        expected={"E-1": 0},
        clause_id="CL-contract",
    ),
    Row(
        name="a notice on the day of the new funds answers for them",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=_under(change_orders=(_more_funds(100_00),), notices=(_notice(WEDNESDAY),)),
    ),
    Row(
        name="the old notice still answers for work before the new funds",
        shows=Aspect.BEFORE_AMENDMENT,
        item=one_day(480, day=TUESDAY),
        under=_under(change_orders=(_more_funds(100_00),), notices=(_notice(TUESDAY),)),
    ),
    Row(
        # The funds are 900.00 from Wednesday: 960.00 stand 60.00 above them.
        name="funds restated below what is used",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=_under(change_orders=(restating(_funds(900_00)),)),
        expected={"E-1": 60_00},
        clause_id="CL-new",
    ),
    Row(
        # 50 min x 9,500 yen = 7,916.67 -> 7,917 yen, 417 above 7,500 yen.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY", entries=(entry(minutes_worked=50, hourly_rate_minor=9_500),)
        ),
        under=_under(_of_contract(7_500), currency="JPY"),
        expected={"E-1": 417},
        clause_id="CL-contract",
    ),
)


@table(ROWS)
def test_funding_notice_due(row):
    check_row(CODE, row)
