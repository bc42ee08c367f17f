"""T26: the work likely belongs to another project of the same person.

Twenty entries each taught the words of two projects. Each content word of a narrative moves the
log-odds by 0.35 x ln((20.5 / 21) / (0.5 / 21)) = 0.35 x ln 41 from ln(0.03 / 0.97), so that with
three such words p = 1 / (1 + (0.97 / 0.03) / 41^1.05) = 0.604237, and with two, by 41^0.7,
0.293883. It speaks up from 0.25 on, and at stake is p times what the amount would differ by there.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import WorkScope
from data.schemas.contracts import ContractLine
from tests.builders.contracts import clauses, contract, project, reference
from tests.builders.items import MONDAY, at, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.MISCODED_PROJECT
FEBRUARY = date(2026, 2, 2)
SIXTY_DAYS_AGO, SIXTY_ONE_DAYS_AGO = date(2026, 1, 1), date(2025, 12, 31)
LEDGER, TURBINE = "Reconciled the invoice ledger", "Calibrated the turbine sensors"
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Ledger"),
    ContractLine(id="L-2", project_id="P-2", name="Turbine"),
)


def _under(*terms):
    return reference(
        contract(clauses=clauses(*terms), lines=LINES),
        contract(id="C-2", currency="USD", lines=LINES),
        projects=(project(), project(id="P-2", contract_id="C-2")),
    )


def _taught(narrative, *, project_id, count=20, day=FEBRUARY, rate_minor=12_000, **overrides):
    """Short entries of one day on a project, all in the same words."""
    entries = tuple(
        entry(
            id=f"{project_id}-{place}",
            work_date=day,
            minutes_worked=20,
            project_id=project_id,
            hourly_rate_minor=rate_minor,
            narrative=narrative,
        )
        for place in range(count)
    )
    given = {
        "external_id": f"TS-{project_id}",
        "line_id": f"L-{project_id[-1]}",
        "submitted_at": at(day),
    }
    return timesheet(entries=entries, **(given | overrides))


HERE = _taught(LEDGER, project_id="P-1")


def _there(**overrides):
    """The other project, where Ada's hour costs 100.00."""
    return _taught(TURBINE, **({"project_id": "P-2", "rate_minor": 10_000} | overrides))


def _sheet(narrative, **overrides):
    return timesheet(entries=(entry(narrative=narrative, **overrides),))


ROWS = (
    Row(
        name="the words of its own project",
        shows=Aspect.CLEAN,
        item=_sheet("Reconciled the supplier ledger"),
        before=(HERE, _there()),
        under=_under(),
    ),
    Row(
        # 480 min: 960.00 here and 800.00 there; 160.00 x 0.604237 = 96.6780.
        name="three words of the other project",
        shows=Aspect.HIT,
        item=_sheet(TURBINE),
        before=(HERE, _there()),
        under=_under(),
        expected={"E-1": 96_68},
    ),
    Row(
        # 160.00 x 0.293883 = 47.0213.
        name="two words of the other project",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet("Calibrated the turbine"),
        before=(HERE, _there()),
        under=_under(),
        expected={"E-1": 47_02},
    ),
    Row(
        name="one word of the other project tells nothing",
        shows=Aspect.JUST_INSIDE,
        item=_sheet("Turbine"),
        before=(HERE, _there()),
        under=_under(),
    ),
    Row(
        name="the clause of scope is cited where there is one",
        shows=Aspect.HIT,
        item=_sheet(TURBINE),
        before=(HERE, _there()),
        under=_under(WorkScope(task_ids=("T-1",))),
        expected={"E-1": 96_68},
        clause_id="CL-scope",
    ),
    Row(
        # Dollars there: the whole 960.00 x 0.604237 = 580.0678.
        name="the other contract has another currency",
        shows=Aspect.HIT,
        item=_sheet(TURBINE),
        before=(HERE, _there(contract_id="C-2", currency="USD")),
        under=_under(),
        expected={"E-1": 580_07},
    ),
    Row(
        name="nineteen entries do not teach the other project's words",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(TURBINE),
        before=(HERE, _there(count=19)),
        under=_under(),
    ),
    Row(
        name="worked there sixty days ago",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(TURBINE),
        before=(HERE, _there(day=SIXTY_DAYS_AGO)),
        under=_under(),
        expected={"E-1": 96_68},
    ),
    Row(
        name="worked there sixty-one days ago",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(TURBINE),
        before=(HERE, _there(day=SIXTY_ONE_DAYS_AGO)),
        under=_under(),
    ),
    Row(
        name="only a colleague works there",
        shows=Aspect.CLEAN,
        item=_sheet(TURBINE),
        before=(HERE, _there(person_id="bob")),
        under=_under(),
    ),
    Row(
        name="work that is not billed",
        shows=Aspect.CLEAN,
        item=_sheet(TURBINE, minutes_worked=480, minutes_billable=0),
        before=(HERE, _there()),
        under=_under(),
    ),
    Row(
        name="on Monday the words were the project's own for a while",
        shows=Aspect.CLEAN,
        item=_sheet(TURBINE, work_date=MONDAY),
        before=(HERE, _taught(TURBINE, project_id="P-1", external_id="TS-more"), _there()),
        under=_under(),
    ),
)


@table(ROWS)
def test_miscoded_project(row):
    check_row(CODE, row)
