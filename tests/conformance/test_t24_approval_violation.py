"""T24: nobody else signed, beyond their authority, without the client, or before the last change.

Ada's sheet of 90 minutes at 120.00 an hour is 180.00, and stands or falls as a whole.
"""

from __future__ import annotations

from datetime import date, timedelta

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ApprovalTerms
from data.schemas.items import entries_sha256, expenses_sha256
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict, ChangeOrderStatus, ClauseKind
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, manager, person, reference
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY, at, entry, milestone, signature, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.APPROVAL_VIOLATION
CLAUSE = "CL-approval"
SHEET = "test:TS-1"
TUESDAY = date(2026, 3, 3)
SATURDAY, SUNDAY = at(MONDAY + timedelta(days=5)), at(MONDAY + timedelta(days=6))
WITH_CLIENT = ApprovalTerms(is_client_sign_off_required=True)
BY_CLIENT = signature(
    step=ApprovalStep.CLIENT, actor_id="acme-pm", authority_limit_minor=None, at=SUNDAY
)
SOMETHING_ELSE = "0" * 64

HALVES = tuple(
    entry(id=f"E-{place}", minutes_worked=25, hourly_rate_minor=12_050) for place in range(1, 6)
)
"""Five times 25 min x 120.50 = 50.2083 -> 50.21: together 251.05, though unrounded 251.04."""


def _sheet(*approvals, day=MONDAY, **overrides):
    work = entry(work_date=day, minutes_worked=90)
    given = {"entries": (work,), "submitted_at": at(MONDAY + timedelta(days=4))}
    return timesheet(**(given | overrides), approvals=approvals)


def _signed(**overrides):
    return _sheet(signature(**overrides))


def _report(*approvals, **overrides):
    return expense_report(expense(**overrides), approvals=approvals)


def _with_client(**overrides):
    order = restating(WITH_CLIENT, **overrides)
    return reference(contract(change_orders=(order,)))


def _authority(minor):
    return reference(people=(person(), manager(authority_limit_minor=minor)))


