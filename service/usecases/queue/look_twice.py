"""Blind second reviews: open them by coin after a verdict, and hold the two answers together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from data.schemas.decision import Decision
from data.schemas.vocabulary import FINAL_VERDICTS, CaseStatus, Lane
from service.domain.case import Case
from service.domain.second_looks import double_propensity, is_same_answer, stratum
from service.ports.stores import UnitOfWork
from service.usecases.queue.open_cases import case_opened
from service.usecases.telling.tell import tell_third_needed


def draw_double(
    decision: Decision,
    case: Case,
    *,
    uow: UnitOfWork,
    coin: Callable[[str], float],
    now: datetime,
) -> Case | None:
    """Open a blind second review of a decided case where the coin says so; safe to repeat.

    It carries the dates of the first, so that nothing about it looks later.
    """
    propensity = double_propensity(case, decision, policy=uow.policies.in_force())
    if coin(f"double:{case.id}") >= propensity or uow.cases.repeats(case.id):
        return None
    double = replace(
        case,
        id="",
        status=CaseStatus.OPEN,
        version=1,
        lane=Lane.DOUBLE,
        propensity=propensity,
        lease=None,
        lease_token=0,
        released_by_id=None,
        boost="",
        timeouts=0,
        snoozed_until=None,
        kept_from_id=decision.actor_id,
        repeats_case_id=case.id,
    )
    (opened,) = uow.cases.add([double])
    entry = case_opened(opened, now=now)
    uow.audit.record(
        replace(entry, facts=dict(entry.facts) | {"repeats": case.id, "stratum": stratum(case)})
    )
    return opened


def compare_double(second: Decision, double: Case, *, uow: UnitOfWork, now: datetime) -> None:
    """Send two people who disagree to a third; agreement ends the double. Safe to repeat."""
    if second.verdict not in FINAL_VERDICTS or double.status is not CaseStatus.DECIDED:
        return
    first = first_decision(double, uow=uow)
    if first is None or is_same_answer(first.verdict, second.verdict):
        return
    if not uow.decisions.is_adjudicated(second.id):
        uow.cases.save(double.moved_on(CaseStatus.AWAITING_ADJUDICATION, step="compared"))
        judges = frozenset({first.actor_id, second.actor_id})
        tell_third_needed(double, judges=judges, uow=uow, now=now)


def first_decision(double: Case, *, uow: UnitOfWork) -> Decision | None:
    """Give the decision that a blind second review repeats; None where it was taken back."""
    if double.repeats_case_id is None:
        return None
    return uow.decisions.last_of_case(double.repeats_case_id)
