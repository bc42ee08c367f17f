"""What is kept from whoever gives the second verdict: everything the first person said."""

from __future__ import annotations

from data.schemas.vocabulary import AuditEvent, CaseStatus
from service.domain.actor import Actor
from service.domain.errors import NotAllowedError
from service.ports.stores import UnitOfWork
from service.wire.audit import AuditEntryView, AuditPage
from service.wire.cases import CaseDetail, HistoryEvent

TELLING = frozenset({AuditEvent.CASE_DECIDED.value, AuditEvent.DECISION_CORRECTED.value})
KEPT_BACK = "kept back until the second verdict is in"


def without_first_verdict(detail: CaseDetail, *, actor: Actor) -> CaseDetail:
    """Give a case as it may be seen by who might second it: without anybody else's decisions.

    Who decided, and when, is no secret. One's own decision is, of course, not kept back.
    """
    if detail.case.status is not CaseStatus.AWAITING_SIGNATURE or not actor.may_second:
        return detail
    return detail.model_copy(
        update={
            "decisions": tuple(one for one in detail.decisions if one.actor_id == actor.id),
            "history": tuple(_kept_back(one) for one in detail.history),
        }
    )


def without_first_verdicts(page: AuditPage, *, actor: Actor, uow: UnitOfWork) -> AuditPage:
    """Give entries of the trail as they may be read by an auditor who also approves."""
    if not actor.may_second:
        return page
    entries = tuple(
        one.model_copy(update={"body": {**one.body, "facts": {"kept_back": KEPT_BACK}}})
        if _is_awaited(one, actor=actor, uow=uow)
        else one
        for one in page.entries
    )
    return page.model_copy(update={"entries": entries})


def require_not_blind(detail: CaseDetail, *, actor: Actor) -> None:
    """Raise NotAllowedError for proofs of what the actor is not to know yet: they cannot be cut."""
    is_awaited = detail.case.status is CaseStatus.AWAITING_SIGNATURE
    if is_awaited and actor.may_second and not detail.decisions:
        raise NotAllowedError("the second verdict to be in: until then the first one is kept back")


def _is_awaited(entry: AuditEntryView, *, actor: Actor, uow: UnitOfWork) -> bool:
    body = entry.body
    if body["event"] not in TELLING or body["actor"] == actor.id:
        return False
    case = uow.cases.get(body["subject"])
    return case is not None and case.status is CaseStatus.AWAITING_SIGNATURE


def _kept_back(event: HistoryEvent) -> HistoryEvent:
    return event.model_copy(update={"text": KEPT_BACK}) if event.event in TELLING else event
