"""What each scope of a key lets a program do, in words, for the screen and the command."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from data.schemas.vocabulary import Scope

SCOPE_WORDS: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.ASSESS: "submit items to be assessed",
        Scope.READ: "read everything on its side of the wall",
        Scope.REFERENCE: "change all reference data: contracts, projects, people, invoices",
        Scope.AUDIT: "read the audit trail",
        Scope.CONTRACTS_READ: "read clients, contracts, terms and proposed clauses",
        Scope.CONTRACTS_WRITE: "change clients, contracts, rates and pre-approvals",
        Scope.PROJECTS_READ: "read projects and their tasks",
        Scope.PROJECTS_WRITE: "change projects and their tasks",
        Scope.RESOURCES_READ: "read people and time nobody handed in",
        Scope.RESOURCES_WRITE: "change people, assignments, calendars, leave, overtime and trips",
        Scope.BILLING_READ: "read items, cases, decisions, bills and their exports",
        Scope.BILLING_WRITE: "submit items; tell what was invoiced, paid, disputed or given up",
    }
)
"""What a workflow does with its key; no key ever decides a case."""


def scopes_in_words(scopes: Collection[Scope]) -> str:
    """Tell what a key may do, without the scopes that wider ones of it hold already."""
    told = [one for one in Scope if one in scopes and not _is_within(one, scopes)]
    return ", ".join(SCOPE_WORDS[one] for one in told)


def _is_within(scope: Scope, scopes: Collection[Scope]) -> bool:
    if scope.endswith(":read"):
        return Scope.READ in scopes
    if scope is Scope.BILLING_WRITE:
        return Scope.ASSESS in scopes and Scope.REFERENCE in scopes
    return scope.endswith(":write") and Scope.REFERENCE in scopes
