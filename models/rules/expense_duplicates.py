"""Is the same expense billed twice?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import ExpenseColumns, Ints
from models.rules.facts import Facts
from models.rules.hits import Hits, expense_hits

SAME_MONEY = ("merchant", "incurred_day", "amount_minor", "currency")


def expense_duplicate(facts: Facts) -> Hits:
    """E4: an expense with merchant, day, amount and currency of an earlier one, however paid.

    The other is of the same person or the same contract, was accepted before or counts earlier.
    Merchants are compared by their words.
    """
    expenses, order = facts.expenses, facts.expense_order
    near = facts.past.expenses.take(order.near)
    of_person = _first_of_kind(near, expenses, rank=order.rank, owner="person")
    of_contract = _first_of_kind(near, expenses, rank=order.rank, owner="contract")
    original = np.where(of_person == UNKNOWN, of_contract, of_person)
    ids = np.concatenate((near.expense_id, expenses.expense_id))
    return expense_hits(
        facts,
        np.flatnonzero((original != UNKNOWN) & (expenses.billable_minor > 0)),
        clause=facts.expense_clause(ClauseKind.DOUBLE_BILLING),
        exposure_minor=expenses.billable_minor,
        field="merchant",
        actual=lambda row: f"repeats expense {ids[original[row]]}",
        expected=lambda _: "the same expense billed once",
        summary="{rows} claimed twice",
    )


def _first_of_kind(
    near: ExpenseColumns, expenses: ExpenseColumns, *, rank: Ints, owner: str
) -> Ints:
    """For each expense of the batch the first equal one of its owner, as a joined row.

    UNKNOWN for an expense that is the first itself.
    """
    same = [
        np.concatenate((getattr(near, name), getattr(expenses, name)))
        for name in (*SAME_MONEY, owner)
    ]
    rows = np.lexsort((rank, *same))
    is_first = np.ones(len(rows), dtype=np.bool_)
    is_first[1:] = np.any([column[rows][1:] != column[rows][:-1] for column in same], axis=0)
    first = np.maximum.accumulate(np.where(is_first, np.arange(len(rows)), 0))
    original = np.empty(len(rows), dtype=np.int64)
    original[rows] = np.where(is_first, UNKNOWN, rows[first])
    return original[len(near) :]
