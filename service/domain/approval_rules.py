"""Which approvals a decision needs: by what it does with money, and what a rule had proved."""

from __future__ import annotations

from collections.abc import Iterator

from data.schemas.approval_policy import ApprovalPolicy, ApprovalRule
from data.schemas.assessment import Assessment
from data.schemas.catalogue import ExceptionCode
from data.schemas.decision import Decision
from data.schemas.review_policy import ReviewPolicy
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import (
    BILLING_VERDICTS,
    FINAL_VERDICTS,
    ApprovalKind,
    Proof,
    Verdict,
)
from service.domain.approval import ApprovalTerms
from service.domain.case import Case
from service.domain.queue import has_effect

RATE_FAULTS = frozenset({ExceptionCode.RATE_MISMATCH, ExceptionCode.RATE_ESCALATION_MISSED})
BEYOND_TERMS = frozenset({ExceptionCode.CHANGE_ORDER_UNSIGNED, ExceptionCode.OUT_OF_SCOPE_WORK})


def approvals_needed(
    decision: Decision, case: Case, *, said: Assessment, policy: ReviewPolicy
) -> tuple[ApprovalTerms, ...]:
    """Give the terms of every approval a decision needs, at most one of each kind.

    A decision that has no effect needs none. What is given is complete: no later policy is asked.
    """
    if decision.verdict not in FINAL_VERDICTS or not has_effect(case):
        return ()
    return tuple(
        ApprovalTerms(
            rule=rule,
            owner_id=policy.approvals.owner_of(case.client_id),
            working_hours=policy.working_hours,
            amount_minor=amount_minor,
            currency=case.currency,
        )
        for kind, amount_minor in _kinds_of(decision, said=said)
        if (rule := _rule(kind, amount_minor, policy=policy.approvals, currency=case.currency))
    )


def _kinds_of(decision: Decision, *, said: Assessment) -> Iterator[tuple[ApprovalKind, int]]:
    """What a decision is in the words of the policy, each with the money it is about."""
    proved = {one.code for one in said.findings if one.proof is Proof.RULE}
    if decision.verdict in BILLING_VERDICTS and decision.approved_minor:
        if proved & RATE_FAULTS:
            yield ApprovalKind.RATE_EXCEPTION, decision.approved_minor
        if proved & BEYOND_TERMS:
            yield ApprovalKind.CHANGE_ORDER, decision.approved_minor
    if decision.written_off_minor:
        yield ApprovalKind.WRITE_OFF, decision.written_off_minor
    if decision.verdict is Verdict.ADJUST and decision.not_billed_minor:
        yield ApprovalKind.NON_BILLABLE, decision.not_billed_minor


def _rule(
    kind: ApprovalKind, amount_minor: int, *, policy: ApprovalPolicy, currency: str
) -> ApprovalRule | None:
    """The rule that applies: one of the currency outranks a general one, then the larger amount."""
    major = minor_per_major(currency)
    fitting = [
        one
        for one in policy.rules
        if one.kind is kind
        and one.currency in {None, currency}
        and one.from_major * major <= amount_minor
    ]
    return max(fitting, key=lambda one: (one.currency is not None, one.from_major), default=None)
