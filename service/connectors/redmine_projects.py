"""Which contract line a Redmine project is billed on, found by climbing to a mapped project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.connectors.redmine_rest import Values
from service.connectors.unmapped import IgnoredProjectError, UnmappedError
from service.connectors.work_terms import RedmineProject, RedmineTerms


class Projects:
    """All projects of one Redmine, by id."""

    def __init__(self, rows: Iterable[Values], *, terms: RedmineTerms) -> None:
        """Keep the rows of the entity `projects`."""
        self._rows: Mapping[int, Values] = {row["id"]: row for row in rows}
        self._terms = terms

    def mapped(self, project_id: int) -> RedmineProject:
        """The project of the terms file. Raises UnmappedError or IgnoredProjectError."""
        identifiers = []
        row = self._row(project_id)
        while True:
            identifiers.append(row["identifier"])
            if row["identifier"] in self._terms.ignored_projects:
                raise IgnoredProjectError
            if project := self._terms.projects.get(row["identifier"]):
                return project
            if not row.get("parent"):
                raise UnmappedError(
                    field="project",
                    value=" < ".join(identifiers),
                    reason="is not in the terms file; name the project under redmine.projects by "
                    "the identifier in its address, or under redmine.ignored_projects",
                )
            row = self._row(row["parent"]["id"])

    def name_of(self, identifier: str) -> str | None:
        """The name of a project, or None where Redmine shows no such project."""
        named = (row["name"] for row in self._rows.values() if row["identifier"] == identifier)
        return next(named, None)

    def _row(self, project_id: int) -> Values:
        if project_id not in self._rows:
            raise UnmappedError(
                field="project",
                value=project_id,
                reason="is no project the key may read; give its user access, or unarchive it",
            )
        return self._rows[project_id]
