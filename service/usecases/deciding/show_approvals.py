"""Requests for approval as people read them: what waits for whom, since when, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from data.policy_words import approval_in_words, approver_in_words
from data.schemas.contracts import Client
from data.schemas.people import Person
from service.domain.actor import Actor
from service.domain.approval import Approval
from service.domain.approval_right import Right, right_to_approve, who_is_asked
from service.domain.case import Case
from service.ports.stores import UnitOfWork
from service.usecases.approvals.ask_approvers import asker_of
from service.usecases.deciding.give_word import see_approval
from service.wire.approvals import ApprovalRequestPage, ApprovalRequestView, ApprovalStepView


def approval_page(
    actor: Actor, *, uow: UnitOfWork, now: datetime, limit: int
) -> ApprovalRequestPage:
    """Give what waits for approval on the actor's side of the wall, their own part first."""
    found = uow.approvals.asked(wall=actor.wall, limit=limit)
    views = [approval_view(one.id, actor=actor, uow=uow, now=now) for one in found]
    return ApprovalRequestPage(approvals=tuple(sorted(views, key=lambda one: not one.may_i)))


def approval_view(
    approval_id: str, *, actor: Actor, uow: UnitOfWork, now: datetime
) -> ApprovalRequestView:
    """Give one request as the actor sees it. Raises NotFoundError."""
    one, case = see_approval(approval_id, actor=actor, uow=uow)
    asker = asker_of(one, uow=uow, now=now)
    names = {account.person_id: account.name for account in asker.accounts}
    decision = uow.decisions.get(one.decision_id)
    if decision is None:
        raise LookupError(f"approval {one.id} has no decision {one.decision_id}")
    right = right_to_approve(one, actor, asker=asker)
    return ApprovalRequestView(
        id=one.id,
        case_id=case.id,
        title=_title(case, uow=uow),
        client_name=_client_name(case.client_id, uow=uow),
        decision_id=one.decision_id,
        decided_by_name=names.get(one.decider_id, one.decider_id),
        verdict=decision.verdict,
        note=decision.note,
        kind=one.kind,
        amount_minor=one.terms.amount_minor,
        currency=one.terms.currency,
        rule=approval_in_words(one.terms.rule),
        policy_version=one.policy_version,
        status=one.status,
        steps=_steps(one, names=names),
        waits_for=" or ".join(who_is_asked(one, accounts=asker.accounts)),
        since=one.opened_at,
        until=one.due_at,
        escalated_at=one.escalated_at,
        may_i=isinstance(right, Right) and actor.is_person,
        why_not=None if isinstance(right, Right) else right,
    )


def _steps(one: Approval, *, names: Mapping[str, str]) -> tuple[ApprovalStepView, ...]:
    words, open_places = {word.place: word for word in one.words}, one.open_places
    steps = []
    for place, approver in enumerate(one.terms.rule.approvers):
        word = words.get(place)
        instead = word.in_place_of_id if word else None
        steps.append(
            ApprovalStepView(
                who=approver_in_words(approver),
                is_open=place in open_places,
                is_approved=word.is_approved if word else None,
                by_name=names.get(word.person_id, word.person_id) if word else None,
                in_place_of_name=names.get(instead, instead) if instead else None,
                note=word.note if word else "",
                at=word.at if word else None,
            )
        )
    return tuple(steps)


def _title(case: Case, *, uow: UnitOfWork) -> str:
    """The title with the person's name in the place of their id."""
    body = None if case.person_id is None else uow.references.get("people", case.person_id)
    if body is None or case.person_id is None:
        return case.title
    return case.title.replace(case.person_id, Person.model_validate_json(body).name, 1)


def _client_name(client_id: str, *, uow: UnitOfWork) -> str:
    body = uow.references.get("clients", client_id)
    return client_id if body is None else Client.model_validate_json(body).name
