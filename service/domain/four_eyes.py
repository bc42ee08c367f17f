"""When a decision needs a second person, and when two verdicts are one."""

from __future__ import annotations

from collections.abc import Sequence

from data.schemas.assessment import Assessment
from data.schemas.decision import Decision
from data.schemas.review_policy import ReviewPolicy
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import FINAL_VERDICTS, Proof, Severity, Verdict
from service.domain.actor import Actor
from service.domain.case import Case
from service.domain.decided_money import DecidedMoney
from service.domain.queue import has_effect

GRAVE = frozenset({Severity.CRITICAL, Severity.HIGH})
"""What a rule proves below this is a note: going past it overrides nobody."""


def four_eyes_rule(
    case: Case,
    verdict: Verdict,
    money: DecidedMoney,
    *,
    said: Assessment,
    policy: ReviewPolicy,
    is_trainee: bool,
) -> str | None:
    """Give the rule by which a decision needs a second person, in words; None where none does.

    Money that is billed, given up or moved counts. A verdict that has no effect needs nobody.
    """
    if verdict not in FINAL_VERDICTS or not has_effect(case):
        return None
    major = minor_per_major(case.currency)
    settled = money.approved_minor + money.written_off_minor + money.moved_minor
    if settled >= policy.four_eyes_major * major:
        return f"{policy.four_eyes_major:,} {case.currency} or more is billed, given up or moved"
    is_large = case.amount_minor >= policy.four_eyes_override_major * major
    if is_large and is_sure_override(verdict, said=said, policy=policy):
        return (
            f"it goes against a sure finding, from {policy.four_eyes_override_major:,} "
            f"{case.currency} on"
        )
    if is_trainee and policy.is_trainee_seconded:
        return "the person who decided is in training"
    return None


def is_sure_override(verdict: Verdict, *, said: Assessment, policy: ReviewPolicy) -> bool:
    """Say whether a final verdict goes against a rule's proof or a model that is sure of itself."""
    is_proved = any(
        finding.proof is Proof.RULE and finding.severity in GRAVE for finding in said.findings
    )
    chance = said.violation_probability
    if verdict is Verdict.APPROVE:
        return is_proved or (chance is not None and chance >= policy.sure_probability)
    return not is_proved and chance is not None and chance <= 1 - policy.sure_probability


def may_be_second(actor: Actor, *, policy: ReviewPolicy) -> bool:
    """Say whether the policy trusts a person to second others: no trainee who is seconded."""
    return not (actor.is_trainee and policy.is_trainee_seconded)


def agrees(first: Decision, second: Decision) -> bool:
    """Say whether two people came to the same: verdict, money, and where moved minutes go."""
    return _outcome(first) == _outcome(second)


def _outcome(decision: Decision) -> tuple[object, ...]:
    return (
        decision.verdict,
        decision.approved_minor,
        decision.written_off_minor,
        decision.moved_minor,
        _moves(decision),
    )


def _moves(decision: Decision) -> Sequence[tuple[str, int, str, str]]:
    return sorted(
        (one.row_id, one.minutes_moved, one.moved_to.contract_id, one.moved_to.line_id)
        for one in decision.adjustments
        if one.moved_to is not None
    )
