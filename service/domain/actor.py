"""Who acts: a person under a session or a workflow under a key, and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.schemas.vocabulary import Role, Scope
from service.domain.errors import NotAllowedError

SCOPES_OF_ROLE: dict[Role, frozenset[Scope]] = {
    Role.REVIEWER: frozenset({Scope.READ}),
    Role.APPROVER: frozenset({Scope.READ}),
    Role.AUDITOR: frozenset({Scope.READ, Scope.AUDIT}),
    Role.DATA_SCIENTIST: frozenset({Scope.READ, Scope.AUDIT}),
    Role.ADMIN: frozenset({Scope.READ, Scope.AUDIT, Scope.REFERENCE, Scope.ASSESS}),
}
"""What a role implies at the API; deciding is a matter of the role itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever is behind a call, as the API alone established it."""

    id: str
    name: str
    roles: frozenset[Role] = frozenset()
    key_scopes: frozenset[Scope] = frozenset()
    session_sha256: str | None = None
    session_expires_at: datetime | None = None

    @property
    def scopes(self) -> frozenset[Scope]:
        """Everything the actor may do at the API."""
        return self.key_scopes.union(*(SCOPES_OF_ROLE[role] for role in self.roles))

    @property
    def is_person(self) -> bool:
        """Only people decide; a key never does."""
        return bool(self.roles)

    def require(self, scope: Scope) -> None:
        """Raise NotAllowedError without the scope."""
        if scope not in self.scopes:
            raise NotAllowedError(f"the scope '{scope}'")

    def require_role(self, *roles: Role) -> None:
        """Raise NotAllowedError unless the actor has one of the roles."""
        if not self.roles.intersection(roles):
            raise NotAllowedError(f"the role {' or '.join(roles)}")


POLICY = Actor(id="policy", name="Policy")
"""The actor of everything that policy decides without a person."""
WORKER = Actor(id="worker", name="Posting worker")
