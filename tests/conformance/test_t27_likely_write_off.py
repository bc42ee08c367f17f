"""T27: the amount will likely be written off or reduced at billing, as earlier ones were.

Six in a hundred reviewed items are corrected, and every share starts as if twenty cases had shown
that: n of n corrected give (n + 1.2) / (n + 20). Against the odds of 0.06 the odds of the person's
share and of the project's join to the power of 0.6. It speaks up from 0.25 on, and a third of the
amount is lost with that probability.
"""

from __future__ import annotations

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import Severity
from tests.builders.contracts import contract, reference
from tests.builders.items import entry, milestone, timesheet
from tests.conformance.rows import Aspect, Review, Row, check_row, table

CODE = ExceptionCode.LIKELY_WRITE_OFF
SHEET = "test:TS-1"


def _sheet(minutes=90, **overrides):
    return timesheet(entries=(entry(minutes_worked=minutes),), **overrides)


def _reviewed(count, *, is_corrected=True, person_id="ada", project_id="P-1"):
    """What people found in so many items of a person on a project."""
    work = entry(id="E-0", project_id=project_id)
    item = timesheet(external_id="TS-0", person_id=person_id, entries=(work,))
    return (Review(item=item, is_corrected=is_corrected),) * count


ROWS = (
    Row(
        # 0.06 of both: p = 0.06.
        name="nothing was reviewed",
        shows=Aspect.CLEAN,
        item=_sheet(),
    ),
    Row(
        # 6.2 / 18.8 are 5.166667 times the odds 0.06 / 0.94, of both: odds = 0.06 / 0.94 x
        # 5.166667^1.2 = 0.458011, p = 0.314134; 180.00 x p / 3 = 18.8480.
        name="five of five were corrected",
        shows=Aspect.HIT,
        item=_sheet(),
        reviewed=_reviewed(5),
        expected={SHEET: -18_85},
    ),
    Row(
        # 4.2 / 18.8 are 3.5 times the usual odds: 0.06 / 0.94 x 3.5^1.2 = 0.287015, p = 0.223008.
        name="three of three were corrected",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        reviewed=_reviewed(3),
    ),
    Row(
        # 5.2 / 18.8 are 4.333333 times: 0.06 / 0.94 x 4.333333^1.2 = 0.370860, p = 0.270531;
        # 180.00 x p / 3 = 16.2319.
        name="four of four were corrected",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        reviewed=_reviewed(4),
        expected={SHEET: -16_23},
    ),
    Row(
        # 4.2 / 38.8 are 1.695876 times: 0.06 / 0.94 x 1.695876^1.2 = 0.120, p = 0.107.
        name="three of twenty-three were corrected",
        shows=Aspect.CLEAN,
        item=_sheet(),
        reviewed=(*_reviewed(3), *_reviewed(20, is_corrected=False)),
    ),
    Row(
        # On another project the person alone counts: 18.2 / 18.8 are 15.166667 times, and
        # 0.06 / 0.94 x 15.166667^0.6 = 0.326255, p = 0.245997.
        name="seventeen of this person elsewhere",
        shows=Aspect.JUST_INSIDE,
        item=_sheet(),
        reviewed=_reviewed(17, project_id="P-2"),
    ),
    Row(
        # 19.2 / 18.8 are 16 times: 0.06 / 0.94 x 16^0.6 = 0.336896, p = 0.251998;
        # 180.00 x p / 3 = 15.1199.
        name="eighteen of this person elsewhere",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        reviewed=_reviewed(18, project_id="P-2"),
        expected={SHEET: -15_12},
    ),
    Row(
        name="eighteen of this project by somebody else",
        shows=Aspect.JUST_OUTSIDE,
        item=_sheet(),
        reviewed=_reviewed(18, person_id="bob"),
        expected={SHEET: -15_12},
    ),
    Row(
        name="eighteen of somebody else elsewhere",
        shows=Aspect.CLEAN,
        item=_sheet(),
        reviewed=_reviewed(18, person_id="bob", project_id="P-2"),
    ),
    Row(
        # 30.00 x 0.270531 / 3 = 2.7053: less than a look would cost.
        name="a small amount is a note",
        shows=Aspect.HIT,
        item=_sheet(15),
        reviewed=_reviewed(4),
        expected={SHEET: -2_71},
        severity=Severity.LOW,
    ),
    Row(
        name="nothing is billed",
        shows=Aspect.CLEAN,
        item=timesheet(entries=(entry(minutes_billable=0),)),
        reviewed=_reviewed(5),
    ),
    Row(
        # By the owner of the milestone: 20,000.00 x 0.251998 / 3 = 1,679.9897.
        name="a milestone of an owner whose work was corrected",
        shows=Aspect.HIT,
        item=milestone(),
        reviewed=_reviewed(18, person_id="mia", project_id="P-2"),
        expected={"test:MS-1": -1_679_99},
    ),
    Row(
        # 1,234 yen x 60 / 60 x 0.314134 / 3 = 129.2: no more than a look would cost.
        name="yen are weighed in the currency of the reports",
        shows=Aspect.HIT,
        item=timesheet(
            currency="JPY", entries=(entry(minutes_worked=60, hourly_rate_minor=1_234),)
        ),
        under=reference(contract(currency="JPY")),
        reviewed=_reviewed(5),
        expected={SHEET: -129},
        severity=Severity.LOW,
    ),
)


@table(ROWS)
def test_likely_write_off(row):
    check_row(CODE, row)
