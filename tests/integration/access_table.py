"""The declared access of every route, read from access_table.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from data.schemas.vocabulary import Role, Scope
from service.domain.object_groups import GROUPS

OPEN, BARE, CUT, REFUSED = "open", "bare", "cut", "refused"
WALLS = frozenset({OPEN, BARE, CUT, REFUSED})
"""What a wall does where a route is not about one thing; all else names a kind of thing."""
FILE = Path(__file__).with_name("access_table.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Who may call one route, and what a wall does there."""

    route: str
    roles: frozenset[Role]
    scopes: frozenset[Scope]
    wall: str

    @property
    def method(self) -> str:
        """The method."""
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path with its parameters in braces."""
        return self.route.partition(" ")[2]

    @property
    def name(self) -> str:
        """The first word of the path behind the version, as objects are grouped by it."""
        return self.path.removeprefix("/v1").split("/")[1]

    @property
    def is_open(self) -> bool:
        """Whether nobody is asked who they are."""
        return self.wall == OPEN

    @property
    def is_about_a_thing(self) -> bool:
        """Whether the path names one thing that lies on one side of a wall."""
        return self.wall not in WALLS


def declared() -> dict[str, Row]:
    """Every row by its route."""
    table = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    groups = {name: frozenset(map(Role, roles)) for name, roles in table["groups"].items()}
    return {
        route: Row(
            route=route,
            roles=frozenset() if roles == "none" else groups[roles],
            scopes=_scopes(scopes),
            wall=wall,
        )
        for route, (roles, scopes, wall) in table["routes"].items()
    }


def _scopes(words: str) -> frozenset[Scope]:
    if words == "any":
        return frozenset(Scope)
    return frozenset() if words == "none" else frozenset(map(Scope, words.split()))


def served(router: Any) -> Iterator[str]:
    """Every route that an application or a router serves, documented or not."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from served(inner)
            continue
        for method in sorted(route.methods - {"HEAD"}):
            yield f"{method} {route.path.replace(':path', '')}"


def ungrouped(rows: Mapping[str, Row]) -> list[str]:
    """Routes for keys that nobody said of which objects they tell."""
    grouped = {Scope.READ, Scope.ASSESS, Scope.REFERENCE}
    return sorted(
        row.route
        for row in rows.values()
        if row.scopes & grouped and row.scopes < frozenset(Scope) and row.name not in GROUPS
    )


def undeclared(router: Any, *, rows: Mapping[str, Row]) -> list[str]:
    """Routes that are served and stand in no row."""
    return sorted(set(served(router)) - set(rows))
