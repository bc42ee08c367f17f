"""How regularly the person of each entry has booked on its task before."""

from __future__ import annotations

from dataclasses import dataclass

from models.columns import Batch, Flags, Ints
from models.past.history import Past
from models.sums import Sums, key

USUAL_TASK_SHARE = 0.05
FEWEST_ENTRIES_ON_PROJECT = 10
"""Of somebody who has booked less on a project no task can be called usual or unusual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskUse:
    """One value per entry of a batch: earlier entries of its person, task by task."""

    on_task: Ints
    on_project: Ints

    @property
    def is_settled(self) -> Flags:
        """Whether the person has booked enough on the project to have habits there."""
        return self.on_project >= FEWEST_ENTRIES_ON_PROJECT

    @property
    def is_rare(self) -> Flags:
        """Whether the task has less than the usual share of the person's entries."""
        return self.on_task < USUAL_TASK_SHARE * self.on_project


def task_use(batch: Batch, *, past: Past) -> TaskUse:
    """Count what came before the batch."""
    own, before = batch.entries, past.entries
    return TaskUse(
        on_task=Sums.of(key(before.person, before.task)).at(key(own.person, own.task)),
        on_project=Sums.of(key(before.person, before.project)).at(key(own.person, own.project)),
    )
