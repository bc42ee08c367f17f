"""T7: the work lies on or after an escalation, and the rate is that of the version before.

The hour costs 120.00 to Tuesday, 3 March, and 126.50 from Wednesday on, unless a row says
otherwise: 25 minutes are 50.00 and 52.7083 -> 52.71.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Escalation
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, contract, rate, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.RATE_ESCALATION_MISSED
TUESDAY, THURSDAY = date(2026, 3, 3), date(2026, 3, 5)
CLAUSE = clause(Escalation(), id="CL-escalation")
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-2", name="Run"),
)


def _versions(old_minor, new_minor, **overrides):
    return (
        rate(valid_to=TUESDAY, hourly_rate_minor=old_minor, **overrides),
        rate(valid_from=WEDNESDAY, hourly_rate_minor=new_minor, **overrides),
    )


RISE = _versions(120_00, 126_50)
FALL = _versions(120_00, 113_50)
VIENNA_RISE = _versions(130_00, 136_50, location="vienna")


def _under(*card, agreed=(CLAUSE,), **overrides):
    card = card or RISE
    return reference(contract(clauses=agreed, rate_card=card, lines=LINES, **overrides))


def _sheet(rate_minor, *, day=WEDNESDAY, **overrides):
    given = {"work_date": day, "minutes_worked": 25, "hourly_rate_minor": rate_minor}
    return timesheet(entries=(entry(**(given | overrides)),))


ROWS = (
    Row(
        name="the new rate after the escalation",
        shows=Aspect.CLEAN,
        item=_sheet(126_50, day=THURSDAY),
        under=_under(),
    ),
    Row(
        name="the old rate on the day before the escalation",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(120_00, day=TUESDAY),
        under=_under(),
    ),
    Row(
        # 50.00 - 52.71 = -2.71, not asked for.
        name="the old rate on the day of the escalation",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(120_00, day=WEDNESDAY),
        under=_under(),
        expected={"E-1": -2_71},
        clause_id="CL-escalation",
    ),
    Row(
        name="the old rate four months after the escalation",
        shows=Aspect.HIT,
        item=_sheet(120_00, day=date(2026, 7, 1)),
        under=_under(),
        expected={"E-1": -2_71},
        clause_id="CL-escalation",
    ),
    Row(
        # 25 min x 113.50 = 47.2917 -> 47.29; 50.00 - 47.29 is asked too much.
        name="the old rate after the rate fell is a risk",
        shows=Aspect.HIT,
        item=_sheet(120_00),
        under=_under(*FALL),
        expected={"E-1": 2_71},
        clause_id="CL-escalation",
    ),
    Row(
        # 480 min: 960.00 - 1,012.00. 77 min x 126.50 = 162.3417 -> 162.34: 154.00 - 162.34.
        name="three entries of one sheet, of which one has the new rate",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", work_date=WEDNESDAY),
                entry(id="E-2", work_date=THURSDAY, hourly_rate_minor=126_50),
                entry(id="E-3", work_date=date(2026, 3, 6), minutes_worked=77),
            )
        ),
        under=_under(),
        expected={"E-1": -52_00, "E-3": -8_34},
        clause_id="CL-escalation",
    ),
    Row(
        name="a wrong rate that is not the old one",
        shows=Aspect.CLEAN,
        item=_sheet(120_01),
        under=_under(),
    ),
    Row(
        # The version before 126.50 is 120.00; 110.00 was two versions ago.
        name="a rate of two versions ago",
        shows=Aspect.CLEAN,
        item=_sheet(110_00),
        under=_under(
            rate(valid_to=date(2026, 1, 31), hourly_rate_minor=110_00),
            rate(valid_from=date(2026, 2, 1), valid_to=TUESDAY),
            rate(valid_from=WEDNESDAY, hourly_rate_minor=126_50),
        ),
    ),
    Row(
        name="two versions with one rate",
        shows=Aspect.CLEAN,
        item=_sheet(120_00),
        under=_under(*_versions(120_00, 120_00)),
    ),
    Row(
        # On Tuesday nothing was in force, so nothing escalated.
        name="a day without a rate between the versions",
        shows=Aspect.CLEAN,
        item=_sheet(120_00),
        under=_under(rate(valid_to=MONDAY), rate(valid_from=WEDNESDAY, hourly_rate_minor=126_50)),
    ),
    Row(
        name="the first version of all",
        shows=Aspect.CLEAN,
        item=_sheet(120_00),
        under=_under(rate(valid_from=WEDNESDAY, hourly_rate_minor=126_50)),
    ),
    Row(
        # 25 min x 130.00 = 54.1667 -> 54.17; 25 min x 136.50 = 56.875 -> 56.88.
        name="the old rate of a place with versions of its own",
        shows=Aspect.HIT,
        item=_sheet(130_00, location="vienna"),
        under=_under(*RISE, *VIENNA_RISE),
        expected={"E-1": -2_71},
        clause_id="CL-escalation",
    ),
    Row(
        name="the general old rate at a place with versions of its own",
        shows=Aspect.CLEAN,
        item=_sheet(120_00, location="vienna"),
        under=_under(*RISE, *VIENNA_RISE),
    ),
    Row(
        name="the general old rate at a place without versions of its own",
        shows=Aspect.HIT,
        item=_sheet(120_00, location="graz"),
        under=_under(*RISE, *VIENNA_RISE),
        expected={"E-1": -2_71},
        clause_id="CL-escalation",
    ),
    Row(
        # The place has its first rate from Wednesday on: there is no version before it.
        name="the general rate where a place gets its first rate of its own",
        shows=Aspect.CLEAN,
        item=_sheet(120_00, location="vienna"),
        under=_under(
            rate(), rate(location="vienna", valid_from=WEDNESDAY, hourly_rate_minor=130_00)
        ),
    ),
    Row(
        name="an escalation agreed for another line",
        shows=Aspect.CLEAN,
        item=_sheet(120_00),
        under=_under(agreed=(clause(Escalation(), id="CL-line", line_id="L-2"),)),
    ),
    Row(
        name="an escalation agreed for this line is cited before the contract's",
        shows=Aspect.HIT,
        item=_sheet(120_00),
        under=_under(agreed=(CLAUSE, clause(Escalation(), id="CL-line", line_id="L-1"))),
        expected={"E-1": -2_71},
        clause_id="CL-line",
    ),
    Row(
        # The card escalates on Wednesday; the clause is agreed from Thursday on.
        name="the day before escalation is agreed by a change order",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(120_00, day=WEDNESDAY),
        under=_under(agreed=(), change_orders=(restating(Escalation(), effective_on=THURSDAY),)),
    ),
    Row(
        name="the day escalation is agreed by a change order",
        shows=Aspect.AMENDED,
        item=_sheet(120_00, day=THURSDAY),
        under=_under(agreed=(), change_orders=(restating(Escalation(), effective_on=THURSDAY),)),
        expected={"E-1": -2_71},
        clause_id="CL-new",
    ),
    Row(
        name="an escalation that was sent and not signed",
        shows=Aspect.AMENDED,
        item=_sheet(120_00, day=THURSDAY),
        under=_under(
            agreed=(),
            change_orders=(
                restating(Escalation(), effective_on=THURSDAY, status=ChangeOrderStatus.SENT),
            ),
        ),
    ),
    Row(
        # 25 min x 9,450 yen = 3,937.5 -> 3,938; 25 min x 9,700 yen = 4,041.67 -> 4,042.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=_sheet(9_450).model_copy(update={"currency": "JPY"}),
        under=_under(*_versions(9_450, 9_700), currency="JPY"),
        expected={"E-1": -104},
        clause_id="CL-escalation",
    ),
    Row(
        name="work that is not billed",
        shows=Aspect.CLEAN,
        item=_sheet(120_00, minutes_billable=0),
        under=_under(),
    ),
)


@table(ROWS)
def test_rate_escalation_missed(row):
    check_row(CODE, row)
