"""The adjust form: each row divided into billed, written off and moved, with the money beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from data.schemas.decision import Adjustment, MoveTarget
from data.schemas.items import Expense, ExpenseReport, Milestone, TimeEntry, Timesheet
from review_app import formats
from review_app.card.view_models import marked_entry_ids
from review_app.notices import plain
from review_app.screens.deciding import adjust_totals, adjustment, move_target
from review_app.screens.deciding.adjustment import Parts, to_major, to_minor
from service.wire.cases import CaseDetail

STEP_MINUTES = 15
WIDTHS = (5, 3, 3)
R = TypeVar("R", TimeEntry, Expense)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """What the fields say now."""

    adjustments: tuple[Adjustment, ...] = ()
    """The rows of a timesheet or an expense report of which something else is billed."""
    approved_minor: int | None = None
    """The money to bill for a milestone."""


def draw(detail: CaseDetail) -> None:
    """Draw the fields, those in question first, and what the item bills now."""
    item = detail.item
    with st.container(key="adjust_form"):
        if isinstance(item, Timesheet):
            _draw_rows(detail, item.entries, draw_one=_draw_entry, noun="entries")
            if any(said.moved for said in _parts(detail, item).values()):
                move_target.draw(detail, key=_key(detail, "target"))
        elif isinstance(item, ExpenseReport):
            _draw_rows(detail, item.expenses, draw_one=_draw_expense, noun="expenses")
        else:
            _draw_fee(detail, item)
    if missing(detail) is None:
        adjusted = result(detail)
        adjust_totals.draw(
            detail, adjustments=adjusted.adjustments, approved_minor=adjusted.approved_minor
        )


def result(detail: CaseDetail) -> Adjusted:
    """Give what the fields say now."""
    item = detail.item
    if isinstance(item, Timesheet):
        return Adjusted(
            adjustments=adjustment.adjust_entries(
                item.entries, parts=_parts(detail, item), moved_to=_target(detail)
            )
        )
    if isinstance(item, ExpenseReport):
        amounts = {
            one.id: _typed_minor(detail, one.id, one.billable_minor) for one in item.expenses
        }
        return Adjusted(
            adjustments=adjustment.adjust_expenses(item.expenses, billable_by_expense=amounts)
        )
    return Adjusted(approved_minor=_typed_minor(detail, "fee", item.amount_minor))


def missing(detail: CaseDetail) -> str | None:
    """Say what the fields still need before they can be sent; None when they can."""
    item = detail.item
    if isinstance(item, Timesheet):
        parts = _parts(detail, item)
        for entry in adjustment.divided_too_far(item.entries, parts=parts):
            return (
                f"{formats.day(entry.work_date)}: {parts[entry.id].minutes} minutes are said of "
                f"{adjustment.most_minutes(entry)}. Take some away from one of the parts."
            )
        if _target(detail) is None and any(said.moved for said in parts.values()):
            return "Choose where the moved minutes go."
    adjusted = result(detail)
    if adjusted.adjustments or adjusted.approved_minor not in {None, item.amount_minor}:
        return None
    return "Nothing is adjusted yet: change a figure, or go back and approve."


def _draw_rows(
    detail: CaseDetail,
    rows: Sequence[R],
    *,
    draw_one: Callable[[CaseDetail, R], None],
    noun: str,
) -> None:
    marked = marked_entry_ids(detail)
    first = [row for row in rows if row.id in marked] or list(rows)
    rest = [row for row in rows if row not in first]
    for row in first:
        draw_one(detail, row)
    # Drawn only when asked for: forty fields that nobody fills would cost every key press.
    if rest and st.checkbox(f"The other {len(rest)} {noun} too", key=_key(detail, "rest")):
        for row in rest:
            draw_one(detail, row)


def _draw_entry(detail: CaseDetail, entry: TimeEntry) -> None:
    bill, write_off, move = st.columns(WIDTHS, vertical_alignment="bottom")
    day, most = formats.day(entry.work_date), adjustment.most_minutes(entry)
    bill.number_input(
        f"{day}: minutes to bill, of {entry.minutes_worked} worked",
        min_value=0,
        max_value=most,
        value=entry.minutes_billable,
        step=STEP_MINUTES,
        key=_key(detail, entry.id),
    )
    for column, name, word in ((write_off, "off", "write off"), (move, "move", "move")):
        column.number_input(
            f"{day}: {word}",
            min_value=0,
            max_value=most,
            value=0,
            step=STEP_MINUTES,
            key=_key(detail, f"{entry.id}_{name}"),
        )


def _draw_expense(detail: CaseDetail, expense: Expense) -> None:
    currency = detail.item.currency
    asked = to_major(expense.billable_minor, currency=currency)
    st.number_input(
        f"{formats.day(expense.incurred_on)}, {plain(expense.merchant)}: {currency} to bill, "
        f"of {formats.money(expense.billable_minor, currency=currency)}",
        min_value=0.0,
        max_value=asked,
        value=asked,
        key=_key(detail, expense.id),
    )


def _draw_fee(detail: CaseDetail, item: Milestone) -> None:
    st.number_input(
        f"{item.currency} to bill, of {formats.money(item.amount_minor, currency=item.currency)}",
        min_value=0.0,
        value=to_major(item.amount_minor, currency=item.currency),
        key=_key(detail, "fee"),
    )


def _parts(detail: CaseDetail, item: Timesheet) -> dict[str, Parts]:
    return {
        entry.id: Parts(
            billed=_typed_minutes(detail, entry.id, entry.minutes_billable),
            written_off=_typed_minutes(detail, f"{entry.id}_off", 0),
            moved=_typed_minutes(detail, f"{entry.id}_move", 0),
        )
        for entry in item.entries
    }


def _target(detail: CaseDetail) -> MoveTarget | None:
    return move_target.chosen(_key(detail, "target"))


def _typed_minutes(detail: CaseDetail, name: str, usual: int) -> int:
    typed: int | None = st.session_state.get(_key(detail, name))
    return usual if typed is None else typed


def _typed_minor(detail: CaseDetail, name: str, asked_minor: int) -> int:
    typed: float | None = st.session_state.get(_key(detail, name))
    return asked_minor if typed is None else to_minor(typed, currency=detail.item.currency)


def _key(detail: CaseDetail, name: str) -> str:
    return f"adjust_{detail.case.id}_{detail.case.version}_{name}"
