"""From text to typed drafts: figures from the text alone, and what is missing is said."""

from __future__ import annotations

from datetime import date

import pytest

from data.schemas.clauses import (
    Acceptance,
    BillingGuidelines,
    BillingIncrement,
    Exclusions,
    ExpenseSubstantiation,
    ExpenseTerms,
    Funding,
    LaborCategoryHours,
    LiquidatedDamages,
    Materials,
    NotToExceed,
    PaymentTerms,
    PeriodOfPerformance,
    ProgressBilling,
    Rounding,
    StaffingPlan,
    TimelyBilling,
)
from data.schemas.vocabulary import ClauseKind
from models.clauses.terms_of import Passage, read_terms_of
from service.scoring.clause_reader import HomeClauseReader
from tests.builders.proposals import DOCUMENT

SIGNED = date(2026, 1, 10)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    return HomeClauseReader(tmp_path_factory.mktemp("clauses"))


def read(kind, text, **hints):
    return read_terms_of(kind, Passage(text=text, currency="EUR", signed_on=SIGNED, hints=hints))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Work is done from 1 March 2026 to 28 February 2027.",
         PeriodOfPerformance(start=date(2026, 3, 1), end=date(2027, 2, 28))),
        ("Fees shall not exceed EUR 250,000.", NotToExceed(limit_minor=250_000_00)),
        ("Fees are capped at EUR 100,000; the Supplier warns the Client at 80 %.",
         NotToExceed(limit_minor=100_000_00, soft_limit_minor=80_000_00)),
        ("EUR 500,000 are funded; notify when 85 percent is reached within 30 days.",
         Funding(funded_minor=500_000_00, notice_share=0.85, forecast_days=30)),
        ("No more than 1,200 hours of Senior Consultant are billable.",
         LaborCategoryHours(labor_category="senior_consultant", cap_minutes=72_000)),
        ("Effort may exceed the plan by 10 % at most.", StaffingPlan(effort_tolerance=0.1)),
        ("Time comes in by the 5th of the following month and within 10 days, else it is forfeit.",
         TimelyBilling(late_days=10, cut_off_day=5, is_forfeit_when_late=True)),
        ("Time is sent within 10 days of month end. Time older than 60 days may not be charged.",
         TimelyBilling(late_days=60, is_forfeit_when_late=True)),
        ("Receipts are needed for every expense.",
         ExpenseSubstantiation(receipt_threshold_minor=0)),
        ('At least five words, never "misc"; no block billing above 4 hours.',
         BillingGuidelines(min_words=5, banned_phrases=("misc",), block_minutes=240)),
        ("Not billable: travel time, internal meetings and administration.",
         Exclusions(activities=("travel_time", "internal_meetings", "administration"))),
        ("Increments of six minutes, always rounded up.",
         BillingIncrement(increment_minutes=6, rounding=Rounding.UP)),
        ("Payable in 30 days; disputes are raised within 60 days.",
         PaymentTerms(dispute_window_days=60)),
        ("Expenses above EUR 500 need approval.", ExpenseTerms(preapproval_above_minor=500_00)),
        ("Cost plus 5 %, up to EUR 40,000.", Materials(markup=0.05, cap_minor=40_000_00)),
        ("Accepted within 20 days or deemed accepted. It is invoiced within 5 days.",
         Acceptance(window_days=20, bill_within_days=5, is_deemed_after_window=True)),
        ("EUR 1,000 per day of delay after a grace period of 5 days, at most EUR 30,000.",
         LiquidatedDamages(daily_minor=1_000_00, cap_minor=30_000_00, grace_days=5)),
        ("No more than was earned, with a tolerance of 5 %.", ProgressBilling(tolerance=0.05)),
    ],
)  # fmt: skip
def test_terms_are_read_from_the_text(text, terms):
    assert read(terms.kind, text).terms == terms


@pytest.mark.parametrize(
    ("kind", "text", "missing"),
    [
        (ClauseKind.NOT_TO_EXCEED, "Fees shall not exceed the budget.", ("limit_minor",)),
        (ClauseKind.NOT_TO_EXCEED, "Fees shall not exceed USD 5,000.", ("limit_minor",)),
        (ClauseKind.EXPENSE_SUBSTANTIATION, "Receipts for any expense above USD 25.",
         ("receipt_threshold_minor",)),
        (ClauseKind.PERIOD_OF_PERFORMANCE, "It runs until 30 June 2027.", ("start",)),
        (ClauseKind.PERIOD_OF_PERFORMANCE, "It begins on 1 July 2026.", ("end",)),
        (ClauseKind.KEY_PERSONNEL, "Only Dr. Vogt works.", ("approved",)),
        (ClauseKind.BILLING_SCHEDULE, "Four instalments of EUR 25,000.", ("milestones",)),
        (ClauseKind.LIQUIDATED_DAMAGES, "EUR 750 a day of delay.", ("cap_minor",)),
        (ClauseKind.LABOR_CATEGORY_HOURS, "Hours are limited to 300 hours.", ("labor_category",)),
    ],
)  # fmt: skip
def test_what_the_text_does_not_give_is_named(kind, text, missing):
    reading = read(kind, text)
    assert (reading.terms, reading.missing) == (None, missing)


def test_a_hint_counts_where_it_stands_in_the_text():
    text = "Fitters work at most 300 hours."
    assert read(ClauseKind.LABOR_CATEGORY_HOURS, text, labor_category="Fitters").terms == (
        LaborCategoryHours(labor_category="fitters", cap_minutes=18_000)
    )
    assert read(ClauseKind.LABOR_CATEGORY_HOURS, text, labor_category="Welders").terms is None


@pytest.mark.parametrize("kind", ClauseKind)
def test_every_kind_gives_terms_or_says_what_it_needs(kind):
    reading = read(kind, "The parties agree.")
    assert (reading.terms is None) == bool(reading.missing)
    assert reading.terms is None or reading.terms.kind is kind


def test_a_document_gives_drafts_that_quote_it_and_leaves_out_what_is_no_clause(reader):
    reading = reader.read(DOCUMENT, currency="EUR", signed_on=SIGNED)
    kinds = {one.kind: one for one in reading.drafts}
    assert set(kinds) == {
        ClauseKind.NOT_TO_EXCEED,
        ClauseKind.WORKING_TIME,
        ClauseKind.KEY_PERSONNEL,
    }
    for one in reading.drafts:
        assert DOCUMENT[one.source.char_start : one.source.char_end] == one.text
        assert one.proposed_by.startswith("clauses:embedded-")
    assert kinds[ClauseKind.KEY_PERSONNEL].source.page == 2


@pytest.mark.parametrize("text", ["", "\n\f\n", "Page 1", "x" * 5_000, "€" * 100])
def test_a_document_without_clauses_gives_none(reader, text):
    assert reader.read(text, currency="EUR", signed_on=SIGNED).drafts == ()
