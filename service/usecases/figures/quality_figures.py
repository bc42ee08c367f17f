"""The figures of the quality page, each from the verdicts that speak of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median

from data.schemas.values import minor_per_major
from data.schemas.vocabulary import ItemKind, Lane, ReasonCode, ScoreExposure, Verdict
from service.domain.agreement import (
    Estimated,
    Pair,
    agreement,
    difference,
    share,
    weighted_share,
)
from service.domain.judged import BlindPair, Judged, Truths
from service.wire.quality import EffectOfShowing, Figure, OtherReasons, UsualTime

ENOUGH_VERDICTS = 20
"""Below this an interval spans nearly half of the scale, and single people shine through."""
ENOUGH_PAIRS = 30
"""From here on the interval of kappa holds the truth as often as it says (simulated)."""
ENOUGH_EACH_WAY = 30
FEWEST_PEOPLE = 2
"""A figure of the desk that rests on one person is that person's, who alone is told it."""
HASTY_SHARE = 0.2
"""Of the usual time: in less than that nobody has read rows and clause."""


def caught(
    judged: Iterable[Judged], truths: Truths, *, fewest_people: int = FEWEST_PEOPLE
) -> Figure:
    """Give the share of seeded faults that people did not let pass."""
    practised = [one for one in judged if one.lane is Lane.GOLD and truths.of(one) is True]
    return share_of(practised, lambda one: one.finds_fault, fewest_people=fewest_people)


def false_alarms(
    judged: Iterable[Judged], truths: Truths, *, fewest_people: int = FEWEST_PEOPLE
) -> Figure:
    """Give the share of seeded faultless items that people did not let pass."""
    practised = [one for one in judged if one.lane is Lane.GOLD and truths.of(one) is False]
    return share_of(practised, lambda one: one.finds_fault, fewest_people=fewest_people)


def agreed(pairs: Sequence[BlindPair]) -> tuple[Figure, Figure, Figure]:
    """Give agreement of blind pairs on whether to bill an item as it stands: raw, kappa, AC1."""
    answers = [
        Pair(
            first=pair.first is not Verdict.APPROVE,
            second=pair.second is not Verdict.APPROVE,
            weight=1.0 / pair.propensity,
        )
        for pair in pairs
    ]
    found = agreement(answers)
    if found is None or len(pairs) < ENOUGH_PAIRS:
        untold = Figure(count=len(pairs), needed=ENOUGH_PAIRS)
        return untold, untold, untold
    part = sum(pair.first == pair.second for pair in answers)
    return (
        _figure(found.raw, count=len(pairs), needed=ENOUGH_PAIRS, part=part),
        _figure(found.kappa, count=len(pairs), needed=ENOUGH_PAIRS),
        _figure(found.ac1, count=len(pairs), needed=ENOUGH_PAIRS),
    )


def comparable(
    judged: Iterable[Judged], *, own_call_major: Callable[[datetime], int]
) -> list[Judged]:
    """Give the verdicts in which a coin alone decided whether the models' opinion was told.

    Large cases are never told it outright, so that their verdicts have nothing to be held against.
    """
    return [
        one
        for one in judged
        if one.is_first
        and not one.is_bulk
        and one.lane is not Lane.DOUBLE
        and one.model_finds_fault is not None
        and one.exposure in {ScoreExposure.SHOWN, ScoreExposure.HIDDEN}
        and one.exposure_propensity < 1.0
        and one.shown_at is not None
        and one.amount_minor < own_call_major(one.shown_at) * minor_per_major(one.currency)
    ]


def effect_of_showing(judged: Sequence[Judged]) -> EffectOfShowing:
    """Give how much oftener people agree with the models where they are told their opinion."""
    shown, hidden = (
        [
            (one.finds_fault == one.model_finds_fault, 1.0 / one.exposure_propensity)
            for one in judged
            if one.exposure is exposure
        ]
        for exposure in (ScoreExposure.SHOWN, ScoreExposure.HIDDEN)
    )
    told, untold = weighted_share(shown), weighted_share(hidden)
    fewer = min(len(shown), len(hidden))
    is_shared = len({one.actor_id for one in judged}) >= FEWEST_PEOPLE
    is_enough = is_shared and fewer >= ENOUGH_EACH_WAY
    apart = difference(told, untold) if told and untold and is_enough else None
    return EffectOfShowing(
        shown=_arm(told if is_shared else None, shown),
        hidden=_arm(untold if is_shared else None, hidden),
        difference=_figure(apart, count=fewer, needed=ENOUGH_EACH_WAY),
    )


