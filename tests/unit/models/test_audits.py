"""What random checks say of all that was cleared, and whether their intervals hold."""

from __future__ import annotations

import numpy as np
import pytest

from models.audits import Audit, audit_propensity, estimate


def audits(is_wrong, amount, propensity):
    return [
        Audit(
            item_id=f"TS-{number}",
            segment="timesheet.regular",
            is_wrong=bool(wrong),
            amount_reporting_minor=float(size),
            propensity=float(chance),
        )
        for number, (wrong, size, chance) in enumerate(
            zip(is_wrong, amount, propensity, strict=True)
        )
    ]


def test_each_check_counts_for_all_the_items_it_stands_for():
    # 1 / 0.1 + 1 / 0.5 = 12 items, of which the first stands for 10; money 1000 + 600 = 1600.
    found = estimate(audits([True, False], [100, 300], [0.1, 0.5]))
    assert found.share_of_cases == pytest.approx(10 / 12)
    assert found.share_of_money == pytest.approx(1_000 / 1_600)


def test_no_error_still_leaves_room_for_some():
    # Clopper and Pearson at 0 of 100, two-sided 95 %: 1 - 0.025 ** (1 / 100) = 3.6 %.
    found = estimate(audits([False] * 100, [100] * 100, [0.05] * 100))
    assert (found.share_of_cases, found.cases_low) == (0.0, 0.0)
    assert found.cases_high == pytest.approx(1 - 0.025**0.01)


def test_without_checks_nothing_is_known():
    found = estimate([])
    assert (found.audits, found.share_of_cases, found.share_of_money) == (0, None, None)
    assert (found.cases_low, found.cases_high, found.money_low, found.money_high) == (0, 1, 0, 1)


def test_only_errors_leave_no_share_above_one():
    found = estimate(audits([True] * 3, [100, 7, 31], [0.3, 0.05, 1.0]))
    assert found.share_of_cases == pytest.approx(1.0)
    assert found.cases_high == 1.0
    assert found.cases_low > 0.0


def test_larger_amounts_are_checked_more_often_but_none_is_left_out():
    drawn = audit_propensity(
        np.array([0.0, 100.0, 1_000.0, 1e9]), mean_amount=100.0, rho_cases=0.02, rho_money=0.05
    )
    assert drawn.tolist() == pytest.approx([0.02, 0.05, 0.5, 1.0])
    flat = audit_propensity(np.array([5.0]), mean_amount=0.0, rho_cases=0.02, rho_money=0.05)
    assert flat.tolist() == [0.02]


@pytest.mark.parametrize("rho_money", [0.0, 0.1])
def test_the_intervals_cover_the_truth_as_often_as_they_say(rho_money):
    covered = {"cases": 0, "money": 0}
    runs = 300
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        amount = np.minimum(generator.lognormal(0.0, 1.0, 6_000), 3.6)
        # Larger amounts are wrong more often, so the money share is not the share of cases.
        is_wrong = generator.uniform(size=6_000) < 0.02 + 0.01 * amount
        chance = audit_propensity(amount, mean_amount=1.3, rho_cases=0.05, rho_money=rho_money)
        drawn = generator.uniform(size=6_000) < chance
        found = estimate(audits(is_wrong[drawn], amount[drawn], chance[drawn]), confidence=0.9)
        money = amount[is_wrong].sum() / amount.sum()
        covered["cases"] += found.cases_low <= is_wrong.mean() <= found.cases_high
        covered["money"] += found.money_low <= money <= found.money_high
    # 90 % promised; 0.9 - 3 * sqrt(0.9 * 0.1 / 300) = 0.848.
    assert min(covered.values()) / runs > 0.848
