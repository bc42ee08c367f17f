"""A review policy in force, for tests of what follows from it."""

from __future__ import annotations

from datetime import datetime

from data.schemas.review_policy import LaneShares, ReviewPolicy
from service.audit.canonical import canonical
from service.clock import SystemClock
from service.domain.policy_draft import PolicyDraft
from service.ports.stores import UnitOfWork
from service.store.database import open_for_writing
from service.store.unit_of_work import WorkOpener
from tests.builders.service import Workplace

CALM = ReviewPolicy(
    own_call_share=0.0,
    hidden_score_share=0.0,
    lanes=LaneShares(audit=0.0, double=0.0, gold=0.0),
)
"""Nothing at the desk is drawn by chance."""


def publish(workplace: Workplace, policy: ReviewPolicy) -> None:
    """Put a policy in force, by two people."""
    now, new_id = workplace.clock.now(), workplace.ids.new("draft")
    workplace.run(lambda uow: put_in_force(policy, draft_id=new_id, uow=uow, now=now))


def publish_at(database: str, policy: ReviewPolicy) -> None:
    """The same in the database of an installation that is not served yet."""
    engine = open_for_writing(database)
    with WorkOpener(engine, canonical=canonical)() as uow:
        put_in_force(policy, draft_id="draft-1", uow=uow, now=SystemClock().now())
    engine.dispose()


def put_in_force(policy: ReviewPolicy, *, draft_id: str, uow: UnitOfWork, now: datetime) -> None:
    """Have one person draft a policy and another publish it."""
    draft = PolicyDraft(
        id=draft_id,
        policy=policy,
        note="A test",
        based_on=uow.policies.version(),
        author_id="anna",
        drafted_at=now,
    )
    uow.policies.add_draft(draft)
    uow.policies.publish(draft.published(by="adam", in_force=uow.policies.version(), at=now))
