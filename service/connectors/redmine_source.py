"""Redmine as a source of work: a window read whole, told from the last read row by row.

Redmine filters time entries by the day worked only. It ignores every other filter (`updated_on`,
`created_on`, an unknown one) with HTTP 200 and all rows, so a cursor of changes cannot be had from
it. Each row's digest is kept instead; what is missing in the window was deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta

from service.connectors.redmine_rest import PAGE_ROWS, RedmineRest, Values
from service.connectors.row_memory import RowMemory, Seen, digest_of
from service.ports.outside_errors import OutsideRefusedError
from service.ports.source import Page

WINDOW = timedelta(days=366)
"""Time booked some months ahead, for planned work or by mistake, is watched too."""
ALWAYS = date(1970, 1, 1)
"""The day of rows that belong to none, so that no window forgets them."""


class UnknownEntityError(ValueError):
    """An entity this connector does not read."""

    def __init__(self, entity: str) -> None:
        super().__init__(
            f"Redmine has no entity {entity!r} for us; one of {', '.join(RedmineSource.ENTITIES)}"
        )
        self.entity = entity


class RedmineSource:
    """Reads rows that differ from what was last seen of them, and names those that are gone."""

    name = "redmine"
    ENTITIES = ("users", "projects", "activities", "versions", "time_entries")

    def __init__(
        self,
        rest: RedmineRest,
        *,
        watched_since: Callable[[], date],
        milestone_projects: Collection[str] = (),
        page_rows: int = PAGE_ROWS,
    ) -> None:
        """Read over `rest` the time worked since the day that `watched_since` gives.

        Versions are read of the projects with these identifiers.
        """
        self._rest = rest
        self._watched_since = watched_since
        self._milestone_projects = tuple(milestone_projects)
        self._page_rows = page_rows

    def entities(self) -> tuple[str, ...]:
        """Give the kinds of rows that can be pulled."""
        return self.ENTITIES

    def pull(self, entity: str, *, cursor: str | None) -> Iterator[Page]:
        """Give the rows that are new or changed since `cursor`, oldest change first."""
        memory = RowMemory.read(cursor)
        rows = self._present(entity)
        if entity == "time_entries":
            memory = memory.since(self._watched_since())
            rows |= self._moved_out(memory.absent(rows))
        seen = {row_id: _seen(row) for row_id, row in rows.items()}
        gone = memory.absent(seen)
        fresh = sorted(memory.differing(seen), key=lambda one: (_changed_at(rows[one]), int(one)))
        for start in range(0, len(fresh), self._page_rows):
            some = fresh[start : start + self._page_rows]
            memory = memory.having({row_id: seen[row_id] for row_id in some})
            yield Page(
                entity=entity, rows=tuple(rows[row_id] for row_id in some), cursor=memory.text()
            )
        if gone:
            yield Page(entity=entity, rows=(), cursor=memory.without(gone).text(), gone=gone)

    def entries_between(self, start: date, end: date) -> list[Values]:
        """Give every time entry worked on `start` to `end`, both included."""
        days = [("from", start.isoformat()), ("to", end.isoformat())]
        rows = self._rest.every("time_entries.json", name="time_entries", parameters=days)
        stray = [row for row in rows if not start <= date.fromisoformat(row["spent_on"]) <= end]
        if stray:
            raise OutsideRefusedError(
                f"Redmine gave time of {stray[0]['spent_on']} where {start} to {end} was asked: it "
                "does not filter by day, so nothing read from it can be trusted; look what stands "
                "between us and Redmine"
            )
        return rows

    def _present(self, entity: str) -> dict[str, Values]:
        match entity:
            case "users":
                # Without a status only active users come; those who left have booked time too.
                rows = self._rest.every("users.json", name="users", parameters=[("status", "")])
            case "projects":
                rows = self._rest.every("projects.json", name="projects")
            case "activities":
                name = "time_entry_activities"
                rows = self._rest.every(f"enumerations/{name}.json", name=name)
            case "versions":
                rows = [row for one in self._milestone_projects for row in self._versions(one)]
            case "time_entries":
                since = self._watched_since()
                rows = self.entries_between(since, since + WINDOW)
            case _:
                raise UnknownEntityError(entity)
        return {str(row["id"]): row for row in rows}

    def _versions(self, project: str) -> list[Values]:
        return self._rest.every(f"projects/{project}/versions.json", name="versions")

    def _moved_out(self, absent: Collection[str]) -> dict[str, Values]:
        """Give those of the missing rows that are still there.

        Their day was moved out of the window, or a row deleted while we paged pushed them out of
        sight. Only a row that Redmine itself does not know any more is gone.
        """
        found = {
            row_id: self._rest.find(f"time_entries/{row_id}.json", name="time_entry")
            for row_id in absent
        }
        return {row_id: row for row_id, row in found.items() if row is not None}


def place_of(row: Mapping[str, object]) -> str:
    """Give who booked on which project, for the day the row is gone: `5.1`."""
    user, project = row.get("user"), row.get("project")
    if not isinstance(user, Mapping) or not isinstance(project, Mapping):
        return ""
    return f"{user['id']}.{project['id']}"


def _seen(row: Values) -> Seen:
    day = date.fromisoformat(row["spent_on"]) if "spent_on" in row else ALWAYS
    return Seen(day=day, place=place_of(row), digest=digest_of(row))


def _changed_at(row: Values) -> str:
    return str(row.get("updated_on") or row.get("created_on") or "")
