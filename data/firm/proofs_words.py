"""What the work was, how its minutes became billable, and under which order: T19 to T23, M7."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from data.firm.agreed import exactly, half_up
from data.firm.facts import Facts, Row
from data.firm.increments import rounded_minutes
from data.firm.proof import Proof
from data.firm.proofs_time import plain_words
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingGuidelines, BillingIncrement, Exclusions, WorkScope
from data.schemas.vocabulary import ChangeOrderStatus


def says_too_little(facts: Facts) -> Iterator[Proof]:
    """T19: a narrative that is empty, too short, or holds a banned phrase."""
    for row, terms in facts.governed(BillingGuidelines):
        if not row.is_billable:
            continue
        words = plain_words(row.entry.narrative)
        is_banned = any(f" {plain_words(one)} " in f" {words} " for one in terms.banned_phrases)
        if not words or len(words.split()) < terms.min_words or is_banned:
            exact = exactly(terms.rejection_probability) * row.amount_minor
            yield row.prove(ExceptionCode.NARRATIVE_INSUFFICIENT, exposure_minor=half_up(exact))


def excluded(facts: Facts) -> Iterator[Proof]:
    """T21: an activity that the contract does not pay for."""
    for row, terms in facts.governed(Exclusions):
        if row.is_billable and row.entry.activity in terms.activities:
            yield row.refuse(
                ExceptionCode.NONBILLABLE_ACTIVITY_BILLED, amount_minor=row.amount_minor
            )


def out_of_scope(facts: Facts) -> Iterator[Proof]:
    """T22: a task that neither the statement of work nor a signed order names: unpaid work."""
    in_scope = {
        (project.id, task.id)
        for project in facts.reference.projects.values()
        for task in project.tasks
        if task.is_in_scope
    }
    for row, terms in facts.governed(WorkScope):
        entry = row.entry
        if not row.is_billable or entry.task_id in terms.task_ids:
            continue
        if not terms.task_ids and (entry.project_id, entry.task_id) in in_scope:
            continue
        if not any(
            entry.task_id in order.task_ids and order.line_id in {None, row.line_id}
            for order in facts.agreed.orders(row.contract_id, day=entry.work_date)
        ):
            yield row.prove(
                ExceptionCode.OUT_OF_SCOPE_WORK,
                exposure_minor=-row.amount_minor,
                correction_minor=-row.amount_minor,
            )


def misrounded(facts: Facts) -> Iterator[Proof]:
    """T23: billed minutes that are no whole increments, or not those of the work."""
    usual = {one: _usual_increment(facts, contract_id=one) for one in facts.reference.contracts}
    for row in facts.worked:
        entry = row.entry
        terms = facts.terms(BillingIncrement, row, day=entry.work_date)
        increment = terms or usual[row.contract_id]
        if not row.is_billable:
            continue
        if increment is None:
            due = entry.minutes_worked
            is_wrong = entry.minutes_billable > due
        else:
            due = rounded_minutes(entry.minutes_worked, increment=increment)
            is_uneven = entry.minutes_billable % increment.increment_minutes != 0
            if entry.adjustment_reason and is_uneven:
                due = rounded_minutes(entry.minutes_billable, increment=increment)
            is_other = not entry.adjustment_reason and entry.minutes_billable != due
            is_wrong = is_uneven or is_other
        if is_wrong:
            yield row.refuse(
                ExceptionCode.BILLING_INCREMENT_VIOLATION,
                amount_minor=row.amount_minor - row.price(due),
            )


def _usual_increment(facts: Facts, *, contract_id: str) -> BillingIncrement | None:
    """What the client always wants where the contract names no increment, else its region's."""
    client = facts.reference.clients[facts.reference.contracts[contract_id].client_id]
    usual = client.practice.increment_minutes if client.practice else None
    if usual is None:
        own = [r for r in facts.reference.regions.values() if r.country == client.country]
        usual = own[0].practice.increment_minutes if own else None
    return BillingIncrement(increment_minutes=usual) if usual else None


def unsigned_order(facts: Facts) -> Iterator[Proof]:
    """M7: work under an order that nobody signed in time, or that brings no money."""
    for worked in facts.worked:
        day, named = worked.entry.work_date, worked.entry.change_order_id
        if worked.is_billable and not _is_funded(facts, worked, order_id=named, day=day):
            yield _unfunded(worked)
    for spent in facts.spent:
        day, named = spent.expense.incurred_on, spent.expense.change_order_id
        if spent.amount_minor and not _is_funded(facts, spent, order_id=named, day=day):
            yield _unfunded(spent)
    for one in facts.delivered:
        named = one.milestone.change_order_id
        is_ready = one.milestone.is_ready_to_bill
        if is_ready and not _is_funded(facts, one, order_id=named, day=one.submitted_on):
            yield _unfunded(one)


def _is_funded(facts: Facts, row: Row, *, order_id: str | None, day: date) -> bool:
    if order_id is None:
        return True
    return any(
        order.id == order_id
        and order.status is ChangeOrderStatus.EXECUTED
        and order.effective_on <= day
        and order.delta_value_minor + order.delta_funded_minor > 0
        for order in facts.reference.contracts[row.contract_id].change_orders
    )


def _unfunded(row: Row) -> Proof:
    return row.refuse(ExceptionCode.CHANGE_ORDER_UNSIGNED, amount_minor=row.amount_minor)


SWEEPS = (says_too_little, excluded, out_of_scope, misrounded, unsigned_order)
