"""`countersign evaluate rules`: the plan, the figures, and what is printed."""

from __future__ import annotations

import json
from functools import cache

from data.firm.generate import generate_firm
from data.schemas.catalogue import ExceptionCode
from models.evaluation.rule_recall import Fault, RuleRecall, compare, evaluate_rules
from service.commands.evaluate_rules import (
    EvaluationPlan,
    as_figures,
    as_table,
    evaluate_firms,
    report_lines,
)

PLAN = EvaluationPlan(seeds=1, people=6, months=2)


@cache
def result() -> RuleRecall:
    return evaluate_firms(PLAN, say=lambda line: None)


def test_each_seed_is_a_firm_of_the_asked_size():
    sizes = EvaluationPlan(seeds=3, people=24, months=6).sizes()
    assert [size.seed for size in sizes] == [1, 2, 3]
    assert {(size.people, size.clients, size.contracts, size.months) for size in sizes} == {
        (24, 10, 16, 6)
    }


def test_a_line_of_progress_is_told_for_each_seed():
    said = []
    evaluate_firms(PLAN, say=said.append)
    assert len(said) == 1
    assert said[0].startswith("seed 1 of 1: ")


def test_the_figures_are_those_of_the_firms():
    assert result() == evaluate_rules(generate_firm(PLAN.sizes()[0]))
    figures = as_figures(result())
    assert figures["recall"] == figures["precision"] == 1.0
    assert figures["kinds"] == len(result().kinds) > 5
    assert figures["faults"] == sum(one["faults"] for one in figures["table"].values())


def test_the_table_has_a_line_for_each_kind_and_one_for_all():
    assert len(as_table(result())) == len(result().kinds) + 2


def test_json_is_the_last_line():
    *_, last = report_lines(result(), as_json=True, show=5)
    assert json.loads(last) == as_figures(result())


def test_rows_that_differ_are_shown_when_asked_for():
    code = ExceptionCode.RATE_MISMATCH
    true = {("a", code): Fault(row_ids=frozenset({"1"}), exposure_minor=3)}
    told = compare(found={}, true=true)
    assert "rate_mismatch: item a, row 1: missed" in list(report_lines(told, as_json=False, show=1))
    assert len(list(report_lines(told, as_json=False, show=0))) == 3
