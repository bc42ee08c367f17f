"""Show an item with a known answer among the work: one copy for one person, without effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import AuditEvent, CaseStatus, Lane, Role
from service.domain.actor import POLICY, Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.ports.stores import UnitOfWork
from service.usecases.queue.draft_case import draft_case
from service.usecases.queue.open_cases import case_opened


def known_case_for(
    actor: Actor, *, uow: UnitOfWork, policy: ReviewPolicy, coin: Callable[[str], float]
) -> Case | None:
    """Draw a known answer that is new to the person and give its copy, not stored yet.

    It carries the dates of its assessment, as a case on new work does. None without any.
    """
    # Approvers name the answers, so practice would tell them nothing.
    if not actor.judges_blind or Role.APPROVER in actor.roles or policy.lanes.gold <= 0.0:
        return None
    answers = uow.known_answers.new_to(actor)
    if not answers:
        return None
    shown = uow.known_answers.count_shown_to(actor.id)
    answer = answers[int(coin(f"gold:{actor.id}:{shown}") * len(answers))]
    said = uow.items.assessment(answer.assessment_id)
    if said is None:
        return None
    original = draft_case(
        uow.items.version(answer.item_seq), said, policy=policy, now=said.assessed_at
    )
    return replace(
        original,
        status=CaseStatus.OPEN,
        lane=Lane.GOLD,
        propensity=1.0 / len(answers),
        reserved_for_id=actor.id,
    )


def seed_case(draft: Case, *, uow: UnitOfWork, now: datetime) -> Case:
    """Store the copy of a known answer.

    That it is one stands under the answer, not under the case: people read the case's history.
    """
    (case,) = uow.cases.add([draft])
    answer = uow.known_answers.of_item(case.item_seq)
    uow.audit.record(
        case_opened(case, now=now),
        AuditEntry(
            event=AuditEvent.CASE_SEEDED,
            at=now,
            actor_id=POLICY.id,
            subject=answer.id if answer else case.id,
            facts={
                "case": case.id,
                "item": case.item_id,
                "person": case.reserved_for_id,
                "propensity": case.propensity,
            },
        ),
    )
    return case
