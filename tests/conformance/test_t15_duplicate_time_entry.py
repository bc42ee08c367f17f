"""T15: same person, day, task, minutes and words as an entry that counts earlier.

It is found with a clause and without one, as no contract pays for the same work twice.
The later entry is 25 minutes at 120.50 an hour, 50.2083 -> 50.21, unless a row says otherwise.
"""

from __future__ import annotations

from datetime import date

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import DoubleBilling
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.amendments import WEDNESDAY, restating
from tests.builders.contracts import clause, contract, reference
from tests.builders.items import MONDAY, at, entry, timesheet
from tests.conformance.rows import Aspect, Row, check_row, table

CODE = ExceptionCode.DUPLICATE_TIME_ENTRY
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)
AGREED = clause(DoubleBilling(), id="CL-once")
LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-1", name="Run"),
)


def _under(*agreed, **overrides):
    return reference(contract(clauses=agreed, lines=LINES, **overrides))


UNDER = _under(AGREED)


def _entry(name, *, day=MONDAY, **overrides):
    given = {
        "id": name,
        "work_date": day,
        "minutes_worked": 25,
        "hourly_rate_minor": 120_50,
        "narrative": "Reviewed the ledger mapping",
        "recorded_at": at(day),
    }
    return entry(**(given | overrides))


def _twice(*, day=MONDAY, currency="EUR", **changes):
    """An entry, and the same again in an hour with some changes."""
    again = {"recorded_at": at(day, hour=17)} | changes
    return timesheet(
        currency=currency, entries=(_entry("E-1", day=day), _entry("E-2", day=day, **again))
    )


def _past(*, name="E-0", **overrides):
    return timesheet(external_id="TS-0", entries=(_entry(name),), **overrides)


