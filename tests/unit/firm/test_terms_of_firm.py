"""The parts that the firm's contracts and papers are made of."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from data.firm.agreed import Agreed, added
from data.firm.calendars import calendar_of, is_working_day
from data.firm.dates import spans_around
from data.firm.duties import deal_duties
from data.firm.generate import generate_firm
from data.firm.increments import rounded_minutes
from data.firm.plans import HOURLY_TYPES, TYPE_CYCLE
from data.firm.records import FirmSize
from data.firm.schedules import Schedule
from data.schemas.clauses import BillingIncrement, Exclusions, Rounding
from data.schemas.items import ExpenseReport, Timesheet
from data.schemas.vocabulary import ClauseKind
from tests.builders.firms import small_firm

BROAD = FirmSize(people=12, clients=6, contracts=24, months=3, seed=3)
"""Few people and many contracts: every kind of clause, in little time."""
IS_HOURLY = [kind in HOURLY_TYPES for kind in TYPE_CYCLE]


@cache
def broad_firm():
    return generate_firm(BROAD)


@pytest.mark.parametrize(
    ("minutes", "rounding", "billed"),
    [
        (52, Rounding.NEAREST, 45),
        (53, Rounding.NEAREST, 60),  # 7.5 of 15 and more goes up
        (46, Rounding.UP, 60),
        (45, Rounding.UP, 45),
        (59, Rounding.DOWN, 45),
        (60, Rounding.DOWN, 60),
    ],
)
def test_minutes_are_billed_in_whole_increments(minutes, rounding, billed):
    increment = BillingIncrement(increment_minutes=15, rounding=rounding)
    assert rounded_minutes(minutes, increment=increment) == billed


def test_half_an_increment_goes_up():
    assert rounded_minutes(3, increment=BillingIncrement(increment_minutes=6)) == 6


def test_milestones_of_a_schedule_bill_what_retainage_and_advance_leave():
    schedule = Schedule(planned_minor=(1_000_01, 2_000_00), retainage=0.1, advance_minor=100_00)
    # 100001 * 0.9 = 90000.9; advance 10000 * 100001 / 300001 = 3333.4; the last takes the rest.
    assert schedule.due_minor(0) == 90_001 - 3_333
    assert schedule.due_minor(1) == 180_000 - 6_667


def test_spans_leave_out_the_weeks_of_the_gaps():
    first, last = date(2026, 1, 5), date(2026, 2, 1)
    gaps = [date(2026, 1, 12)]
    assert list(spans_around(gaps, first=first, last=last)) == [
        (date(2026, 1, 5), date(2026, 1, 11)),
        (date(2026, 1, 19), date(2026, 2, 1)),
    ]


def test_every_type_of_contract_meets_every_bundle_of_duties():
    rounds = range(len(TYPE_CYCLE) * 6)
    met = {}
    for number in rounds:
        kind = TYPE_CYCLE[number % len(TYPE_CYCLE)]
        duties = deal_duties(number, cycle=TYPE_CYCLE, is_hourly=IS_HOURLY)
        met.setdefault(kind, set()).add(duties)
    hourly = set.union(*(met[kind] for kind in HOURLY_TYPES))
    assert all(met[kind] == hourly for kind in HOURLY_TYPES)


def test_nobody_works_on_a_public_holiday():
    assert not is_working_day("DE", date(2026, 5, 1))
    assert is_working_day("US", date(2026, 5, 1))
    for one in small_firm().submissions:
        if isinstance(one.item, Timesheet):
            country = small_firm().reference.people[one.item.person_id].country
            week = [e.work_date for e in one.item.entries if e.work_date.weekday() < 5]
            assert all(is_working_day(country, day) for day in week)


def test_people_in_france_have_a_shorter_week():
    assert sum(calendar_of("FR").minutes_by_weekday) == 35 * 60
    assert sum(calendar_of("DE").minutes_by_weekday) == 40 * 60


def test_a_whole_day_swallows_minutes():
    assert added(120, 60) == 180
    assert added(None, 60) is None
    assert added(120, None) is None


def test_a_clause_that_an_order_states_anew_holds_from_that_day_on():
    reference = broad_firm().reference
    restated = [
        (contract, order)
        for contract in reference.contracts.values()
        for order in contract.change_orders
        if order.clauses
    ]
    assert restated
    contract, order = restated[0]
    agreed, place = Agreed(reference), {"contract_id": contract.id, "line_id": contract.lines[0].id}
    before = agreed.terms(
        Exclusions, day=date.fromordinal(order.effective_on.toordinal() - 1), **place
    )
    after = agreed.terms(Exclusions, day=order.effective_on, **place)
    assert len(after.activities) == len(before.activities) + 1


def test_every_kind_of_clause_with_a_rule_stands_in_some_contract():
    contracts = broad_firm().reference.contracts.values()
    kinds = {clause.terms.kind for contract in contracts for clause in contract.clauses}
    assert kinds == set(ClauseKind) - {ClauseKind.PAYMENT}


def test_expense_reports_come_about_once_a_month_of_travel():
    places = [
        (one.item.person_id, one.item.line_id, one.item.period_start)
        for one in broad_firm().submissions
        if isinstance(one.item, ExpenseReport)
    ]
    assert len(places) == len(set(places))
