"""Who acts: a person under a session or a workflow under a key, and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.schemas.vocabulary import Role, Scope
from service.domain.errors import NotAllowedError
from service.domain.object_groups import ObjectGroup, scope_within
from service.domain.wall import OPEN_WALL, Wall

SCOPES_OF_ROLE: dict[Role, frozenset[Scope]] = {
    Role.REVIEWER: frozenset({Scope.READ}),
    Role.APPROVER: frozenset({Scope.READ}),
    Role.AUDITOR: frozenset({Scope.READ, Scope.AUDIT}),
    Role.DATA_SCIENTIST: frozenset({Scope.READ, Scope.AUDIT}),
    Role.OPERATIONS_LEADER: frozenset({Scope.READ}),
    Role.RESOURCE_MANAGER: frozenset({Scope.READ}),
    Role.INTEGRATION_OWNER: frozenset({Scope.READ, Scope.REFERENCE, Scope.ASSESS}),
    Role.ADMIN: frozenset({Scope.READ, Scope.AUDIT, Scope.REFERENCE, Scope.ASSESS}),
}
"""What a role implies at the API; deciding is a matter of the role itself."""

DECIDING = frozenset({Role.REVIEWER, Role.APPROVER})
"""Roles that decide cases."""
TOLD_EVERYTHING = frozenset({Role.AUDITOR, Role.DATA_SCIENTIST, Role.ADMIN})
"""Roles that judge the checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever is behind a call, as the API alone established it."""

    id: str
    name: str
    roles: frozenset[Role] = frozenset()
    key_scopes: frozenset[Scope] = frozenset()
    session_sha256: str | None = None
    session_expires_at: datetime | None = None
    wall: Wall = OPEN_WALL
    is_trainee: bool = False
    must_change_password: bool = False
    authenticated_at: datetime | None = None
    """When the person last proved who they are; None for a key."""

    @property
    def scopes(self) -> frozenset[Scope]:
        """Everything the actor may do at the API."""
        return self.key_scopes.union(*(SCOPES_OF_ROLE[role] for role in self.roles))

    @property
    def is_told_everything(self) -> bool:
        """Say whether the lanes and the models' opinion are no secret from the actor.

        Workflows under a key are told as well, as they decide nothing.
        """
        return not self.is_person or bool(self.roles & TOLD_EVERYTHING)

    @property
    def judges_blind(self) -> bool:
        """Say whether the actor decides cases, and is told of them only what a judge may be."""
        return bool(self.roles & DECIDING) and not self.is_told_everything

    @property
    def may_second(self) -> bool:
        """Say whether first verdicts are kept from the actor while a second one is awaited.

        That holds for whoever decides, whatever other roles they have.
        """
        return bool(self.roles & DECIDING)

    @property
    def is_person(self) -> bool:
        """Only people decide; a key never does."""
        return bool(self.roles)

    def may(self, scope: Scope, *, group: ObjectGroup | None = None) -> bool:
        """Say whether the actor has the scope, or the one of the group that is enough for it."""
        return scope in self.scopes or scope_within(scope, group) in self.scopes

    def require(self, scope: Scope, *, group: ObjectGroup | None = None) -> None:
        """Raise NotAllowedError without the scope, and without the one of the group."""
        if self.may(scope, group=group):
            return
        within = scope_within(scope, group)
        named = f"'{scope}'" if within is None else f"'{within}' or '{scope}'"
        raise NotAllowedError(f"the scope {named}")

    def require_role(self, *roles: Role) -> None:
        """Raise NotAllowedError unless the actor has one of the roles."""
        if not self.roles.intersection(roles):
            raise NotAllowedError(f"the role {' or '.join(roles)}")

    def sees(self, *, client_id: str, business_unit: str | None) -> bool:
        """Say whether something of this client and business unit is on the actor's side."""
        return self.wall.admits(client_id=client_id, business_unit=business_unit)

    def require_open_wall(self) -> None:
        """Raise NotAllowedError for whoever is behind a wall: what follows cannot be cut by one."""
        if not self.wall.is_open:
            raise NotAllowedError("access without walls")


POLICY = Actor(id="policy", name="Policy")
"""The actor of everything that policy decides without a person."""
WORKER = Actor(id="worker", name="Posting worker")
