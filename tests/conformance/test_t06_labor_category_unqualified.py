"""T6: on the work date the person lacks the degree, the years or a certificate.

25 minutes of a senior at 150.00 an hour are 62.50. An engineer at 120.00 would have cost 50.00 and
a junior at 90.00 37.50; both ask for nothing unless a row says otherwise.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import LaborQualifications, Qualification
from data.schemas.people import Certificate, Degree
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, contract, person, rate, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.LABOR_CATEGORY_UNQUALIFIED
TUESDAY = date(2026, 3, 3)
SENIOR = rate(labor_category="senior", hourly_rate_minor=150_00)
ENGINEER = rate()
JUNIOR = rate(labor_category="junior", hourly_rate_minor=90_00)
CARD = (SENIOR, ENGINEER, JUNIOR)


def _senior(**asked):
    """What a senior must have."""
    return Qualification(labor_category="senior", **asked)


MASTERS = _senior(min_degree=Degree.MASTER)
FIVE_YEARS = _senior(min_years=5)
CERTIFIED = _senior(certificates=("Cloud Architect",))


def _under(*asked, who=None, card=CARD, **overrides):
    agreed = clause(LaborQualifications(categories=asked), id="CL-asked")
    given = {"clauses": (agreed,), "rate_card": card}
    return reference(contract(**(given | overrides)), people=(who or person(),))


def _sheet(*, day=MONDAY, **overrides):
    given = {
        "work_date": day,
        "minutes_worked": 25,
        "labor_category": "senior",
        "hourly_rate_minor": 150_00,
    }
    return timesheet(entries=(entry(**(given | overrides)),))


def _certified(**dates):
    return person(certificates=(Certificate(name="cloud ARCHITECT", **dates),))


ROWS = (
    Row(
        name="a master who has worked for ten years and holds the certificate",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=_under(
            _senior(min_degree=Degree.MASTER, min_years=5, certificates=("Cloud Architect",)),
            who=person(
                degree=Degree.DOCTORATE,
                professional_since=date(2016, 3, 2),
                certificates=(Certificate(name="Cloud Architect"),),
            ),
        ),
    ),
    Row(
        name="a category that is not listed asks for nothing",
        shows=Aspect.CLEAN,
        item=_sheet(labor_category="engineer", hourly_rate_minor=120_00),
        under=_under(MASTERS),
    ),
    Row(
        name="exactly the degree that is asked for",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        under=_under(MASTERS, who=person(degree=Degree.MASTER)),
    ),
    Row(
        # 62.50 - 50.00 as an engineer, the best paid of what asks for nothing.
        name="one degree too low",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        under=_under(MASTERS, who=person(degree=Degree.BACHELOR)),
        expected={"E-1": 12_50},
        clause_id="CL-asked",
    ),
    Row(
        name="the fifth anniversary",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        under=_under(FIVE_YEARS, who=person(professional_since=date(2021, 3, 2))),
    ),
    Row(
        # Four full years on 2 March 2026. 62.50 - 50.00.
        name="the day before the fifth anniversary",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        under=_under(FIVE_YEARS, who=person(professional_since=date(2021, 3, 3))),
        expected={"E-1": 12_50},
        clause_id="CL-asked",
    ),
    Row(
        # Begun on 29 February 2020: six full years have passed on 1 March 2026.
        name="an anniversary of a leap day has passed on the first of March",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(day=date(2026, 3, 1)),
        under=_under(_senior(min_years=6), who=person(professional_since=date(2020, 2, 29))),
    ),
    Row(
        # No first day is known: no years. 62.50 - 50.00.
        name="nobody knows since when the person works",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(_senior(min_years=1)),
        expected={"E-1": 12_50},
        clause_id="CL-asked",
    ),
    Row(
        name="a certificate earned on the day, in other letters",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        under=_under(CERTIFIED, who=_certified(earned_on=MONDAY)),
    ),
    Row(
        name="a certificate earned on the day after",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        under=_under(CERTIFIED, who=_certified(earned_on=TUESDAY)),
        expected={"E-1": 12_50},
        clause_id="CL-asked",
    ),
    Row(
        name="the last day of a certificate",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        under=_under(CERTIFIED, who=_certified(expires_on=MONDAY)),
    ),
    Row(
        name="the day after the last of a certificate",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(day=TUESDAY),
        under=_under(CERTIFIED, who=_certified(expires_on=MONDAY)),
        expected={"E-1": 12_50},
        clause_id="CL-asked",
    ),
    Row(
        name="one of two certificates",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(
            _senior(certificates=("Cloud Architect", "Project Manager")), who=_certified()
        ),
        expected={"E-1": 12_50},
        clause_id="CL-asked",
    ),
    Row(
        # An engineer needs a bachelor, so a junior is the best that is left: 62.50 - 37.50.
        name="not qualified for the next category either",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(MASTERS, Qualification(labor_category="engineer", min_degree=Degree.BACHELOR)),
        expected={"E-1": 25_00},
        clause_id="CL-asked",
    ),
    Row(
        # A bachelor is enough for an engineer: 62.50 - 50.00.
        name="qualified for a category that asks for something",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(
            MASTERS,
            Qualification(labor_category="engineer", min_degree=Degree.BACHELOR),
            who=person(degree=Degree.BACHELOR),
        ),
        expected={"E-1": 12_50},
        clause_id="CL-asked",
    ),
    Row(
        name="no other category has a rate",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(MASTERS, card=(SENIOR,)),
        expected={"E-1": 62_50},
        clause_id="CL-asked",
    ),
    Row(
        # The engineer's rate begins on Tuesday: 62.50 - 37.50 on Monday.
        name="another category has no rate yet",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(MASTERS, card=(SENIOR, rate(valid_from=TUESDAY), JUNIOR)),
        expected={"E-1": 25_00},
        clause_id="CL-asked",
    ),
    Row(
        # 25 min x 130.00 = 54.1667 -> 54.17 as an engineer in Vienna: 62.50 - 54.17.
        name="the best rate is that of the place",
        shows=Aspect.HIT,
        item=_sheet(location="vienna"),
        under=_under(MASTERS, card=(*CARD, rate(location="vienna", hourly_rate_minor=130_00))),
        expected={"E-1": 8_33},
        clause_id="CL-asked",
    ),
    Row(
        # 25 min x 100.10 = 41.7083 -> 41.71, less than the 50.00 of an engineer.
        name="billed below the best category the person is qualified for",
        shows=Aspect.HIT,
        item=_sheet(hourly_rate_minor=100_10),
        under=_under(MASTERS),
        expected={"E-1": 0},
        clause_id="CL-asked",
    ),
    Row(
        # 77 min x 150.00 = 192.50 - 154.00, and 25 min as above; the engineer's hour is no matter.
        name="three entries of one sheet",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                entry(
                    id="E-1",
                    minutes_worked=77,
                    labor_category="senior",
                    hourly_rate_minor=150_00,
                ),
                entry(id="E-2", minutes_worked=60),
                entry(
                    id="E-3",
                    minutes_worked=25,
                    labor_category="senior",
                    hourly_rate_minor=150_00,
                ),
            )
        ),
        under=_under(MASTERS),
        expected={"E-1": 38_50, "E-3": 12_50},
        clause_id="CL-asked",
    ),
    Row(
        # All of 62.50: nothing is known of the person, and no other category has a rate.
        name="a person nobody has heard of",
        shows=Aspect.HIT,
        item=_sheet(),
        under=_under(MASTERS, who=person(id="bob"), card=(SENIOR,)),
        expected={"E-1": 62_50},
        clause_id="CL-asked",
    ),
    Row(
        name="the line's own clause outranks the contract's",
        shows=Aspect.CLEAN,
        item=_sheet(),
        under=reference(
            contract(
                rate_card=CARD,
                clauses=(
                    clause(LaborQualifications(categories=(MASTERS,)), id="CL-asked"),
                    clause(
                        LaborQualifications(categories=(_senior(min_degree=Degree.BACHELOR),)),
                        id="CL-line",
                        line_id="L-1",
                    ),
                ),
            ),
            people=(person(degree=Degree.BACHELOR),),
        ),
    ),
    Row(
        # 62.50 - 50.00: a bachelor will do from Wednesday.
        name="the day before less is asked for",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_sheet(day=TUESDAY),
        under=_under(
            MASTERS,
            who=person(degree=Degree.BACHELOR),
            change_orders=(
                restating(LaborQualifications(categories=(_senior(min_degree=Degree.BACHELOR),))),
            ),
        ),
        expected={"E-1": 12_50},
        clause_id="CL-asked",
    ),
    Row(
        name="the day less is asked for",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=_under(
            MASTERS,
            who=person(degree=Degree.BACHELOR),
            change_orders=(
                restating(LaborQualifications(categories=(_senior(min_degree=Degree.BACHELOR),))),
            ),
        ),
    ),
    Row(
        name="the day more is asked for",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=_under(
            MASTERS,
            who=person(degree=Degree.MASTER),
            change_orders=(restating(LaborQualifications(categories=(FIVE_YEARS,))),),
        ),
        expected={"E-1": 12_50},
        clause_id="CL-new",
    ),
    Row(
        name="an order that was sent and not signed asks for nothing more",
        shows=Aspect.AMENDED,
        item=_sheet(day=WEDNESDAY),
        under=_under(
            MASTERS,
            who=person(degree=Degree.MASTER),
            change_orders=(
                restating(
                    LaborQualifications(categories=(FIVE_YEARS,)), status=ChangeOrderStatus.SENT
                ),
            ),
        ),
    ),
    Row(
        # 37 min x 45.005 dinars = 27.753083 -> 27.753; 37 min x 37.505 = 23.128083 -> 23.128.
        name="a currency with three minor digits",
        shows=Aspect.HIT,
        item=timesheet(
            currency="KWD",
            entries=(entry(minutes_worked=37, labor_category="senior", hourly_rate_minor=45_005),),
        ),
        under=_under(
            MASTERS,
            currency="KWD",
            card=(
                rate(labor_category="senior", hourly_rate_minor=45_005),
                rate(hourly_rate_minor=37_505),
            ),
        ),
        expected={"E-1": 4_625},
        clause_id="CL-asked",
    ),
    Row(
        name="work that is not billed",
        shows=Aspect.CLEAN,
        item=_sheet(minutes_billable=0),
        under=_under(MASTERS),
    ),
)


@table(ROWS)
def test_labor_category_unqualified(row):
    check_row(CODE, row)
