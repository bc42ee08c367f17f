"""Which ground decides, and with what chance a person is asked."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest
from pydantic import ValidationError

from data.schemas.vocabulary import Lane, Route
from models import policy
from models.policy import PolicyColumns, PolicySettings, certificates_in_force, decide
from tests.builders.bundles import NOW, certificate

SETTINGS = PolicySettings(cap_reporting_minor=1_000_000.0, audit_share=0.05, hold_audit_share=0.05)


def routed(*, settings=SETTINGS, **changed):
    clean = {
        "is_unready": False,
        "has_critical": False,
        "has_other": False,
        "is_suspected": False,
        "is_frozen": False,
        "probability": 0.01,
        "amount": 400_000.0,
        "threshold": 0.02,
        "clears_left": math.inf,
        "coin": 0.5,
    }
    columns = {name: np.array([value]) for name, value in (clean | changed).items()}
    routing = decide(PolicyColumns(**columns), settings=settings)
    return routing.route[0], routing.lane[0], routing.propensity[0], routing.reason[0]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, (Route.AUTO_CLEAR, None, 0.05, policy.CLEAR)),
        ({"coin": 0.049}, (Route.AUTO_CLEAR, Lane.AUDIT, 0.05, policy.CLEAR_AUDITED)),
        ({"is_unready": True}, (Route.AUTO_HOLD, None, 0.05, policy.UNREADY)),
        ({"has_critical": True}, (Route.AUTO_HOLD, None, 0.05, policy.CRITICAL)),
        (
            {"has_critical": True, "coin": 0.0},
            (Route.AUTO_HOLD, Lane.AUDIT, 0.05, policy.CRITICAL_AUDITED),
        ),
        ({"has_other": True}, (Route.REVIEW, Lane.INDEX, 1.0, policy.RULE)),
        ({"is_suspected": True}, (Route.REVIEW, Lane.INDEX, 1.0, policy.SUSPECTED)),
        (
            {"is_suspected": True, "has_other": True},
            (Route.REVIEW, Lane.INDEX, 1.0, policy.RULE),
        ),
        ({"amount": 1_000_000.01}, (Route.REVIEW, Lane.INDEX, 1.0, policy.OVER_CAP)),
        ({"amount": 1_000_000.0}, (Route.AUTO_CLEAR, None, 0.05, policy.CLEAR)),
        ({"amount": math.nan}, (Route.REVIEW, Lane.INDEX, 1.0, policy.UNPRICED)),
        ({"threshold": math.nan}, (Route.REVIEW, Lane.INDEX, 1.0, policy.UNCERTIFIED)),
        ({"is_frozen": True}, (Route.REVIEW, Lane.INDEX, 1.0, policy.FROZEN)),
        ({"probability": 0.021}, (Route.REVIEW, Lane.INDEX, 1.0, policy.UNSURE)),
        ({"probability": 0.02}, (Route.AUTO_CLEAR, None, 0.05, policy.CLEAR)),
        ({"clears_left": 1.0}, (Route.AUTO_CLEAR, None, 0.05, policy.CLEAR)),
        ({"clears_left": 0.0}, (Route.REVIEW, Lane.INDEX, 1.0, policy.SPENT)),
        (
            {"clears_left": math.nan, "threshold": math.nan},
            (Route.REVIEW, Lane.INDEX, 1.0, policy.UNCERTIFIED),
        ),
        ({"probability": math.nan}, (Route.REVIEW, Lane.INDEX, 1.0, policy.SAFE_MODE)),
    ],
)
def test_the_first_ground_decides(changed, expected):
    assert routed(**changed) == expected


def test_without_a_bundle_nothing_is_cleared_and_it_says_so():
    assert routed(settings=None) == (Route.REVIEW, Lane.INDEX, 1.0, policy.SAFE_MODE)
    assert routed(settings=None, has_critical=True)[0] is Route.AUTO_HOLD


def test_larger_amounts_are_checked_more_often_where_policy_says_so():
    by_money = SETTINGS.model_copy(
        update={"audit_money_share": 0.1, "mean_amount_reporting_minor": 200_000.0}
    )
    assert routed(settings=by_money, amount=400_000.0)[2] == pytest.approx(0.2)
    assert routed(settings=by_money, amount=1_000.0)[2] == pytest.approx(0.05)
    assert routed(settings=by_money, amount=400_000.0, coin=0.19)[1] is Lane.AUDIT


def test_the_audit_share_has_a_floor():
    with pytest.raises(ValidationError):
        PolicySettings(cap_reporting_minor=1.0, audit_share=0.0)


def test_a_certificate_counts_for_its_members_until_it_expires():
    one = certificate(members=("timesheet.regular", "milestone.regular"), threshold=0.1)
    none = certificate(members=("timesheet.large",), threshold=None)
    in_force = certificates_in_force((one, none), at=NOW)
    assert in_force == {"timesheet.regular": one, "milestone.regular": one}
    assert certificates_in_force((one, none), at=NOW + timedelta(days=30)) == {}
