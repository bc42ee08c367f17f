"""T8: only named people may be billed, and this person is not on the list on the work date.

77 minutes at 120.50 an hour are 154.6417 -> 154.64.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ApprovedPerson, KeyPersonnel
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import START, clause, contract, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.KEY_PERSONNEL_SUBSTITUTION
TUESDAY, THURSDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 6)
ADA = ApprovedPerson(person_id="ada", start=START)
BOB = ApprovedPerson(person_id="bob", start=START)
MIDWEEK = ApprovedPerson(person_id="ada", start=TUESDAY, end=THURSDAY)
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)


def _list(*approved, **overrides):
    return clause(KeyPersonnel(approved=approved), **({"id": "CL-people"} | overrides))


def _under(*lists, **overrides):
    return reference(contract(clauses=lists, lines=LINES, **overrides))


def _sheet(*, day=MONDAY, **overrides):
    work = entry(work_date=day, minutes_worked=77, hourly_rate_minor=120_50)
    return timesheet(entries=(work,), **overrides)


ROWS = (
    Row(
        name="a person on the list",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=_under(_list(ADA, BOB)),
    ),
    Row(
        name="a person who is not on the list",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(_list(BOB)),
        expected={"E-1": 154_64},
        clause_id="CL-people",
    ),
    Row(
        name="a list without anybody",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(_list()),
        expected={"E-1": 154_64},
        clause_id="CL-people",
    ),
    Row(
        name="the first day on the list",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(day=TUESDAY),
        under=_under(_list(MIDWEEK)),
    ),
    Row(
        name="the last day on the list",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(day=THURSDAY),
        under=_under(_list(MIDWEEK)),
    ),
    Row(
        name="the day before the first on the list",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(day=MONDAY),
        under=_under(_list(MIDWEEK)),
        expected={"E-1": 154_64},
        clause_id="CL-people",
    ),
    Row(
        name="the day after the last on the list",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(day=FRIDAY),
        under=_under(_list(MIDWEEK)),
        expected={"E-1": 154_64},
        clause_id="CL-people",
    ),
    Row(
        # Monday 25 min x 120.50 = 50.2083 -> 50.21, Friday 480 min x 120.00.
        name="a week of which the middle is approved",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=25, hourly_rate_minor=120_50),
                entry(id="E-2", work_date=TUESDAY),
                entry(id="E-3", work_date=THURSDAY),
                entry(id="E-4", work_date=FRIDAY),
            )
        ),
        under=_under(_list(MIDWEEK)),
        expected={"E-1": 50_21, "E-4": 960_00},
        clause_id="CL-people",
    ),
    Row(
        name="a day between two stays on the list",
        shows=Aspect.HIT,
        item=_sheet(day=WEDNESDAY),
        under=_under(
            _list(
                ApprovedPerson(person_id="ada", start=START, end=TUESDAY),
                ApprovedPerson(person_id="ada", start=THURSDAY),
            )
        ),
        expected={"E-1": 154_64},
        clause_id="CL-people",
    ),
    Row(
        # The contract names Ada, the line names Bob alone.
        name="the line's own list outranks the contract's",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(_list(ADA), _list(BOB, id="CL-line", line_id="L-1")),
        expected={"E-1": 154_64},
        clause_id="CL-line",
    ),
    Row(
        name="a list of another line",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=_under(_list(BOB, line_id="L-2")),
    ),
    Row(
        name="the day before a change order puts the person on the list",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(day=TUESDAY),
        under=_under(_list(BOB), change_orders=(restating(KeyPersonnel(approved=(ADA, BOB))),)),
        expected={"E-1": 154_64},
        clause_id="CL-people",
    ),
    Row(
        name="the day a change order puts the person on the list",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=_under(_list(BOB), change_orders=(restating(KeyPersonnel(approved=(ADA, BOB))),)),
    ),
    Row(
        name="the day a change order takes the person off the list",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=_under(_list(ADA), change_orders=(restating(KeyPersonnel(approved=(BOB,))),)),
        expected={"E-1": 154_64},
        clause_id="CL-new",
    ),
    Row(
        name="a new list that was sent and not signed",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=_under(
            _list(BOB),
            change_orders=(
                restating(KeyPersonnel(approved=(ADA,)), status=ChangeOrderStatus.SENT),
            ),
        ),
        expected={"E-1": 154_64},
        clause_id="CL-people",
    ),
    Row(
        # 37 min x 37.505 dinars = 23.128083 -> 23.128.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD", entries=(entry(minutes_worked=37, hourly_rate_minor=37_505),)
        ),
        under=_under(_list(BOB), currency="KWD"),
        expected={"E-1": 23_128},
        clause_id="CL-people",
    ),
    Row(
        name="a list that nobody confirmed",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=_under(_list(BOB, confirmed_by=None)),
    ),
    Row(
        name="a substitute who is not billed",
        shows=Aspect.CLEAN,
        item=timesheet(entries=(entry(minutes_billable=0),)),
        under=_under(_list(BOB)),
    ),
)


@table(ROWS)
def test_key_personnel_substitution(row):
    check_row(CODE, row)
