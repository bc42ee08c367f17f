"""What a review policy asks of the cases that are open: the same cases, counted under each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.schemas.review_policy import ReviewPolicy
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import ItemKind, Lane
from service.domain.deadlines import due_at
from service.domain.queue import EFFECT_FREE


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """As much of an unfinished case as a policy looks at."""

    kind: ItemKind
    lane: Lane
    amount_minor: int
    currency: str
    doubt: float
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many cases a policy asks something of."""

    four_eyes: int
    own_call: int
    late: int


def counted(work: Sequence[OpenWork], *, policy: ReviewPolicy, now: datetime) -> Counted:
    """Count the cases that would need two people, an own call first, or are late."""
    return Counted(
        four_eyes=sum(needs_second_person(one, policy=policy) for one in work),
        own_call=sum(_major(one) >= policy.own_call_major for one in work),
        late=sum(_is_late(one, policy=policy, now=now) for one in work),
    )


def needs_second_person(one: OpenWork, *, policy: ReviewPolicy) -> bool:
    """Say whether approving a case as it stands would need a second person.

    A repeat of another case moves no money. Approving what a model is sure is faulty is an
    override of it, for which the lower limit holds.
    """
    if one.lane in EFFECT_FREE:
        return False
    is_sure = one.doubt >= policy.sure_probability
    limit = policy.four_eyes_override_major if is_sure else policy.four_eyes_major
    return _major(one) >= min(limit, policy.four_eyes_major)


def _is_late(one: OpenWork, *, policy: ReviewPolicy, now: datetime) -> bool:
    due = due_at(
        one.opened_at,
        kind=one.kind,
        amount_minor=one.amount_minor,
        currency=one.currency,
        policy=policy,
    )
    return due < now


def _major(one: OpenWork) -> float:
    return one.amount_minor / minor_per_major(one.currency)
