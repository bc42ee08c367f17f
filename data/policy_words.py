"""The review policy in words: each limit with its meaning, and what a draft would change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from data.definitions import DEFINITIONS
from data.schemas.approval_policy import ApprovalRule, Approver, ClientOwner
from data.schemas.review_policy import ReviewPolicy, TimeoutRule, WorkingHours
from data.schemas.values import Record

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Limit(Record):
    """One thing the policy sets, as people read it."""

    path: str
    """The field, with a dot before the field of a part."""
    title: str
    meaning: str
    value: str


class Change(Record):
    """One thing that differs between two policies."""

    path: str
    title: str
    meaning: str
    before: str
    after: str


def in_words(policy: ReviewPolicy) -> tuple[Limit, ...]:
    """Give every limit of a policy, in the order in which people read them."""
    return tuple(
        Limit(path=path, title=title(path), meaning=meaning(path), value=words(value(policy, path)))
        for path, words in _WORDS.items()
    )


def changes(before: ReviewPolicy, after: ReviewPolicy) -> tuple[Change, ...]:
    """Give what `after` sets otherwise than `before`; empty where they say the same."""
    return tuple(
        Change(
            path=path,
            title=title(path),
            meaning=meaning(path),
            before=words(value(before, path)),
            after=words(value(after, path)),
        )
        for path, words in _WORDS.items()
        if value(before, path) != value(after, path)
    )


def title(path: str) -> str:
    """Give the name of a limit."""
    return DEFINITIONS[definition_name(path)].title


def meaning(path: str) -> str:
    """Give what a limit does."""
    return DEFINITIONS[definition_name(path)].text


def definition_name(path: str) -> str:
    """Give the name under which a limit is defined."""
    return f"policy_{path.replace('.', '_')}"


def value(policy: ReviewPolicy, path: str) -> Any:  # noqa: ANN401 - as the field declares it
    """Give what a policy sets for a limit."""
    found: Any = policy
    for name in path.split("."):
        found = getattr(found, name)
    return found


def _money(major: int) -> str:
    return f"{major:,}"


def _share(share: float) -> str:
    return f"{share * 100:g} %"


def _hours(count: int) -> str:
    return f"{count} working hours"


def _desk_hours(hours: WorkingHours) -> str:
    days = ", ".join(WEEKDAYS[day] for day in hours.weekdays)
    return f"{days}, {hours.start_hour}:00 to {hours.end_hour}:00, {hours.zone}"


def _rules(rules: tuple[TimeoutRule, ...]) -> str:
    return "; ".join(_rule(one) for one in rules) or "none"


def _rule(rule: TimeoutRule) -> str:
    kind = "every kind" if rule.kind is None else rule.kind.replace("_", " ")
    size = f" from {rule.from_major:,}" if rule.from_major else ""
    then = rule.on_timeout.replace("_", " ")
    return f"{kind}{size}: {rule.respond_hours} working hours, then {then}"


def _approvals(rules: tuple[ApprovalRule, ...]) -> str:
    return "; ".join(approval_in_words(one) for one in rules) or "none"


def approval_in_words(rule: ApprovalRule) -> str:
    """Give a rule of approval as people read it."""
    between = ", then " if rule.is_in_turn else " and "
    asked = between.join(approver_in_words(one) for one in rule.approvers)
    unit = f" {rule.currency}" if rule.currency else ""
    return (
        f"{rule.kind.replace('_', ' ')} from {rule.from_major:,}{unit}: {asked}; reminded every "
        f"{rule.remind_hours} working hours, after {rule.respond_hours} also "
        f"{rule.escalate_to.replace('_', ' ')}"
    )


def approver_in_words(one: Approver) -> str:
    """Give who must say yes as people read it."""
    role = one.role.replace("_", " ")
    return f"the client's owner ({role})" if one.is_client_owner else role


def _owners(owners: tuple[ClientOwner, ...]) -> str:
    return "; ".join(f"{one.client_id}: {one.person_id}" for one in owners) or "nobody is named"


_WORDS: dict[str, Callable[[Any], str]] = {
    "four_eyes_major": _money,
    "four_eyes_override_major": _money,
    "sure_probability": _share,
    "is_trainee_seconded": {True: "yes", False: "no"}.__getitem__,
    "lanes.audit": _share,
    "lanes.double": _share,
    "lanes.gold": _share,
    "own_call_major": _money,
    "own_call_share": _share,
    "hidden_score_share": _share,
    "bulk_most_cases": str,
    "bulk_most_major": _money,
    "value_cap_major": _money,
    "working_hours": _desk_hours,
    "timeouts": _rules,
    "hold_escalated_after_hours": _hours,
    "approvals.rules": _approvals,
    "approvals.owners": _owners,
}
