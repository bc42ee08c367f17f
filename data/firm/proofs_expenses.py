"""Expenses without receipt, above their rate, not payable, claimed twice, too dear: E1 to E5."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from data.firm.agreed import exactly, half_up
from data.firm.facts import Facts, Spent
from data.firm.proof import Proof
from data.firm.proofs_limits import is_in_period
from data.firm.proofs_time import plain_words
from data.schemas.calendars import Trip
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ExpenseSubstantiation, ExpenseTerms, Materials, TravelPolicy


def without_receipt(facts: Facts) -> Iterator[Proof]:
    """E1: an expense that reaches the threshold and has no receipt."""
    for row in facts.spent:
        terms = facts.terms(ExpenseSubstantiation, row, day=row.expense.incurred_on)
        if terms is None or row.expense.receipt_sha256 is not None or not row.amount_minor:
            continue
        if row.expense.cost_minor >= terms.receipt_threshold_minor:
            yield row.refuse(ExceptionCode.RECEIPT_MISSING, amount_minor=row.amount_minor)


def above_daily_rate(facts: Facts) -> Iterator[Proof]:
    """E2: more than a day at the place may cost."""
    for row in facts.spent:
        expense = row.expense
        terms = facts.terms(TravelPolicy, row, day=expense.incurred_on)
        trip = facts.reference.trips.get(expense.trip_id or "")
        if terms is None or trip is None or expense.category not in terms.categories:
            continue
        allowed = _allowed(terms, trip=trip, day=expense.incurred_on)
        if allowed is not None and row.amount_minor > allowed:
            yield row.refuse(
                ExceptionCode.PER_DIEM_EXCEEDED, amount_minor=row.amount_minor - allowed
            )


def _allowed(terms: TravelPolicy, *, trip: Trip, day: date) -> int | None:
    for rate in terms.rates:
        if rate.place == trip.place and rate.valid_from <= day <= (rate.valid_to or date.max):
            if day in {trip.start, trip.end}:
                return half_up(exactly(terms.travel_day_share) * rate.daily_minor)
            return rate.daily_minor
    return None


def not_payable(facts: Facts) -> Iterator[Proof]:
    """E3: excluded, not approved beforehand, or outside the trip or the term."""
    for row in facts.spent:
        terms = facts.terms(ExpenseTerms, row, day=row.expense.incurred_on)
        if terms is None or not row.amount_minor:
            continue
        if (
            row.expense.category in terms.excluded_categories
            or _lacks_approval(facts, row, terms=terms)
            or _is_off_trip(facts, row)
            or not is_in_period(facts, row, day=row.expense.incurred_on)
        ):
            yield row.refuse(
                ExceptionCode.EXPENSE_NOT_REIMBURSABLE_OR_PREAPPROVED,
                amount_minor=row.amount_minor,
            )


def _lacks_approval(facts: Facts, row: Spent, *, terms: ExpenseTerms) -> bool:
    expense, limit = row.expense, terms.preapproval_above_minor
    if limit is None or expense.cost_minor <= limit:
        return False
    given = facts.reference.preapprovals.get(expense.preapproval_id or "")
    return (
        given is None
        or given.project_id != expense.project_id
        or given.category not in {None, expense.category}
        or given.approved_on > expense.incurred_on
        or given.limit_minor < expense.cost_minor
    )


def _is_off_trip(facts: Facts, row: Spent) -> bool:
    if row.expense.trip_id is None:
        return False
    trip = facts.reference.trips.get(row.expense.trip_id)
    if trip is None or trip.person_id != row.person_id:
        return True
    return not trip.start <= row.expense.incurred_on <= trip.end


def claimed_twice(facts: Facts) -> Iterator[Proof]:
    """E4: merchant, day, amount and currency of an earlier expense."""
    seen: set[tuple[str, date, int, str]] = set()
    for row in facts.spent:
        expense = row.expense
        mark = (
            plain_words(expense.merchant),
            expense.incurred_on,
            expense.amount_minor,
            expense.currency,
        )
        if mark in seen and row.amount_minor:
            yield row.refuse(ExceptionCode.EXPENSE_DUPLICATE, amount_minor=row.amount_minor)
        seen.add(mark)


def too_dear(facts: Facts) -> Iterator[Proof]:
    """E5: more than cost and markup, or above the cap of the line."""
    used: dict[tuple[str, str], int] = defaultdict(int)
    for row in facts.spent:
        expense, place = row.expense, (row.contract_id, row.line_id)
        used[place] += row.amount_minor
        terms = facts.terms(Materials, row, day=expense.incurred_on)
        if terms is None:
            continue
        allowed = expense.cost_minor + half_up(exactly(terms.markup) * expense.cost_minor)
        over = row.amount_minor - allowed
        if terms.cap_minor is not None:
            over = max(over, min(used[place] - terms.cap_minor, row.amount_minor))
        if over > 0:
            yield row.refuse(ExceptionCode.EXPENSE_MARKUP_OR_CAP, amount_minor=over)


SWEEPS = (without_receipt, above_daily_rate, not_payable, claimed_twice, too_dear)
