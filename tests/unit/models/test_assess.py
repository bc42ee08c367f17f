"""What is said of an item as a whole, with and without a released bundle."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from data.schemas.assessment import Assessment
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingGuidelines
from data.schemas.items import content_sha256
from data.schemas.questions import ASKED, Question
from data.schemas.vocabulary import Lane, Proof, Route
from models import policy
from models.assess import assess
from models.bundle_document import ALWAYS_ASKED
from models.codes import Codes
from models.columns import to_batch
from models.features.catalogue import FEATURE_NAMES
from models.past.history import FutureFactError, History
from models.policy import PolicySettings
from models.terms import Terms
from tests.builders.bundles import bundle, certificate, vague_words
from tests.builders.contracts import clauses, contract, reference
from tests.builders.expenses import expense_report
from tests.builders.items import DECIDED_AT, MONDAY, entry, milestone, timesheet

UNCHECKED = PolicySettings(cap_reporting_minor=800_000.0, delay_review_probability=0.0)
ALL_SUSPECT = UNCHECKED.model_copy(update={"violation_review_probability": 0.0})
LONG_VALID = certificate(expires_at=DECIDED_AT + timedelta(days=1))


def assessed(
    *items, released=None, coin=0.5, decided_at=DECIDED_AT, cleared=0, frozen=(), under=None
):
    codes = Codes()
    terms = Terms.build(under or reference(), codes=codes)
    history = History(codes=codes)
    numbers = count(1)
    return assess(
        to_batch(items, codes=codes),
        history=history,
        terms=terms,
        bundle=released,
        decided_at=decided_at,
        coin=coin if callable(coin) else lambda name: coin,
        new_id=lambda: f"A-{next(numbers)}",
        cleared=cleared,
        frozen=frozenset(frozen),
    )


def overbilled():
    return timesheet(external_id="TS-9", entries=(entry(id="E-9", hourly_rate_minor=13_000),))


@pytest.fixture(scope="module")
def released():
    return bundle(certificates=(LONG_VALID,))


def test_without_a_bundle_everything_goes_to_a_person_and_says_why():
    (said,) = assessed(timesheet())
    assert (said.route, said.lane, said.propensity) == (Route.REVIEW, Lane.INDEX, 1.0)
    assert said.route_reason == policy.SAFE_MODE
    assert said.violation_probability is None
    assert said.delay_probability is None
    assert said.versions.bundle == said.versions.policy == "rules-only"
    assert said.findings == ()
    assert said.reasons == ()


def test_a_clean_item_below_its_threshold_is_cleared(released):
    (said,) = assessed(timesheet(), released=released)
    assert (said.route, said.lane) == (Route.AUTO_CLEAR, None)
    assert said.propensity == 0.05
    assert said.versions.bundle == released.id
    assert said.versions.policy == released.policy_id


def test_the_coin_sends_some_cleared_items_to_a_person(released):
    (said,) = assessed(timesheet(), released=released, coin=0.01)
    assert (said.route, said.lane) == (Route.AUTO_CLEAR, Lane.AUDIT)
    assert said.reasons != ()


def test_the_coin_is_tossed_for_this_version_of_the_item(released):
    names = []
    assessed(timesheet(), released=released, coin=lambda name: names.append(name) or 0.5)
    assert names == [f"test:TS-1\x1f{content_sha256(timesheet())}"]


def test_a_proved_fault_keeps_its_item_from_being_cleared(released):
    (said,) = assessed(overbilled(), released=released)
    proved = [finding.code for finding in said.findings if finding.proof is Proof.RULE]
    assert proved == [ExceptionCode.RATE_MISMATCH]
    assert (said.route, said.route_reason) == (Route.REVIEW, policy.RULE)
    # 8 h x 10.00 EUR over the card is proved, the probability is spread over the rest.
    rest = said.amount_minor - 8_000
    assert said.risk_minor == 8_000 + round(said.violation_probability * rest)


def test_an_expired_certificate_clears_nothing(released):
    (said,) = assessed(timesheet(), released=released, decided_at=LONG_VALID.expires_at)
    assert (said.route, said.route_reason) == (Route.REVIEW, policy.UNCERTIFIED)


def test_a_certificate_ends_with_the_last_item_it_was_granted_for():
    two = bundle(certificates=(LONG_VALID.model_copy(update={"expires_after_clears": 12}),))
    first, second, third = (one_day(day) for day in (1, 2, 3))
    said = assessed(first, overbilled(), second, third, released=two, cleared=10)
    assert [one.route_reason for one in said] == [
        policy.CLEAR, policy.RULE, policy.CLEAR, policy.SPENT,
    ]  # fmt: skip
    assert (said[3].route, said[3].lane) == (Route.REVIEW, Lane.INDEX)


def one_day(number):
    """A clean sheet of one day, that many days after Monday."""
    day = MONDAY + timedelta(days=number)
    return timesheet(external_id=f"TS-{number}", entries=(entry(id=f"E-{number}", work_date=day),))


def test_what_the_models_find_is_a_finding_with_evidence_and_a_price():
    suspicious = bundle(policy=ALL_SUSPECT, certificates=())
    (said,) = assessed(timesheet(), released=suspicious)
    fault, late = said.findings
    assert fault.code is ExceptionCode.LIKELY_VIOLATION
    assert late.code is ExceptionCode.INVOICE_DELAY_RISK
    assert fault.probability == said.violation_probability
    assert fault.exposure_minor == round(said.violation_probability * 480_000)
    # 4,800.00 EUR wait 30 days at 8 % a year: 31.56 EUR, times the probability.
    assert late.exposure_minor == -round(said.delay_probability * 480_000 * 0.08 * 30 / 365)
    assert said.leak_minor == -late.exposure_minor
    for row in (*fault.evidence, *late.evidence):
        assert row.row_id == "test:TS-1"
        assert row.expected.startswith("Usually")


def test_an_assessment_survives_json_with_the_vector_the_models_saw(released):
    for said in assessed(timesheet(), milestone(), released=released):
        again = Assessment.model_validate_json(said.model_dump_json())
        assert again == said
        assert tuple(again.features) == FEATURE_NAMES
        assert None in again.features.values()


def test_the_same_question_gets_the_same_answer_to_the_byte(released):
    one, two = (
        [said.model_dump_json() for said in assessed(timesheet(), milestone(), released=released)]
        for _ in range(2)
    )
    assert one == two


def test_no_items_give_no_assessments(released):
    assert assessed(released=released) == []


def test_facts_of_the_future_are_refused():
    codes = Codes()
    history = History(codes=codes)
    history.add_delay(
        client_id="acme", is_delayed=False, known_at=DECIDED_AT + timedelta(seconds=1)
    )
    with pytest.raises(FutureFactError):
        assess(
            to_batch([timesheet()], codes=codes), history=history,
            terms=Terms.build(reference(), codes=codes), bundle=None, decided_at=DECIDED_AT,
            coin=lambda name: 0.5, new_id=lambda: "A-1",
        )  # fmt: skip


def test_an_expense_report_goes_to_a_person_until_its_own_kind_is_certified(released):
    (said,) = assessed(expense_report(), released=released)
    assert (said.route, said.lane) == (Route.REVIEW, Lane.INDEX)
    assert said.route_reason == policy.UNCERTIFIED
    own = certificate(
        segment="expense_report.regular",
        members=("expense_report.regular",),
        expires_at=LONG_VALID.expires_at,
    )
    (said,) = assessed(expense_report(), released=bundle(certificates=(LONG_VALID, own)))
    assert said.route is Route.AUTO_CLEAR


def test_an_alarm_stops_clearing_in_its_segment_and_says_so(released):
    (said,) = assessed(timesheet(), released=released, frozen={"timesheet.regular"})
    assert (said.route, said.route_reason) == (Route.REVIEW, policy.FROZEN)
    (said,) = assessed(timesheet(), released=released, frozen={"milestone.regular"})
    assert said.route is Route.AUTO_CLEAR


def test_every_question_with_a_head_is_answered_where_it_is_asked():
    many = bundle(questions=(*ALWAYS_ASKED, Question.BLOCK_BILLING))
    sheet, step = assessed(timesheet(), milestone(), released=many)
    assert set(sheet.probabilities) == {*ALWAYS_ASKED, Question.BLOCK_BILLING}
    assert set(step.probabilities) == set(ALWAYS_ASKED)
    assert sheet.probabilities[Question.ANY_FAULT] == sheet.violation_probability
    assert sheet.probabilities[Question.MISSED_CUT_OFF] == sheet.delay_probability
    assert (sheet.bill_days, sheet.review_minutes, sheet.review_error) == (None, None, None)


VAGUE = timesheet(entries=(entry(narrative="Various tasks"),))
GUIDED = reference(contract(clauses=clauses(BillingGuidelines())))


def said_of_words(item, *, threshold):
    """What a bundle with a head for poor narratives says of an item."""
    asked = Question.NARRATIVE_INSUFFICIENT
    documents = bundle(questions=(*ALWAYS_ASKED, asked)).document.heads
    own = documents[asked].model_copy(update={"flag_threshold": threshold})
    released = bundle(questions=(*ALWAYS_ASKED, asked), heads=documents | {asked: own})
    (said,) = assessed(item, released=released, under=GUIDED)
    found = [one for one in said.findings if one.code is ExceptionCode.NARRATIVE_INSUFFICIENT]
    return said, found


def test_the_word_of_a_head_takes_the_place_of_the_baseline_and_keeps_its_rows():
    (before,) = assessed(VAGUE, under=GUIDED)
    baseline = before.findings[0]
    said, (found,) = said_of_words(VAGUE, threshold=0.0)
    assert found.probability == said.probabilities[Question.NARRATIVE_INSUFFICIENT]
    assert found.probability != baseline.probability
    assert found.proof is Proof.MODEL
    assert found.evidence[: len(baseline.evidence)] == baseline.evidence
    assert found.exposure_minor == baseline.exposure_minor


def test_a_head_that_says_no_silences_the_baseline():
    _, found = said_of_words(VAGUE, threshold=1.0)
    assert found == []


def test_a_head_speaks_where_no_baseline_did_and_prices_an_average_row():
    item = timesheet()
    said, (found,) = said_of_words(item, threshold=0.0)
    # A quarter of a line is what clients reject where the contract says nothing.
    assert found.exposure_minor == round(0.25 * (said.amount_minor // len(item.entries)))
    assert found.evidence[0].row_id == item.item_id


def test_words_point_to_the_row_that_reads_worst():
    asked = Question.NARRATIVE_INSUFFICIENT
    released = bundle(questions=(*ALWAYS_ASKED, asked), words=vague_words())
    item = timesheet(
        entries=(
            entry(id="E-1", narrative="wrote report"),
            entry(id="E-2", work_date=MONDAY + timedelta(days=1), narrative="did stuff"),
        )
    )
    (said,) = assessed(item, released=released)
    (found,) = [one for one in said.findings if one.code is ASKED[asked].code]
    assert (found.evidence[0].row_id, found.evidence[0].actual) == ("E-2", "did stuff")
    assert said.features["words_narrative_insufficient"] > 0


def test_an_assessment_stored_before_there_were_many_heads_still_loads(released):
    (said,) = assessed(timesheet(), released=released)
    added = {"probabilities", "bill_days", "review_minutes", "review_error"}
    old = said.model_dump_json(exclude=added)
    again = Assessment.model_validate_json(old)
    assert again.model_dump(exclude=added) == said.model_dump(exclude=added)
    assert (again.probabilities, again.bill_days) == ({}, None)
