"""Second verdicts and rulings: what waits for another person, and what that person says."""

from __future__ import annotations

from fastapi import APIRouter

from data.schemas.vocabulary import CaseStatus, Role
from service.api.access import Caller, Parts, Reader
from service.api.blind import blinded_case
from service.api.body import AdjudicationBody, SecondVerdictBody, WordBody
from service.api.decisions import decided
from service.domain.actor import Actor
from service.domain.four_eyes import may_be_second
from service.ports.deciding_screens import AwaitedCase
from service.usecases.deciding.adjudicate_case import adjudicate_case
from service.usecases.deciding.give_word import give_word
from service.usecases.deciding.second_verdict import second_verdict
from service.usecases.deciding.show_approvals import approval_page, approval_view
from service.wire.approvals import ApprovalRequestPage, ApprovalRequestView
from service.wire.cases import DecisionResponse
from service.wire.deciding import ApprovalPage, ApprovalView

router = APIRouter(prefix="/v1", tags=["review"])
BLIND_RULE = "the policy asks for a second person here"
"""Which limit asked would tell what the first person said."""
MOST_SHOWN = 500
"""Cases of the largest money; whoever has more to approve starts with these."""
MOST_REQUESTS = 200
"""Of those that wait longest."""


@router.get("/approvals")
def get_approvals(parts: Parts, actor: Reader) -> ApprovalPage:
    """List what waits for a second or a third person, most money times age first."""
    found = parts.deciding_screens.awaited(
        wall=actor.wall, now=parts.clock.now(), limit=MOST_SHOWN, undo_window=parts.undo_window
    )
    with parts.read() as uow:
        is_trusted = may_be_second(actor, policy=uow.policies.in_force())
    return ApprovalPage(
        approvals=tuple(_approval(one, actor, is_trusted=is_trusted) for one in found)
    )


@router.post("/cases/{case_id}/second-verdict")
def post_second_verdict(
    case_id: str, request: SecondVerdictBody, parts: Parts, actor: Reader
) -> DecisionResponse:
    """Give one's own verdict on a case that a colleague decided, without knowing theirs.

    The same verdict and money end the case; anything else asks a third person.
    """
    second = parts.writer.run(
        lambda uow: second_verdict(case_id, request, actor=actor, context=parts.deciding(uow))
    )
    return decided(second, parts, actor)


@router.post("/cases/{case_id}/adjudication")
def post_adjudication(
    case_id: str, request: AdjudicationBody, parts: Parts, actor: Reader
) -> DecisionResponse:
    """Say which of two decisions stands, or that the case is decided anew."""
    stands = parts.writer.run(
        lambda uow: adjudicate_case(case_id, request, actor=actor, context=parts.deciding(uow))
    )
    return decided(stands, parts, actor)


@router.get("/approval-requests")
def get_approval_requests(parts: Parts, actor: Reader) -> ApprovalRequestPage:
    """List decisions that wait for the approval of people whom the policy names."""
    with parts.read() as uow:
        return approval_page(actor, uow=uow, now=parts.clock.now(), limit=MOST_REQUESTS)


@router.get("/approval-requests/{approval_id}")
def get_approval_request(approval_id: str, parts: Parts, actor: Reader) -> ApprovalRequestView:
    """Give one request: on which terms it was asked, and what everybody said."""
    with parts.read() as uow:
        return approval_view(approval_id, actor=actor, uow=uow, now=parts.clock.now())


@router.post("/approval-requests/{approval_id}/word")
def post_word(
    approval_id: str, request: WordBody, parts: Parts, actor: Caller
) -> ApprovalRequestView:
    """Approve a decision, or send it back with a reason.

    The last yes lets it take effect; a no puts the case back into the queue.
    """
    parts.writer.run(
        lambda uow: give_word(approval_id, request, actor=actor, context=parts.deciding(uow)).id
    )
    with parts.read() as uow:
        return approval_view(approval_id, actor=actor, uow=uow, now=parts.clock.now())


def _approval(one: AwaitedCase, actor: Actor, *, is_trusted: bool) -> ApprovalView:
    is_second = one.case.status is CaseStatus.AWAITING_SIGNATURE
    why_not = _why_not(one, actor, is_second=is_second, is_trusted=is_trusted)
    return ApprovalView(
        case=blinded_case(one.case, actor=actor, is_score_shown=False),
        asked="second_verdict" if is_second else "adjudication",
        since=one.since,
        rule=BLIND_RULE if is_second and actor.may_second else one.rule,
        may_i=why_not is None,
        why_not=why_not,
        disputed=one.disputed,
    )


def _why_not(one: AwaitedCase, actor: Actor, *, is_second: bool, is_trusted: bool) -> str | None:
    if Role.APPROVER not in actor.roles:
        return "Only approvers give this word."
    if not is_trusted:
        return "You are in training; an approver who is not has to."
    if actor.id in one.spoken_ids:
        return (
            "You decided this case; a second person has to." if is_second
            else "You are one of the two who disagreed; a third person has to rule."
        )  # fmt: skip
    return None
