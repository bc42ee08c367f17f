"""Approve a decision, or send it back: the word of a person whom the policy names."""

from __future__ import annotations

from data.schemas.decision import Decision
from data.schemas.vocabulary import ApprovalStatus, AuditEvent, CaseStatus, Role
from service.domain.actor import Actor
from service.domain.approval import Approval, ApprovalWord
from service.domain.approval_right import Right, right_to_approve
from service.domain.case import Case
from service.domain.errors import (
    ApprovalSettledError,
    InvalidRequestError,
    NotAskedError,
    NotFoundError,
)
from service.ports.engine import DecisionContext
from service.ports.stores import UnitOfWork
from service.usecases.approvals.ask_approvers import approval_entry, ask_approvers, asker_of
from service.usecases.deciding.take_back import take_back
from service.usecases.deciding.take_effect import take_effect
from service.usecases.queue.see_case import see_case
from service.usecases.telling.tell import tell_returned
from service.wire.approvals import WordRequest

PEOPLE = tuple(Role)
"""Any person may be named by a rule; a key never."""


def give_word(
    approval_id: str, request: WordRequest, *, actor: Actor, context: DecisionContext
) -> Approval:
    """Store a yes or a no; with the last yes the decision takes effect, with a no it is undone.

    The case goes back to the queue after a no, and both people are told why. Raises NotFoundError,
    NotAllowedError for a key, ApprovalSettledError, NotAskedError, and InvalidRequestError for a
    no without a reason.
    """
    uow, now = context.uow, context.now
    # 1. It waits for this very person's word.
    actor.require_role(*PEOPLE)
    approval, case = see_approval(approval_id, actor=actor, uow=uow)
    if not approval.is_asked or case.status is not CaseStatus.AWAITING_APPROVAL:
        raise ApprovalSettledError(approval_id, status=approval.status)
    right = right_to_approve(approval, actor, asker=asker_of(approval, uow=uow, now=now))
    if not isinstance(right, Right):
        raise NotAskedError(approval_id, why=right)
    if not request.is_approved and not request.note.strip():
        raise InvalidRequestError("note", request.note, "say why it is sent back")
    # 2. Write the word down.
    word = ApprovalWord(
        place=right.place,
        person_id=actor.id,
        in_place_of_id=right.in_place_of_id,
        is_approved=request.is_approved,
        note=request.note.strip(),
        at=now,
    )
    told = approval.told(word)
    uow.approvals.add_word(approval.id, word)
    uow.approvals.save(told)
    uow.audit.record(
        approval_entry(
            AuditEvent.APPROVAL_GIVEN if word.is_approved else AuditEvent.APPROVAL_REJECTED,
            told, actor_id=actor.id, now=now, place=word.place, in_place_of=word.in_place_of_id,
        )
    )  # fmt: skip
    # 3. What follows from it.
    _follow(told, case, actor=actor, context=context)
    return told


def see_approval(approval_id: str, *, actor: Actor, uow: UnitOfWork) -> tuple[Approval, Case]:
    """Give a request on the actor's side of the wall, with its case. Raises NotFoundError."""
    approval = uow.approvals.get(approval_id)
    if approval is None:
        raise NotFoundError("approval", approval_id)
    try:
        return approval, see_case(approval.case_id, actor=actor, uow=uow)
    except NotFoundError as error:
        raise NotFoundError("approval", approval_id) from error


def _follow(told: Approval, case: Case, *, actor: Actor, context: DecisionContext) -> None:
    uow, now = context.uow, context.now
    decision = uow.decisions.get(told.decision_id)
    if decision is None:
        raise LookupError(f"approval {told.id} has no decision {told.decision_id}")
    if told.status is ApprovalStatus.REJECTED:
        both = _spoken(decision, uow=uow)
        take_back(case, both, actor=actor, uow=uow, now=now)
        people = [one.actor_id for one in both]
        tell_returned(case, *people, why="its approval was refused", uow=uow, now=now)
    elif told.status is ApprovalStatus.WAITING:
        ask_approvers(told, case, uow=uow, now=now)
    elif not uow.approvals.waiting_of_case(case.id):
        uow.cases.save(case.moved_on(CaseStatus.DECIDED, step="approved"))
        take_effect(decision, case, uow.items.version(case.item_seq), context=context)


def _spoken(decision: Decision, *, uow: UnitOfWork) -> tuple[Decision, ...]:
    """The decision and the verdict that seconded it: both are undone together."""
    other = (
        uow.decisions.second_to(decision.id)
        if decision.signs_id is None
        else uow.decisions.get(decision.signs_id)
    )
    return (decision,) if other is None else (decision, other)