ROWS = (
    Row(
        name="two entries that say different things",
        shows=Aspect.CLEAN,
        item=_twice(narrative="Reviewed the export mapping"),
        under=UNDER,
    ),
    Row(
        name="the same entry twice",
        shows=Aspect.HIT,
        item=_twice(),
        under=UNDER,
        expected={"E-2": 50_21},
        clause_id="CL-once",
    ),
    Row(
        name="the same words with other capitals and stops",
        shows=Aspect.JUST_OUTSIDE,
        item=_twice(narrative="reviewed, the LEDGER  mapping!"),
        under=UNDER,
        expected={"E-2": 50_21},
        clause_id="CL-once",
    ),
    Row(
        name="the same words in another order",
        shows=Aspect.JUST_INSIDE,
        item=_twice(narrative="Reviewed the mapping ledger"),
        under=UNDER,
    ),
    Row(
        name="one minute more",
        shows=Aspect.JUST_INSIDE,
        item=_twice(minutes_worked=26),
        under=UNDER,
    ),
    Row(
        name="the day after",
        shows=Aspect.JUST_INSIDE,
        item=timesheet(entries=(_entry("E-1"), _entry("E-2", day=TUESDAY))),
        under=UNDER,
    ),
    Row(
        name="another task",
        shows=Aspect.JUST_INSIDE,
        item=_twice(task_id="T-2"),
        under=UNDER,
    ),
    Row(
        name="a task of the same name in another project",
        shows=Aspect.JUST_INSIDE,
        item=_twice(project_id="P-2"),
        under=UNDER,
    ),
    Row(
        # 25 min x 150.10 = 62.5417 -> 62.54: its own money is at risk.
        name="the same work again as another category at another rate",
        shows=Aspect.HIT,
        item=_twice(labor_category="senior", hourly_rate_minor=150_10),
        under=UNDER,
        expected={"E-2": 62_54},
        clause_id="CL-once",
    ),
    Row(
        # 13 of the 25 min are billed: 13 x 120.50 = 26.1083 -> 26.11.
        name="the second of which less is billed",
        shows=Aspect.HIT,
        item=_twice(minutes_billable=13),
        under=UNDER,
        expected={"E-2": 26_11},
        clause_id="CL-once",
    ),
    Row(
        name="the second of which nothing is billed",
        shows=Aspect.CLEAN,
        item=_twice(minutes_billable=0),
        under=UNDER,
    ),
    Row(
        name="three times the same",
        shows=Aspect.HIT,
        item=timesheet(
            entries=tuple(
                _entry(f"E-{place}", recorded_at=at(MONDAY, hour=12 + place)) for place in (1, 2, 3)
            )
        ),
        under=UNDER,
        expected={"E-2": 50_21, "E-3": 50_21},
        clause_id="CL-once",
    ),
    Row(
        name="what was recorded later is the duplicate, whatever its id",
        shows=Aspect.HIT,
        item=_twice(recorded_at=at(MONDAY, hour=15)),
        under=UNDER,
        expected={"E-1": 50_21},
        clause_id="CL-once",
    ),
    Row(
        name="two entries without words",
        shows=Aspect.HIT,
        item=timesheet(
            entries=(
                _entry("E-1", narrative=""),
                _entry("E-2", narrative="...", recorded_at=at(MONDAY, hour=17)),
            )
        ),
        under=UNDER,
        expected={"E-2": 50_21},
        clause_id="CL-once",
    ),
    Row(
        name="the same entry was accepted before on another line",
        shows=Aspect.HIT,
        item=timesheet(entries=(_entry("E-1"),)),
        before=(_past(line_id="L-2"),),
        under=UNDER,
        expected={"E-1": 50_21},
        clause_id="CL-once",
    ),
    Row(
        # Accepted comes first, though it was handed in a month later.
        name="the same entry was accepted before and handed in after",
        shows=Aspect.HIT,
        item=timesheet(entries=(_entry("E-1"),)),
        before=(_past(submitted_at=at(date(2026, 4, 7))),),
        under=UNDER,
        expected={"E-1": 50_21},
        clause_id="CL-once",
    ),
    Row(
        name="the same words of another person",
        shows=Aspect.CLEAN,
        item=timesheet(entries=(_entry("E-1"),)),
        before=(_past(person_id="bob"),),
        under=UNDER,
    ),
    Row(
        name="the version of the sheet that this one replaces",
        shows=Aspect.CLEAN,
        item=timesheet(entries=(_entry("E-1"), _entry("E-2", task_id="T-2"))),
        before=(timesheet(entries=(_entry("E-1"),)),),
        under=UNDER,
    ),
    Row(
        name="the sheet handed in later holds the duplicate",
        shows=Aspect.HIT,
        item=timesheet(entries=(_entry("E-1"),), submitted_at=at(FRIDAY, hour=18)),
        beside=(
            timesheet(
                external_id="TS-2",
                entries=(_entry("F-1"),),
                submitted_at=at(FRIDAY, hour=17),
            ),
        ),
        under=UNDER,
        expected={"E-1": 50_21},
        clause_id="CL-once",
    ),
    Row(
        name="the sheet handed in first holds the original",
        shows=Aspect.CLEAN,
        item=timesheet(entries=(_entry("E-1"),), submitted_at=at(FRIDAY, hour=16)),
        beside=(
            timesheet(
                external_id="TS-2",
                entries=(_entry("F-1"),),
                submitted_at=at(FRIDAY, hour=17),
            ),
        ),
        under=UNDER,
    ),
    Row(
        name="the day before a change order rules double billing out nothing is cited",
        shows=Aspect.BEFORE_AMENDMENT,
        item=_twice(day=TUESDAY),
        under=_under(change_orders=(restating(DoubleBilling()),)),
        expected={"E-2": 50_21},
        clause_id=None,
    ),
    Row(
        name="the day a change order rules double billing out it is cited",
        shows=Aspect.AMENDED,
        item=_twice(day=WEDNESDAY),
        under=_under(change_orders=(restating(DoubleBilling()),)),
        expected={"E-2": 50_21},
        clause_id="CL-new",
    ),
    Row(
        name="an order that was sent and not signed is not cited",
        shows=Aspect.AMENDED,
        item=_twice(day=WEDNESDAY),
        under=_under(change_orders=(restating(DoubleBilling(), status=ChangeOrderStatus.SENT),)),
        expected={"E-2": 50_21},
        clause_id=None,
    ),
    Row(
        name="the line's own clause is cited before the contract's",
        shows=Aspect.HIT,
        item=_twice(),
        under=_under(AGREED, clause(DoubleBilling(), id="CL-line", line_id="L-1")),
        expected={"E-2": 50_21},
        clause_id="CL-line",
    ),
    Row(
        # 25 min x 9,450 yen = 3,937.5 -> 3,938 yen.
        name="a currency without minor units",
        shows=Aspect.HIT,
        item=_twice(currency="JPY", hourly_rate_minor=9_450),
        under=_under(AGREED, currency="JPY"),
        expected={"E-2": 3_938},
        clause_id="CL-once",
    ),
)


@table(ROWS)
def test_duplicate_time_entry(row):
    check_row(CODE, row)
