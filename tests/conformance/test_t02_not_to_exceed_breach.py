"""T2: invoiced and committed money with this entry is above a limit.

Customers and soft limits have rows of their own. A minute at 120.00 an hour is 2.00, and 480 are
960.00.
"""

from __future__ import annotations

from datetime import date

from data.schemas.billing import InvoiceLine
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import NotToExceed
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.ceilings import (
    of_contract,
    of_customer,
    of_line,
    of_line_customer,
    under,
)
from tests.builders.checking import invoice
from tests.builders.contracts import change_order
from tests.builders.items import at, entry, timesheet
from tests.builders.sheets import one_day
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.NOT_TO_EXCEED_BREACH
LAST_WEEK, TUESDAY = date(2026, 2, 23), date(2026, 3, 3)
THURSDAY, FRIDAY = date(2026, 3, 5), date(2026, 3, 6)
FRIDAYS = timesheet(
    external_id="TS-2",
    entries=(entry(id="F-1", work_date=FRIDAY),),
    submitted_at=at(FRIDAY, hour=17),
)


def _past(minutes, **overrides):
    """What was accepted for the week before."""
    work = entry(id="E-0", work_date=LAST_WEEK, minutes_worked=minutes)
    return timesheet(external_id="TS-0", entries=(work,), **overrides)


def _raise(delta_minor, **overrides):
    return change_order(delta_value_minor=delta_minor, effective_on=WEDNESDAY, **overrides)


def _invoiced(name, amount_minor):
    line = InvoiceLine(id="IL-1", entry_id=name, amount_minor=amount_minor, line_id="L-1")
    return invoice(lines=(line,))


