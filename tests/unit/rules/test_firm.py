"""The rules against a whole small firm whose faults are known, and a rule that is broken."""

from __future__ import annotations

from functools import cache

import pytest

from data.firm.generate import generate_firm
from data.firm.records import FirmSize
from data.schemas.catalogue import ExceptionCode
from models.evaluation.rule_recall import (
    Fault,
    RuleRecall,
    compare,
    evaluate_rules,
    found_faults,
    join,
    true_faults,
)
from models.rules import check
from models.terms import Terms

SIZE = FirmSize(people=8, clients=6, contracts=12, months=3, seed=5)


@cache
def firm():
    return generate_firm(SIZE)


@cache
def result() -> RuleRecall:
    return evaluate_rules(firm())


def test_every_fault_a_rule_can_prove_is_found_on_arrival_at_its_price_and_nothing_else():
    assert len(result().kinds) >= 20
    assert result().disagreements == ()
    assert result().total.recall == result().total.precision == 1.0
    assert result().total.exposure_error_minor == 0


def test_a_rule_that_is_switched_off_costs_recall(monkeypatch):
    code = ExceptionCode.RATE_MISMATCH
    monkeypatch.setattr(check, "RULES", tuple(one for one in check.RULES if one[0] is not code))
    broken = evaluate_rules(firm())
    assert broken.kinds[code].recall == 0.0
    assert broken.total.recall < 1.0
    assert broken.total.precision == 1.0
    assert {one.what for one in broken.disagreements} == {"missed"}


@pytest.mark.parametrize("minutes", [-30, 200])
def test_a_boundary_that_is_shifted_costs_precision_or_recall(monkeypatch, minutes):
    shown = Terms.daily_minutes
    monkeypatch.setattr(Terms, "daily_minutes", lambda self, clause: shown(self, clause) + minutes)
    broken = evaluate_rules(firm()).kinds[ExceptionCode.DAILY_HOURS_EXCEEDED]
    assert broken.exposure_error_minor > 0
    assert (broken.precision if minutes < 0 else broken.recall) < 1.0


def test_rows_are_matched_and_not_items_alone():
    code = ExceptionCode.RATE_MISMATCH
    true = {("a", code): Fault(row_ids=frozenset({"1", "2"}), exposure_minor=30)}
    found = {("a", code): Fault(row_ids=frozenset({"2", "3"}), exposure_minor=20)}
    told = compare(found=found, true=true)
    kind = told.kinds[code]
    # Row 2 is found, row 1 missed, row 3 invented; the prices differ by 10.
    assert (kind.faults, kind.found, kind.missed, kind.false_alarms) == (2, 1, 1, 1)
    assert (kind.recall, kind.precision, kind.exposure_error_minor) == (0.5, 0.5, 10)
    assert {(one.row_id, one.what) for one in told.disagreements} == {
        ("1", "missed"),
        ("3", "false alarm"),
    }


def test_a_right_row_at_a_wrong_price_is_a_disagreement():
    code = ExceptionCode.RATE_MISMATCH
    true = {("a", code): Fault(row_ids=frozenset({"1"}), exposure_minor=30)}
    found = {("a", code): Fault(row_ids=frozenset({"1"}), exposure_minor=-30)}
    told = compare(found=found, true=true)
    assert told.total.recall == told.total.precision == 1.0
    assert [one.what for one in told.disagreements] == ["priced -30, true price 30"]


def test_figures_of_several_firms_add_up():
    both = join([result(), result()])
    assert both.total.faults == 2 * result().total.faults
    assert set(both.kinds) == set(result().kinds)


def test_what_is_true_and_what_is_found_are_worked_out_apart():
    assert found_faults(firm()) == true_faults(firm())
