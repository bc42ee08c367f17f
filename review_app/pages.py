"""Every page of the review app: its title, where it stands in the menu, and who works there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from data.schemas.vocabulary import Role
from service.wire.access import Me

EVERYBODY = frozenset(Role)
DECIDERS = frozenset({Role.REVIEWER, Role.APPROVER})
"""Roles that work in the queue; every other role reads."""


class Section(StrEnum):
    """Heading of a menu; the pages of the daily work stand in the bar itself."""

    WORK = ""
    INSIGHT = "Insight"
    SET_UP = "Set-up"
    CONTROL = "Control"
    PERSON = "person"
    """The menu under the person's own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; hiding it is comfort, what a person may do is decided by the API alone."""

    name: str
    """Its address, and its key in the table of screens."""
    title: str
    icon: str
    section: Section
    roles: frozenset[Role]
    is_linked_only: bool = False
    """Reached by links, not by the menu."""


def _page(
    name: str, title: str, icon: str, section: Section, roles: frozenset[Role], *,
    is_linked_only: bool = False,
) -> Page:  # fmt: skip
    return Page(
        name=name,
        title=title,
        icon=f":material/{icon}:",
        section=section,
        roles=roles,
        is_linked_only=is_linked_only,
    )


_R = Role
_WATCHERS = frozenset({_R.APPROVER, _R.OPERATIONS_LEADER, _R.AUDITOR, _R.ADMIN})
_APPROVERS = frozenset(
    {_R.APPROVER, _R.OPERATIONS_LEADER, _R.RESOURCE_MANAGER, _R.INTEGRATION_OWNER, _R.ADMIN}
)
"""Roles that a rule of approval may sensibly name."""

PAGES: tuple[Page, ...] = (
    _page("queue", "Queue", "inbox", Section.WORK, DECIDERS),
    _page("my_work", "My work", "task", Section.WORK, EVERYBODY),
    _page("approvals", "Approvals", "verified", Section.WORK, _APPROVERS),
    _page("cases", "Cases", "list", Section.WORK, EVERYBODY),
    _page("case", "Case", "description", Section.WORK, EVERYBODY, is_linked_only=True),
    _page("operations", "Operations", "monitoring", Section.INSIGHT,
          _WATCHERS | {_R.RESOURCE_MANAGER, _R.REVIEWER}),
    _page("quality", "Quality", "balance", Section.INSIGHT,
          _WATCHERS | {_R.DATA_SCIENTIST, _R.REVIEWER}),
    _page("models", "Models", "model_training", Section.INSIGHT,
          frozenset({_R.DATA_SCIENTIST, _R.AUDITOR, _R.ADMIN, _R.APPROVER})),
    _page("contracts", "Contracts", "contract", Section.SET_UP, EVERYBODY),
    _page("policy", "Policy", "tune", Section.SET_UP, _WATCHERS | {_R.DATA_SCIENTIST}),
    _page("imports", "Import", "upload_file", Section.SET_UP,
          frozenset({_R.ADMIN, _R.INTEGRATION_OWNER, _R.DATA_SCIENTIST})),
    _page("exceptions", "Exceptions", "sync_problem", Section.CONTROL,
          _WATCHERS | {_R.INTEGRATION_OWNER}),
    _page("audit", "Audit", "history_edu", Section.CONTROL,
          frozenset({_R.AUDITOR, _R.ADMIN, _R.DATA_SCIENTIST})),
    _page("people", "People and access", "group", Section.CONTROL,
          frozenset({_R.ADMIN, _R.AUDITOR})),
    _page("account", "My account", "person", Section.PERSON, EVERYBODY),
    _page("log_out", "Log out", "logout", Section.PERSON, EVERYBODY),
)  # fmt: skip
"""In the order of the menu; a page whose screen is not in the table of screens is left out."""

_HOMES: tuple[tuple[Role, str], ...] = (
    (Role.REVIEWER, "queue"),
    (Role.APPROVER, "approvals"),
    (Role.DATA_SCIENTIST, "models"),
    (Role.INTEGRATION_OWNER, "exceptions"),
    (Role.OPERATIONS_LEADER, "operations"),
    (Role.RESOURCE_MANAGER, "operations"),
    (Role.AUDITOR, "audit"),
    (Role.ADMIN, "people"),
)
"""Where each kind of person starts; of several roles the first counts."""


def pages_of(me: Me, *, built: frozenset[str]) -> tuple[Page, ...]:
    """Give the person's pages among those that are built, in the order of the menu."""
    roles = set(me.roles)
    return tuple(page for page in PAGES if page.name in built and page.roles & roles)


def home_of(me: Me, *, built: frozenset[str]) -> str:
    """Give the page a person starts on."""
    names = [page.name for page in pages_of(me, built=built)]
    wished = [name for role, name in _HOMES if role in me.roles and name in names]
    return wished[0] if wished else "cases"


def may_decide(me: Me) -> bool:
    """Say whether the person has a queue."""
    return bool(DECIDERS & set(me.roles))