ROWS = (
    Row(
        name="a day far below the ceiling",
        shows=Aspect.CLEAN,
        item=one_day(480),
        under=under(of_contract(100_000_00)),
    ),
    Row(
        # 960.00 before and 960.00 now are the 1,920.00 agreed.
        name="the ceiling exactly used up with what was accepted before",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        before=(_past(480),),
        under=under(of_contract(1_920_00)),
    ),
    Row(
        # 1,920.00 - 1,919.99 = 0.01.
        name="one cent above the ceiling",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(480),
        before=(_past(480),),
        under=under(of_contract(1_919_99)),
        expected={"E-1": 1},
        clause_id="CL-contract",
    ),
    Row(
        # 960.00 - 900.00 on Tuesday; on Wednesday nothing is agreed any more.
        name="the last day on which a ceiling is in force",
        shows=Aspect.JUST_OUTSIDE,
        item=timesheet(
            entries=(entry(id="E-1", work_date=TUESDAY), entry(id="E-2", work_date=WEDNESDAY))
        ),
        under=under(of_contract(900_00).model_copy(update={"valid_to": TUESDAY})),
        expected={"E-1": 60_00},
        clause_id="CL-contract",
    ),
    Row(
        # Running: 800.00, 980.00, 77 min x 120.50 = 154.6417 -> 154.64 makes 1,134.64,
        # and 120.00 make 1,254.64. Above 1,000.00: 134.64 of the third, all of the fourth.
        name="a sheet that runs over in its third entry",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=400),
                entry(id="E-2", work_date=TUESDAY, minutes_worked=90),
                entry(id="E-3", work_date=WEDNESDAY, minutes_worked=77, hourly_rate_minor=120_50),
                entry(id="E-4", work_date=THURSDAY, minutes_worked=60),
            )
        ),
        under=under(of_contract(1_000_00)),
        expected={"E-3": 134_64, "E-4": 120_00},
        clause_id="CL-contract",
    ),
    Row(
        # The line: 960.00 - 900.00 = 60.00. The contract: 960.00 - 950.00 = 10.00.
        name="the line is further over than the contract",
        shows=Aspect.HIT,
        item=one_day(480),
        under=under(of_line(900_00), of_contract(950_00)),
        expected={"E-1": 60_00},
        clause_id="CL-line",
    ),
    Row(
        # The line: 60.00 over. The contract with 960.00 of the other line: 1,920.00 - 1,500.00.
        name="the contract is further over than the line",
        shows=Aspect.HIT,
        item=one_day(480),
        before=(_past(480, line_id="L-2"),),
        under=under(of_line(900_00), of_contract(1_500_00)),
        expected={"E-1": 420_00},
        clause_id="CL-contract",
    ),
    Row(
        # The line holds 960.00 of its own; the other line's 960.00 are none of its business.
        name="a line's ceiling counts its own line alone",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        before=(_past(480, line_id="L-2"),),
        under=under(of_line(960_00)),
    ),
    Row(
        # 60.00 over at each of the four: the contract's client pays the whole line.
        name="all four levels are equally over, and the narrowest is cited",
        shows=Aspect.HIT,
        item=one_day(480),
        under=under(
            of_contract(900_00),
            of_customer(900_00, "acme"),
            of_line(900_00),
            of_line_customer(900_00, "acme"),
        ),
        expected={"E-1": 60_00},
        clause_id="CL-line-customer",
    ),
    Row(
        # 60.00 over at three levels: the line comes before the customer and the contract.
        name="three levels are equally over, and the line is cited",
        shows=Aspect.HIT,
        item=one_day(480),
        under=under(of_contract(900_00), of_customer(900_00, "acme"), of_line(900_00)),
        expected={"E-1": 60_00},
        clause_id="CL-line",
    ),
    Row(
        name="customer and contract are equally over, and the customer is cited",
        shows=Aspect.HIT,
        item=one_day(480),
        under=under(of_contract(900_00), of_customer(900_00, "acme")),
        expected={"E-1": 60_00},
        clause_id="CL-customer",
    ),
    Row(
        # Invoiced 500.00 and 960.00 now: 1,460.00 - 1,400.00.
        name="an invoice for work nobody holds has used up a part",
        shows=Aspect.HIT,
        item=one_day(480),
        under=under(of_line(1_400_00)),
        invoices=(_invoiced("X-9", 500_00),),
        expected={"E-1": 60_00},
        clause_id="CL-line",
    ),
    Row(
        name="accepted work that was invoiced counts once",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        before=(_past(480),),
        under=under(of_line(1_920_00)),
        invoices=(_invoiced("E-0", 960_00),),
    ),
    Row(
        # 960.00 before; the 900.00 invoiced for this entry make way for its 960.00.
        name="an entry takes the place of the invoice line that bills it",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480),
        before=(_past(480),),
        under=under(of_line(1_920_00)),
        invoices=(_invoiced("E-1", 900_00),),
    ),
    Row(
        name="an entry a cent above in the place of its invoice line",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(480),
        before=(_past(480),),
        under=under(of_line(1_919_99)),
        invoices=(_invoiced("E-1", 900_00),),
        expected={"E-1": 1},
        clause_id="CL-line",
    ),
    Row(
        # The other sheet was handed in an hour earlier and takes the 960.00 there are.
        name="whoever hands in first uses up first, whatever day was worked",
        shows=Aspect.HIT,
        item=one_day(480, submitted_at=at(FRIDAY, hour=18)),
        beside=(FRIDAYS,),
        under=under(of_contract(960_00)),
        expected={"E-1": 960_00},
        clause_id="CL-contract",
    ),
    Row(
        # The older version's 960.00 are free again: 962.00 - 961.00.
        name="the version of the sheet that this one replaces",
        shows=Aspect.JUST_OUTSIDE,
        item=one_day(481),
        before=(one_day(480),),
        under=under(of_contract(961_00)),
        expected={"E-1": 1_00},
        clause_id="CL-contract",
    ),
    Row(
        name="the sheet handed in first finds the ceiling unused",
        shows=Aspect.JUST_INSIDE,
        item=one_day(480, submitted_at=at(FRIDAY, hour=16)),
        beside=(FRIDAYS,),
        under=under(of_contract(960_00)),
    ),
    Row(
        # 960.00 - 900.00: the raise of 100.00 counts from Wednesday.
        name="the day before a raise takes effect",
        shows=Aspect.BEFORE_AMENDMENT,
        item=one_day(480, day=TUESDAY),
        under=under(of_contract(900_00), change_orders=(_raise(100_00),)),
        expected={"E-1": 60_00},
        clause_id="CL-contract",
    ),
    Row(
        name="the day a raise takes effect",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(of_contract(900_00), change_orders=(_raise(100_00),)),
    ),
    Row(
        name="a raise that was sent and not signed",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(
            of_contract(900_00),
            change_orders=(_raise(100_00, status=ChangeOrderStatus.SENT),),
        ),
        expected={"E-1": 60_00},
        clause_id="CL-contract",
    ),
    Row(
        # 1,000.00 - 50.01 = 949.99: 960.00 are 10.01 over.
        name="a cut of the ceiling",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(of_contract(1_000_00), change_orders=(_raise(-50_01),)),
        expected={"E-1": 10_01},
        clause_id="CL-contract",
    ),
    Row(
        name="a raise of the line raises the line and the contract",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(
            of_line(900_00),
            of_contract(900_00),
            change_orders=(_raise(60_00, line_id="L-1"),),
        ),
    ),
    Row(
        # The contract has 960.00; the line stays at 900.00.
        name="a raise of another line raises the contract and not this line",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(
            of_line(900_00),
            of_contract(900_00),
            change_orders=(_raise(60_00, line_id="L-2"),),
        ),
        expected={"E-1": 60_00},
        clause_id="CL-line",
    ),
    Row(
        # The line stays at 900.00: 60.00 over.
        name="a raise of the contract leaves its lines where they were",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(of_line(900_00), of_contract(900_00), change_orders=(_raise(60_00),)),
        expected={"E-1": 60_00},
        clause_id="CL-line",
    ),
    Row(
        # The new ceiling is 959.99.
        name="a ceiling restated a cent too low",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(
            of_contract(900_00), change_orders=(restating(NotToExceed(limit_minor=959_99)),)
        ),
        expected={"E-1": 1},
        clause_id="CL-new",
    ),
    Row(
        name="a ceiling restated exactly high enough",
        shows=Aspect.AMENDED,
        item=one_day(480, day=WEDNESDAY),
        under=under(
            of_contract(900_00), change_orders=(restating(NotToExceed(limit_minor=960_00)),)
        ),
    ),
    Row(
        # 50 min x 9,500 yen = 7,916.67 -> 7,917 yen: one yen over.
        name="a currency without minor units",
        shows=Aspect.JUST_OUTSIDE,
        item=timesheet(
            currency="JPY", entries=(entry(minutes_worked=50, hourly_rate_minor=9_500),)
        ),
        under=under(of_contract(7_916), currency="JPY"),
        expected={"E-1": 1},
        clause_id="CL-contract",
    ),
    Row(
        # 37 min x 37.505 dinars = 23.128083 -> 23.128: 0.128 over.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD", entries=(entry(minutes_worked=37, hourly_rate_minor=37_505),)
        ),
        under=under(of_contract(23_000), currency="KWD"),
        expected={"E-1": 128},
        clause_id="CL-contract",
    ),
    Row(
        name="a ceiling that nobody confirmed",
        shows=Aspect.CLEAN,
        item=one_day(480),
        under=under(of_contract(100_00).model_copy(update={"confirmed_by": None})),
    ),
    Row(
        name="work that is not billed",
        shows=Aspect.CLEAN,
        item=timesheet(entries=(entry(minutes_billable=0),)),
        before=(_past(480),),
        under=under(of_contract(900_00)),
    ),
)


@table(ROWS)
def test_not_to_exceed_breach(row):
    check_row(CODE, row)
