"""Was this work agreed: its activity, its task, and the change order it is done under?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from data.schemas.contracts import ChangeOrder
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind
from models.agreed.change_orders import is_funded
from models.codes import UNKNOWN
from models.columns import Ints, day_number
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, entry_hits, expense_hits, item_hits
from models.rules.words import day

PAYABLE = "a change order executed by that day that brings its funds"


def nonbillable_activity_billed(facts: Facts) -> Hits:
    """T21: billable work of an activity that the contract excludes."""
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.EXCLUSIONS)
    is_excluded = facts.terms.scope.is_excluded(clause, entries.activity)
    return entry_hits(
        facts,
        np.flatnonzero(is_excluded & (entries.minutes_billable > 0)),
        clause=clause,
        exposure_minor=entries.amount_minor,
        field="activity",
        actual=lambda row: f"{facts.terms.scope.activity(int(entries.activity[row]))} is billed",
        expected=lambda _: "worked without a charge",
        summary="{rows} of an activity that is not billable",
    )


def out_of_scope_work(facts: Facts) -> Hits:
    """T22: billable work on a task outside the statement of work and every executed order.

    A change order counts from its effective day on. The amount leaks until one is signed.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.SCOPE)
    billable = np.where(entries.minutes_billable > 0, clause, UNKNOWN)
    is_outside = facts.terms.scope.is_outside(
        billable, line=entries.line, task=entries.task, day=entries.work_day
    )
    return entry_hits(
        facts,
        np.flatnonzero(is_outside),
        clause=clause,
        exposure_minor=-entries.amount_minor,
        field="task_id",
        actual=lambda row: f"task {facts.terms.scope.task_id(int(entries.task[row]))}",
        expected=lambda _: "a task in scope, or one of an executed change order",
        summary="{rows} out of scope",
    )


def entry_change_order_unsigned(facts: Facts) -> Hits:
    """M7: billable work under a change order that is not executed on its day, or not funded."""
    entries = facts.entries
    is_cited = (entries.change_order != UNKNOWN) & (entries.minutes_billable > 0)
    return entry_hits(
        facts,
        _unpayable(facts, np.flatnonzero(is_cited), entries.change_order, entries.work_day),
        clause=facts.entry_clause(ClauseKind.CHANGE_CONTROL),
        exposure_minor=entries.amount_minor,
        field="change_order_id",
        actual=lambda row: _flaw(facts, int(entries.change_order[row])),
        expected=lambda _: PAYABLE,
        summary="{rows} under an unsigned change order",
    )


def expense_change_order_unsigned(facts: Facts) -> Hits:
    """M7: a billed expense under a change order that is not executed on its day, or not funded."""
    expenses = facts.expenses
    is_cited = (expenses.change_order != UNKNOWN) & (expenses.billable_minor > 0)
    return expense_hits(
        facts,
        _unpayable(facts, np.flatnonzero(is_cited), expenses.change_order, expenses.incurred_day),
        clause=facts.expense_clause(ClauseKind.CHANGE_CONTROL),
        exposure_minor=expenses.billable_minor,
        field="change_order_id",
        actual=lambda row: _flaw(facts, int(expenses.change_order[row])),
        expected=lambda _: PAYABLE,
        summary="{rows} under an unsigned change order",
    )


def milestone_change_order_unsigned(facts: Facts) -> Hits:
    """M7: a milestone to bill whose change order is not executed when it is submitted."""
    return item_hits(facts, _unsigned(facts), summary="Milestone under an unsigned change order")


def _unsigned(facts: Facts) -> Iterator[Hit]:
    clauses = facts.item_clause(ClauseKind.CHANGE_CONTROL)
    for item, milestone in facts.milestones():
        order_id = milestone.change_order_id
        if order_id is None or not milestone.is_ready_to_bill:
            continue
        orders = facts.terms.orders
        code = orders.code(milestone.contract_id, order_id)
        if not orders.is_payable(np.array([code]), facts.submitted_day[[item]])[0]:
            yield Hit(
                item=item,
                clause=int(clauses[item]),
                field="change_order_id",
                actual=_reason(orders.order(code), order_id),
                expected=PAYABLE,
                exposure_minor=milestone.amount_minor,
            )


def _unpayable(facts: Facts, rows: Ints, order: Ints, on: Ints) -> Ints:
    """Those of some rows whose change order does not pay on their day."""
    return rows[~facts.terms.orders.is_payable(order[rows], on[rows])]


def _flaw(facts: Facts, order: int) -> str:
    orders = facts.terms.orders
    return _reason(orders.order(order), orders.order_id(order))


def _reason(order: ChangeOrder | None, order_id: str) -> str:
    if order is None:
        return f"change order {order_id} is not known to the contract"
    if order.status is not ChangeOrderStatus.EXECUTED:
        return f"change order {order_id} is {order.status.value}, not executed"
    if not is_funded(order):
        return f"change order {order_id} adds no funds"
    return f"change order {order_id} takes effect on {day(day_number(order.effective_on))}"
