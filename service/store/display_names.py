"""Names that people know, for the ids that tables hold."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import (
    Connection,
    select,
)

from data.schemas.items import AnyItem, ExpenseReport, Milestone
from service.store.tables import (
    account,
    reference,
)


def names_of(kind: str, ids: Iterable[str], connection: Connection) -> dict[str, str]:
    """Give the newest name of each reference object, by id."""
    query = (
        select(reference.c.id, reference.c.name)
        .where(reference.c.kind == kind, reference.c.id.in_(set(ids)))
        .order_by(reference.c.version)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def bodies_of(kind: str, ids: Iterable[str], connection: Connection) -> dict[str, str]:
    """Give the newest body of each reference object, by id."""
    query = (
        select(reference.c.id, reference.c.body)
        .where(reference.c.kind == kind, reference.c.id.in_(set(ids)))
        .order_by(reference.c.version)
    )
    return {row.id: row.body for row in connection.execute(query)}


def account_names(ids: set[str], connection: Connection) -> dict[str, str]:
    """Give the names of people who log in, by id."""
    query = select(account.c.person_id, account.c.name).where(account.c.person_id.in_(ids))
    return {row.person_id: row.name for row in connection.execute(query)}


def names_in(item: AnyItem, connection: Connection) -> dict[str, str]:
    """Give the names of the people, projects and tasks that an item mentions, by id."""
    people = {event.actor_id for event in item.approvals} | {_owner_of(item)}
    projects = _projects_of(item)
    names = names_of("people", people, connection) | names_of("projects", projects, connection)
    for body in bodies_of("projects", projects, connection).values():
        names |= {task["id"]: task["name"] for task in json.loads(body)["tasks"]}
    return names


def _owner_of(item: AnyItem) -> str:
    return item.owner_id if isinstance(item, Milestone) else item.person_id


def _projects_of(item: AnyItem) -> set[str]:
    if isinstance(item, Milestone):
        return {item.project_id}
    rows = item.expenses if isinstance(item, ExpenseReport) else item.entries
    return {row.project_id for row in rows}
