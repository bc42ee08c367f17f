"""A company's own log-in, which may vouch for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.schemas.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideIdentity:
    """What a company's log-in says of a person, after its signature was checked."""

    external_id: str
    """Issuer and subject: the one name that never passes to somebody else."""
    login: str
    """The name people know the person by; it opens nothing."""
    name: str
    email: str
    roles: frozenset[Role] | None
    """What the company's directory says they may do; None when it is not asked about roles."""
    authenticated_at: datetime
    token_sha256: str
    """Hash of what was signed, to know a token that comes twice."""


class IdentityProvider(Protocol):
    """Reads the identity tokens of one company's log-in."""

    @property
    def gives_roles(self) -> bool:
        """Say whether the company's directory says what people may do."""
        ...

    def identify(self, token: str, *, now: datetime) -> OutsideIdentity:
        """Check a token and give who it speaks of. Raises NotSignedInError, UnavailableError."""
        ...

    def external_id(self, subject: str) -> str:
        """Give the one name of a person whose subject at this log-in is known."""
        ...
