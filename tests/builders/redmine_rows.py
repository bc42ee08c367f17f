"""Rows as Redmine gives them, decoded."""

from __future__ import annotations

from decimal import Decimal

USERS = {5: "Ana Diaz", 6: "Bo Lindqvist", 7: "Chen Wei"}


def an_entry(entry_id: int, *, day: str = "2026-11-16", hours: str = "7.5", user: int = 5,
             project: int = 1, **changed):  # fmt: skip
    """Time of Ana on the project 1."""
    return {
        "id": entry_id,
        "project": {"id": project, "name": "Acme rollout"},
        "issue": {"id": 2},
        "user": {"id": user, "name": USERS[user]},
        "activity": {"id": 9, "name": "Development"},
        "hours": Decimal(hours),
        "comments": f"entry {entry_id}",
        "spent_on": day,
        "created_on": "2026-11-16T17:00:00Z",
        "updated_on": "2026-11-16T17:00:00Z",
        "custom_fields": [{"id": 1, "name": "Billable", "value": "1"}],
        **changed,
    }


def a_project(project_id: int, identifier: str, *, parent: int | None = None):
    """A project, perhaps below another."""
    row = {"id": project_id, "name": identifier.replace("-", " "), "identifier": identifier}
    return row if parent is None else {**row, "parent": {"id": parent}}


def a_version(version_id: int, name: str, *, project: int = 3, **changed):
    """An open version of the launch."""
    return {
        "id": version_id,
        "project": {"id": project, "name": "Bluewater launch"},
        "name": name,
        "status": "open",
        "due_date": "2026-10-31",
        "updated_on": "2026-10-30T12:00:00Z",
        **changed,
    }
