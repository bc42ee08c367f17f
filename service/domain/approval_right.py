"""Who may say yes or no to a request for approval now, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.schemas.approval_policy import Approver
from data.schemas.vocabulary import Role
from service.domain.account import Account
from service.domain.actor import Actor
from service.domain.approval import Approval


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """The place that a person's word would fill."""

    place: int
    in_place_of_id: str | None = None
    """Whose deputy they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """What is known of people when somebody wants to give their word."""

    judges: frozenset[str]
    """Who gave the decision, or a second verdict that agreed with it."""
    accounts: Sequence[Account]
    now: datetime

    @property
    def absent(self) -> Iterator[Account]:
        """Everybody who is away, and is there at all."""
        return (one for one in self.accounts if one.is_active and one.is_absent(now=self.now))


def right_to_approve(approval: Approval, actor: Actor, *, asker: Asker) -> Right | str:
    """Give the place that the actor's word fills, or in words why they have none."""
    if not approval.is_asked:
        return f"It was {approval.status.value} already."
    if actor.id in asker.judges:
        return "It is your own decision; somebody else has to approve it."
    if actor.is_trainee:
        return "You are in training; whoever is not has to approve it."
    if actor.id in {one.person_id for one in approval.words}:
        return "You have given your word; another person has to give the next one."
    for place in approval.open_places:
        right = _right_in(approval, place, actor, asker=asker)
        if right is not None:
            return right
    asked = " or ".join(who_is_asked(approval, accounts=asker.accounts))
    return f"It waits for {asked}."


def who_is_asked(approval: Approval, *, accounts: Sequence[Account]) -> tuple[str, ...]:
    """Give who may speak now in words: a role, or the owner's name."""
    names = {one.person_id: one.name for one in accounts}
    asked = []
    for place in approval.open_places:
        one = approval.terms.rule.approvers[place]
        owner_id = _named(one, approval)
        role = one.role.value.replace("_", " ")
        asked.append(names.get(owner_id, owner_id) if owner_id else role)
    if approval.escalated_at is not None:
        asked.append(approval.terms.rule.escalate_to.value.replace("_", " "))
    return tuple(dict.fromkeys(asked))


def people_asked(approval: Approval, *, asker: Asker) -> tuple[str, ...]:
    """Give the ids of everybody whose word would count now, themselves or as a deputy."""
    return tuple(
        one.person_id
        for one in asker.accounts
        if one.is_active
        and isinstance(right_to_approve(approval, _as_actor(one), asker=asker), Right)
    )


def _right_in(approval: Approval, place: int, actor: Actor, *, asker: Asker) -> Right | None:
    one = approval.terms.rule.approvers[place]
    if _fits(one, approval, person_id=actor.id, roles=actor.roles):
        return Right(place=place)
    for away in asker.absent:
        is_asked = _fits(one, approval, person_id=away.person_id, roles=away.roles)
        if is_asked and away.deputy_id == actor.id and away.person_id not in asker.judges:
            return Right(place=place, in_place_of_id=away.person_id)
    is_late = approval.escalated_at is not None
    return (
        Right(place=place) if is_late and approval.terms.rule.escalate_to in actor.roles else None
    )


def _fits(one: Approver, approval: Approval, *, person_id: str, roles: frozenset[Role]) -> bool:
    owner_id = _named(one, approval)
    return person_id == owner_id if owner_id else one.role in roles


def _named(one: Approver, approval: Approval) -> str | None:
    return approval.terms.owner_id if one.is_client_owner else None


def _as_actor(account: Account) -> Actor:
    return Actor(
        id=account.person_id, name=account.name, roles=account.roles, wall=account.wall,
        is_trainee=account.is_trainee,
    )  # fmt: skip
