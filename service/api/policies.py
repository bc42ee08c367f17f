"""The review policy: what is in force, drafts, and the second person who publishes one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from service.api.access import Caller, Parts, Reader
from service.api.body import DraftBody, EffectBody
from service.api.pages import Cursor, Limit, page_of
from service.domain.actor import Actor
from service.usecases.policy.draft_policy import (
    draft_policy,
    require_policy_role,
    withdraw_policy,
)
from service.usecases.policy.policy_effect import policy_effect
from service.usecases.policy.publish_policy import publish_policy
from service.usecases.policy.show_policy import draft_view, draft_views, policy_view, version_views
from service.wire.cases import MAX_PAGE
from service.wire.policies import (
    DraftPage,
    DraftView,
    PolicyEffect,
    PolicyVersionPage,
    PolicyView,
)

router = APIRouter(prefix="/v1/policy", tags=["policy"])


def unwalled(actor: Reader) -> Actor:
    """Let readers without a wall through: no wall can cut what drafts and versions tell."""
    actor.require_open_wall()
    return actor


Unwalled = Annotated[Actor, Depends(unwalled)]


@router.get("")
def get_policy(parts: Parts, actor: Reader) -> PolicyView:
    """Tell what is in force: every limit with its meaning, and what the models promise."""
    with parts.read() as uow:
        champion = parts.models.champion(uow, now=parts.clock.now())
        return policy_view(actor, champion=champion, uow=uow)


@router.get("/versions")
def get_versions(
    parts: Parts, actor: Unwalled, cursor: Cursor = None, limit: Limit = MAX_PAGE
) -> PolicyVersionPage:
    """List every version that was ever published, newest first."""
    del actor
    with parts.read() as uow:
        found = version_views(uow)
    shown, more = page_of(found, cursor=cursor, limit=limit, id_of=lambda one: str(one.version))
    return PolicyVersionPage(versions=shown, next_cursor=more)


@router.get("/drafts")
def get_drafts(
    parts: Parts, actor: Unwalled, cursor: Cursor = None, limit: Limit = 50
) -> DraftPage:
    """List drafts, waiting and settled, newest first."""
    with parts.read() as uow:
        found = draft_views(actor, before=cursor, limit=limit + 1, uow=uow)
    shown = found[:limit]
    return DraftPage(drafts=shown, next_cursor=shown[-1].id if len(found) > limit else None)


@router.post("/drafts")
def post_draft(request: DraftBody, parts: Parts, actor: Caller) -> DraftView:
    """Propose a change; it has no effect until somebody else publishes it."""
    draft = parts.writer.run(
        lambda uow: draft_policy(
            request, actor=actor, uow=uow, now=parts.clock.now(), ids=parts.ids
        )
    )
    with parts.read() as uow:
        return draft_view(draft, actor=actor, uow=uow)


@router.post("/drafts/{draft_id}/publish")
def post_publication(draft_id: str, parts: Parts, actor: Caller) -> PolicyView:
    """Put a colleague's draft in force."""
    parts.writer.run(
        lambda uow: publish_policy(draft_id, actor=actor, uow=uow, now=parts.clock.now())
    )
    return get_policy(parts, actor)


@router.post("/drafts/{draft_id}/withdraw")
def post_withdrawal(draft_id: str, parts: Parts, actor: Caller) -> DraftView:
    """Put a draft aside for good."""
    draft = parts.writer.run(
        lambda uow: withdraw_policy(draft_id, actor=actor, uow=uow, now=parts.clock.now())
    )
    with parts.read() as uow:
        return draft_view(draft, actor=actor, uow=uow)


@router.post("/effect")
def post_effect(request: EffectBody, parts: Parts, actor: Caller) -> PolicyEffect:
    """Tell what a policy would change for the cases that are open now; it stores nothing."""
    require_policy_role(actor)
    with parts.read() as uow:
        return policy_effect(request.policy, uow=uow, now=parts.clock.now())
