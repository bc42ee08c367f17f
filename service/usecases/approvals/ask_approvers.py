"""Tell people that a decision waits for their approval, and write each step into the trail."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import AuditEvent, NotificationKind
from service.domain.approval import Approval
from service.domain.approval_right import Asker, people_asked
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.ports.stores import UnitOfWork
from service.usecases.telling.notify import notify


def ask_approvers(
    approval: Approval,
    case: Case,
    *,
    uow: UnitOfWork,
    now: datetime,
    kind: NotificationKind = NotificationKind.APPROVAL_NEEDED,
) -> None:
    """Tell everybody whose word would count now; who is away is told with their deputy."""
    notify(
        *people_asked(approval, asker=asker_of(approval, uow=uow, now=now)),
        kind=kind,
        text=f"A decision on case {case.id} waits for your approval ({approval.id}).",
        uow=uow,
        now=now,
        case=case,
    )


def asker_of(approval: Approval, *, uow: UnitOfWork, now: datetime) -> Asker:
    """Give what is known of people where somebody wants to approve a decision."""
    first = uow.decisions.get(approval.decision_id)
    second = None if first is None else uow.decisions.second_to(first.id)
    judges = {approval.decider_id, *(one.actor_id for one in (second,) if one is not None)}
    if first is not None and first.signs_id is not None:
        signed = uow.decisions.get(first.signs_id)
        judges |= {signed.actor_id} if signed is not None else set()
    return Asker(judges=frozenset(judges), accounts=uow.accounts.everybody(), now=now)


def approval_entry(
    event: AuditEvent, approval: Approval, *, actor_id: str, now: datetime, **more: object
) -> AuditEntry:
    """Give the audit entry of a step of an approval, under its case."""
    return AuditEntry(
        event=event,
        at=now,
        actor_id=actor_id,
        subject=approval.case_id,
        facts={
            "approval": approval.id,
            "decision": approval.decision_id,
            "kind": approval.kind,
            "amount_minor": approval.terms.amount_minor,
            "currency": approval.terms.currency,
            "policy_version": approval.policy_version,
            **more,
        },
    )
