"""T28: the client will likely reject the line or have it credited.

Three lines in a hundred are disputed, three times as many for each of: no purchase order where one
is required, a rate that is neither the card's nor the last one billed, a narrative of stock words,
a rejection before. It speaks up from 0.2 on. At stake is that share of the amount and of its wait:
90 days at 8 % make a factor of 1.0197260.
"""

from __future__ import annotations

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import PaymentTerms
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import AcceptanceKind, ApprovalVerdict
from tests.builders.contracts import clauses, client, contract, rate, reference
from tests.builders.items import MONDAY, acceptance, at, entry, milestone, signature, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.LIKELY_CLIENT_DISPUTE
STOCK = "General work on various tasks"
WITH_ORDER = ContractLine(id="L-1", project_id="P-1", name="Build", purchase_order="PO-7")
REJECTED_BEFORE = (
    signature(verdict=ApprovalVerdict.REJECT, at=at(MONDAY)),
    signature(),
)
HANDED_OVER = acceptance(AcceptanceKind.SUBMITTED, MONDAY)
SENT_BACK = acceptance(AcceptanceKind.REJECTED, MONDAY)
ACCEPTED = acceptance(AcceptanceKind.ACCEPTED, MONDAY, at=at(MONDAY, hour=20))


def _under(*terms, **overrides):
    """A client who wants purchase orders, and a line without one."""
    return reference(
        contract(clauses=clauses(*terms), **overrides),
        clients=(client(purchase_order_required=True),),
    )


def _sheet(**overrides):
    return timesheet(entries=(entry(**overrides),))


def _rejected(**overrides):
    """The same, rejected and signed in the end."""
    return timesheet(entries=(entry(**overrides),), approvals=REJECTED_BEFORE)


def _billed_last(rate_minor):
    work = entry(id="E-0", work_date=MONDAY.replace(day=1), hourly_rate_minor=rate_minor)
    return timesheet(external_id="TS-0", entries=(work,))


ROWS = (
    Row(
        name="a line without a fault",
        shows=Aspect.CLEAN,
        item=_sheet(),
    ),
    Row(
        # 0.03 x 3 = 0.09.
        name="one fault alone",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        under=_under(),
    ),
    Row(
        # 0.03 x 9 = 0.27; 960.00 x 0.27 x 1.0197260 = 264.3130.
        name="rejected before, and no purchase order",
        shows=Aspect.JUST_OUTSIDE,
        item=_rejected(),
        under=_under(),
        expected={"E-1": 264_31},
    ),
    Row(
        name="rejected before, and the purchase order is there",
        shows=Aspect.CLEAN,
        item=_rejected(),
        under=_under(lines=(WITH_ORDER,)),
    ),
    Row(
        # 60 days at 5.5 %: 960.00 x 0.27 x 1.0090411 = 261.5435.
        name="the clause of payment says how long and how dear the wait is",
        shows=Aspect.HIT,
        item=_rejected(),
        under=_under(PaymentTerms(dispute_window_days=60, annual_cost_of_capital=0.055)),
        expected={"E-1": 261_54},
        clause_id="CL-payment",
    ),
    Row(
        # 0.03 x 9: the rate is 130.00, the card says 120.00 and so did the last bill;
        # 1,040.00 x 0.27 x 1.0197260 = 286.3391.
        name="a new rate that no card names, and no purchase order",
        shows=Aspect.HIT,
        item=_sheet(hourly_rate_minor=13_000),
        before=(_billed_last(12_000),),
        under=_under(),
        expected={"E-1": 286_34},
    ),
    Row(
        name="the rate billed last is not new to the client",
        shows=Aspect.CLEAN,
        item=_sheet(hourly_rate_minor=13_000),
        before=(_billed_last(13_000),),
        under=_under(),
    ),
    Row(
        name="the card's new rate is agreed",
        shows=Aspect.CLEAN,
        item=_sheet(hourly_rate_minor=13_000),
        before=(_billed_last(12_000),),
        under=_under(rate_card=(rate(hourly_rate_minor=13_000),)),
    ),
    Row(
        # 0.03 x 27 = 0.81; 960.00 x 0.81 x 1.0197260 = 792.9390.
        name="three faults",
        shows=Aspect.HIT,
        item=_rejected(narrative=STOCK),
        under=_under(),
        expected={"E-1": 792_94},
    ),
    Row(
        # 0.03 x 81 = 2.43, and no more than 0.95; 1,040.00 x 0.95 x 1.0197260 = 1,007.4893.
        name="four faults are not certain either",
        shows=Aspect.HIT,
        item=_rejected(narrative=STOCK, hourly_rate_minor=13_000),
        before=(_billed_last(12_000),),
        under=_under(),
        expected={"E-1": 1_007_49},
    ),
    Row(
        name="a line that is not billed",
        shows=Aspect.CLEAN,
        item=_rejected(minutes_billable=0),
        under=_under(),
    ),
    Row(
        # 0.03 x 9; 20,000.00 x 0.27 x 1.0197260 = 5,506.5205.
        name="a milestone that was sent back, without a purchase order",
        shows=Aspect.HIT,
        item=milestone(acceptance=(HANDED_OVER, SENT_BACK, ACCEPTED)),
        under=_under(),
        expected={"test:MS-1": 5_506_52},
    ),
    Row(
        name="a milestone that was sent back twice",
        shows=Aspect.JUST_OUTSIDE,
        item=milestone(acceptance=(HANDED_OVER, SENT_BACK, SENT_BACK, ACCEPTED)),
        expected={"test:MS-1": 5_506_52},
    ),
    Row(
        name="a milestone that was sent back once",
        shows=Aspect.JUST_INSIDE,
        item=milestone(acceptance=(HANDED_OVER, SENT_BACK, ACCEPTED)),
    ),
)


@table(ROWS)
def test_likely_client_dispute(row):
    check_row(CODE, row)
