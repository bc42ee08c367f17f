"""An expense report on the desk: its rows, what is in question, and its adjustment."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from data.schemas.assessment import EvidenceRow
from data.schemas.catalogue import ExceptionCode
from data.schemas.decision import Adjustment
from data.schemas.vocabulary import Proof
from review_app.card.view_models import card_view
from review_app.components.card import card_html
from review_app.screens.deciding.adjustment import adjust_expenses
from tests.builders.expenses import expense, expense_report
from tests.builders.review import NOW, detail, finding

HOTEL = expense(
    id="X-2", merchant="<b>Hotel</b>", category="hotel", cost_minor=120_00, receipt_sha256=None,
    description="Two nights",
)  # fmt: skip
REPORT = expense_report(expense(), HOTEL)


def _card():
    found = finding(
        ExceptionCode.RECEIPT_MISSING,
        EvidenceRow(
            row_id="X-2", field="receipt_sha256", actual="no receipt for EUR 120.00",
            expected="a receipt from EUR 75.00 on", exposure_minor=120_00,
        ),
        summary="1 expense without a receipt",
        exposure_minor=120_00,
    ).model_copy(update={"clause_id": None, "proof": Proof.RULE})  # fmt: skip
    case = detail(item=REPORT, findings=(found,), title="Ada, 2026-03-02 to 2026-03-08")
    return card_view(case, now=NOW, zone=ZoneInfo("Europe/Vienna"))


def test_each_expense_shows_what_it_was_whether_it_is_proven_and_what_is_billed():
    train, hotel = _card().expenses
    assert (train.day, train.category, train.merchant) == ("Mon 2 Mar", "Train", "OEBB")
    assert (train.receipt, train.cost.strip(), train.billed.strip()) == ("yes", "80.00", "80.00")
    assert (hotel.receipt, hotel.description) == ("no", "Two nights")


def test_the_expense_in_question_is_marked_with_its_field():
    card = _card()
    assert [row.marks for row in card.expenses] == [(), ("F1",)]
    assert card.expenses[1].fields == {"receipt_sha256"}
    assert card.findings[0].evidence[0].place == "Mon 2 Mar, Receipt"
    assert card.kind == "Expense report"
    assert card.period == "2 Mar 2026 to 8 Mar 2026"


def test_the_card_draws_a_table_of_expenses_and_hostile_merchants_stay_text():
    html = card_html(_card())
    assert 'aria-label="Expenses"' in html
    assert 'aria-label="Entries"' not in html
    assert "&lt;b&gt;Hotel&lt;/b&gt;" in html
    assert "<b>Hotel" not in html


def test_only_changed_expenses_are_adjustments():
    adjusted = adjust_expenses(REPORT.expenses, billable_by_expense={"X-1": 80_00, "X-2": 40_00})
    assert adjusted == (Adjustment(row_id="X-2", billable_minor=40_00),)
    assert adjust_expenses(REPORT.expenses, billable_by_expense={}) == ()
