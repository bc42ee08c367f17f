"""T1: outside the period of performance."""

from __future__ import annotations

from datetime import date

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import PeriodOfPerformance
from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import ChangeOrderStatus, Severity
from tests.builders.checking import finding_of, found_codes, rows_of
from tests.builders.contracts import SIGNED, change_order, clause, clauses, contract, reference
from tests.builders.items import entry, timesheet

T1 = ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE
MARCH = PeriodOfPerformance(start=date(2026, 3, 2), end=date(2026, 3, 5))


def _on(day: date):
    return timesheet(entries=(entry(work_date=day),))


@pytest.mark.parametrize(
    ("day", "exposure_minor"),
    [
        (date(2026, 3, 1), 960_00),  # the day before the first: 8 h x 120.00
        (date(2026, 3, 2), None),  # the first day is inside
        (date(2026, 3, 5), None),  # the last day is inside
        (date(2026, 3, 6), 960_00),  # the day after the last
    ],
)
def test_first_and_last_day_are_inside(day, exposure_minor):
    found = finding_of(T1, _on(day), under=reference(contract(clauses=clauses(MARCH))))
    assert (found.exposure_minor if found else None) == exposure_minor


@pytest.mark.parametrize(
    ("order", "day", "is_found"),
    [
        # Effective on 4 March: work on the 4th and later is under the new end, 6 March.
        ({"new_period_end": date(2026, 3, 6)}, date(2026, 3, 6), False),
        ({"new_period_end": date(2026, 3, 6)}, date(2026, 3, 7), True),
        # A new end before the work: in force from its own day, the 4th, not on the 3rd.
        ({"new_period_end": date(2026, 3, 2)}, date(2026, 3, 3), False),
        ({"new_period_end": date(2026, 3, 2)}, date(2026, 3, 4), True),
        # Nothing but an executed order moves the end.
        ({"new_period_end": date(2026, 3, 6), "status": ChangeOrderStatus.SENT},
         date(2026, 3, 6), True),
        ({"new_period_end": date(2026, 3, 6), "line_id": "L-2"}, date(2026, 3, 6), True),
        ({"new_period_end": date(2026, 3, 6), "line_id": "L-1"}, date(2026, 3, 6), False),
    ],
)  # fmt: skip
def test_executed_change_order_moves_the_end_from_its_day_on(order, day, is_found):
    terms = contract(
        clauses=clauses(MARCH),
        change_orders=(change_order(**order),),
        lines=(
            ContractLine(id="L-1", project_id="P-1", name="Build"),
            ContractLine(id="L-2", project_id="P-1", name="Run"),
        ),
    )
    assert (T1 in found_codes(_on(day), under=reference(terms))) is is_found


def test_period_of_the_line_outranks_that_of_the_contract():
    own = clause(MARCH, id="own", line_id="L-1")
    under = reference(contract(clauses=(*clauses(), own)))
    assert finding_of(T1, _on(date(2026, 3, 6)), under=under).clause_id == "own"


def test_work_before_the_clause_takes_force_is_still_outside_the_period():
    late = clause(MARCH, id="late", valid_from=date(2026, 3, 3))
    under = reference(contract(clauses=(late,)))
    assert finding_of(T1, _on(date(2026, 3, 1)), under=under).clause_id == "late"
    assert finding_of(T1, _on(date(2026, 3, 2)), under=under) is None


def test_clause_nobody_confirmed_is_not_in_force():
    proposed = clause(MARCH, confirmed_by=None, valid_from=SIGNED)
    assert found_codes(_on(date(2026, 3, 6)), under=reference(contract(clauses=(proposed,)))) == []


def test_work_that_is_not_billed_may_lie_outside():
    sheet = timesheet(entries=(entry(work_date=date(2026, 3, 6), minutes_billable=0),))
    assert found_codes(sheet, under=reference(contract(clauses=clauses(MARCH)))) == []


def test_finding_names_each_row_with_its_day_and_the_period():
    days = (date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 7))
    sheet = timesheet(entries=tuple(entry(id=f"E-{day.day}", work_date=day) for day in days))
    found = finding_of(T1, sheet, under=reference(contract(clauses=clauses(MARCH))))
    assert found.severity is Severity.CRITICAL
    assert found.summary == "2 entries outside the period of performance"
    assert rows_of(found) == {"E-6": 960_00, "E-7": 960_00}
    assert found.exposure_minor == 1_920_00
    assert (found.evidence[0].actual, found.evidence[0].expected) == (
        "2026-03-06",
        "2026-03-02 to 2026-03-05",
    )
