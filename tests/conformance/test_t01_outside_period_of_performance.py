"""T1: the work date lies before the first or after the last day of performance."""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import PeriodOfPerformance
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.contracts import change_order, clause, clauses, contract, reference
from tests.builders.items import at, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE
CLAUSE = "CL-period_of_performance"
PERIOD = PeriodOfPerformance(start=date(2026, 3, 2), end=date(2026, 3, 13))
LATER = PeriodOfPerformance(start=date(2026, 3, 2), end=date(2026, 3, 31))
UNDER = reference(contract(clauses=clauses(PERIOD)))


def _sheet(day, **overrides):
    own = entry(work_date=day, minutes_worked=90, **overrides)
    return timesheet(entries=(own,), submitted_at=at(day))


def _extended(**overrides):
    order = change_order(effective_on=date(2026, 3, 16), **overrides)
    return reference(contract(clauses=clauses(PERIOD), change_orders=(order,)))


ROWS = (
    Row(
        name="a day in the middle",
        shows=Aspect.CLEAN,
        item=_sheet(date(2026, 3, 4)),
        under=UNDER,
    ),
    Row(
        name="the first day",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(date(2026, 3, 2)),
        under=UNDER,
    ),
    Row(
        name="the last day",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(date(2026, 3, 13)),
        under=UNDER,
    ),
    Row(
        # 90 minutes at 120.00 an hour: 90 x 12,000 / 60 = 18,000.
        name="the day after the last",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(date(2026, 3, 14)),
        under=UNDER,
        expected={"E-1": 18_000},
        clause_id=CLAUSE,
    ),
    Row(
        # The same on the day before the first.
        name="the day before the first",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(date(2026, 3, 1)),
        under=UNDER,
        expected={"E-1": 18_000},
        clause_id=CLAUSE,
    ),
    Row(
        # 25 minutes at 120.50 an hour: 25 x 12,050 / 60 = 5,020.83, rounded once to 5,021.
        name="a month later, with a rate that does not divide",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(work_date=date(2026, 4, 13), minutes_worked=25, hourly_rate_minor=12_050),
            ),
            submitted_at=at(date(2026, 4, 13)),
        ),
        under=UNDER,
        expected={"E-1": 5_021},
        clause_id=CLAUSE,
    ),
    Row(
        # The order takes effect on 16 March; work of the 15th still meets the old end.
        name="the day before an extension takes effect",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(date(2026, 3, 15)),
        under=_extended(new_period_end=date(2026, 3, 20)),
        expected={"E-1": 18_000},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day an extension takes effect",
        shows=Aspect.AMENDED,
        item=_sheet(date(2026, 3, 16)),
        under=_extended(new_period_end=date(2026, 3, 20)),
    ),
    Row(
        # Sent, not executed: it amends nothing.
        name="an extension that nobody signed",
        shows=Aspect.AMENDED,
        item=_sheet(date(2026, 3, 16)),
        under=_extended(new_period_end=date(2026, 3, 20), status=ChangeOrderStatus.SENT),
        expected={"E-1": 18_000},
        clause_id=CLAUSE,
    ),
    Row(
        name="the last day of a period that a change order restates",
        shows=Aspect.AMENDED,
        item=_sheet(date(2026, 3, 31)),
        under=_extended(clauses=(clause(LATER, id="CL-later"),)),
    ),
    Row(
        name="the day after the last of a period that a change order restates",
        shows=Aspect.AMENDED,
        item=_sheet(date(2026, 4, 1)),
        under=_extended(clauses=(clause(LATER, id="CL-later"),)),
        expected={"E-1": 18_000},
        clause_id="CL-later",
    ),
    Row(
        name="work that is not billed",
        shows=Aspect.CLEAN,
        item=_sheet(date(2026, 4, 13), minutes_billable=0),
        under=UNDER,
    ),
)


@table(ROWS)
def test_outside_period_of_performance(row):
    check_row(CODE, row)
