"""Has the item been billed already?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.columns import Ints, Strings
from models.past.history import Past
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, entry_hits, expense_hits, item_hits
from models.rules.words import money

EXPECTED = "the same work billed once"


def entry_already_invoiced(facts: Facts) -> Hits:
    """T25: an entry that stands on a posted, uncredited invoice; also one that changed since."""
    entries, past = facts.entries, facts.past
    amounts = entries.amount_minor
    return entry_hits(
        facts,
        _billed(entries.entry_id, past=past),
        clause=facts.entry_clause(ClauseKind.DOUBLE_BILLING),
        exposure_minor=amounts,
        field="id",
        actual=lambda row: _standing(
            entries.entry_id[row], int(amounts[row]), currency=facts.currency(row), past=past
        ),
        expected=lambda _: EXPECTED,
        summary="{rows} already invoiced",
    )


def expense_already_invoiced(facts: Facts) -> Hits:
    """T25: an expense that stands on a posted, uncredited invoice; also one that changed since."""
    expenses, past = facts.expenses, facts.past
    amounts = expenses.billable_minor
    return expense_hits(
        facts,
        _billed(expenses.expense_id, past=past),
        clause=facts.expense_clause(ClauseKind.DOUBLE_BILLING),
        exposure_minor=amounts,
        field="id",
        actual=lambda row: _standing(
            expenses.expense_id[row],
            int(amounts[row]),
            currency=facts.currency_of_expense(row),
            past=past,
        ),
        expected=lambda _: EXPECTED,
        summary="{rows} already invoiced",
    )


def milestone_already_invoiced(facts: Facts) -> Hits:
    """T25: a milestone that stands on a posted, uncredited invoice."""
    billed_by, clauses = facts.past.billed_by, facts.item_clause(ClauseKind.DOUBLE_BILLING)
    hits = (
        Hit(
            item=item,
            clause=int(clauses[item]),
            field="external_id",
            actual=_standing(
                milestone.item_id,
                milestone.amount_minor,
                currency=milestone.currency,
                past=facts.past,
            ),
            expected=EXPECTED,
            exposure_minor=milestone.amount_minor,
        )
        for item, milestone in facts.milestones()
        if milestone.item_id in billed_by
    )
    return item_hits(facts, hits, summary="Milestone already invoiced")


def _billed(names: Strings, *, past: Past) -> Ints:
    if not past.billed_by:
        return np.zeros(0, dtype=np.int64)
    rows = [row for row, name in enumerate(names.tolist()) if name in past.billed_by]
    return np.array(rows, dtype=np.int64)


def _standing(name: str, amount_minor: int, *, currency: str, past: Past) -> str:
    stands = f"stands on invoice {past.billed_by[name]}"
    billed_minor = past.billed_minor[name]
    if billed_minor is None or billed_minor == amount_minor:
        return stands
    then, now = money(billed_minor, currency), money(amount_minor, currency)
    return f"{stands} at {then}, and was changed to {now} since"