def where_models_were(judged: Sequence[Judged], truths: Truths, *, is_right: bool) -> list[Judged]:
    """Give the verdicts on items of which the truth is known and the models had it, or had not."""
    known = ((one, truths.of(one)) for one in judged)
    return [
        one
        for one, truth in known
        if truth is not None and (one.model_finds_fault == truth) == is_right
    ]


def changed_mind(judged: Iterable[Judged]) -> Figure:
    """Give how often people went over to the models' side after an own call against them."""
    against = [
        one
        for one in judged
        if one.own_verdict is not None
        and one.model_finds_fault is not None
        and (one.own_verdict is not Verdict.APPROVE) != one.model_finds_fault
    ]
    return share_of(against, lambda one: one.finds_fault == one.model_finds_fault)


def overridden(judged: Iterable[Judged]) -> list[Judged]:
    """Give the verdicts that go against a proof, or against what the models held likelier."""
    return [one for one in judged if one.is_override]


def overrides_right(judged: Iterable[Judged], truths: Truths) -> Figure:
    """Give the share of overrides that were right, as far as the truth is known."""
    known = [one for one in overridden(judged) if truths.of(one) is not None]
    return share_of(known, lambda one: one.finds_fault == truths.of(one))


def other_reasons(judged: Collection[Judged], *, fewest_people: int = FEWEST_PEOPLE) -> Figure:
    """Give the share of verdicts with the reason `other`."""
    return share_of(
        judged, lambda one: ReasonCode.OTHER in one.reason_codes, fewest_people=fewest_people
    )


def other_by_verdict(judged: Sequence[Judged]) -> tuple[OtherReasons, ...]:
    """Give the same by verdict, in the order of the verdicts."""
    of_all = Counter(one.verdict for one in judged)
    of_other = Counter(one.verdict for one in judged if ReasonCode.OTHER in one.reason_codes)
    return tuple(
        OtherReasons(verdict=verdict, other=of_other[verdict], count=of_all[verdict])
        for verdict in Verdict
        if of_all[verdict]
    )


def usual_times(judged: Iterable[Judged]) -> tuple[UsualTime, ...]:
    """Give the median of the active seconds by kind, where enough verdicts speak of it."""
    seconds: dict[ItemKind, list[float]] = defaultdict(list)
    for one in timed(judged):
        seconds[one.kind].append(one.active_seconds)
    return tuple(
        UsualTime(kind=kind, seconds=median(seconds[kind]), count=len(seconds[kind]))
        for kind in ItemKind
        if len(seconds[kind]) >= ENOUGH_VERDICTS
    )


def hasty(judged: Iterable[Judged], usual: Sequence[UsualTime]) -> Figure:
    """Give the share of verdicts that took too little time to have read anything."""
    limits: Mapping[ItemKind, float] = {one.kind: one.seconds * HASTY_SHARE for one in usual}
    measured = [one for one in timed(judged) if one.kind in limits]
    return share_of(measured, lambda one: one.active_seconds < limits[one.kind])


def timed(judged: Iterable[Judged]) -> list[Judged]:
    """Give the verdicts whose time was measured: on one case, by a screen that says it."""
    return [one for one in judged if not one.is_bulk and one.active_seconds > 0]


def share_of(
    verdicts: Collection[Judged],
    is_so: Callable[[Judged], bool],
    *,
    fewest_people: int = FEWEST_PEOPLE,
) -> Figure:
    """Give a share of verdicts with its interval, or only how many there are while too few."""
    part, count = sum(map(is_so, verdicts)), len(verdicts)
    is_shared = len({one.actor_id for one in verdicts}) >= fewest_people
    found = share(part, count) if is_shared else None
    return _figure(found, count=count, needed=ENOUGH_VERDICTS, part=part)


def _arm(found: Estimated | None, answers: Sequence[tuple[bool, float]]) -> Figure:
    part = sum(is_so for is_so, _ in answers)
    return _figure(found, count=len(answers), needed=ENOUGH_EACH_WAY, part=part)


def _figure(found: Estimated | None, *, count: int, needed: int, part: int | None = None) -> Figure:
    if found is None or count < needed:
        return Figure(count=count, needed=needed)
    return Figure(
        count=count, needed=needed, part=part, value=found.value, low=found.low, high=found.high
    )