ROWS = (
    Row(
        name="the manager signed within the limit",
        shows=Aspect.CLEAN,
        item=_signed(),
    ),
    Row(
        name="nobody signed",
        shows=Aspect.HIT,
        item=_sheet(),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="finance signed, and no manager",
        shows=Aspect.HIT,
        item=_signed(step=ApprovalStep.FINANCE),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the submitter signed",
        shows=Aspect.HIT,
        item=_signed(actor_id="ada"),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the limit of the signature exactly met",
        shows=Aspect.JUST_INSIDE,
        item=_signed(authority_limit_minor=180_00),
    ),
    Row(
        name="one cent above the limit of the signature",
        shows=Aspect.JUST_OUTSIDE,
        item=_signed(authority_limit_minor=179_99),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the person's limit holds where the signature names none, and is exactly met",
        shows=Aspect.JUST_INSIDE,
        item=_signed(authority_limit_minor=None),
        under=_authority(180_00),
    ),
    Row(
        name="one cent above the person's limit",
        shows=Aspect.JUST_OUTSIDE,
        item=_signed(authority_limit_minor=None),
        under=_authority(179_99),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        # The limit is the sum before rounding, 251.04; the rounded lines add up to 251.05.
        name="the amount that is signed is the sum of the rounded lines",
        shows=Aspect.JUST_OUTSIDE,
        item=timesheet(entries=HALVES, approvals=(signature(authority_limit_minor=251_04),)),
        expected={SHEET: 251_05},
        clause_id=CLAUSE,
    ),
    Row(
        name="somebody signed whom nobody knows, and named no limit",
        shows=Aspect.HIT,
        item=_signed(actor_id="bob", authority_limit_minor=None),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a rejection after the approval",
        shows=Aspect.HIT,
        item=_sheet(signature(at=SATURDAY), signature(verdict=ApprovalVerdict.REJECT, at=SUNDAY)),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="a recall after the approval",
        shows=Aspect.HIT,
        item=_sheet(signature(at=SATURDAY), signature(verdict=ApprovalVerdict.RECALL, at=SUNDAY)),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="an approval after the rejection",
        shows=Aspect.CLEAN,
        item=_sheet(signature(at=SUNDAY), signature(verdict=ApprovalVerdict.REJECT, at=SATURDAY)),
    ),
    Row(
        name="signed as it stands",
        shows=Aspect.CLEAN,
        item=_signed(entries_sha256=entries_sha256((entry(minutes_worked=90),))),
    ),
    Row(
        # What was signed had 89 minutes.
        name="a minute was added after the approval",
        shows=Aspect.JUST_OUTSIDE,
        item=_signed(entries_sha256=entries_sha256((entry(minutes_worked=89),))),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        # Own time, above the limit, changed since: 180.00 once.
        name="three flaws of one signature cost the amount once",
        shows=Aspect.HIT,
        item=_signed(actor_id="ada", authority_limit_minor=0, entries_sha256=SOMETHING_ELSE),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the client signed as well, where that is asked for",
        shows=Aspect.CLEAN,
        item=_sheet(signature(), BY_CLIENT),
        under=reference(contract(clauses=clauses(WITH_CLIENT))),
    ),
    Row(
        name="the client signed something else",
        shows=Aspect.HIT,
        item=_sheet(signature(), BY_CLIENT.model_copy(update={"entries_sha256": SOMETHING_ELSE})),
        under=reference(contract(clauses=clauses(WITH_CLIENT))),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the client's signature does not take the manager's place",
        shows=Aspect.HIT,
        item=_sheet(BY_CLIENT),
        under=reference(contract(clauses=clauses(WITH_CLIENT))),
        expected={SHEET: 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the line asks for the client's signature, the contract does not",
        shows=Aspect.HIT,
        item=_signed(),
        under=reference(
            contract(clauses=(*clauses(), clause(WITH_CLIENT, id="CL-line", line_id="L-1")))
        ),
        expected={SHEET: 180_00},
        clause_id="CL-line",
    ),
    Row(
        name="a contract that asks for no signature",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=reference(contract(clauses=clauses(without=[ClauseKind.APPROVAL]))),
    ),
    Row(
        name="a milestone is accepted, not signed",
        shows=Aspect.CLEAN,
        item=milestone(approvals=()),
    ),
    Row(
        name="expenses that were signed as they stand, at the limit exactly",
        shows=Aspect.JUST_INSIDE,
        item=_report(
            signature(
                authority_limit_minor=80_01,
                entries_sha256=expenses_sha256((expense(cost_minor=80_01),)),
            ),
            cost_minor=80_01,
        ),
    ),
    Row(
        name="expenses that grew by a cent after they were signed",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(
            signature(entries_sha256=expenses_sha256((expense(cost_minor=80_00),))),
            cost_minor=80_01,
        ),
        expected={"test:EX-1": 80_01},
        clause_id=CLAUSE,
    ),
    Row(
        # What the client is asked counts, not what was paid: 88.00 of 80.00.
        name="expenses that are billed above the limit of the signature",
        shows=Aspect.JUST_OUTSIDE,
        item=_report(
            signature(authority_limit_minor=87_99), cost_minor=80_00, billable_minor=88_00
        ),
        expected={"test:EX-1": 88_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="expenses that their spender signed",
        shows=Aspect.HIT,
        item=_report(signature(actor_id="ada")),
        expected={"test:EX-1": 80_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 50 min x 35.125 dinars = 29.27083 -> 29.271.
        name="dinars above the limit by their smallest unit",
        shows=Aspect.JUST_OUTSIDE,
        item=timesheet(
            currency="KWD",
            entries=(entry(minutes_worked=50, hourly_rate_minor=35_125),),
            approvals=(signature(authority_limit_minor=29_270),),
        ),
        under=reference(contract(currency="KWD")),
        expected={SHEET: 29_271},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day before the client's signature is asked for",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(signature(), day=TUESDAY),
        under=_with_client(),
    ),
    Row(
        name="the day the client's signature is asked for",
        shows=Aspect.AMENDED,
        item=_sheet(signature(), day=WEDNESDAY),
        under=_with_client(),
        expected={SHEET: 180_00},
        clause_id="CL-new",
    ),
    Row(
        name="the client signed from the first day on which that is asked for",
        shows=Aspect.AMENDED,
        item=_sheet(signature(), BY_CLIENT, day=WEDNESDAY),
        under=_with_client(),
    ),
    Row(
        name="an order that asks for the client's signature and was only sent",
        shows=Aspect.AMENDED,
        item=_sheet(signature(), day=WEDNESDAY),
        under=_with_client(status=ChangeOrderStatus.SENT),
    ),
)


@table(ROWS)
def test_approval_violation(row):
    check_row(CODE, row)
