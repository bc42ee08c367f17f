"""The rules against a whole small firm whose faults are known."""

from __future__ import annotations

from datetime import date

from data.firm.generate import generate_firm
from data.firm.records import FirmSize
from tests.builders.arrivals import found_places, true_places

SIZE = FirmSize(people=16, clients=8, contracts=16, months=5, seed=3, end=date(2026, 6, 30))


def test_every_fault_a_rule_can_prove_is_found_on_arrival_and_nothing_else():
    firm = generate_firm(SIZE)
    assert len(true_places(firm)) >= 10
    assert found_places(firm) == true_places(firm)
