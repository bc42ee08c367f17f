"""What work was agreed: tasks in scope, tasks that change orders bring, activities left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import Exclusions, WorkScope
from data.schemas.contracts import Clause, Contract
from data.schemas.reference import Reference
from data.schemas.vocabulary import ChangeOrderStatus
from models.codes import UNKNOWN, Codebook, Codes, task_name
from models.columns import NO_DAY, Flags, Ints, day_number
from models.spans import lines_of
from models.timeline import PAIR_BITS, pair

LOW_BITS = (1 << PAIR_BITS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedScope:
    """Clauses on scope and exclusions by their place among all clauses, and what they rest on."""

    _tasks: Codebook
    _activities: Codebook
    _listed: dict[int, frozenset[str]]
    """Task ids by clause; with none, the tasks that projects mark as in scope count."""
    _marked: frozenset[int]
    """Codes of the tasks that their projects mark as in scope."""
    _ordered: dict[tuple[int, str], int]
    """First day on which an executed change order has a task in scope, by line and task id."""
    _excluded: Ints
    """Pairs of a clause and an activity it excludes, in order."""

    @classmethod
    def build(cls, reference: Reference, *, clauses: Sequence[Clause], codes: Codes) -> AgreedScope:
        """Compile clauses, projects and change orders; names are added to `codes`."""
        return cls(
            _tasks=codes.task,
            _activities=codes.activity,
            _listed={
                place: frozenset(clause.terms.task_ids)
                for place, clause in enumerate(clauses)
                if isinstance(clause.terms, WorkScope)
            },
            _marked=frozenset(_marked(reference, codes=codes)),
            _ordered=_ordered(reference.contracts.values(), codes=codes),
            _excluded=np.array(sorted(_excluded(clauses, codes=codes)), dtype=np.int64),
        )

    def is_excluded(self, clause: Ints, activity: Ints) -> Flags:
        """Say whether each clause leaves out the activity; never one that is not named."""
        is_named = (clause != UNKNOWN) & (activity != UNKNOWN)
        if not len(self._excluded) or not is_named.any():
            return np.zeros(len(clause), dtype=np.bool_)
        wanted = pair(clause, activity)
        place = np.minimum(np.searchsorted(self._excluded, wanted), len(self._excluded) - 1)
        return np.asarray(is_named & (self._excluded[place] == wanted))

    def is_outside(self, clause: Ints, *, line: Ints, task: Ints, day: Ints) -> Flags:
        """Say whether each task is outside the statement of work and every executed order."""
        is_outside = np.zeros(len(clause), dtype=np.bool_)
        rows = np.flatnonzero(clause != UNKNOWN)
        if not len(rows):
            return is_outside
        asked, place = np.unique(pair(clause[rows], task[rows]), return_inverse=True)
        answers = [self._is_listed(one >> PAIR_BITS, one & LOW_BITS) for one in asked.tolist()]
        rows = rows[~np.array(answers, dtype=np.bool_)[place]]
        is_outside[rows] = day[rows] < self._first_days(line[rows], task[rows])
        return is_outside

    def task_id(self, task: int) -> str:
        """Give the id of a task inside its project."""
        return self._tasks.name(task).partition("\x1f")[2]

    def activity(self, activity: int) -> str:
        """Give the name of an activity."""
        return self._activities.name(activity)

    def _is_listed(self, clause: int, task: int) -> bool:
        listed = self._listed[clause]
        return self.task_id(task) in listed if listed else task in self._marked

    def _first_days(self, line: Ints, task: Ints) -> Ints:
        """From which day a change order has each task of a line in scope; NO_DAY if none has."""
        asked, place = np.unique(pair(line, task), return_inverse=True)
        days = [
            self._ordered.get((one >> PAIR_BITS, self.task_id(one & LOW_BITS)), NO_DAY)
            for one in asked.tolist()
        ]
        return np.array(days, dtype=np.int64)[place]


def _marked(reference: Reference, *, codes: Codes) -> Iterator[int]:
    for project in reference.projects.values():
        for task in project.tasks:
            if task.is_in_scope:
                yield codes.task.code(task_name(project.id, task.id))


def _ordered(contracts: Iterable[Contract], *, codes: Codes) -> dict[tuple[int, str], int]:
    first: dict[tuple[int, str], int] = {}
    for contract in contracts:
        for order in contract.change_orders:
            if order.status is not ChangeOrderStatus.EXECUTED:
                continue
            for line in lines_of(contract, order.line_id, codes=codes):
                for task_id in order.task_ids:
                    known = first.get((line, task_id), NO_DAY)
                    first[line, task_id] = min(known, day_number(order.effective_on))
    return first


def _excluded(clauses: Sequence[Clause], *, codes: Codes) -> Iterator[int]:
    for place, clause in enumerate(clauses):
        if isinstance(clause.terms, Exclusions):
            for activity in clause.terms.activities:
                yield place << PAIR_BITS | codes.activity.code(activity)
