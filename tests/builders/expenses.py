"""Expense reports, trips and pre-approvals that break no rule until a test changes them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from data.schemas.calendars import Preapproval, Trip
from data.schemas.items import Expense, ExpenseReport
from tests.builders.items import MONDAY, at, signature

RECEIPT = "e" * 64


def expense(**overrides: Any) -> Expense:
    """A train ticket of 80.00 EUR on Monday, with its receipt."""
    day: date = overrides.get("incurred_on", MONDAY)
    cost = overrides.get("cost_minor", 80_00)
    given = {
        "id": "X-1",
        "incurred_on": day,
        "project_id": "P-1",
        "category": "train",
        "merchant": "OEBB",
        "amount_minor": cost,
        "currency": "EUR",
        "cost_minor": cost,
        "billable_minor": cost,
        "receipt_sha256": RECEIPT,
        "recorded_at": at(day),
    }
    return Expense(**(given | overrides))


def expense_report(*expenses: Expense, **overrides: Any) -> ExpenseReport:
    """Ada's expenses of the first week of March, submitted on Friday and signed on Saturday."""
    given = {
        "source": "test",
        "external_id": "EX-1",
        "person_id": "ada",
        "contract_id": "C-1",
        "line_id": "L-1",
        "currency": "EUR",
        "zone": "Europe/Vienna",
        "period_start": MONDAY,
        "period_end": MONDAY + timedelta(days=6),
        "submitted_at": at(MONDAY + timedelta(days=4), hour=17),
        "approvals": (signature(),),
    }
    return ExpenseReport(**(given | overrides), expenses=expenses or (expense(),))


def trip(**overrides: Any) -> Trip:
    """Ada in Graz from Monday to Wednesday."""
    given = {
        "id": "TR-1",
        "person_id": "ada",
        "project_id": "P-1",
        "place": "graz",
        "start": MONDAY,
        "end": MONDAY + timedelta(days=2),
    }
    return Trip(**(given | overrides))


def preapproval(**overrides: Any) -> Preapproval:
    """The client allowed expenses of up to 500.00 EUR each on the first of March."""
    given = {
        "id": "PA-1",
        "project_id": "P-1",
        "approved_on": MONDAY - timedelta(days=1),
        "limit_minor": 500_00,
    }
    return Preapproval(**(given | overrides))
