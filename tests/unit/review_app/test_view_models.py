from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from data.schemas.assessment import EvidenceRow
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import CaseStatus, Verdict
from review_app.card.finding_views import exposure
from review_app.card.view_models import card_view, decision_words
from review_app.screens.deciding.asking import is_rule_proved
from service.wire.cases import CaseDetail, DecisionView
from tests.builders.review import NOW, busy_tuesday, detail, likely_violation, milestone

VIENNA = ZoneInfo("Europe/Vienna")


def card(case: CaseDetail):
    return card_view(case, now=NOW, zone=VIENNA)


def test_rows_carry_the_marks_of_the_findings_they_prove():
    shown = card(busy_tuesday()[0])

    assert {row.id: row.marks for row in shown.rows if row.marks} == {
        "entry-1": ("F1",),
        "entry-2": ("F2",),
    }
    assert {row.id: row.fields for row in shown.rows if row.fields} == {
        "entry-1": {"minutes_worked"},
        "entry-2": {"hourly_rate_minor"},
    }


def test_a_finding_shows_its_clause_its_place_and_its_price():
    found = card(busy_tuesday()[0]).findings[0]

    assert found.title == "Daily hours exceeded"
    assert found.proof == "proved by rule"
    assert found.exposure == "EUR 450.00 at risk"
    assert found.evidence[0].place == "Tue 3 Mar, Worked"
    assert found.clause is not None
    assert "page 7, characters 812-1,004" in found.clause.place


def test_a_suspicion_shows_its_probability_and_no_clause():
    found = card(detail()).findings[0]

    assert found.proof == "71 % likely"
    assert found.clause is None


def test_a_suspicion_that_points_at_no_row_says_its_probability_once():
    priced = EvidenceRow(
        row_id="redmine:ts-1", field="item", actual="Likely with a probability of 85%",
        expected="None of this kind", exposure_minor=8_992,
    )  # fmt: skip
    reason = EvidenceRow(
        row_id="redmine:ts-1", field="features", actual="One narrative lists 2 activities",
        expected="Usually: 1", exposure_minor=0,
    )  # fmt: skip
    suspected = likely_violation(0.85).model_copy(
        update={
            "code": ExceptionCode.BLOCK_BILLING,
            "summary": "Block billing: likely with a probability of 85%",
            "evidence": (priced, reason),
        }
    )
    shown = card_view(detail(findings=(suspected,)), now=NOW, zone=ZoneInfo("UTC")).findings[0]

    assert shown.summary == ""
    assert [row.actual for row in shown.evidence] == ["One narrative lists 2 activities"]


def test_exposure_is_told_in_words_and_never_by_a_sign_alone():
    assert exposure(30_000, currency="EUR") == "EUR 300.00 at risk"
    assert exposure(-30_000, currency="EUR") == "EUR 300.00 not billed"
    assert exposure(0, currency="EUR") == "no money"


def test_reasons_are_ordered_by_weight_and_say_their_direction():
    reasons = card(detail()).reasons

    assert [reason.sign for reason in reasons] == ["+", "−", "+"]
    assert reasons[1].direction == "speaks against a fault"


def test_a_case_without_a_model_shows_no_probabilities():
    shown = card(detail(probability=None))

    assert shown.likelihoods == ()
    assert shown.reasons == ()


def test_a_milestone_lists_what_is_missing_and_what_is_open():
    shown = card(detail(item=milestone()))

    assert shown.rows == ()
    assert [(check.name, check.state) for check in shown.checks] == [
        ("Ready to bill", "yes"),
        ("Test protocol", "provided"),
        ("Signed acceptance form", "missing"),
        ("Handover list", "missing"),
        ("Data migration, wave 2", "still open"),
    ]


def test_a_late_case_is_marked_overdue():
    shown = card(detail(due_in=timedelta(hours=-2)))

    assert shown.is_overdue
    assert shown.due == "overdue by 2 h"


def test_a_decided_case_is_due_no_more_and_not_next():
    case = detail(due_in=timedelta(hours=-2))
    decided = case.case.model_copy(update={"status": CaseStatus.DECIDED})
    shown = card(case.model_copy(update={"case": decided}))

    assert (shown.due, shown.is_overdue, shown.why_next) == ("", False, None)


def test_the_lane_is_nowhere_on_the_card():
    shown = repr(card(detail())).lower()

    assert "lane" not in shown
    assert "index" not in shown


def test_the_category_is_shown_where_it_changes():
    assert [row.category for row in card(detail()).rows] == ["Senior consultant", "", "", "", ""]


def test_only_a_rule_proves():
    assert is_rule_proved(busy_tuesday()[0])
    assert not is_rule_proved(detail())


def test_decisions_name_the_money_only_when_money_is_billed():
    def decided(verdict: Verdict) -> DecisionView:
        return DecisionView(
            id="D-1", case_id="C-1", title="t", actor_id="a", actor_name="Ana", verdict=verdict,
            reason_codes=(), note="", approved_minor=40_000, currency="EUR", decided_at=NOW,
            undo_until=None, is_undone=False, posting=None,
        )  # fmt: skip

    assert decision_words(decided(Verdict.APPROVE)) == "Approved, EUR 400.00"
    assert decision_words(decided(Verdict.WRITE_OFF)) == "Written off"
