"""E1 receipt, E2 per diem, E3 not reimbursable, E4 duplicate, E5 markup and cap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import (
    ExpenseSubstantiation,
    ExpenseTerms,
    Materials,
    PerDiem,
    PeriodOfPerformance,
    TravelPolicy,
)
from data.schemas.items import PaidBy
from tests.builders.checking import finding_of, findings, found_codes, rows_of
from tests.builders.contracts import (
    SIGNED,
    START,
    change_order,
    clause,
    clauses,
    contract,
    reference,
)
from tests.builders.expenses import expense, expense_report, preapproval, trip
from tests.builders.items import MONDAY, at

E1 = ExceptionCode.RECEIPT_MISSING
E2 = ExceptionCode.PER_DIEM_EXCEEDED
E3 = ExceptionCode.EXPENSE_NOT_REIMBURSABLE_OR_PREAPPROVED
E4 = ExceptionCode.EXPENSE_DUPLICATE
E5 = ExceptionCode.EXPENSE_MARKUP_OR_CAP

RECEIPTS = ExpenseSubstantiation(receipt_threshold_minor=75_00)
GRAZ = PerDiem(place="graz", daily_minor=50_01, valid_from=SIGNED)
POLICY = TravelPolicy(rates=(GRAZ,))
TERMS = ExpenseTerms(excluded_categories=("alcohol",), preapproval_above_minor=200_00)


def _under(*changed, **given):
    return reference(contract(clauses=clauses(*changed)), **given)


def _found(code, *expenses, under, **given):
    return rows_of(finding_of(code, expense_report(*expenses), under=under, **given))


def test_an_honest_report_is_clean_under_every_clause():
    under = _under(
        RECEIPTS,
        POLICY,
        TERMS,
        Materials(markup=0.1, cap_minor=1_000_00),
        trips=(trip(),),
        preapprovals=(preapproval(),),
    )
    per_diem = expense(
        id="X-2", incurred_on=MONDAY + timedelta(days=1), category="per_diem",
        merchant="Per diem", cost_minor=50_01, trip_id="TR-1",
    )  # fmt: skip
    assert found_codes(expense_report(expense(), per_diem), under=under) == []


@pytest.mark.parametrize(
    ("given", "is_found"),
    [
        ({"cost_minor": 74_99, "receipt_sha256": None}, False),
        ({"cost_minor": 75_00, "receipt_sha256": None}, True),  # the threshold itself needs one
        ({"cost_minor": 75_00}, False),
        ({"cost_minor": 90_00, "receipt_sha256": None, "billable_minor": 0}, False),
        # The cost counts, not what is billed of it.
        ({"cost_minor": 90_00, "receipt_sha256": None, "billable_minor": 10_00}, True),
    ],
)
def test_an_expense_from_the_threshold_on_carries_a_receipt(given, is_found):
    one = expense(**given)
    found = _found(E1, one, under=_under(RECEIPTS))
    assert found == ({"X-1": one.billable_minor} if is_found else {})


def test_without_the_clause_no_receipt_is_asked_for():
    assert _found(E1, expense(receipt_sha256=None), under=reference()) == {}


def test_a_change_order_restates_the_threshold_from_its_day_on():
    order = change_order(
        effective_on=MONDAY + timedelta(days=1),
        clauses=(clause(ExpenseSubstantiation(receipt_threshold_minor=10_00), id="CL-new"),),
    )
    under = reference(contract(clauses=clauses(RECEIPTS), change_orders=(order,)))
    before = expense(cost_minor=20_00, receipt_sha256=None)
    after = expense(
        id="X-2", cost_minor=21_00, receipt_sha256=None, incurred_on=MONDAY + timedelta(days=1)
    )
    assert _found(E1, before, after, under=under) == {"X-2": 21_00}


@pytest.mark.parametrize(
    ("day", "billable_minor", "excess_minor"),
    [
        (1, 50_01, 0),
        (1, 50_02, 1),
        (0, 37_51, 0),  # first day: 0.75 x 50.01 = 37.5075, rounded half up
        (0, 37_52, 1),
        (2, 37_52, 1),  # last day
        (4, 60_00, 9_99),  # after the trip: whose day it is, is another rule's question
    ],
)
def test_a_per_diem_stays_within_the_rate_of_the_place(day, billable_minor, excess_minor):
    one = expense(
        incurred_on=MONDAY + timedelta(days=day), category="per_diem", trip_id="TR-1",
        cost_minor=billable_minor,
    )  # fmt: skip
    found = _found(E2, one, under=_under(POLICY, trips=(trip(),)))
    assert found == ({"X-1": excess_minor} if excess_minor else {})


def test_a_half_minor_unit_of_a_travel_day_is_rounded_up():
    # 0.75 x 0.02 = 0.015, so 0.02 is allowed and 0.03 is 0.01 too much.
    policy = TravelPolicy(rates=(GRAZ.model_copy(update={"daily_minor": 2}),))
    one = expense(category="per_diem", trip_id="TR-1", cost_minor=3)
    assert _found(E2, one, under=_under(policy, trips=(trip(),))) == {"X-1": 1}


@pytest.mark.parametrize(
    "given",
    [
        {"category": "train"},
        {"trip_id": None},
        {"trip_id": "TR-unknown"},
        {"trip_id": "TR-linz"},
        {"incurred_on": SIGNED - timedelta(days=1)},  # before the rate and the clause
    ],
)
def test_without_a_rate_for_the_place_nothing_is_judged(given):
    one = expense(**({"category": "per_diem", "trip_id": "TR-1", "cost_minor": 900_00} | given))
    under = _under(POLICY, trips=(trip(), trip(id="TR-linz", place="linz")))
    assert _found(E2, one, under=under) == {}


def test_the_rate_of_the_day_counts():
    dearer = PerDiem(
        place="graz", daily_minor=70_00, valid_from=MONDAY + timedelta(days=1),
        valid_to=MONDAY + timedelta(days=1),
    )  # fmt: skip
    under = _under(
        TravelPolicy(rates=(GRAZ, dearer)),
        trips=(trip(start=MONDAY - timedelta(days=1), end=MONDAY + timedelta(days=5)),),
    )
    days = [
        expense(
            id=f"X-{day}", incurred_on=MONDAY + timedelta(days=day), category="per_diem",
            merchant=f"day {day}", cost_minor=70_00, trip_id="TR-1",
        )
        for day in range(3)
    ]  # fmt: skip
    assert _found(E2, *days, under=under) == {"X-0": 19_99, "X-2": 19_99}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"category": "alcohol"}, "category"),
        ({"cost_minor": 200_00}, None),
        ({"cost_minor": 200_01}, "preapproval_id"),
        ({"cost_minor": 200_01, "preapproval_id": "PA-1"}, None),
        ({"cost_minor": 500_01, "preapproval_id": "PA-1"}, "preapproval_id"),  # above its limit
        ({"cost_minor": 200_01, "preapproval_id": "PA-unknown"}, "preapproval_id"),
        ({"cost_minor": 200_01, "preapproval_id": "PA-other"}, "preapproval_id"),
        ({"cost_minor": 200_01, "preapproval_id": "PA-hotel"}, "preapproval_id"),
        ({"cost_minor": 200_01, "preapproval_id": "PA-hotel", "category": "hotel"}, None),
        ({"cost_minor": 200_01, "preapproval_id": "PA-late"}, "preapproval_id"),
        ({"trip_id": "TR-1"}, None),
        ({"trip_id": "TR-1", "incurred_on": MONDAY + timedelta(days=2)}, None),
        ({"trip_id": "TR-1", "incurred_on": MONDAY + timedelta(days=3)}, "trip_id"),
        ({"trip_id": "TR-1", "incurred_on": MONDAY - timedelta(days=1)}, "trip_id"),
        ({"trip_id": "TR-unknown"}, "trip_id"),
        ({"trip_id": "TR-bob"}, "trip_id"),
        ({"incurred_on": START}, None),
        ({"incurred_on": START - timedelta(days=1)}, "incurred_on"),
        # The first reason in this order is the evidence.
        ({"category": "alcohol", "cost_minor": 900_00, "trip_id": "TR-unknown"}, "category"),
        ({"cost_minor": 900_00, "trip_id": "TR-unknown"}, "preapproval_id"),
    ],
)
def test_an_expense_is_allowed_preapproved_and_within_trip_and_period(given, field):
    under = _under(
        TERMS,
        PeriodOfPerformance(start=START, end=MONDAY + timedelta(days=5)),
        trips=(trip(), trip(id="TR-bob", person_id="bob")),
        preapprovals=(
            preapproval(),
            preapproval(id="PA-other", project_id="P-2"),
            preapproval(id="PA-hotel", category="hotel"),
            preapproval(id="PA-late", approved_on=MONDAY + timedelta(days=1)),
        ),
    )
    one = expense(**given)
    found = finding_of(E3, expense_report(one), under=under)
    if field is None:
        assert found is None
    else:
        assert [row.field for row in found.evidence] == [field]
        assert found.exposure_minor == one.billable_minor
        assert found.clause_id == "CL-expenses"


def test_an_expense_that_is_not_billed_may_be_anything():
    one = expense(category="alcohol", billable_minor=0)
    assert _found(E3, one, under=_under(TERMS)) == {}


def test_the_evidence_of_an_excluded_expense_names_its_category():
    found = finding_of(E3, expense_report(expense(category="alcohol")), under=_under(TERMS))
    assert found.evidence[0].actual == "alcohol"


@pytest.mark.parametrize(
    ("given", "is_found"),
    [
        ({}, True),
        ({"merchant": "o.e.b.b"}, False),
        ({"merchant": "oebb!"}, True),  # case and punctuation do not tell two apart
        ({"paid_by": PaidBy.CASH, "category": "taxi", "project_id": "P-2"}, True),
        ({"cost_minor": 40_00, "billable_minor": 40_00, "amount_minor": 80_00}, True),
        ({"amount_minor": 80_01}, False),
        ({"currency": "CHF"}, False),
        ({"incurred_on": MONDAY + timedelta(days=1)}, False),
        ({"billable_minor": 0}, False),
    ],
)
def test_the_later_of_two_equal_expenses_is_a_duplicate(given, is_found):
    second = expense(**({"id": "X-2", "recorded_at": at(MONDAY, hour=18)} | given))
    found = _found(E4, expense(paid_by=PaidBy.CARD), second, under=reference())
    assert found == ({"X-2": second.billable_minor} if is_found else {})


def test_what_was_accepted_before_is_the_original_whenever_it_was_recorded():
    before = expense_report(
        expense(id="X-old", recorded_at=at(MONDAY + timedelta(days=9))), external_id="EX-0"
    )
    assert _found(E4, expense(), under=reference(), before=[before]) == {"X-1": 80_00}


def test_a_colleague_on_the_same_contract_claims_the_same_dinner_once():
    first = expense_report(external_id="EX-0", person_id="bob", submitted_at=at(MONDAY, hour=9))
    second = expense_report(expense(id="X-2"))
    found = findings(second, first)
    assert rows_of(next((one for one in found["test:EX-1"] if one.code is E4), None)) == {
        "X-2": 80_00
    }
    assert E4 not in [one.code for one in found["test:EX-0"]]


def test_strangers_on_other_contracts_do_not_meet_in_a_batch():
    under = reference(contract(), contract(id="C-2", client_id="acme"))
    first = expense_report(external_id="EX-0", person_id="bob", contract_id="C-2")
    found = findings(expense_report(expense(id="X-2")), first, under=under)
    assert all(one.code is not E4 for said in found.values() for one in said)


def test_a_new_version_of_a_report_does_not_repeat_itself():
    assert _found(E4, expense(), under=reference(), before=[expense_report()]) == {}


@pytest.mark.parametrize(
    ("cost_minor", "billable_minor", "over_minor"),
    [
        (100_00, 110_00, 0),
        (100_00, 110_01, 1),
        (5, 6, 0),  # 0.05 + 0.005, rounded half up to 0.06
        (4, 5, 1),
        (100_00, 90_00, 0),
    ],
)
def test_an_expense_is_billed_at_cost_and_markup(cost_minor, billable_minor, over_minor):
    one = expense(cost_minor=cost_minor, billable_minor=billable_minor)
    found = _found(E5, one, under=_under(Materials(markup=0.1)))
    assert found == ({"X-1": over_minor} if over_minor else {})


def test_expenses_of_a_line_stay_under_its_cap_in_counting_order():
    before = expense_report(
        expense(id="X-0", cost_minor=100_00, merchant="Hotel"), external_id="EX-0"
    )
    first = expense(id="X-1", cost_minor=60_00)
    second = expense(id="X-2", cost_minor=50_00, incurred_on=MONDAY + timedelta(days=1))
    third = expense(id="X-3", cost_minor=30_00, incurred_on=MONDAY + timedelta(days=2))
    under = _under(Materials(cap_minor=200_00))
    # 100 + 60 + 50 = 210: 10 over; then all 30 of the third.
    found = _found(E5, third, second, first, under=under, before=[before])
    assert found == {"X-2": 10_00, "X-3": 30_00}


def test_the_larger_of_markup_and_cap_counts_once():
    under = _under(Materials(markup=0.0, cap_minor=90_00))
    one = expense(cost_minor=95_00, billable_minor=100_00)  # 5 above cost, 10 above the cap
    assert _found(E5, one, under=under) == {"X-1": 10_00}
