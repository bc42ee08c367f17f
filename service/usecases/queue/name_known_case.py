"""Name the right answer on an item, so that it is shown again among the work of reviewers."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent, CaseStatus, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError, NotFoundError
from service.domain.known_answer import AnswerSource, KnownAnswer
from service.domain.queue import has_effect
from service.domain.second_looks import is_for_one_person
from service.ports.clock import Ids
from service.ports.stores import UnitOfWork
from service.usecases.queue.see_case import see_case
from service.wire.known_cases import KnownCaseRequest


def name_known_case(
    request: KnownCaseRequest, *, actor: Actor, uow: UnitOfWork, now: datetime, ids: Ids
) -> KnownAnswer:
    """Store the right answer on the item of a decided case; naming it again gives the first.

    Raises InvalidRequestError for a case that waits, that is a repeat, or that two people decide.
    """
    actor.require_role(Role.APPROVER, Role.ADMIN)
    case = see_case(request.case_id, actor=actor, uow=uow)
    if case.status is not CaseStatus.DECIDED or not has_effect(case):
        raise InvalidRequestError(
            "case_id", case.id, f"is {case.status}; name the answer of a case that is decided"
        )
    if not is_for_one_person(case, uow.policies.in_force()):
        raise InvalidRequestError(
            "case_id", case.id, "is as large as two people decide on; choose a smaller one"
        )
    known = uow.known_answers.of_item(case.item_seq)
    if known is not None:
        return known
    answer = KnownAnswer(
        id=ids.new("known"),
        item_id=case.item_id,
        item_seq=case.item_seq,
        assessment_id=case.assessment_id,
        is_faulty=request.is_faulty,
        source=AnswerSource.NAMED,
        why=request.why,
        named_by_id=actor.id,
        at=now,
    )
    uow.known_answers.add(answer)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_SEEDED,
            at=now,
            actor_id=actor.id,
            subject=answer.id,
            facts={"item": case.item_id, "is_faulty": answer.is_faulty},
        )
    )
    return answer


def end_known_case(answer_id: str, *, actor: Actor, uow: UnitOfWork, now: datetime) -> None:
    """Show a known answer no more; ending it again changes nothing."""
    actor.require_role(Role.APPROVER, Role.ADMIN)
    answer = uow.known_answers.get(answer_id)
    stored = None if answer is None else uow.items.version(answer.item_seq)
    if (
        answer is None
        or stored is None
        or not actor.sees(client_id=stored.client_id, business_unit=stored.business_unit)
    ):
        raise NotFoundError("known case", answer_id)
    if answer.ended_at is not None:
        return
    uow.known_answers.end(answer_id, by_id=actor.id, at=now)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.CASE_SEEDED,
            at=now,
            actor_id=actor.id,
            subject=answer_id,
            facts={"item": answer.item_id, "is_ended": True},
        )
    )
