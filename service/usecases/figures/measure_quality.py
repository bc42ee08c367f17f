"""How well people judge: measured on blind pairs, known answers and random draws, never ranked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import Role
from service.domain.actor import Actor
from service.domain.judged import BlindPair, Judged, Truths
from service.ports.models_reader import ModelsReader
from service.ports.stores import UnitOfWork
from service.usecases.figures import quality_figures as figures
from service.wire.models import BundleView
from service.wire.quality import DeskQuality, OwnQuality, QualityView

DESK_ROLES = (
    Role.APPROVER,
    Role.AUDITOR,
    Role.DATA_SCIENTIST,
    Role.OPERATIONS_LEADER,
    Role.ADMIN,
)
DECIDING_ROLES = (Role.REVIEWER, Role.APPROVER)
MOST_READ = 20_000
"""Verdicts that one look reads at most; the newest count."""
OTHER_TOO_FREQUENT = 0.10
"""Above this share of `other` the closed list of reasons lacks one."""


def measure_quality(
    *, since: datetime, actor: Actor, models: ModelsReader, uow: UnitOfWork, now: datetime
) -> QualityView:
    """Measure how well people judged since a moment, on what lies on the actor's side of a wall.

    1. Read the newest verdicts, the blind pairs and what is known to be true.
    2. The desk's figures go to whoever watches over it, unless they would be one person's.
    3. A person's own figures go to that person alone.

    Raises NotAllowedError for a key, and for people who neither watch nor decide.
    """
    actor.require_role(*DESK_ROLES, *DECIDING_ROLES)
    judged = uow.quality.judged(since=since, wall=actor.wall, most=MOST_READ + 1)  # 1
    is_cut, judged = len(judged) > MOST_READ, judged[:MOST_READ]
    pairs = uow.quality.blind_pairs(since=since, wall=actor.wall)
    truths = uow.quality.truths()
    people = {one.actor_id for one in judged}
    why_no_desk = _why_no_desk(actor, others=len(people - {actor.id}))  # 2
    desk = None
    if why_no_desk is None:
        desk = _desk(judged, pairs, truths, actor=actor, models=models, uow=uow, now=now)
    return QualityView(
        since=since,
        until=now,
        decisions=sum(not one.is_undone for one in judged),
        people=len(people),
        is_newest_only=is_cut,
        desk=desk,
        why_no_desk=why_no_desk,
        own=_own(judged, pairs, truths, actor=actor),  # 3
    )


def _why_no_desk(actor: Actor, *, others: int) -> str | None:
    if not actor.roles.intersection(DESK_ROLES):
        return "The figures of the desk are for approvers, auditors, data scientists and leaders."
    if others < figures.FEWEST_PEOPLE:
        return (
            "The figures of the desk would be one person's: they are told once two people other "
            f"than you have decided in the period (so far {others})."
        )
    return None


def _desk(
    judged: Sequence[Judged],
    pairs: Sequence[BlindPair],
    truths: Truths,
    *,
    actor: Actor,
    models: ModelsReader,
    uow: UnitOfWork,
    now: datetime,
) -> DeskQuality:
    standing = [one for one in judged if not one.is_undone]
    first = [one for one in standing if one.is_first]
    raw, kappa, ac1 = figures.agreed(pairs)
    drawn = figures.comparable(first, own_call_major=_own_call_major(uow))
    usual, other = figures.usual_times(standing), figures.other_reasons(standing)
    champion = models.champion(uow, now=now)
    return DeskQuality(
        agreement=raw,
        kappa=kappa,
        ac1=ac1,
        caught=figures.caught(first, truths),
        false_alarms=figures.false_alarms(first, truths),
        showing=figures.effect_of_showing(drawn),
        showing_right=figures.effect_of_showing(
            figures.where_models_were(drawn, truths, is_right=True)
        ),
        showing_wrong=figures.effect_of_showing(
            figures.where_models_were(drawn, truths, is_right=False)
        ),
        changed_mind=figures.changed_mind(first),
        overrides=figures.share_of(
            [one for one in first if one.is_override is not None], lambda one: bool(one.is_override)
        ),
        overrides_right=figures.overrides_right(first, truths),
        other_reasons=other,
        is_other_too_frequent=other.value is not None and other.value > OTHER_TOO_FREQUENT,
        other_by_verdict=figures.other_by_verdict(standing),
        hasty=figures.hasty(standing, usual),
        usual_times=usual,
        undone=figures.share_of(judged, lambda one: one.is_undone),
        learned=figures.share_of(figures.overridden(first), _is_learned(champion)),
        learned_to=None if champion is None else champion.trained_to,
        cleared=models.checked(uow) if actor.wall.is_open else None,
    )


def _own(
    judged: Sequence[Judged], pairs: Sequence[BlindPair], truths: Truths, *, actor: Actor
) -> OwnQuality | None:
    if not actor.roles.intersection(DECIDING_ROLES):
        return None
    mine = [one for one in judged if one.actor_id == actor.id]
    standing = [one for one in mine if not one.is_undone]
    first = [one for one in standing if one.is_first]
    raw, _, _ = figures.agreed(
        [pair for pair in pairs if actor.id in {pair.first_actor_id, pair.second_actor_id}]
    )
    return OwnQuality(
        caught=figures.caught(first, truths, fewest_people=1),
        false_alarms=figures.false_alarms(first, truths, fewest_people=1),
        agreement=raw,
        other_reasons=figures.other_reasons(standing, fewest_people=1),
        undone=figures.share_of(mine, lambda one: one.is_undone, fewest_people=1),
    )


def _own_call_major(uow: UnitOfWork) -> Callable[[datetime], int]:
    """Give the amount from which on the policy of a moment asked for an own call first."""
    versions = uow.policies.versions()

    def at(moment: datetime) -> int:
        policies = (one.policy for one in versions if one.published_at <= moment)
        return next(policies, STANDARD_REVIEW_POLICY).own_call_major

    return at


def _is_learned(champion: BundleView | None) -> Callable[[Judged], bool]:
    return lambda one: champion is not None and one.opened_at <= champion.trained_to
