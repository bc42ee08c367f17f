"""T21: an activity that the contract excludes is billed.

90 minutes at 120.00 an hour are 180.00.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Exclusions
from data.schemas.vocabulary import ChangeOrderStatus, Proof
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, clauses, contract, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.NONBILLABLE_ACTIVITY_BILLED
CLAUSE = "CL-exclusions"
TUESDAY, THURSDAY = date(2026, 3, 3), date(2026, 3, 5)
AGREED = Exclusions(activities=("admin", "travel_time"))
UNDER = reference(contract(clauses=clauses(AGREED)))


def _sheet(activity, *, day=MONDAY, minutes=90, **overrides):
    work = entry(work_date=day, minutes_worked=minutes, activity=activity, **overrides)
    return timesheet(entries=(work,))


def _dated(**days):
    return reference(contract(clauses=(*clauses(), clause(AGREED, **days))))


def _restated(*activities, **overrides):
    """From Wednesday on these activities are excluded in the place of admin and travel."""
    order = restating(Exclusions(activities=activities), **overrides)
    return reference(contract(clauses=clauses(AGREED), change_orders=(order,)))


def _with_line(*activities):
    own = clause(Exclusions(activities=activities), id="CL-line", line_id="L-1")
    return reference(contract(clauses=(*clauses(AGREED), own)))


def _in_currency(currency):
    return reference(contract(currency=currency, clauses=clauses(AGREED)))


ROWS = (
    Row(
        name="an activity that is not excluded",
        shows=Aspect.CLEAN,
        item=_sheet("development"),
        under=UNDER,
    ),
    Row(
        name="work without an activity",
        shows=Aspect.CLEAN,
        item=_sheet(None),
        under=UNDER,
    ),
    Row(
        name="an excluded activity",
        shows=Aspect.HIT,
        item=_sheet("travel_time"),
        under=UNDER,
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 25 min x 120.50 = 50.2083 -> 50.21.
        name="the other excluded activity at a rate that does not divide",
        shows=Aspect.HIT,
        item=_sheet("admin", minutes=25, hourly_rate_minor=12_050),
        under=UNDER,
        expected={"E-1": 50_21},
        clause_id=CLAUSE,
    ),
    Row(
        name="an excluded activity that is not billed",
        shows=Aspect.JUST_INSIDE,
        item=_sheet("admin", minutes_billable=0),
        under=UNDER,
    ),
    Row(
        # 1 min x 120.00 = 2.00.
        name="one minute of an excluded activity is billed",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet("admin", minutes_billable=1),
        under=UNDER,
        expected={"E-1": 2_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 960.00 of travel and 180.00 of admin; the day between is development.
        name="two excluded entries of three",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(id="E-1", activity="travel_time"),
                entry(id="E-2", work_date=TUESDAY, activity="development"),
                entry(id="E-3", work_date=WEDNESDAY, minutes_worked=90, activity="admin"),
            )
        ),
        under=UNDER,
        expected={"E-1": 960_00, "E-3": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the same activity under a contract without exclusions",
        shows=Aspect.CLEAN,
        item=_sheet("travel_time"),
    ),
    Row(
        name="the day before an exclusion takes force",
        shows=Aspect.JUST_INSIDE,
        item=_sheet("admin", day=TUESDAY),
        under=_dated(valid_from=WEDNESDAY),
    ),
    Row(
        name="the first day of an exclusion",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet("admin", day=WEDNESDAY),
        under=_dated(valid_from=WEDNESDAY),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the last day of an exclusion",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet("admin", day=WEDNESDAY),
        under=_dated(valid_to=WEDNESDAY),
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day after an exclusion ended",
        shows=Aspect.JUST_INSIDE,
        item=_sheet("admin", day=THURSDAY),
        under=_dated(valid_to=WEDNESDAY),
    ),
    Row(
        name="a line whose own list leaves the activity out",
        shows=Aspect.CLEAN,
        item=_sheet("admin"),
        under=_with_line("training"),
    ),
    Row(
        name="a line whose own list holds the activity",
        shows=Aspect.HIT,
        item=_sheet("training"),
        under=_with_line("training"),
        expected={"E-1": 180_00},
        clause_id="CL-line",
    ),
    Row(
        # 50 min at 10,001 yen = 8,334.17 -> 8,334.
        name="an excluded activity in yen",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY",
            entries=(entry(minutes_worked=50, hourly_rate_minor=10_001, activity="admin"),),
        ),
        under=_in_currency("JPY"),
        expected={"E-1": 8_334},
        clause_id=CLAUSE,
    ),
    Row(
        # 50 min x 35.125 dinars = 29.27083 -> 29.271.
        name="an excluded activity in dinars",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD",
            entries=(entry(minutes_worked=50, hourly_rate_minor=35_125, activity="admin"),),
        ),
        under=_in_currency("KWD"),
        expected={"E-1": 29_271},
        clause_id=CLAUSE,
    ),
    Row(
        name="the day before training is excluded as well",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet("training", day=TUESDAY),
        under=_restated("admin", "training"),
    ),
    Row(
        name="the day training is excluded",
        shows=Aspect.AMENDED,
        item=_sheet("training", day=WEDNESDAY),
        under=_restated("admin", "training"),
        expected={"E-1": 180_00},
        clause_id="CL-new",
    ),
    Row(
        name="an activity that the restated list leaves out",
        shows=Aspect.AMENDED,
        item=_sheet("travel_time", day=WEDNESDAY),
        under=_restated("admin", "training"),
    ),
    Row(
        name="an exclusion in an order that was only sent",
        shows=Aspect.AMENDED,
        item=_sheet("training", day=WEDNESDAY),
        under=_restated("admin", "training", status=ChangeOrderStatus.SENT),
    ),
    Row(
        # By the model: 0.45 where the words open the narrative, from 0.4 on.
        name="another activity whose words open with travel",
        shows=Aspect.HIT,
        proof=Proof.MODEL,
        item=_sheet("development", narrative="Travel to the client in Graz"),
        under=UNDER,
        expected={"E-1": 180_00},
        clause_id=CLAUSE,
    ),
    Row(
        # 0.2 where they come later.
        name="another activity whose words speak of travel further on",
        shows=Aspect.CLEAN,
        proof=Proof.MODEL,
        item=_sheet("development", narrative="Prepared the travel to the audit of the ledger"),
        under=UNDER,
    ),
    Row(
        name="words of training where only travel and admin are excluded",
        shows=Aspect.CLEAN,
        proof=Proof.MODEL,
        item=_sheet("development", narrative="Training course on the ledger"),
        under=UNDER,
    ),
)


@table(ROWS)
def test_nonbillable_activity_billed(row):
    check_row(CODE, row)
