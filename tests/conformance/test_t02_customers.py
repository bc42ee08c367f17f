"""T2: a customer's part of a line, or of all lines, is above the customer's limit.

A minute at 120.00 an hour is 2.00, and 480 are 960.00. Beta pays 0.3333 of the first line.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import NotToExceed
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.ceilings import (
    BETAS_OWN,
    RUN,
    SHARED,
    of_contract,
    of_customer,
    of_line,
    of_line_customer,
    under,
)
from tests.builders.contracts import change_order
from tests.builders.items import entry, timesheet
from tests.builders.sheets import one_day
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.NOT_TO_EXCEED_BREACH
LAST_WEEK = date(2026, 2, 23)
THRICE_ODD = timesheet(
    entries=tuple(
        entry(id=f"E-{place}", minutes_worked=25, hourly_rate_minor=120_50) for place in (1, 2, 3)
    )
)
"""Three entries of 50.2083 -> 50.21 each."""


def _past(minutes, *, hourly_rate_minor=120_00, **overrides):
    """What was accepted for the week before."""
    work = entry(
        id="E-0",
        work_date=LAST_WEEK,
        minutes_worked=minutes,
        hourly_rate_minor=hourly_rate_minor,
    )
    return timesheet(external_id="TS-0", entries=(work,), **overrides)


def _raise(delta_minor, **overrides):
    return change_order(delta_value_minor=delta_minor, effective_on=WEDNESDAY, **overrides)


ROWS = (
    Row(
        # Three entries of 50.21: the line runs 50.21, 100.42, 150.63.
        # Beta's 0.3333 of it: 16.734993 -> 16.73, 33.469986 -> 33.47, 50.204979 -> 50.20,
        # so 16.73, 16.74 and 16.73 a piece. Above 30.00: 3.47 of the second, all of the third.
        name="a customer's part of a line that does not divide",
        shows=Aspect.HIT,
        item=THRICE_ODD,
        under=under(of_line_customer(30_00, "beta"), lines=(SHARED, RUN)),
        expected={"E-2": 3_47, "E-3": 16_73},
        clause_id="CL-line-customer",
    ),
    Row(
        # The same: beta's parts add up to 50.20.
        name="a customer's part of a line exactly used up",
        shows=Aspect.JUST_INSIDE,
        item=THRICE_ODD,
        under=under(of_line_customer(50_20, "beta"), lines=(SHARED, RUN)),
    ),
    Row(
        # Beta pays 960.00 of the other line. Of this one it pays 0.3333 x 960.00 = 319.968 ->
        # 319.97, and with the second entry 0.3333 x 1,920.00 = 639.936 -> 639.94, 319.97 more:
        # 960.00 + 319.97 + 319.97 - 1,500.00 = 99.94.
        name="a customer's money over all lines of the contract",
        shows=Aspect.HIT,
        item=one_day(480, 480),
        before=(_past(480, line_id="L-2"),),
        under=under(of_customer(1_500_00, "beta"), lines=(SHARED, BETAS_OWN)),
        expected={"E-2": 99_94},
        clause_id="CL-customer",
    ),
    Row(
        # Before: 25 min x 120.50 = 50.21 of this line, of which Beta pays 16.73. With 960.00 more
        # it pays 0.3333 x 1,010.21 = 336.702993 -> 336.70, 319.97 more: 336.70 - 336.69.
        name="a customer's part grows with the line and what was accepted of it",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(480),
        before=(_past(25, hourly_rate_minor=120_50),),
        under=under(of_line_customer(336_69, "beta"), lines=(SHARED, RUN)),
        expected={"E-1": 1},
        clause_id="CL-line-customer",
    ),
    Row(
        name="a customer's money on another contract does not count",
        shows=Aspect.CLEAN,
        item=one_day(480),
        before=(_past(480, contract_id="C-2"),),
        under=under(of_customer(960_00, "acme")),
    ),
    Row(
        name="a customer's ceiling restated for this customer",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(
            of_customer(900_00, "acme"),
            change_orders=(restating(NotToExceed(limit_minor=960_00, client_id="acme")),),
        ),
    ),
    Row(
        # 960.00 - 900.00: the customer's ceiling was not restated.
        name="a ceiling of the contract restated leaves the customer's where it was",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(
            of_contract(900_00),
            of_customer(900_00, "acme"),
            change_orders=(restating(NotToExceed(limit_minor=2_000_00)),),
        ),
        expected={"E-1": 60_00},
        clause_id="CL-customer",
    ),
    Row(
        # The line's 1,000.00 hold; its customer's 900.00 were not restated.
        name="a raise of the line leaves its customers where they were",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(
            of_line(900_00),
            of_line_customer(900_00, "acme"),
            change_orders=(_raise(100_00, line_id="L-1"),),
        ),
        expected={"E-1": 60_00},
        clause_id="CL-line-customer",
    ),
)


@table(ROWS)
def test_customers_limit(row):
    check_row(CODE, row)
