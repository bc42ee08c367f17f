"""Blind second reviews: which verdicts a second person gives anew, with which probability.

Nobody is told, nothing is billed by it: it says how far verdicts can be believed. Large money is
drawn more often, as one wrong verdict costs more there; every stratum keeps a chance.
"""

from __future__ import annotations

from data.schemas.decision import Decision
from data.schemas.review_policy import ReviewPolicy
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import FINAL_VERDICTS, Lane, Verdict
from service.domain.case import Case
from service.domain.lanes import shares_of

BANDS_MAJOR = (1_000, 10_000)
BAND_WEIGHTS = (0.75, 1.0, 1.5)
"""How much more often a band is drawn than on average, from small to large amounts."""
DRAWN_FROM = frozenset({Lane.INDEX, Lane.AUDIT})


def stratum(case: Case) -> str:
    """Give the stratum of a case: its kind and the band of its amount."""
    return f"{case.kind}:{_band(case)}"


def double_propensity(case: Case, decision: Decision, *, policy: ReviewPolicy) -> float:
    """Give the probability with which a verdict is reviewed a second time, unseen; often 0.

    What a second person decides anyway, what was decided in bulk or by policy, and what is no
    final verdict is not drawn. A double takes the minutes of its original, so the probability is
    the ratio of the lanes' shares.
    """
    if not _may_be_drawn(case, decision) or not is_for_one_person(case, policy):
        return 0.0
    shares = shares_of(policy.lanes)
    ratio = shares[Lane.DOUBLE] / sum(shares[lane] for lane in DRAWN_FROM)
    return min(ratio * BAND_WEIGHTS[_band(case)], 1.0)


def is_for_one_person(case: Case, policy: ReviewPolicy) -> bool:
    """Say whether one person decides a case of this size: where two do, a repeat would show."""
    major = case.amount_minor / minor_per_major(case.currency)
    return major < min(policy.four_eyes_major, policy.four_eyes_override_major)


def is_same_answer(first: Verdict, second: Verdict) -> bool:
    """Say whether two verdicts agree on the question: may it be billed as it stands."""
    return (first is Verdict.APPROVE) == (second is Verdict.APPROVE)


def _may_be_drawn(case: Case, decision: Decision) -> bool:
    return (
        case.lane in DRAWN_FROM
        and decision.verdict in FINAL_VERDICTS
        and not decision.needs_second
        and decision.bulk_id is None
        and decision.supersedes_id is None
    )


def _band(case: Case) -> int:
    major = case.amount_minor / minor_per_major(case.currency)
    return sum(major >= bound for bound in BANDS_MAJOR)
