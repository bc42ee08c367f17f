"""Put a drafted review policy in force: never by the person who drafted it."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.policy_draft import PolicyVersion
from service.ports.stores import UnitOfWork
from service.usecases.policy.draft_policy import changed_values, draft_named, require_policy_role


def publish_policy(draft_id: str, *, actor: Actor, uow: UnitOfWork, now: datetime) -> PolicyVersion:
    """Make a draft the next version of the policy; it holds from the next claim and decision on.

    Raises NotAllowedError, NotFoundError, OwnDraftError, DraftSettledError, and OutdatedDraftError
    where another version came into force since it was drafted.
    """
    require_policy_role(actor)
    before = uow.policies.in_force()
    draft = draft_named(draft_id, uow=uow).published(
        by=actor.id, in_force=uow.policies.version(), at=now
    )
    version = uow.policies.publish(draft)
    uow.policies.settle(draft)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POLICY_PUBLISHED,
            at=now,
            actor_id=actor.id,
            subject=draft.id,
            facts={
                "version": version.version,
                "author": draft.author_id,
                "changes": changed_values(before, draft.policy),
            },
        )
    )
    return version
