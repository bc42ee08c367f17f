"""Write a decision down: the record, what the person had been told, and the entry in the trail."""

from __future__ import annotations

from dataclasses import dataclass

from data.schemas.decision import Decision
from data.schemas.vocabulary import AuditEvent, Verdict
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.decided_money import DecidedMoney
from service.domain.four_eyes import four_eyes_rule
from service.ports.engine import DecisionContext
from service.wire.verdicts import SpokenVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a decision stands beside: what it corrects, whom it seconds, the bulk it is part of."""

    supersedes_id: str | None = None
    signs_id: str | None = None
    bulk_id: str | None = None


def new_decision(
    case: Case,
    spoken: SpokenVerdict,
    money: DecidedMoney,
    *,
    standing: Standing,
    actor: Actor,
    context: DecisionContext,
) -> Decision:
    """Give the decision as it will be stored; whether it needs a second person is part of it."""
    is_score_shown, own_verdict, exposure_propensity = _told(
        case, spoken.verdict, actor=actor, context=context
    )
    rule = None
    if standing.signs_id is None:
        rule = second_needed(case, spoken.verdict, money, actor=actor, context=context)
    return Decision(
        id=context.ids.new("dec"),
        case_id=case.id,
        item_id=case.item_id,
        assessment_id=case.assessment_id,
        actor_id=actor.id,
        verdict=spoken.verdict,
        reason_codes=spoken.reason_codes,
        note=spoken.note,
        approved_minor=money.approved_minor,
        adjustments=spoken.adjustments,
        written_off_minor=money.written_off_minor,
        moved_minor=money.moved_minor,
        not_billed_minor=money.not_billed_minor,
        decided_at=context.now,
        active_seconds=spoken.active_seconds,
        is_score_shown=is_score_shown,
        lane=case.lane,
        propensity=case.propensity,
        supersedes_id=standing.supersedes_id,
        own_verdict=own_verdict,
        exposure_propensity=exposure_propensity,
        bulk_id=standing.bulk_id,
        signs_id=standing.signs_id,
        needs_second=rule or "",
        override_cause=spoken.override_cause,
    )


def second_needed(
    case: Case, verdict: Verdict, money: DecidedMoney, *, actor: Actor, context: DecisionContext
) -> str | None:
    """Give the rule of the policy in force that asks for a second person, None without one."""
    said = context.uow.items.assessment(case.assessment_id)
    if said is None:
        raise LookupError(f"case {case.id} has no assessment {case.assessment_id}")
    return four_eyes_rule(
        case,
        verdict,
        money,
        said=said,
        policy=context.uow.policies.in_force(),
        is_trainee=actor.is_trainee,
    )


def decision_entry(event: AuditEvent, decision: Decision) -> AuditEntry:
    """The audit entry of a verdict, under its case."""
    return AuditEntry(
        event=event,
        at=decision.decided_at,
        actor_id=decision.actor_id,
        subject=decision.case_id,
        facts=decision_facts(decision),
    )


def decision_facts(decision: Decision) -> dict[str, object]:
    """What the trail keeps of a decision; the note stays with the decision itself."""
    return {
        "decision": decision.id,
        "item": decision.item_id,
        "assessment": decision.assessment_id,
        "verdict": decision.verdict,
        "reasons": list(decision.reason_codes),
        "approved_minor": decision.approved_minor,
        "written_off_minor": decision.written_off_minor,
        "moved_minor": decision.moved_minor,
        "lane": decision.lane,
        "propensity": decision.propensity,
        "active_seconds": decision.active_seconds,
        "is_score_shown": decision.is_score_shown,
        "exposure_propensity": decision.exposure_propensity,
        "own_verdict": decision.own_verdict,
        "override_cause": decision.override_cause,
        "supersedes": decision.supersedes_id,
        "signs": decision.signs_id,
        "bulk": decision.bulk_id,
        "needs_second": decision.needs_second,
    }


def _told(
    case: Case, verdict: Verdict, *, actor: Actor, context: DecisionContext
) -> tuple[bool, Verdict | None, float]:
    """What the person had been told, what they said before that, and its probability.

    Whoever decides before they were told has made their own call by it.
    """
    uow = context.uow
    seen = uow.exposures.find(case, actor_id=actor.id)
    if seen is None:
        return False, None, 1.0
    if seen.must_call_first:
        uow.exposures.add_own_call(seen, verdict=verdict, at=context.now)
        return False, verdict, seen.propensity
    return seen.is_score_shown, seen.own_verdict, seen.propensity
