"""What is likely stands beside what is proved, and keeps its item from being cleared."""

from __future__ import annotations

from itertools import count

from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.clauses import BillingGuidelines
from data.schemas.vocabulary import Lane, Proof, Route, Severity
from models import policy
from models.assess import assess
from models.codes import Codes
from models.columns import to_batch
from models.likely.check import LIKELY, suspect
from models.likely.money import expected_exposure
from models.past.history import History
from models.rules.check import prove
from models.terms import Terms
from tests.builders.bundles import bundle, certificate
from tests.builders.checking import facts_of
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import DECIDED_AT, entry, timesheet

GUIDED = reference(contract(clauses=clauses(BillingGuidelines())))
VAGUE = timesheet(entries=(entry(narrative="Various tasks"),))
SMALL = timesheet(entries=(entry(narrative="Various tasks", minutes_worked=15),))
LONG_VALID = certificate(expires_at=DECIDED_AT.replace(year=DECIDED_AT.year + 1))


RELEASED = bundle(certificates=(LONG_VALID,))


def assessed(item, under=GUIDED, *, released=RELEASED):
    codes = Codes()
    numbers = count(1)
    (said,) = assess(
        to_batch([item], codes=codes),
        history=History(codes=codes),
        terms=Terms.build(under, codes=codes),
        bundle=released,
        decided_at=DECIDED_AT,
        coin=lambda name: 0.5,
        new_id=lambda: f"A-{next(numbers)}",
    )
    return said


def test_every_baseline_is_of_a_code_that_a_model_may_find_in_the_order_of_the_catalogue():
    codes = [code for code, _ in LIKELY]
    assert all(Proof.MODEL in CATALOGUE[code].proofs for code in codes)
    assert sorted(codes, key=list(CATALOGUE).index) == codes
    scored = {code for code, kind in CATALOGUE.items() if Proof.MODEL in kind.proofs}
    of_items = {ExceptionCode.LIKELY_VIOLATION, ExceptionCode.INVOICE_DELAY_RISK}
    # The share that prices missing time is a figure of its clause, and needs no baseline.
    assert set(codes) == scored - of_items - {ExceptionCode.MISSING_TIMESHEET}


def test_no_items_have_nothing_likely_wrong():
    facts = facts_of()
    assert suspect(facts, proved=prove(facts)) == ()


def test_where_a_model_answers_the_question_its_certified_probability_decides():
    said = assessed(VAGUE)
    assert any(one.is_suspicion for one in said.findings)
    assert said.route is Route.AUTO_CLEAR


def test_without_a_model_a_suspicion_sends_its_item_to_a_person_and_says_so():
    said = assessed(VAGUE, released=None)
    assert (said.route, said.lane, said.propensity) == (Route.REVIEW, Lane.INDEX, 1.0)
    assert said.route_reason == policy.SUSPECTED
    one = said.findings[0]
    assert (one.code, one.proof) == (ExceptionCode.NARRATIVE_INSUFFICIENT, Proof.MODEL)
    assert one.is_suspicion


def test_a_note_holds_nothing_back():
    said = assessed(SMALL)
    assert said.findings[0].severity is Severity.LOW
    assert not any(one.is_suspicion for one in said.findings)
    assert said.route is Route.AUTO_CLEAR


def test_the_expected_loss_and_the_score_of_the_item_speak_of_the_same_money():
    said = assessed(VAGUE)
    # A quarter of 960.00 is at risk with 0.3: 72.00; the score's share of 960.00 may be more.
    assert expected_exposure(said.findings[:1], VAGUE) == (72_00, 0)
    assert said.risk_minor == max(72_00, round(said.violation_probability * 960_00))


def test_what_a_rule_proved_decides_first():
    wrong = timesheet(entries=(entry(narrative="Various tasks", hourly_rate_minor=13_000),))
    said = assessed(wrong)
    assert said.route_reason == policy.RULE
    assert [one.proof for one in said.findings[:2]] == [Proof.RULE, Proof.MODEL]
