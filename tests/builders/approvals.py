"""People and rules of approval, for tests of who must say yes."""

from __future__ import annotations

from typing import Any

from data.schemas.approval_policy import ApprovalPolicy, ApprovalRule, Approver, ClientOwner
from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import ApprovalKind, ReasonCode, Role, Verdict
from service.domain.account import Account
from service.domain.actor import Actor
from service.domain.approval import Approval
from service.usecases.approvals.chase_approvals import Chased, chase_approvals
from service.usecases.deciding.give_word import give_word
from service.wire.approvals import WordRequest
from tests.builders.service import Workplace

LEADER = Actor(id="lena", name="Lena Leader", roles=frozenset({Role.OPERATIONS_LEADER}))
OTHER_LEADER = Actor(id="lars", name="Lars Leader", roles=frozenset({Role.OPERATIONS_LEADER}))
WRITE_OFF = {"verdict": Verdict.WRITE_OFF, "reason_codes": (ReasonCode.LATE,)}
ADMIN = Actor(id="adam", name="Adam Admin", roles=frozenset({Role.ADMIN}))


def rule(kind: ApprovalKind = ApprovalKind.WRITE_OFF, **overrides: Any) -> ApprovalRule:
    """A leader approves every write-off."""
    given = {"kind": kind, "approvers": (Approver(role=Role.OPERATIONS_LEADER),)}
    return ApprovalRule(**(given | overrides))


def policy(*rules: ApprovalRule, owners: dict[str, str] | None = None) -> ReviewPolicy:
    """A policy that knows these rules, and whose working hours are around the clock."""
    named = tuple(
        ClientOwner(client_id=client, person_id=person) for client, person in (owners or {}).items()
    )
    standard = ReviewPolicy()
    hours = standard.working_hours.model_copy(
        update={"start_hour": 0, "end_hour": 24, "weekdays": tuple(range(7))}
    )
    approvals = ApprovalPolicy(rules=rules, owners=named)
    return standard.model_copy(update={"approvals": approvals, "working_hours": hours})


def employ(workplace: Workplace, *actors: Actor, **more: Any) -> None:
    """Give people accounts."""

    def work(uow: Any) -> None:
        for one in actors:
            account = Account(
                person_id=one.id, login=one.id, name=one.name, password_hash="-", roles=one.roles,
                **more,
            )  # fmt: skip
            uow.accounts.save(account)

    workplace.run(work)


def requests(workplace: Workplace, decision_id: str) -> list[Approval]:
    """The requests for approval of a decision."""
    return workplace.run(lambda uow: uow.approvals.of_decision(decision_id))


def say(
    workplace: Workplace, approval: Approval, actor: Actor, *, yes: bool = True, note: str = ""
) -> Approval:
    """Give a person's word."""
    request = WordRequest(is_approved=yes, note=note)
    return workplace.run(
        lambda uow: give_word(approval.id, request, actor=actor, context=workplace.context(uow))
    )


def chase(workplace: Workplace) -> Chased:
    """Let time do to requests what it does."""
    return workplace.run(lambda uow: chase_approvals(uow=uow, now=workplace.clock.now()))
