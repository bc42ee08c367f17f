"""T21 and T22: words of unpaid work, and words of other projects."""

from __future__ import annotations

from datetime import date

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Exclusions, WorkScope
from tests.builders.checking import findings, suspicions
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import entry, timesheet

UNPAID, OUTSIDE = ExceptionCode.NONBILLABLE_ACTIVITY_BILLED, ExceptionCode.OUT_OF_SCOPE_WORK
FEBRUARY = date(2026, 2, 2)
LEDGER, TURBINE = "Reconciled invoice ledger", "Calibrated turbine sensors"


def excluding(*activities):
    return reference(contract(clauses=clauses(Exclusions(activities=activities))))


SCOPED = reference(contract(clauses=clauses(WorkScope(task_ids=("T-1",)))))


def sheet(narrative, **overrides):
    return timesheet(entries=(entry(narrative=narrative, **overrides),))


def taught(narrative, *, project_id, count=20):
    entries = tuple(
        entry(
            id=f"{project_id}-{n}", work_date=FEBRUARY, minutes_worked=20,
            project_id=project_id, narrative=narrative,
        )
        for n in range(count)
    )  # fmt: skip
    return timesheet(external_id=f"TS-{project_id}", entries=entries, person_id="bob")


def told(code, item, **given):
    return [one for one in suspicions(item, **given)[item.item_id] if one.code is code]


@pytest.mark.parametrize(
    ("activity", "narrative"),
    [
        ("internal_meeting", "Internal team meeting"),
        ("training", "Internal training on tools"),
        ("travel_time", "Travel to client site, half day"),
        ("administration", "Timesheet and expense admin"),
    ],
)
def test_work_that_opens_with_words_of_an_excluded_activity_is_likely_unpaid(activity, narrative):
    (one,) = told(UNPAID, sheet(narrative), under=excluding(activity))
    assert one.probability == 0.45
    assert one.exposure_minor == 960_00
    assert one.clause_id == "CL-exclusions"


@pytest.mark.parametrize(
    ("activity", "narrative"),
    [
        ("training", "Internal team meeting"),
        ("catering", "Internal team meeting"),
        ("travel_time", "Prepared the travel to site of the audit team"),
        ("training", "Training matrix for the key users"),
        ("internal_meeting", ""),
    ],
)
def test_other_words_and_words_further_on_are_not_enough(activity, narrative):
    assert told(UNPAID, sheet(narrative), under=excluding(activity)) == []


def test_opening_words_that_the_project_uses_are_its_own():
    under = excluding("training")
    item = sheet("Internal training for the client's buyers")
    two = taught("Internal training for buyers", project_id="P-1", count=2)
    three = taught("Internal training for buyers", project_id="P-1", count=3)
    assert len(told(UNPAID, item, under=under, before=[two])) == 1
    assert told(UNPAID, item, under=under, before=[three]) == []


def test_an_excluded_code_is_left_to_the_rule_and_unbilled_work_to_nobody():
    under = excluding("training")
    coded = sheet("Internal training on tools", activity="training")
    assert [one.code for one in findings(coded, under=under)[coded.item_id]] == [UNPAID]
    assert told(UNPAID, coded, under=under) == []
    assert told(UNPAID, sheet("Internal training", minutes_billable=0), under=under) == []


def before(count=20, elsewhere=3):
    """This project with its words, one other with some, and two more: words are specific."""
    return [
        taught(LEDGER, project_id="P-1", count=count),
        taught(TURBINE, project_id="P-2", count=elsewhere),
        taught("Drafted permit", project_id="P-3"),
    ]


def test_words_that_only_other_projects_use_are_likely_out_of_scope():
    (one,) = told(OUTSIDE, sheet(TURBINE), under=SCOPED, before=before())
    assert one.probability == pytest.approx(0.3)
    # Three words of other projects and one of its own: 0.3 x 3 / 4.
    (part,) = told(OUTSIDE, sheet(f"{TURBINE} ledger"), under=SCOPED, before=before())
    assert part.probability == pytest.approx(0.225)
    assert part.exposure_minor == -960_00
    assert part.clause_id == "CL-scope"


@pytest.mark.parametrize(
    ("narrative", "known"),
    [
        (LEDGER, before()),
        (TURBINE, before(elsewhere=2)),  # hardly used elsewhere
        (TURBINE, before(count=19)),  # its own words are not known well enough
        ("Calibrated invoice ledger", before()),  # one word in three
        ("Turbine", before()),
    ],
)
def test_own_words_new_words_and_young_projects_say_nothing(narrative, known):
    assert told(OUTSIDE, sheet(narrative), under=SCOPED, before=known) == []


def test_a_task_out_of_scope_is_left_to_the_rule():
    item = sheet(TURBINE, task_id="T-9")
    assert OUTSIDE in [one.code for one in findings(item, under=SCOPED)[item.item_id]]
    assert told(OUTSIDE, item, under=SCOPED, before=before()) == []
