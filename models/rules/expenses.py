"""Is an expense proven, allowed, and billed at no more than was agreed?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import (
    ClauseTerms,
    ExpenseSubstantiation,
    ExpenseTerms,
    Materials,
    TravelPolicy,
)
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import Flags, Ints
from models.past.balances import Measure
from models.rules.amounts import shares_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, expense_hits
from models.rules.words import day, money
from models.terms import NO_LIMIT


def receipt_missing(facts: Facts) -> Hits:
    """E1: an expense from the agreed threshold on, by its cost, without a receipt."""
    expenses = facts.expenses
    clause = facts.expense_clause(ClauseKind.EXPENSE_SUBSTANTIATION)
    threshold = _figures(facts, clause, _receipt_threshold_minor)
    is_hit = (
        (expenses.cost_minor >= threshold)
        & (expenses.has_receipt == 0)
        & (expenses.billable_minor > 0)
    )
    return expense_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=clause,
        exposure_minor=expenses.billable_minor,
        field="receipt_sha256",
        actual=lambda row: f"no receipt for {_money(facts, row, expenses.cost_minor)}",
        expected=lambda row: f"a receipt from {_money(facts, row, threshold)} on",
        summary="{rows} without a receipt",
    )


def per_diem_exceeded(facts: Facts) -> Hits:
    """E2: an expense above the daily rate of its trip's place, or the travel day's share of it.

    Without a known trip, or a rate for its place on that day, there is nothing to compare with.
    """
    expenses, travel = facts.expenses, facts.terms.travel
    clause = facts.expense_clause(ClauseKind.TRAVEL_POLICY)
    trip = travel.trips.at(expenses.trip)
    on = expenses.incurred_day
    rate = travel.daily_rate(clause, trip.place, on)
    is_travel_day = (on == trip.first_day) | (on == trip.last_day)
    allowed = np.where(is_travel_day, _travel_day_rate(facts, clause, rate), rate)
    is_judged = travel.is_limited(clause, expenses.category) & (rate != UNKNOWN)
    is_hit = is_judged & (expenses.billable_minor > allowed)
    return expense_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=clause,
        exposure_minor=np.where(is_hit, expenses.billable_minor - allowed, 0),
        field="billable_minor",
        actual=lambda row: _money(facts, row, expenses.billable_minor),
        expected=lambda row: (
            f"at most {_money(facts, row, allowed)} in {travel.place_name(int(trip.place[row]))}"
            f"{' on a travel day' if is_travel_day[row] else ''}"
        ),
        summary="{rows} above the daily rate",
    )


def expense_not_reimbursable(facts: Facts) -> Hits:
    """E3: an expense of an excluded category, without due pre-approval, or out of trip or period.

    The first reason that applies, in this order, is the evidence.
    """
    expenses = facts.expenses
    clause = facts.expense_clause(ClauseKind.EXPENSES)
    start, end = facts.terms.period(expenses.line, expenses.incurred_day)
    above = _figures(facts, clause, _preapproval_above_minor)
    reasons = (
        facts.terms.travel.is_excluded(clause, expenses.category),
        (expenses.cost_minor > above) & ~_is_preapproved(facts),
        (expenses.trip != UNKNOWN) & ~_is_on_own_trip(facts),
        (expenses.incurred_day < start) | (expenses.incurred_day > end),
    )
    is_hit = (clause != UNKNOWN) & (expenses.billable_minor > 0) & np.any(reasons, axis=0)
    rows = np.flatnonzero(is_hit)
    why = _Why(facts=facts, reason=np.argmax(np.array(reasons), axis=0), above_minor=above,
               start=start, end=end)  # fmt: skip
    return expense_hits(
        facts,
        rows,
        clause=clause,
        exposure_minor=expenses.billable_minor,
        field=why.field,
        actual=why.actual,
        expected=why.expected,
        summary="{rows} the client does not reimburse",
    )


def expense_markup_or_cap(facts: Facts) -> Hits:
    """E5: what an expense bills above cost and markup, or above the cap of its line to date."""
    expenses = facts.expenses
    billable = expenses.billable_minor
    clause = facts.expense_clause(ClauseKind.MATERIALS)
    allowed = _marked_up(facts, clause)
    cap = _figures(facts, clause, _cap_minor)
    used = facts.expenses_before(Measure.LINE_EXPENSES) + billable
    over_markup = np.maximum(billable - allowed, 0)
    over_cap = np.clip(used - cap, 0, billable)
    over = np.maximum(over_markup, over_cap)
    is_markup = over_markup >= over_cap
    return expense_hits(
        facts,
        np.flatnonzero(over),
        clause=clause,
        exposure_minor=over,
        field="billable_minor",
        actual=lambda row: (
            f"{_money(facts, row, billable)} for a cost of "
            f"{_money(facts, row, expenses.cost_minor)}"
            if is_markup[row]
            else f"{_money(facts, row, used)} on the line with this expense"
        ),
        expected=lambda row: (
            f"at most {_money(facts, row, allowed)}, cost and markup"
            if is_markup[row]
            else f"at most {_money(facts, row, cap)} of expenses"
        ),
        summary="{rows} above the markup or the cap of expenses",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Why:
    """Words for the first reason of each row; 0 category, 1 pre-approval, 2 trip, 3 period."""

    facts: Facts
    reason: Ints
    above_minor: Ints
    start: Ints
    end: Ints

    def field(self, row: int) -> str:
        return ("category", "preapproval_id", "trip_id", "incurred_on")[self.reason[row]]

    def actual(self, row: int) -> str:
        expenses = self.facts.expenses
        match int(self.reason[row]):
            case 0:
                return self.facts.terms.travel.category_name(int(expenses.category[row]))
            case 1:
                cost = _money(self.facts, row, expenses.cost_minor)
                return f"{cost} without a pre-approval that covers it"
            case 2:
                return f"{day(int(expenses.incurred_day[row]))}, on no such trip of this person"
            case _:
                return day(int(expenses.incurred_day[row]))

    def expected(self, row: int) -> str:
        match int(self.reason[row]):
            case 0:
                return "a category the client reimburses"
            case 1:
                return f"a pre-approval above {_money(self.facts, row, self.above_minor)}"
            case 2:
                return "a day of the person's own trip"
            case _:
                return f"{day(int(self.start[row]))} to {day(int(self.end[row]))}"


def _travel_day_rate(facts: Facts, clause: Ints, rate: Ints) -> Ints:
    return _by_clause(
        facts,
        clause,
        lambda terms, rows: (
            shares_minor(rate[rows], share=terms.travel_day_share)
            if isinstance(terms, TravelPolicy)
            else rate[rows]
        ),
    )


def _marked_up(facts: Facts, clause: Ints) -> Ints:
    cost = facts.expenses.cost_minor
    return _by_clause(
        facts,
        clause,
        lambda terms, rows: (
            cost[rows] + shares_minor(cost[rows], share=terms.markup)
            if isinstance(terms, Materials)
            else cost[rows]
        ),
    )


def _is_preapproved(facts: Facts) -> Flags:
    expenses = facts.expenses
    given = facts.terms.travel.preapprovals.at(expenses.preapproval)
    is_for_category = (given.category == UNKNOWN) | (given.category == expenses.category)
    return np.asarray(
        (given.project == expenses.project)
        & is_for_category
        & (given.approved_day <= expenses.incurred_day)
        & (given.limit_minor >= expenses.cost_minor)
    )


def _is_on_own_trip(facts: Facts) -> Flags:
    expenses = facts.expenses
    trip = facts.terms.travel.trips.at(expenses.trip)
    is_on_trip = (trip.first_day <= expenses.incurred_day) & (
        expenses.incurred_day <= trip.last_day
    )
    return np.asarray(is_on_trip & (trip.person == expenses.person))


def _by_clause(facts: Facts, clause: Ints, compute: Callable[[ClauseTerms, Ints], Ints]) -> Ints:
    """What each clause makes of its rows; NO_LIMIT where there is none."""
    found = np.full(len(clause), NO_LIMIT, dtype=np.int64)
    for place in np.unique(clause[clause != UNKNOWN]).tolist():
        rows = np.flatnonzero(clause == place)
        found[rows] = compute(facts.terms.clauses[place].terms, rows)
    return found


def _figures(facts: Facts, clause: Ints, figure: Callable[[ClauseTerms], int | None]) -> Ints:
    """A figure of each row's clause; NO_LIMIT where clause or figure is missing."""

    def given(terms: ClauseTerms, rows: Ints) -> Ints:
        found = figure(terms)
        return np.full(len(rows), NO_LIMIT if found is None else found, dtype=np.int64)

    return _by_clause(facts, clause, given)


def _receipt_threshold_minor(terms: ClauseTerms) -> int | None:
    return terms.receipt_threshold_minor if isinstance(terms, ExpenseSubstantiation) else None


def _preapproval_above_minor(terms: ClauseTerms) -> int | None:
    return terms.preapproval_above_minor if isinstance(terms, ExpenseTerms) else None


def _cap_minor(terms: ClauseTerms) -> int | None:
    return terms.cap_minor if isinstance(terms, Materials) else None


def _money(facts: Facts, row: int, minor: Ints) -> str:
    return money(int(minor[row]), facts.currency_of_expense(row))
