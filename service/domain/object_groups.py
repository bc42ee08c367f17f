"""Which objects belong together, so that a key may be held to some of them: the one table.

A name is the first word of a route behind `/v1`, the collection of a kind of reference data, or the
kind of a file. What belongs to None tells of several groups at once: no scope of one group reaches
it, and whatever is not named here is treated so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from data.schemas.vocabulary import Scope


class ObjectGroup(StrEnum):
    """Objects that one scope opens together."""

    CONTRACTS = "contracts"
    PROJECTS = "projects"
    RESOURCES = "resources"
    BILLING = "billing"


_MEMBERS: Mapping[ObjectGroup | None, tuple[str, ...]] = {
    ObjectGroup.CONTRACTS: ("clients", "contracts", "preapprovals", "proposals", "rate-card"),
    ObjectGroup.PROJECTS: ("projects",),
    ObjectGroup.RESOURCES: (
        "assignments", "calendars", "leave", "missing-time", "overtime-approvals", "people",
        "trips",
    ),
    ObjectGroup.BILLING: (
        "approval-requests", "approvals", "assessments", "attachments", "bulk", "cases",
        "decisions", "disputes", "expense-reports", "exports", "flows", "history", "invoices",
        "items", "known-cases", "milestones", "payments", "posting-switch", "postings", "queue",
        "timesheets", "transfers", "write-offs",
    ),
    # Regions hold taxes and holidays, figures count everything, imports tell by kind of file.
    None: (
        "colleagues", "deliveries", "event-types", "imports", "metrics", "notifications",
        "openapi.json", "operations", "policy", "regions", "views",
    ),
}  # fmt: skip
GROUPS: Mapping[str, ObjectGroup | None] = MappingProxyType(
    {name: group for group, names in _MEMBERS.items() for name in names}
)
"""The group of everything by its name."""
EXCEPTIONS: Mapping[str, ObjectGroup] = MappingProxyType(
    {"/v1/contracts/{contract_id}/allocation": ObjectGroup.BILLING}
)
"""Routes that tell of other objects than their first word: this one lists amounts of items."""
IMPLIED_BY_WORK = (ObjectGroup.CONTRACTS, ObjectGroup.PROJECTS, ObjectGroup.RESOURCES)
"""What a file of work may bring along, where its sender may write all of it."""

BROAD = frozenset({Scope.ASSESS, Scope.READ, Scope.REFERENCE, Scope.AUDIT})
"""Scopes that know no groups."""
WRITING = frozenset({Scope.ASSESS, Scope.REFERENCE}) | {
    Scope(f"{group}:write") for group in ObjectGroup
}
READING = frozenset({Scope.READ}) | {Scope(f"{group}:read") for group in ObjectGroup}
_STEPS = {Scope.READ: "read", Scope.ASSESS: "write", Scope.REFERENCE: "write"}


def group_of_route(path: str) -> ObjectGroup | None:
    """Give the group of a route, named by its template such as `/v1/cases/{case_id}`."""
    template = path.replace(":path}", "}")
    if template in EXCEPTIONS:
        return EXCEPTIONS[template]
    return GROUPS.get(template.removeprefix("/v1").split("/")[1])


def group_of_kind(kind: str) -> ObjectGroup | None:
    """Give the group of a kind of reference data or of a file, as in `write_offs`."""
    return GROUPS.get(kind.replace("_", "-"))


def scope_within(scope: Scope, group: ObjectGroup | None) -> Scope | None:
    """Give the scope of a group that is enough where a broad one is asked for; None without one."""
    if group is None or scope not in _STEPS:
        return None
    return Scope(f"{group}:{_STEPS[scope]}")
