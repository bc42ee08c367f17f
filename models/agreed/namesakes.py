"""Tasks that bear one name on several projects: much the same work is done on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from data.schemas.reference import Reference
from models.codes import Codes, task_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesakes:
    """The tasks of each name, by the code of any of them."""

    _group_of_task: Mapping[int, int] = field(default_factory=dict)
    _tasks_of_group: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def build(cls, reference: Reference, *, codes: Codes) -> Namesakes:
        """Group every task of the reference by its name, without case."""
        by_name: dict[str, list[int]] = defaultdict(list)
        for project in reference.projects.values():
            for task in project.tasks:
                code = codes.task.code(task_name(project.id, task.id))
                by_name[task.name.casefold()].append(code)
        groups = tuple(tuple(tasks) for tasks in by_name.values())
        return cls(
            _group_of_task={task: place for place, group in enumerate(groups) for task in group},
            _tasks_of_group=groups,
        )

    def of(self, task: int) -> tuple[int, ...]:
        """Give the tasks with the name of this one, itself included."""
        group = self._group_of_task.get(task)
        return (task,) if group is None else self._tasks_of_group[group]
