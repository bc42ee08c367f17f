"""E4: the same money under another writing of the merchant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from tests.builders.checking import suspicions
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY

CODE = ExceptionCode.EXPENSE_DUPLICATE
FIRST = expense(id="X-1", merchant="OEBB")


def told(*expenses, before=(), **overrides):
    report = expense_report(*expenses, **overrides)
    found = suspicions(report, before=before)[report.item_id]
    return [one for one in found if one.code is CODE]


def test_a_like_merchant_on_one_day_is_likely_the_same_expense():
    # One word in two: 0.5 + 0.45 x 0.5.
    (one,) = told(FIRST, expense(id="X-2", merchant="OEBB Tickets"))
    assert one.probability == pytest.approx(0.725)
    assert [(row.row_id, row.exposure_minor) for row in one.evidence] == [("X-2", 80_00)]


def test_what_was_accepted_before_is_the_first():
    earlier = expense_report(expense(id="X-9", merchant="Tickets OEBB"), external_id="EX-0")
    (one,) = told(expense(id="X-1", merchant="OEBB Tickets"), before=[earlier])
    assert one.probability == pytest.approx(0.95)
    assert one.evidence[0].actual == "likely the expense X-9 once more"


def test_a_card_charged_the_next_day_is_a_little_less_likely():
    tuesday = MONDAY + timedelta(days=1)
    earlier = expense(id="X-1", merchant="OEBB Tickets Wien")
    # Two words in three, a day apart: (0.5 + 0.3) x 0.8.
    (one,) = told(earlier, expense(id="X-2", merchant="OEBB Tickets", incurred_on=tuesday))
    assert one.probability == pytest.approx(0.64)


@pytest.mark.parametrize(
    "changed",
    [
        {"merchant": "Hotel Post"},
        {"merchant": "OEBB Tickets", "cost_minor": 81_00},
        {"merchant": "OEBB Tickets", "currency": "CHF"},
        {"merchant": "OEBB Tickets", "incurred_on": MONDAY + timedelta(days=2)},
        {"merchant": "OEBB", "incurred_on": MONDAY + timedelta(days=1)},
        {"merchant": "OEBB Tickets", "billable_minor": 0},
        {"merchant": "OEBB"},  # the rule's
    ],
)
def test_other_purchases_are_not_likely_the_same(changed):
    assert told(FIRST, expense(id="X-2", **changed)) == []


def test_colleagues_spend_alike_on_one_trip():
    bob = expense_report(expense(id="X-9", merchant="OEBB Wien"), external_id="EX-0",
                         person_id="bob")  # fmt: skip
    assert told(expense(id="X-1", merchant="OEBB Graz"), before=[bob]) == []
