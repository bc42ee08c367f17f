"""Rule on a case over which two people disagreed."""

from __future__ import annotations

from data.schemas.decision import Decision
from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.errors import (
    InTrainingError,
    InvalidRequestError,
    NotAllowedError,
    WrongStateError,
)
from service.domain.four_eyes import may_be_second
from service.ports.deciding_stores import Adjudication
from service.ports.engine import DecisionContext
from service.ports.stores import UnitOfWork
from service.usecases.approvals.withdraw_approvals import withdraw_approvals
from service.usecases.deciding.let_stand import let_stand
from service.usecases.deciding.take_back import after_taking_back
from service.usecases.deciding.write_decision import decision_facts
from service.usecases.queue.see_case import see_case
from service.usecases.telling.tell import tell_returned
from service.wire.deciding import AdjudicationRequest


def adjudicate_case(
    case_id: str, request: AdjudicationRequest, *, actor: Actor, context: DecisionContext
) -> Decision:
    """Say which of two decisions stands, or that neither does; give the one that was asked about.

    What stands takes effect; where neither does, the case is decided anew. Of a blind double
    review the ruling is a label, and moves no money.
    Raises NotAllowedError for either of the two people who disagreed, and InTrainingError.
    """
    uow, now = context.uow, context.now
    # 1. A third approver, on a case that waits for one, as it was shown.
    actor.require_role(Role.APPROVER)
    case = see_case(case_id, actor=actor, uow=uow)
    if not may_be_second(actor, policy=uow.policies.in_force()):
        raise InTrainingError(case_id)
    if case.status is not CaseStatus.AWAITING_ADJUDICATION:
        raise WrongStateError(case_id, status=case.status, step="adjudicated")
    first, second = disputed(case, uow=uow)
    if actor.id in {first.actor_id, second.actor_id}:
        raise NotAllowedError("a third person: nobody rules on a dispute that is their own")
    case.checked_version(request.version)
    # 2. One of the two stands, or neither, and the note says why.
    stands = _standing(request, first, second)
    # 3. Write the ruling down.
    uow.decisions.add_adjudication(
        Adjudication(
            first_decision_id=first.id,
            second_decision_id=second.id,
            stands_id=request.stands,
            decider_id=first.actor_id,
            second_id=second.actor_id,
            adjudicator_id=actor.id,
            note=request.note,
            at=now,
        )
    )
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_ADJUDICATED,
            at=now,
            actor_id=actor.id,
            subject=case.id,
            facts={
                **(decision_facts(stands) if stands else {}),
                "first": first.id,
                "second": second.id,
                "stands": request.stands,
            },
        )
    )
    # 4. What stands takes effect; without that, somebody decides anew.
    if stands is None:
        _take_both_back(case, first, second, context=context)
        return second
    if case.lane is Lane.DOUBLE:
        uow.cases.save(case.moved_on(CaseStatus.DECIDED, step="adjudicated"))
    else:
        stored = uow.items.version(case.item_seq)
        let_stand(stands, case, stored, step="adjudicated", context=context)
    return stands


def disputed(case: Case, *, uow: UnitOfWork) -> tuple[Decision, Decision]:
    """Give the two decisions that differ: of one case, or of a case and its blind repeat."""
    last = uow.decisions.last_of_case(case.id)
    if case.lane is Lane.DOUBLE and case.repeats_case_id is not None:
        first, second = uow.decisions.last_of_case(case.repeats_case_id), last
    else:
        first, second = last, uow.decisions.second_to(last.id) if last else None
    if first is None or second is None:
        raise WrongStateError(case.id, status=case.status, step="adjudicated")
    return first, second


def _standing(request: AdjudicationRequest, first: Decision, second: Decision) -> Decision | None:
    if not request.note.strip():
        raise InvalidRequestError("note", request.note, "say why; both people will read it")
    if request.stands is None:
        return None
    for one in (first, second):
        if one.id == request.stands:
            return one
    raise InvalidRequestError(
        "stands", request.stands, f"is neither of the two: name {first.id} or {second.id}"
    )


def _take_both_back(
    case: Case, first: Decision, second: Decision, *, context: DecisionContext
) -> None:
    """Neither stands; of a blind repeat only the repeat goes, for the case itself was decided."""
    uow = context.uow
    gone = (second,) if case.lane is Lane.DOUBLE else (first, second)
    for one in gone:
        uow.decisions.add_undo(one.id, at=context.now)
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.DECISION_UNDONE,
                at=context.now,
                actor_id=one.actor_id,
                subject=case.id,
                facts={"decision": one.id, "why": "neither stood"},
            )
        )
    withdraw_approvals(case.id, uow=uow, now=context.now)
    uow.cases.save(after_taking_back(case, uow=uow))
    if case.lane is not Lane.DOUBLE:
        why, now = "neither of two verdicts stood", context.now
        tell_returned(case, first.actor_id, second.actor_id, why=why, uow=uow, now=now)
