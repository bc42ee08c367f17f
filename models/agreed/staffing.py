"""Who may work on what, and for how long: approved people and planned effort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import KeyPersonnel, StaffingPlan
from data.schemas.contracts import Clause
from data.schemas.people import Assignment
from models.codes import UNKNOWN, Codes, task_name
from models.columns import Flags, Ints, day_number
from models.timeline import ALWAYS, PAIR_BITS, Span, Timeline, pair

PARTS = 10**6
"""A tolerance counts in millionths, so that the limit is exact in whole numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """Lists of approved people by the place of their clause, and plans by person."""

    _approved: Timeline
    """By clause and person."""
    _planned_on_task: Timeline
    """Minutes by person and task."""
    _planned_on_project: Timeline
    """Minutes by person and project, of stays that name no task."""
    _tolerance_parts: Ints
    """By clause; the last answers for UNKNOWN, which is -1."""

    @classmethod
    def build(
        cls, assignments: Sequence[Assignment], *, clauses: Sequence[Clause], codes: Codes
    ) -> Staffing:
        """Compile assignments and clauses; names not yet in `codes` are added to it."""
        return cls(
            _approved=Timeline.build(_approved(clauses, codes=codes)),
            _planned_on_task=_added_up(_plans_of_tasks(assignments, codes=codes)),
            _planned_on_project=_added_up(_plans_of_projects(assignments, codes=codes)),
            _tolerance_parts=np.array([*map(_tolerance_parts, clauses), 0], dtype=np.int64),
        )

    def is_approved(self, clause: Ints, person: Ints, day: Ints) -> Flags:
        """Say whether each person stands on the list of the clause on that day."""
        return np.asarray(self._approved.at(pair(clause, person), day) != UNKNOWN)

    def planned_minutes(self, person: Ints, project: Ints, task: Ints) -> tuple[Ints, Flags]:
        """Give the effort planned for each person, or UNKNOWN, and whether for the task itself.

        A plan for the task outranks one for the project as a whole. Stays count over their whole
        life, not by date.
        """
        any_day = np.full_like(person, ALWAYS)
        on_task = self._planned_on_task.at(pair(person, task), any_day)
        on_project = self._planned_on_project.at(pair(person, project), any_day)
        is_of_task = np.asarray(on_task != UNKNOWN)
        return np.where(is_of_task, on_task, on_project), is_of_task

    def with_tolerance(self, planned_minutes: Ints, clause: Ints) -> Ints:
        """Give the most minutes each clause allows over a plan, rounded down."""
        return planned_minutes + planned_minutes * self._tolerance_parts[clause] // PARTS


def _approved(clauses: Sequence[Clause], *, codes: Codes) -> Iterator[Span]:
    for place, clause in enumerate(clauses):
        if isinstance(clause.terms, KeyPersonnel):
            for one in clause.terms.approved:
                code = place << PAIR_BITS | codes.person.code(one.person_id)
                last = None if one.end is None else day_number(one.end)
                yield Span(code, day_number(one.start), last, 1)


def _plans_of_tasks(stays: Iterable[Assignment], *, codes: Codes) -> Iterator[tuple[int, int]]:
    for one in stays:
        if one.task_id is not None and one.planned_minutes is not None:
            task = codes.task.code(task_name(one.project_id, one.task_id))
            yield codes.person.code(one.person_id) << PAIR_BITS | task, one.planned_minutes


def _plans_of_projects(stays: Iterable[Assignment], *, codes: Codes) -> Iterator[tuple[int, int]]:
    for one in stays:
        if one.task_id is None and one.planned_minutes is not None:
            project = codes.project.code(one.project_id)
            yield codes.person.code(one.person_id) << PAIR_BITS | project, one.planned_minutes


def _added_up(plans: Iterable[tuple[int, int]]) -> Timeline:
    total: dict[int, int] = {}
    for key, planned_minutes in plans:
        total[key] = total.get(key, 0) + planned_minutes
    return Timeline.build(Span(key, ALWAYS, None, minutes) for key, minutes in total.items())


def _tolerance_parts(clause: Clause) -> int:
    terms = clause.terms
    return round(terms.effort_tolerance * PARTS) if isinstance(terms, StaffingPlan) else 0
