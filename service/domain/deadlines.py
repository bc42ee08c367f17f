"""When a case must be answered, and what happens if nobody does: the rules of the policy."""

from __future__ import annotations

from datetime import datetime

from data.schemas.review_policy import ReviewPolicy, TimeoutRule
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import ItemKind
from service.domain.working_hours import after_working_hours


def timeout_rule(
    policy: ReviewPolicy, *, kind: ItemKind, amount_minor: int, currency: str
) -> TimeoutRule:
    """Give the rule of a case: one of its kind outranks a general one, then the largest amount."""
    major = amount_minor / minor_per_major(currency)
    fitting = [
        one for one in policy.timeouts if one.kind in {None, kind} and one.from_major <= major
    ]
    if not fitting:
        return TimeoutRule()
    return max(fitting, key=lambda one: (one.kind is not None, one.from_major))


def due_at(
    since: datetime, *, kind: ItemKind, amount_minor: int, currency: str, policy: ReviewPolicy
) -> datetime:
    """Give when a case that came up at `since` should be answered."""
    rule = timeout_rule(policy, kind=kind, amount_minor=amount_minor, currency=currency)
    return after_working_hours(since, rule.respond_hours, desk=policy.working_hours)


def hold_at(now: datetime, *, policy: ReviewPolicy) -> datetime:
    """Give when an escalated case that still waits has its invoice held."""
    return after_working_hours(now, policy.hold_escalated_after_hours, desk=policy.working_hours)
