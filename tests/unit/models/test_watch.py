"""A promise that is kept stays quiet; one that breaks is found, and says how."""

from __future__ import annotations

import numpy as np
import pytest

from models.audits import Audit, audit_propensity
from models.evaluation.watching import first_alarm, simulate_watch
from models.watch import AuditBoundError, Watch, follow, follow_all, watch_settings

CAP = 800_000.0
SETTINGS = watch_settings(
    alpha_cases=0.02, alpha_money=0.02, delta=0.05, cap_reporting_minor=CAP, audit_share=0.05
)
NEW = Watch(segment="timesheet.regular")


def audit(*, wrong=False, amount=200_000.0, propensity=0.05):
    return Audit(
        item_id="TS-1",
        segment="timesheet.regular",
        is_wrong=wrong,
        amount_reporting_minor=amount,
        propensity=propensity,
    )


def test_a_faultless_check_loses_a_little_and_a_fault_wins_much():
    # At the full weight a stake of 0.5 / 0.02 loses half of it times 0.02: 1 - 0.5 = 0.5.
    after = follow(NEW, audit(amount=CAP), settings=SETTINGS)
    assert np.exp(after.log_wealth_money[4]) == pytest.approx(0.5)
    # A fault wins 0.5 / 0.02 * 0.98 = 24.5 on top.
    after = follow(NEW, audit(wrong=True, amount=CAP), settings=SETTINGS)
    assert np.exp(after.log_wealth_cases[4]) == pytest.approx(25.5)
    assert (after.audits, after.wrong) == (1, 1)


def test_faults_that_keep_coming_raise_an_alarm_that_stays():
    found = follow_all(NEW, [audit(wrong=True, amount=CAP)] * 2, settings=SETTINGS)
    assert found.is_alarm
    assert found.why == (
        "2 of 2 audits found a fault: more than 2.0% of cases and 2.0% of money is wrong"
    )
    assert follow_all(found, [audit()] * 500, settings=SETTINGS).is_alarm


def test_faults_in_small_amounts_are_an_alarm_of_cases_not_of_money():
    found = follow_all(NEW, [audit(wrong=True, amount=100.0)] * 3, settings=SETTINGS)
    assert found.why is not None
    assert "of cases" in found.why
    assert "of money" not in found.why


def test_a_check_that_weighs_more_than_its_policy_allows_is_refused():
    with pytest.raises(AuditBoundError, match="TS-1"):
        follow(NEW, audit(propensity=0.01), settings=SETTINGS)
    with pytest.raises(AuditBoundError, match="TS-1"):
        follow(NEW, audit(amount=2 * CAP), settings=SETTINGS)


def test_the_bounds_hold_for_every_amount_a_design_may_draw():
    amount = np.linspace(1.0, CAP, 500)
    drawn = audit_propensity(amount, mean_amount=250_000.0, rho_cases=0.02, rho_money=0.05)
    by_money = watch_settings(
        alpha_cases=0.02,
        alpha_money=0.02,
        delta=0.05,
        cap_reporting_minor=CAP,
        audit_share=0.02,
        audit_money_share=0.05,
        mean_amount_reporting_minor=250_000.0,
    )
    assert max(1.0 / drawn) <= by_money.cases_bound + 1e-9
    assert max(amount / drawn) == pytest.approx(by_money.money_bound)


def test_the_state_can_be_stored_and_followed_on():
    half = follow_all(NEW, [audit(wrong=True)], settings=SETTINGS)
    again = Watch.model_validate_json(half.model_dump_json())
    assert follow(again, audit(), settings=SETTINGS) == follow(half, audit(), settings=SETTINGS)


def test_the_simulation_places_the_same_bets_as_the_live_watch():
    generator = np.random.default_rng(5)
    wrong = generator.uniform(size=400) < 0.06
    amount = generator.uniform(1.0, CAP, 400)
    at = first_alarm(wrong, amount=amount, propensity=np.full(400, 0.05), settings=SETTINGS)
    state, live = NEW, None
    for place, (is_wrong, size) in enumerate(zip(wrong.tolist(), amount.tolist(), strict=True)):
        state = follow(state, audit(wrong=is_wrong, amount=size), settings=SETTINGS)
        if state.is_alarm and live is None:
            live = place
    assert at is not None
    assert at == live


def test_a_kept_promise_is_rarely_called_broken_and_a_tripled_risk_is_found():
    figures = {(one.design, one.risk): one for one in simulate_watch(runs=200)}
    for design in ("flat", "by money"):
        # At most 5 % of the runs, however often one looks; 18 of 200 is three errors above it.
        assert figures[design, 0.02].alarms <= 0.05 + 0.04
        tripled = figures[design, 0.06]
        assert tripled.alarms > 0.97
        assert tripled.median_audits is not None
        assert tripled.median_audits < 220


def test_without_a_mixture_bound_the_same_harness_finds_false_alarms():
    # The planted defect: alarm whenever the observed share exceeds alpha, at every look.
    false_alarms = 0
    for seed in range(200):
        wrong = np.random.default_rng(seed).uniform(size=1_000) < 0.02
        share = np.cumsum(wrong) / np.arange(1, 1_001)
        false_alarms += bool((share[50:] > 0.03).any())
    assert false_alarms / 200 > 0.3
