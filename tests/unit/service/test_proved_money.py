"""What rules proved of an item, told without anything that the models weigh."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.assessment import EvidenceRow
from data.schemas.vocabulary import Proof
from service.domain.proved_money import ProvedMoney, proved_money
from tests.builders.review import busy_tuesday
from tests.fakes.scorer import finding

ITEM = busy_tuesday()[0].assessment


def _found(*rows, proof=Proof.RULE, probability=1.0):
    evidence = tuple(
        EvidenceRow(row_id=row, field="rate", actual="-", expected="-", exposure_minor=minor)
        for row, minor in rows
    )
    return finding(proof=proof, probability=probability, evidence=evidence)


def _money(*findings, amount_minor=1_000):
    return proved_money(
        ITEM.model_copy(
            update={"item_id": "I-1", "findings": findings, "amount_minor": amount_minor}
        )
    )


@pytest.mark.parametrize(
    ("findings", "risk_minor", "leak_minor"),
    [
        ((), 0, 0),
        ((_found(("E-1", 300)), _found(("E-1", 200))), 300, 0),  # one row: the larger counts
        ((_found(("E-1", 300)), _found(("E-2", 200))), 500, 0),  # two rows add up
        ((_found(("E-1", 300)), _found(("I-1", 700))), 700, 0),  # the item holds its rows
        ((_found(("E-1", 800), ("E-2", 800)),), 1_000, 0),  # never more than is asked for
        ((_found(("E-1", -400)), _found(("E-2", 100))), 100, 400),
    ],
)
def test_of_findings_about_one_row_the_largest_counts(findings, risk_minor, leak_minor):
    assert _money(*findings) == ProvedMoney(risk_minor=risk_minor, leak_minor=leak_minor)


@given(probability=st.floats(0, 1), minor=st.integers(-1_000, 1_000))
def test_no_probability_moves_the_proved_money(probability, minor):
    proved = _found(("E-1", 300))
    likely = _found(("E-2", minor), proof=Proof.MODEL, probability=probability)
    assert _money(proved, likely) == _money(proved)
