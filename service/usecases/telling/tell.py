"""What people are told when: one sentence each, without client, amount or verdict."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import NotificationKind, Role
from service.domain.actor import Actor
from service.domain.case import Case
from service.ports.stores import UnitOfWork
from service.usecases.telling.notify import notify, notify_role


def tell_second_needed(case: Case, *, by_id: str, uow: UnitOfWork, now: datetime) -> None:
    """Tell approvers, except whoever decided, that a decision waits for a second person."""
    notify_role(
        Role.APPROVER,
        kind=NotificationKind.APPROVAL_NEEDED,
        text=f"Case {case.id} needs the verdict of a second person.",
        uow=uow,
        now=now,
        case=case,
        but_not=frozenset({by_id}),
    )


def tell_third_needed(
    case: Case, *, judges: frozenset[str], uow: UnitOfWork, now: datetime
) -> None:
    """Tell approvers, except the two who disagree, that a case waits for a third person."""
    notify_role(
        Role.APPROVER,
        kind=NotificationKind.APPROVAL_NEEDED,
        text=f"Two people disagree over case {case.id}; it needs a third one.",
        uow=uow,
        now=now,
        case=case,
        but_not=judges,
    )


def tell_draft_waits(*, actor: Actor, uow: UnitOfWork, now: datetime) -> None:
    """Tell those who may publish a policy, except its author, that a draft waits."""
    for role in (Role.APPROVER, Role.ADMIN):
        notify_role(
            role,
            kind=NotificationKind.APPROVAL_NEEDED,
            text=f"A change of the policy by {actor.name} waits for a second person.",
            uow=uow,
            now=now,
            but_not=frozenset({actor.id}),
        )


def tell_returned(case: Case, *person_ids: str, why: str, uow: UnitOfWork, now: datetime) -> None:
    """Tell people that a case they decided waits for a decision again."""
    notify(
        *person_ids,
        kind=NotificationKind.RETURNED,
        text=f"Case {case.id} waits for a decision again: {why}.",
        uow=uow,
        now=now,
        case=case,
    )


def tell_answered(case: Case, *, uow: UnitOfWork, now: datetime) -> None:
    """Tell whoever asked for information that a newer version of the item has come."""
    asked = uow.decisions.last_of_case(case.id)
    if asked is not None:
        notify(
            asked.actor_id,
            kind=NotificationKind.INFORMATION_ANSWERED,
            text=f"A newer version of the item came for case {case.id}, which you asked about.",
            uow=uow,
            now=now,
            case=case,
        )


def tell_late(case: Case, *, uow: UnitOfWork, now: datetime) -> None:
    """Tell approvers that nobody answered a case in time."""
    notify_role(
        Role.APPROVER,
        kind=NotificationKind.CASE_LATE,
        text=f"Nobody answered case {case.id} in time.",
        uow=uow,
        now=now,
        case=case,
    )


def tell_bulk_reverted(count: int, *, actor: Actor, uow: UnitOfWork, now: datetime) -> None:
    """Tell approvers, except whoever did it, that decisions were taken back together."""
    notify_role(
        Role.APPROVER,
        kind=NotificationKind.BULK_REVERTED,
        text=f"{actor.name} took {count} decisions back that were made together.",
        uow=uow,
        now=now,
        but_not=frozenset({actor.id}),
    )


def tell_posting_refused(
    posting_id: str, *, owner_id: str | None, uow: UnitOfWork, now: datetime
) -> None:
    """Tell the owner of a posting that failed for good, or everybody who mends such."""
    text = f"The posting {posting_id} failed for good and waits in the exception queue."
    kind = NotificationKind.EXCEPTION_ASSIGNED
    if owner_id is not None and uow.accounts.by_person(owner_id) is not None:
        notify(owner_id, kind=kind, text=text, uow=uow, now=now)
        return
    notify_role(Role.INTEGRATION_OWNER, kind=kind, text=text, uow=uow, now=now)


def tell_system_rests(text: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Tell those who see to the systems that one rests, or answers again: once, not per bill."""
    notify_role(
        Role.INTEGRATION_OWNER, kind=NotificationKind.SYSTEM_RESTS, text=text, uow=uow, now=now
    )


def tell_exceptions_late(
    count: int, *, owner_id: str | None, uow: UnitOfWork, now: datetime
) -> None:
    """Tell whoever owns them that failed postings lie longer than their class allows."""
    lie = "failed posting lies" if count == 1 else "failed postings lie"
    text = f"{count} {lie} in the exception queue past the time somebody should have acted."
    kind = NotificationKind.EXCEPTION_LATE
    if owner_id is not None and uow.accounts.by_person(owner_id) is not None:
        notify(owner_id, kind=kind, text=text, uow=uow, now=now)
        return
    notify_role(Role.INTEGRATION_OWNER, kind=kind, text=text, uow=uow, now=now)
