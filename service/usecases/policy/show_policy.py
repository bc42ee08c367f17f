"""The review policy as people read it: in force, drafted, and every version before."""

from __future__ import annotations

from data.policy_words import changes, in_words
from data.schemas.review_policy import STANDARD_REVIEW_POLICY, ReviewPolicy
from data.schemas.vocabulary import DraftStatus
from service.domain.actor import Actor
from service.domain.policy_draft import PolicyDraft, PolicyVersion
from service.ports.stores import UnitOfWork
from service.usecases.policy.draft_policy import POLICY_ROLES
from service.wire.models import BundleView
from service.wire.policies import DraftView, PolicyVersionView, PolicyView

NOT_YOUR_OWN = "You drafted it; a second person publishes it."
NOT_YOUR_ROLE = "Approvers and administrators publish."
OUTDATED = "Another version came into force since; draft the change again."


def policy_view(actor: Actor, *, champion: BundleView | None, uow: UnitOfWork) -> PolicyView:
    """Give what is in force, with what the models in force promise."""
    newest = next(iter(uow.policies.versions()), None)
    policy = STANDARD_REVIEW_POLICY if newest is None else newest.policy
    return PolicyView(
        version=0 if newest is None else newest.version,
        policy=policy,
        limits=in_words(policy),
        published_at=None if newest is None else newest.published_at,
        note="" if newest is None else newest.note,
        author_name=None if newest is None else person_name(newest.author_id, uow=uow),
        publisher_name=None if newest is None else person_name(newest.publisher_id, uow=uow),
        bundle=None if champion is None else champion.id,
        promises=() if champion is None else champion.certificates,
        may_i_draft=_may_change(actor),
    )


def version_views(uow: UnitOfWork) -> tuple[PolicyVersionView, ...]:
    """Give every version that was ever published, newest first, with what each changed."""
    versions = uow.policies.versions()
    befores = [*(one.policy for one in versions[1:]), STANDARD_REVIEW_POLICY]
    return tuple(
        _version_view(one, before=before, uow=uow)
        for one, before in zip(versions, befores, strict=False)
    )


def draft_views(
    actor: Actor, *, before: str | None, limit: int, uow: UnitOfWork
) -> tuple[DraftView, ...]:
    """Give drafts as the actor sees them, newest first: all, or those before one of them."""
    policies = _policies(uow)
    return tuple(
        draft_view(one, actor=actor, policies=policies, uow=uow)
        for one in uow.policies.drafts(before=before, limit=limit)
    )


def draft_view(
    draft: PolicyDraft,
    *,
    actor: Actor,
    uow: UnitOfWork,
    policies: dict[int, ReviewPolicy] | None = None,
) -> DraftView:
    """Give one draft as the actor sees it."""
    known = _policies(uow) if policies is None else policies
    why_not = _why_not(draft, actor=actor, in_force=max(known))
    settled_by = draft.settled_by_id
    return DraftView(
        id=draft.id,
        policy=draft.policy,
        note=draft.note,
        based_on=draft.based_on,
        author_id=draft.author_id,
        author_name=person_name(draft.author_id, uow=uow),
        drafted_at=draft.drafted_at,
        status=draft.status,
        settled_by_name=None if settled_by is None else person_name(settled_by, uow=uow),
        settled_at=draft.settled_at,
        changes=changes(known[draft.based_on], draft.policy),
        may_i_publish=why_not is None,
        why_not=why_not,
    )


def person_name(person_id: str, *, uow: UnitOfWork) -> str:
    """Give the name of a person, or the id of whoever has no account."""
    account = uow.accounts.by_person(person_id)
    return person_id if account is None else account.name


def _version_view(
    one: PolicyVersion, *, before: ReviewPolicy, uow: UnitOfWork
) -> PolicyVersionView:
    return PolicyVersionView(
        version=one.version,
        policy=one.policy,
        note=one.note,
        author_name=person_name(one.author_id, uow=uow),
        publisher_name=person_name(one.publisher_id, uow=uow),
        published_at=one.published_at,
        changes=changes(before, one.policy),
    )


def _policies(uow: UnitOfWork) -> dict[int, ReviewPolicy]:
    return {0: STANDARD_REVIEW_POLICY} | {
        one.version: one.policy for one in uow.policies.versions()
    }


def _why_not(draft: PolicyDraft, *, actor: Actor, in_force: int) -> str | None:
    if draft.status is not DraftStatus.WAITING:
        return f"It was {draft.status.value} already."
    if not _may_change(actor):
        return NOT_YOUR_ROLE
    if draft.author_id == actor.id:
        return NOT_YOUR_OWN
    return OUTDATED if draft.based_on != in_force else None


def _may_change(actor: Actor) -> bool:
    return actor.wall.is_open and bool(actor.roles.intersection(POLICY_ROLES))
