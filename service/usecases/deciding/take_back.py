"""Take decisions back while nothing has left: their bills are cancelled, their case goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from data.schemas.decision import Decision
from data.schemas.vocabulary import FINAL_VERDICTS, AuditEvent, CaseStatus, PostingStatus
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.errors import TooLateError
from service.ports.stores import Fact, FactKind, UnitOfWork
from service.usecases.approvals.withdraw_approvals import withdraw_approvals


def take_back(
    case: Case, decisions: Sequence[Decision], *, actor: Actor, uow: UnitOfWork, now: datetime
) -> None:
    """Undo decisions of one case together, first and second verdict alike.

    Raises TooLateError when a bill has left.
    """
    for decision in decisions:
        uow.decisions.add_undo(decision.id, at=now)
        _withdraw_posting(decision.id, uow=uow, now=now)
        uow.audit.record(
            AuditEntry(
                event=AuditEvent.DECISION_UNDONE,
                at=now,
                actor_id=actor.id,
                subject=case.id,
                facts={"decision": decision.id},
            )
        )
    withdraw_approvals(case.id, uow=uow, now=now)
    uow.cases.save(after_taking_back(case, uow=uow))


def after_taking_back(case: Case, *, uow: UnitOfWork) -> Case:
    """Give the case as it goes on: to the queue, or decided as before a correction.

    A decision on an older version of the item decides nothing of this one.
    """
    standing = uow.decisions.last_of_case(case.id)
    is_decided = (
        standing is not None
        and standing.verdict in FINAL_VERDICTS
        and standing.assessment_id == case.assessment_id
    )
    return case.moved_on(CaseStatus.DECIDED, step="returned") if is_decided else case.returned()


def _withdraw_posting(decision_id: str, *, uow: UnitOfWork, now: datetime) -> None:
    posting = uow.postings.of_decision(decision_id)
    if posting is None:
        return
    if posting.status is not PostingStatus.PENDING:
        raise TooLateError(f"The posting of decision {decision_id} has left already.")
    uow.postings.save(replace(posting, status=PostingStatus.CANCELLED, done_at=now))
    uow.facts.add([Fact(kind=FactKind.BILL_WITHDRAWN, subject_id=posting.id, at=now)])
