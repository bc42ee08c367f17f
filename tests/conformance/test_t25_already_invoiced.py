"""T25: the work stands on a posted invoice line that was not credited.

90 minutes at 120.00 an hour are 180.00; what the invoice said does not matter.
"""

from __future__ import annotations

from datetime import date

from data.schemas.billing import InvoiceLine
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import DoubleBilling
from data.schemas.vocabulary import InvoiceStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.checking import invoice
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY, entry, milestone, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.ALREADY_INVOICED
CLAUSE = "CL-double_billing"
TUESDAY = date(2026, 3, 3)
RESTATED = reference(contract(change_orders=(restating(DoubleBilling()),)))
POSTED = invoice("E-1")


def _sheet(*, day=MONDAY, minutes=90, **overrides):
    return timesheet(entries=(entry(work_date=day, minutes_worked=minutes, **overrides),))


def _now(status):
    """The invoice of the entry, as it stands in the ledger today."""
    return POSTED.model_copy(update={"status": status})


def _bills_expense(name):
    return invoice(lines=(InvoiceLine(id="INV-1-0", expense_id=name, amount_minor=80_00),))


ROWS = (
    Row(
        name="no invoice at all",
        shows=Aspect.CLEAN,
        item=_sheet(),
    ),
    Row(
        name="an invoice for other work",
        shows=Aspect.CLEAN,
        item=_sheet(),
        invoices=(invoice("E-2", "E-11"),),
    ),
    Row(
        name="a posted invoice",
        shows=Aspect.HIT,
        item=_sheet(),
        invoices=(POSTED,),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a draft is not posted",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        invoices=(_now(InvoiceStatus.DRAFT),),
    ),
    Row(
        name="a draft that was posted since",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        invoices=(_now(InvoiceStatus.DRAFT), POSTED),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a dispute is no credit",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        invoices=(POSTED, _now(InvoiceStatus.DISPUTED)),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a credit sets the work free",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        invoices=(POSTED, _now(InvoiceStatus.CREDITED)),
    ),
    Row(
        name="a paid invoice",
        shows=Aspect.HIT,
        item=_sheet(),
        invoices=(POSTED, _now(InvoiceStatus.PAID)),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="credited, and billed again on another invoice",
        shows=Aspect.HIT,
        item=_sheet(),
        invoices=(POSTED, _now(InvoiceStatus.CREDITED), invoice("E-1", id="INV-2")),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 25 min x 120.50 = 50.2083 -> 50.21; 90 min are 180.00; the third was not invoiced.
        name="two of three entries on two invoices",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", minutes_worked=25, hourly_rate_minor=12_050),
                entry(id="E-2", work_date=TUESDAY),
                entry(id="E-3", work_date=WEDNESDAY, minutes_worked=90),
            )
        ),
        invoices=(POSTED, invoice("E-3", id="INV-2")),
        expected={"E-1": 50_21, "E-3": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Invoiced at 960.00; it says 91 min x 2.00 today, and that is what would be billed again.
        name="an entry that was changed after it was billed",
        shows=Aspect.HIT,
        item=_sheet(minutes=91),
        invoices=(POSTED,),
        expected={"E-1": 182_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a milestone",
        shows=Aspect.HIT,
        item=milestone(amount_minor=20_000_01),
        invoices=(invoice("test:MS-1"),),
        expected={"test:MS-1": 20_000_01},
        clause_id=CLAUSE,
    ),
    Row(
        name="a milestone whose invoice was credited",
        shows=Aspect.CLEAN,
        item=milestone(),
        invoices=(
            invoice("test:MS-1"),
            invoice("test:MS-1", status=InvoiceStatus.CREDITED),
        ),
    ),
    Row(
        # 80.00 were spent and 88.00 are asked.
        name="one of two expenses",
        shows=Aspect.HIT,
        item=expense_report(expense(billable_minor=88_00), expense(id="X-2")),
        invoices=(_bills_expense("X-1"),),
        expected={"X-1": 88_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 50 min at 10,001 yen = 8,334.17 -> 8,334.
        name="a posted invoice in yen",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY", entries=(entry(minutes_worked=50, hourly_rate_minor=10_001),)
        ),
        under=reference(contract(currency="JPY")),
        invoices=(invoice("E-1", currency="JPY"),),
        expected={"E-1": 8_334},
        clause_id=CLAUSE,
    ),
    Row(
        name="the line's own clause is cited",
        shows=Aspect.HIT,
        item=_sheet(),
        under=reference(
            contract(clauses=(*clauses(), clause(DoubleBilling(), id="CL-line", line_id="L-1")))
        ),
        invoices=(POSTED,),
        expected={"E-1": 180_00},
        clause_id="CL-line",
    ),
    Row(
        name="work of the day before the clause is restated",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(day=TUESDAY),
        under=RESTATED,
        invoices=(POSTED,),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="work of the day the clause is restated",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=RESTATED,
        invoices=(POSTED,),
        expected={"E-1": 180_00},
        clause_id="CL-new",
    ),
)


@table(ROWS)
def test_already_invoiced(row):
    check_row(CODE, row)
