"""What the lanes of the queue come to in minutes, and whether random checks hold their word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.desk_work import POLICY, Work, coin
from benchmarks.figures import Figure
from data.schemas.vocabulary import Lane
from models.audits import Audit, audit_propensity, estimate
from models.thinning import uniform
from service.domain.case import Case
from service.domain.lanes import draw_lane, shares_of
from service.domain.second_looks import double_propensity
from tests.builders.decisions import decision

AUDIT_FLOOR, AUDIT_BY_MONEY = 0.05, 0.02
PROMISED = 0.95


def lane_figures(queue: Sequence[Work], *, draws: int) -> Iterator[Figure]:
    """Give the share of the minutes of each lane, and the second looks, beside what is stated."""
    spent: Counter[Lane] = Counter()
    stated, doubles = 0.0, 0
    for number in range(draws):
        heads = {
            lane: replace(_any(queue, f"{lane}{number}"), lane=lane, lease_token=number)
            for lane in Lane
        }
        lane, _ = draw_lane(heads, shares=shares_of(POLICY.lanes), coin=coin)
        spent[lane] += heads[lane].review_minutes
        chance = double_propensity(heads[lane], decision(heads[lane]), policy=POLICY)
        stated += chance
        doubles += coin(f"double {number}") < chance
    total = sum(spent.values())
    for lane, share in shares_of(POLICY.lanes).items():
        yield Figure(
            what=f"minutes of the lane {lane}", ours=100 * spent[lane] / total, unit="%",
            peer="the policy", peers=100 * share, ratio_reads="of the share",
        )  # fmt: skip
    yield Figure(
        what=f"second looks in {draws:,} draws", ours=float(doubles), unit="cases",
        peer="by the probabilities stored", peers=stated, ratio_reads="of them",
    )  # fmt: skip


def _any(queue: Sequence[Work], name: str) -> Case:
    return queue[int(coin(name) * len(queue))].case


def coverage_figure(cleared: Sequence[Work], *, runs: int) -> Figure:
    """Say how often the 95 % interval of the random checks holds the true share of wrong items."""
    amounts = np.array([one.case.amount_minor for one in cleared], dtype=np.float64)
    chances = audit_propensity(
        amounts,
        mean_amount=float(amounts.mean()),
        rho_cases=AUDIT_FLOOR,
        rho_money=AUDIT_BY_MONEY,
    )
    is_wrong = [one.truth.is_violation for one in cleared]
    truth = sum(is_wrong) / len(cleared)
    held = audits = 0
    for run in range(runs):
        drawn = [
            Audit(
                item_id=one.item.item_id, segment="all", is_wrong=wrong,
                amount_reporting_minor=float(one.case.amount_minor), propensity=float(chance),
            )
            for one, wrong, chance in zip(cleared, is_wrong, chances, strict=True)
            if uniform(one.item.item_id, salt=f"run {run}") < chance
        ]  # fmt: skip
        said = estimate(drawn)
        held += said.cases_low <= truth <= said.cases_high
        audits += len(drawn)
    return Figure(
        what=f"runs whose interval ({audits / runs:.0f} checks of {len(cleared):,} cleared items, "
        f"{truth:.2%} wrong) holds the truth",
        ours=100 * held / runs, unit="%", peer="promised", peers=100 * PROMISED,
        ratio_reads="of the promise",
    )  # fmt: skip
