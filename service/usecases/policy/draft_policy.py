"""Propose a change of the review policy, or put a proposal aside."""

from __future__ import annotations

from datetime import datetime

from data.policy_words import changes
from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import AuditEvent, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError, NotFoundError
from service.domain.policy_draft import PolicyDraft
from service.ports.clock import Ids
from service.ports.stores import UnitOfWork
from service.usecases.telling.tell import tell_draft_waits
from service.wire.policies import DraftRequest

POLICY_ROLES = (Role.APPROVER, Role.ADMIN)


def require_policy_role(actor: Actor) -> None:
    """Let approvers and administrators without a wall through; a key never.

    Raises NotAllowedError.
    """
    actor.require_role(*POLICY_ROLES)
    actor.require_open_wall()


def draft_policy(
    request: DraftRequest, *, actor: Actor, uow: UnitOfWork, now: datetime, ids: Ids
) -> PolicyDraft:
    """Store a draft on top of the policy in force; it changes nothing by itself.

    Raises NotAllowedError, and InvalidRequestError where it says what is in force already or why
    is missing.
    """
    require_policy_role(actor)
    in_force = uow.policies.in_force()
    if request.policy == in_force:
        raise InvalidRequestError("policy", "(as in force)", "changes nothing; change a limit")
    if not request.note.strip():
        raise InvalidRequestError("note", request.note, "say why the policy should change")
    draft = PolicyDraft(
        id=ids.new("pol"),
        policy=request.policy,
        note=request.note.strip(),
        based_on=uow.policies.version(),
        author_id=actor.id,
        drafted_at=now,
    )
    uow.policies.add_draft(draft)
    facts = {"based_on": draft.based_on, "changes": changed_values(in_force, draft.policy)}
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POLICY_DRAFTED, at=now, actor_id=actor.id, subject=draft.id,
            facts=facts,
        )
    )  # fmt: skip
    tell_draft_waits(actor=actor, uow=uow, now=now)
    return draft


def withdraw_policy(draft_id: str, *, actor: Actor, uow: UnitOfWork, now: datetime) -> PolicyDraft:
    """Put a draft aside for good, one's own or a colleague's.

    Raises NotAllowedError, NotFoundError and DraftSettledError.
    """
    require_policy_role(actor)
    withdrawn = draft_named(draft_id, uow=uow).withdrawn(by=actor.id, at=now)
    uow.policies.settle(withdrawn)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.POLICY_WITHDRAWN, at=now, actor_id=actor.id, subject=draft_id,
            facts={"author": withdrawn.author_id},
        )
    )  # fmt: skip
    return withdrawn


def draft_named(draft_id: str, *, uow: UnitOfWork) -> PolicyDraft:
    """Give a draft. Raises NotFoundError."""
    draft = uow.policies.draft(draft_id)
    if draft is None:
        raise NotFoundError("draft", draft_id)
    return draft


def changed_values(before: ReviewPolicy, after: ReviewPolicy) -> dict[str, dict[str, object]]:
    """Give what differs as the audit trail keeps it: by field, before and after."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return {
        one.path: {"before": _plain(old, one.path), "after": _plain(new, one.path)}
        for one in changes(before, after)
    }


def _plain(dumped: dict[str, object], path: str) -> object:
    found: object = dumped
    for name in path.split("."):
        found = found[name]  # type: ignore[index]
    return found
