"""Who may read and who may change what people are allowed to do."""

from __future__ import annotations

from data.schemas.vocabulary import Role
from service.domain.actor import Actor


def require_access_reader(actor: Actor) -> None:
    """Let administrators and auditors through. Raises NotAllowedError."""
    actor.require_role(Role.ADMIN, Role.AUDITOR)
    actor.require_open_wall()


def require_access_changer(actor: Actor) -> None:
    """Let administrators through. Raises NotAllowedError."""
    actor.require_role(Role.ADMIN)
    actor.require_open_wall()
