"""Contracts, people and bills: what contradicts itself is refused."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from data.schemas.billing import InvoiceLine
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.clauses import PeriodOfPerformance
from data.schemas.vocabulary import REASONS_BY_VERDICT, ReasonCode, Verdict
from tests.builders.contracts import assignment, clause, contract, rate


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: PeriodOfPerformance(start=date(2026, 2, 1), end=date(2026, 1, 1)), "lies before"),
        (lambda: assignment(start=date(2026, 2, 1), end=date(2026, 1, 1)), "lies before"),
        (lambda: contract(rate_card=(rate(line_id="L-9"),)), "not a line of this contract"),
        (lambda: contract(clauses=contract().clauses * 2), "ids are unique"),
        (lambda: contract(lines=contract().lines * 2), "ids are unique"),
        (lambda: contract(lines=()), "at least 1 item"),
        (lambda: InvoiceLine(id="1", amount_minor=1), "exactly one"),
        (lambda: InvoiceLine(id="1", entry_id="E", milestone_id="M", amount_minor=1), "exactly"),
    ],
)
def test_contradiction_is_refused(build, message):
    with pytest.raises(ValidationError, match=message):
        build()


def test_clause_survives_a_round_trip_with_its_typed_terms():
    whole = contract()
    assert type(whole).model_validate_json(whole.model_dump_json()) == whole


def test_clause_of_the_contract_names_no_line():
    assert clause(contract().clauses[0].terms).line_id is None


def test_every_rule_of_the_catalogue_cites_a_clause():
    assert set(CATALOGUE) == set(ExceptionCode)
    for kind in CATALOGUE.values():
        assert kind.clause is not None or not kind.is_rule_decidable


def test_every_verdict_has_reasons_and_every_reason_a_verdict():
    assert set(REASONS_BY_VERDICT) == set(Verdict)
    offered = {reason for reasons in REASONS_BY_VERDICT.values() for reason in reasons}
    assert offered == set(ReasonCode)
