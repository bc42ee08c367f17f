"""Was the same expense likely claimed twice, under another writing of the merchant?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.codes import Codebook
from models.columns import ExpenseColumns, Ints
from models.rules.facts import Facts
from models.rules.hits import Hits, expense_hits
from models.words import runs, similarity

SAME_FIGURES, MOST_PROBABLE = 0.5, 0.95
"""Likelihood from equal amount and currency on one day, before the merchants are read and after."""
NEXT_DAY_FACTOR = 0.8
"""Cards are often charged the day after the receipt."""
LEAST_PROBABILITY = 0.6
COMPARED = 6


def likely_expense_duplicate(facts: Facts) -> Hits:
    """E4: amount and currency of an earlier expense of the day or the next, and a like merchant.

    The probability is 0.5 + 0.45 x the Jaccard similarity of the merchants' words, times 0.8 for a
    day between the two. The other is of the same person: colleagues spend alike on one trip.
    Merchants without a common word are different; the same merchant on another day is another
    purchase, and the same on one day is the rule's.
    """
    expenses = facts.expenses
    near = _near(facts)
    merchants = facts.past.learned.codes.merchant
    probability = np.zeros(len(expenses))
    other: dict[int, str] = {}
    ids = np.concatenate((near.expense_id, expenses.expense_id))
    for earlier, later in _pairs(near, expenses, facts=facts).tolist():
        place = later - len(near)
        alike = _likeness(near, expenses, earlier, place, merchants=merchants)
        if alike > probability[place]:
            probability[place], other[place] = alike, str(ids[earlier])
    is_hit = (probability >= LEAST_PROBABILITY) & (expenses.billable_minor > 0)
    return expense_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=facts.expense_clause(ClauseKind.DOUBLE_BILLING),
        exposure_minor=expenses.billable_minor,
        field="merchant",
        actual=lambda row: f"likely the expense {other[row]} once more",
        expected=lambda _: "the same expense billed once",
        summary="{rows} likely claimed twice",
        probability=probability,
    )


def _near(facts: Facts) -> ExpenseColumns:
    past, own = facts.past.expenses, facts.expenses
    if not len(own):
        return past.take(np.zeros(0, dtype=np.int64))
    days = past.incurred_day
    is_near = (days >= own.incurred_day.min() - 1) & (days <= own.incurred_day.max() + 1)
    return past.take(np.flatnonzero(is_near))


def _pairs(near: ExpenseColumns, expenses: ExpenseColumns, *, facts: Facts) -> Ints:
    """Joined rows of an earlier and a later expense of equal amount, at most a day apart."""
    columns = {
        name: np.concatenate((getattr(near, name), getattr(expenses, name)))
        for name in ("amount_minor", "currency", "incurred_day", "person", "merchant")
    }
    rank = np.zeros(len(near) + len(expenses), dtype=np.int64)
    rank[len(near) + facts.expense_order.rows] = np.arange(1, len(expenses) + 1)
    day = columns["incurred_day"]
    order = np.lexsort((rank, day, columns["currency"], columns["amount_minor"], columns["person"]))
    found = [np.zeros((0, 2), dtype=np.int64)]
    for shift in range(1, min(COMPARED, len(order) - 1) + 1):
        one, two = order[:-shift], order[shift:]
        is_pair = day[two] - day[one] <= 1
        for name in ("amount_minor", "currency", "person"):
            is_pair &= columns[name][one] == columns[name][two]
        is_pair &= columns["merchant"][one] != columns["merchant"][two]
        found.append(np.column_stack((one[is_pair], two[is_pair])))
    both = np.concatenate(found)
    is_swapped = rank[both[:, 0]] > rank[both[:, 1]]
    both[is_swapped] = both[is_swapped][:, ::-1]
    return both[rank[both[:, 1]] > 0]


def _likeness(
    near: ExpenseColumns,
    expenses: ExpenseColumns,
    earlier: int,
    later: int,
    *,
    merchants: Codebook,
) -> float:
    first, at = (near, earlier) if earlier < len(near) else (expenses, earlier - len(near))
    mine = frozenset(runs(merchants.name(int(expenses.merchant[later]))))
    theirs = frozenset(runs(merchants.name(int(first.merchant[at]))))
    alike = similarity(mine, theirs)
    if not alike:
        return 0.0
    days = abs(int(expenses.incurred_day[later]) - int(first.incurred_day[at]))
    return (SAME_FIGURES + (MOST_PROBABLE - SAME_FIGURES) * alike) * NEXT_DAY_FACTOR**days
