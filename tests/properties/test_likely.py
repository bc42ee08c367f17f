"""What is likely, over generated worlds: a probability below one, and never the rule's own rows."""

from __future__ import annotations

from hypothesis import given

from data.schemas.vocabulary import Proof
from tests.builders.checking import findings, suspicions
from tests.builders.items import DECIDED_AT
from tests.builders.strategies import batches, fixed_seed, invoices, worlds


def rows(found):
    return {(one.code, row.row_id) for one in found for row in one.evidence}


@fixed_seed(60)
@given(worlds(), batches(), batches(), invoices())
def test_what_is_likely_is_never_certain_and_never_what_a_rule_proved(world, items, before, bills):
    known = {
        "under": world,
        "before": before,
        "invoices": bills,
        "reviews": [(one, place % 2 == 0) for place, one in enumerate(before)],
        "decided_at": DECIDED_AT,
    }
    proved, said = findings(*items, **known), suspicions(*items, **known)
    assert said.keys() == proved.keys()
    for name, own in said.items():
        assert rows(own).isdisjoint(rows(proved[name]))
        for one in own:
            assert one.proof is Proof.MODEL
            assert 0 < one.probability < 1
            assert one.evidence


@fixed_seed(30)
@given(worlds(), batches(), batches())
def test_the_same_facts_give_the_same_suspicions(world, items, before):
    known = {"under": world, "before": before, "decided_at": DECIDED_AT}
    assert suspicions(*items, **known) == suspicions(*items, **known)
