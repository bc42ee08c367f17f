"""Entries whose words belong to other work than the task they are booked on."""

from __future__ import annotations

import numpy as np

from data.schemas.people import Task
from models.agreed.namesakes import Namesakes
from models.codes import Codes, task_name
from tests.builders.contracts import project, reference
from tests.builders.desk import Desk, one_day, past_week
from tests.builders.items import entry, timesheet, week

TAX, GIRDERS = "Fixed rounding in the tax report", "Welded girder joints"


def two_projects():
    """P-1 with its tasks, and P-9 whose task 'Build' is a namesake."""
    other = project(id="P-9", tasks=(Task(id="T-9", name="build"), Task(id="T-8", name="Paint")))
    return reference(projects=[project(), other])


def sheet_of(name, *, person_id, narrative, **place):
    return timesheet(
        external_id=name, person_id=person_id,
        entries=week(of=name, narrative=narrative, **place),
    )  # fmt: skip


def welders(count=3):
    """Bob welds on a task of another name and project."""
    return [
        sheet_of(f"TS-W{number}", person_id="bob", narrative=GIRDERS,
                 project_id="P-9", task_id="T-8")
        for number in range(count)
    ]  # fmt: skip


def test_words_of_another_task_are_heavy_and_those_of_the_task_are_not():
    desk = Desk(*[past_week(n, narrative=TAX) for n in range(1, 5)], *welders(), ref=two_projects())
    (foreign,) = desk.vectors(one_day(narrative=GIRDERS))
    (own,) = desk.vectors(one_day(narrative=TAX))
    assert foreign["foreign_weight"] > 2.0
    assert foreign["foreign_entries"] == 1.0
    assert own["foreign_weight"] < 0.5
    assert own["foreign_entries"] == 0.0


def test_work_seen_on_a_task_of_the_same_name_elsewhere_is_not_foreign():
    at_namesake = [
        sheet_of(f"TS-N{n}", person_id="bob", narrative=GIRDERS, project_id="P-9", task_id="T-9")
        for n in range(3)
    ]
    past = [past_week(n, narrative=TAX) for n in range(1, 5)]
    desk = Desk(*past, *at_namesake, ref=two_projects())
    (seen,) = desk.vectors(one_day(narrative=GIRDERS))
    assert seen["foreign_entries"] == 0.0


def test_only_an_entry_on_an_unusual_task_is_misplaced():
    past = [past_week(n, narrative=TAX) for n in range(1, 5)]
    known = sheet_of("TS-K", person_id="bob", narrative=TAX, task_id="T-2")
    desk = Desk(*past, known, known.model_copy(update={"external_id": "TS-K2"}), *welders(),
                ref=two_projects())  # fmt: skip
    (usual,) = desk.vectors(one_day(narrative=GIRDERS))
    (unusual,) = desk.vectors(one_day(narrative=GIRDERS, task_id="T-2"))
    assert usual["foreign_entries"] == unusual["foreign_entries"] == 1.0
    assert usual["misplaced_entries"] == 0.0
    assert usual["misplaced_weight"] == 0.0
    assert unusual["misplaced_entries"] == 1.0


def test_of_a_task_hardly_known_nothing_is_said():
    (seen,) = Desk(*welders(), ref=two_projects()).vectors(one_day(narrative=GIRDERS))
    assert np.isnan(seen["foreign_weight"])
    assert np.isnan(seen["misplaced_entries"])


def test_namesakes_are_found_without_regard_to_case_and_a_stranger_has_none():
    codes = Codes()
    namesakes = Namesakes.build(two_projects(), codes=codes)
    build, other = (codes.task.code(task_name(*one)) for one in (("P-1", "T-1"), ("P-9", "T-9")))
    assert set(namesakes.of(build)) == {build, other}
    stranger = codes.task.code(task_name("P-7", "T-1"))
    assert namesakes.of(stranger) == (stranger,)


def test_a_note_after_the_work_is_no_activity_of_its_own_once_openings_are_known():
    opening = ("Built", "Checked", "Drafted", "Estimated", "Traced")
    texts = [f"{opening[n % 5]} part{n} of the plan" for n in range(25)]
    rare = [f"{word} the plan" for word in
            ("Ran", "Saw", "Did", "Met", "Had", "Put", "Cut", "Dug", "Fed", "Got", "Hid", "Led",
             "Lit", "Sat", "Set", "Won")]  # fmt: skip
    past = timesheet(
        external_id="TS-PAST",
        entries=tuple(
            entry(id=f"E-{n}", narrative=text, minutes_worked=15, minutes_billable=15)
            for n, text in enumerate(texts + rare)
        ),
    )
    (noted,) = Desk(past).vectors(one_day(narrative="Built the cube and logged the questions"))
    (lumped,) = Desk(past).vectors(one_day(narrative="Built the cube and checked the totals"))
    assert noted["most_activities"] == 1.0
    assert lumped["most_activities"] == 2.0
