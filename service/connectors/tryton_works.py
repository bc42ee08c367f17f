"""Which contract line a Tryton task belongs to, found by climbing from it to a mapped project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.connectors.tryton_wire import Values
from service.connectors.unmapped import IgnoredProjectError, UnmappedError
from service.connectors.work_terms import TrytonProject, TrytonTerms

ORIGIN_MODEL = "project.work"


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedWork:
    """A project or task, and the project of the terms file it is billed under."""

    row: Values
    project_name: str
    project: TrytonProject


class Works:
    """All projects and tasks of one Tryton, by id."""

    def __init__(self, rows: Iterable[Values], *, terms: TrytonTerms) -> None:
        """Keep the rows of the entities `projects` and `tasks`."""
        self._rows: Mapping[int, Values] = {row["id"]: row for row in rows}
        self._terms = terms

    def of_line(self, line: Values) -> MappedWork:
        """The work a timesheet line is booked on. Raises UnmappedError or IgnoredProjectError."""
        origin = line["work"]["origin"] or ""
        model, _, record_id = origin.partition(",")
        if model != ORIGIN_MODEL or not record_id.isdigit():
            raise UnmappedError(
                field="work", value=origin, reason="is no project task; book time on a task"
            )
        return self.mapped(int(record_id))

    def mapped(self, work_id: int) -> MappedWork:
        """The work of this id. Raises UnmappedError or IgnoredProjectError."""
        names = []
        row = start = self._row(work_id)
        while True:
            names.append(row["name"])
            if row["name"] in self._terms.ignored_projects:
                raise IgnoredProjectError
            if project := self._terms.projects.get(row["name"]):
                return MappedWork(row=start, project_name=row["name"], project=project)
            if not row.get("parent"):
                raise UnmappedError(
                    field="project",
                    value=" < ".join(names),
                    reason="is not in the terms file; name the project under tryton.projects, "
                    "or under tryton.ignored_projects",
                )
            row = self._row(row["parent"]["id"])

    def below(self, project_name: str) -> list[Values]:
        """The tasks billed under a project of the terms file, in id order."""
        found = []
        for work_id in sorted(self._rows):
            try:
                work = self.mapped(work_id)
            except (UnmappedError, IgnoredProjectError):
                continue
            if work.project_name == project_name:
                found.append(work.row)
        return found

    def _row(self, work_id: int) -> Values:
        if work_id not in self._rows:
            raise UnmappedError(
                field="work",
                value=work_id,
                reason="is no project or task the REST user may read; check its access rights",
            )
        return self._rows[work_id]
