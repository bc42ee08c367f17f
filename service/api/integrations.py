"""How the parts of the installation and the systems beside it fare."""

from __future__ import annotations

from fastapi import APIRouter

from data.schemas.vocabulary import Role
from service.api.access import Parts, Reader
from service.domain.actor import Actor
from service.wire.integrations import IntegrationsView

router = APIRouter(prefix="/v1", tags=["health"])
WATCHERS = (
    Role.INTEGRATION_OWNER, Role.ADMIN, Role.APPROVER, Role.AUDITOR, Role.OPERATIONS_LEADER,
)  # fmt: skip


def require_watcher(actor: Actor) -> None:
    """Ask for a role that watches, and no wall: what is watched holds work of many clients."""
    actor.require_role(*WATCHERS)
    actor.require_open_wall()


@router.get("/integrations")
def get_integrations(parts: Parts, actor: Reader) -> IntegrationsView:
    """Tell what works, what is in trouble, and what is not connected."""
    actor.require_role(*WATCHERS)
    now = parts.clock.now()
    return IntegrationsView(systems=parts.integrations.systems(now=now), at=now)
