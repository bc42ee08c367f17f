"""T5: the billed rate is not the rate card's for the category and place on the work date."""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import RateSchedule
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, rate, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.RATE_MISMATCH
CLAUSE = "CL-rate_schedule"
TUESDAY, SUNDAY = date(2026, 3, 3), date(2026, 3, 1)
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)
TWO_VERSIONS = (
    rate(valid_to=TUESDAY),
    rate(valid_from=WEDNESDAY, hourly_rate_minor=126_50),
)
WITH_VIENNA = (rate(), rate(location="vienna", hourly_rate_minor=130_00))


def _under(*card, **overrides):
    return reference(contract(rate_card=card or (rate(),), lines=LINES, **overrides))


def _sheet(minutes, rate_minor, *, day=MONDAY, **overrides):
    work = entry(work_date=day, minutes_worked=minutes, hourly_rate_minor=rate_minor, **overrides)
    return timesheet(entries=(work,))


ROWS = (
    Row(
        name="a day at the agreed rate",
        shows=Aspect.CLEAN,
        item=_sheet(480, 120_00),
        under=_under(),
    ),
    Row(
        # 25 min x 120.50 = 50.2083 -> 50.21; 25 min x 120.00 = 50.00.
        name="half a euro too much",
        shows=Aspect.HIT,
        item=_sheet(25, 120_50),
        under=_under(),
        expected={"E-1": 21},
        clause_id=CLAUSE,
    ),
    Row(
        # 25 min x 119.50 = 49.7917 -> 49.79; 50.00 - 49.79 are not asked for.
        name="half a euro too little is a leak",
        shows=Aspect.HIT,
        item=_sheet(25, 119_50),
        under=_under(),
        expected={"E-1": -21},
        clause_id=CLAUSE,
    ),
    Row(
        # 480 min x 120.01 = 960.08.
        name="one cent too much an hour",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(480, 120_01),
        under=_under(),
        expected={"E-1": 8},
        clause_id=CLAUSE,
    ),
    Row(
        # 1 min x 120.10 = 2.0017 -> 2.00, as is due: the rate differs and no money does.
        name="a wrong rate over too short a time to cost anything",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(1, 120_10),
        under=_under(),
        expected={"E-1": 0},
        clause_id=CLAUSE,
    ),
    Row(
        name="the last day of the old version at the old rate",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 120_00, day=TUESDAY),
        under=_under(*TWO_VERSIONS),
    ),
    Row(
        name="the first day of the new version at the new rate",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 126_50, day=WEDNESDAY),
        under=_under(*TWO_VERSIONS),
    ),
    Row(
        # 77 min x 126.50 = 162.3417 -> 162.34; 77 min x 120.00 = 154.00.
        name="the new rate a day too early",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(77, 126_50, day=TUESDAY),
        under=_under(*TWO_VERSIONS),
        expected={"E-1": 8_34},
        clause_id=CLAUSE,
    ),
    Row(
        # The same the other way round.
        name="the old rate on the first day of the new version",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(77, 120_00, day=WEDNESDAY),
        under=_under(*TWO_VERSIONS),
        expected={"E-1": -8_34},
        clause_id=CLAUSE,
    ),
    Row(
        # Nothing is agreed on Sunday: all of 77 min x 120.00.
        name="the day before the first version",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(77, 120_00, day=SUNDAY),
        under=_under(rate(valid_from=MONDAY)),
        expected={"E-1": 154_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 50.21, 154.00 and 10.00 billed; 50.00, 154.00 and 13.00 due (the architect's 156.00).
        name="three entries of one sheet, each against its own rate",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=25, hourly_rate_minor=120_50),
                entry(id="E-2", minutes_worked=77),
                entry(id="E-3", minutes_worked=5, labor_category="architect"),
            )
        ),
        under=_under(rate(), rate(labor_category="architect", hourly_rate_minor=156_00)),
        expected={"E-1": 21, "E-3": -3_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the rate of the place",
        shows=Aspect.CLEAN,
        item=_sheet(480, 130_00, location="vienna"),
        under=_under(*WITH_VIENNA),
    ),
    Row(
        # 25 min x 120.00 = 50.00; 25 min x 130.00 = 54.1667 -> 54.17.
        name="the general rate at a place with a rate of its own",
        shows=Aspect.HIT,
        item=_sheet(25, 120_00, location="vienna"),
        under=_under(*WITH_VIENNA),
        expected={"E-1": -4_17},
        clause_id=CLAUSE,
    ),
    Row(
        name="the general rate at a place without a rate of its own",
        shows=Aspect.CLEAN,
        item=_sheet(480, 120_00, location="graz"),
        under=_under(*WITH_VIENNA),
    ),
    Row(
        name="the general rate at a place whose own rate has ended",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(480, 120_00, day=WEDNESDAY, location="vienna"),
        under=_under(rate(), rate(location="vienna", hourly_rate_minor=130_00, valid_to=TUESDAY)),
    ),
    Row(
        # 54.17 - 50.00.
        name="the rate of a place for work of no place",
        shows=Aspect.HIT,
        item=_sheet(25, 130_00),
        under=_under(*WITH_VIENNA),
        expected={"E-1": 4_17},
        clause_id=CLAUSE,
    ),
    Row(
        # Another line's card agrees on nothing here: all of 25 min x 120.00.
        name="a rate of another line",
        shows=Aspect.HIT,
        item=_sheet(25, 120_00),
        under=_under(rate(line_id="L-2")),
        expected={"E-1": 50_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day before a rate schedule is agreed by a change order",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(25, 120_50, day=TUESDAY),
        under=_under(
            clauses=clauses(without=[ClauseKind.RATE_SCHEDULE]),
            change_orders=(restating(RateSchedule()),),
        ),
    ),
    Row(
        # 50.21 - 50.00.
        name="the day a rate schedule is agreed by a change order",
        shows=Aspect.AMENDED,
        item=_sheet(25, 120_50, day=WEDNESDAY),
        under=_under(
            clauses=clauses(without=[ClauseKind.RATE_SCHEDULE]),
            change_orders=(restating(RateSchedule()),),
        ),
        expected={"E-1": 21},
        clause_id="CL-new",
    ),
    Row(
        name="a rate schedule that was sent and not signed",
        shows=Aspect.AMENDED,
        item=_sheet(25, 120_50, day=WEDNESDAY),
        under=_under(
            clauses=clauses(without=[ClauseKind.RATE_SCHEDULE]),
            change_orders=(restating(RateSchedule(), status=ChangeOrderStatus.SENT),),
        ),
    ),
    Row(
        # 50.21 - 50.00; both clauses hold, and the line's is cited.
        name="the line's own schedule is cited before the contract's",
        shows=Aspect.HIT,
        item=_sheet(25, 120_50),
        under=_under(
            clauses=(*clauses(), clause(RateSchedule(), id="CL-line", line_id="L-1")),
        ),
        expected={"E-1": 21},
        clause_id="CL-line",
    ),
    Row(
        # 50 min x 9,500 yen = 7,916.67 -> 7,917; 50 min x 9,450 yen = 7,875.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=_sheet(50, 9_500).model_copy(update={"currency": "JPY"}),
        under=_under(rate(hourly_rate_minor=9_450), currency="JPY"),
        expected={"E-1": 42},
        clause_id=CLAUSE,
    ),
    Row(
        # 37 min x 37.505 dinars = 23.128083 -> 23.128; 37 min x 37.500 = 23.125.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=_sheet(37, 37_505).model_copy(update={"currency": "KWD"}),
        under=_under(rate(hourly_rate_minor=37_500), currency="KWD"),
        expected={"E-1": 3},
        clause_id=CLAUSE,
    ),
    Row(
        name="work that is not billed",
        shows=Aspect.CLEAN,
        item=_sheet(480, 999_99, minutes_billable=0),
        under=_under(),
    ),
)


@table(ROWS)
def test_rate_mismatch(row):
    check_row(CODE, row)
