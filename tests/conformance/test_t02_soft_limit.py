"""T2: money that crosses a soft limit is told once, and again after it fell below it.

A minute at 120.00 an hour is 2.00: 250 minutes are the 500.00 of the soft limit.
"""

from __future__ import annotations

from datetime import date

from data.schemas.billing import InvoiceLine
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import NotToExceed
from data.schemas.vocabulary import InvoiceStatus, Severity
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.ceilings import RUN, SHARED, of_contract, of_line_customer, under
from tests.builders.checking import invoice
from tests.builders.contracts import change_order
from tests.builders.items import entry, timesheet
from tests.builders.sheets import one_day
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.NOT_TO_EXCEED_BREACH
LAST_WEEK = date(2026, 2, 23)


def _past(minutes, **overrides):
    """What was accepted for the week before."""
    work = entry(id="E-0", work_date=LAST_WEEK, minutes_worked=minutes)
    return timesheet(external_id="TS-0", entries=(work,), **overrides)


def _raise(delta_minor, **overrides):
    return change_order(delta_value_minor=delta_minor, effective_on=WEDNESDAY, **overrides)


def _invoiced(amount_minor, **overrides):
    line = InvoiceLine(id="IL-1", entry_id="X-9", amount_minor=amount_minor, line_id="L-1")
    return invoice(lines=(line,), **overrides)


ROWS = (
    Row(
        # 250 min are 500.00: the warning is for what lies above.
        name="the soft limit exactly met",
        shows=Aspect.JUST_INSIDE,
        item=one_day(250),
        under=under(of_contract(1_000_00, soft_limit_minor=500_00)),
    ),
    Row(
        # 500.00 and 2.00 cross 500.00; the third entry finds it crossed.
        name="the entry that crosses the soft limit is told, with nothing at stake",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(250, 1, 30),
        under=under(of_contract(1_000_00, soft_limit_minor=500_00)),
        expected={"E-2": 0},
        clause_id="CL-contract",
        severity=Severity.MEDIUM,
    ),
    Row(
        name="a soft limit that accepted work has crossed is not told again",
        shows=Aspect.CLEAN,
        item=one_day(30),
        before=(_past(251),),
        under=under(of_contract(1_000_00, soft_limit_minor=500_00)),
    ),
    Row(
        # 960.00 cross 500.00 and stand 160.00 above 800.00: one finding, of the hard limit.
        name="an entry that crosses the soft limit and breaks the hard one",
        shows=Aspect.HIT,
        item=one_day(480),
        under=under(of_contract(800_00, soft_limit_minor=500_00)),
        expected={"E-1": 160_00},
        clause_id="CL-contract",
    ),
    Row(
        # 502.00 of the past lie below the new soft limit of 600.00; 100.00 more cross it.
        name="a soft limit restated higher is told again",
        shows=Aspect.AMENDED,
        item=one_day(50, day=WEDNESDAY),
        before=(_past(251),),
        under=under(
            of_contract(1_000_00, soft_limit_minor=500_00),
            change_orders=(restating(NotToExceed(limit_minor=1_000_00, soft_limit_minor=600_00)),),
        ),
        expected={"E-1": 0},
        clause_id="CL-new",
        severity=Severity.MEDIUM,
    ),
    Row(
        # The hard limit is 1,200.00 from Wednesday; the soft one stays at 500.00.
        name="a raise does not move the soft limit",
        shows=Aspect.AMENDED,
        item=one_day(251, day=WEDNESDAY),
        under=under(
            of_contract(1_000_00, soft_limit_minor=500_00), change_orders=(_raise(200_00),)
        ),
        expected={"E-1": 0},
        clause_id="CL-contract",
        severity=Severity.MEDIUM,
    ),
    Row(
        # Beta's 0.3333 of 960.00 is 319.97: above 300.00, below 400.00.
        name="a customer's soft limit on a line",
        shows=Aspect.HIT,
        item=one_day(480),
        under=under(of_line_customer(400_00, "beta", soft_limit_minor=300_00), lines=(SHARED, RUN)),
        expected={"E-1": 0},
        clause_id="CL-line-customer",
        severity=Severity.MEDIUM,
    ),
    Row(
        # 552.00 were invoiced for work nobody holds and credited again: 502.00 cross 500.00.
        name="a soft limit that a credited invoice had crossed is told again",
        shows=Aspect.HIT,
        item=one_day(251),
        under=under(of_contract(1_000_00, soft_limit_minor=500_00)),
        invoices=(_invoiced(552_00, status=InvoiceStatus.CREDITED),),
        expected={"E-1": 0},
        clause_id="CL-contract",
        severity=Severity.MEDIUM,
    ),
    Row(
        name="a soft limit that a standing invoice has crossed is not told again",
        shows=Aspect.CLEAN,
        item=one_day(60),
        under=under(of_contract(1_000_00, soft_limit_minor=500_00)),
        invoices=(_invoiced(552_00),),
    ),
)


@table(ROWS)
def test_soft_limit(row):
    check_row(CODE, row)
