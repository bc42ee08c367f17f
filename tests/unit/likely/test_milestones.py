"""M5: a forecast after the due day and its grace costs the penalty, as likely as it comes true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import LiquidatedDamages
from data.schemas.vocabulary import AcceptanceKind
from tests.builders.checking import findings, suspicions
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import DECIDED_AT, MONDAY, acceptance, milestone

CODE = ExceptionCode.MILESTONE_LATE_PENALTY
DUE = DECIDED_AT.date() + timedelta(days=30)
TERMS = LiquidatedDamages(daily_minor=500_00, cap_minor=5_000_00, grace_days=5)
UNDER = reference(contract(clauses=clauses(TERMS)))


def forecast(days, **overrides):
    given = {"due_on": DUE, "forecast_on": DUE + timedelta(days=days), "acceptance": (),
             "is_ready_to_bill": False}  # fmt: skip
    return milestone(**(given | overrides))


def told(item, under=UNDER):
    return [one for one in suspicions(item, under=under)[item.item_id] if one.code is CODE]


@pytest.mark.parametrize(
    ("days", "probability", "exposure_minor"),
    [
        (6, 0.5, 250_00),  # one day after the grace: 500.00 x 0.5
        (20, 0.816060, 4_080_30),  # fifteen days, capped at 5,000.00, x (1 - 0.5 / e)
    ],
)
def test_a_late_forecast_is_priced_by_its_days(days, probability, exposure_minor):
    (one,) = told(forecast(days))
    assert one.probability == pytest.approx(probability, abs=1e-6)
    assert one.exposure_minor == exposure_minor
    assert one.clause_id == "CL-liquidated_damages"
    assert findings(forecast(days), under=UNDER)["test:MS-1"] == ()


@pytest.mark.parametrize(
    "item",
    [
        forecast(5),
        forecast(20, forecast_on=None),
        forecast(20, acceptance=(acceptance(AcceptanceKind.ACCEPTED, MONDAY),)),
    ],
)
def test_in_time_unknown_or_accepted_is_not_forecast_late(item):
    assert told(item) == []


def test_without_damages_nobody_asks():
    assert told(forecast(20), under=reference()) == []


def test_what_is_late_already_is_left_to_the_rule():
    late = forecast(20, due_on=MONDAY - timedelta(days=30))
    assert CODE in [one.code for one in findings(late, under=UNDER)[late.item_id]]
    assert told(late) == []
