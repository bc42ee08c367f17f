"""The adjust form: billable minutes, expenses or the fee edited in place, with the money beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.schemas.items import Expense, ExpenseReport, Milestone, TimeEntry, Timesheet
from review_app import formats
from review_app.adjustment import (
    Adjusted,
    adjust_expenses,
    adjust_milestone,
    adjust_timesheet,
    to_major,
    to_minor,
)
from review_app.notices import plain
from review_app.view_models import marked_entry_ids
from service.wire.cases import CaseDetail

STEP_MINUTES = 15
COLUMNS = 4
R = TypeVar("R", TimeEntry, Expense)


def draw(detail: CaseDetail) -> None:
    """Draw the fields, those in question first, and what the item bills now."""
    with st.container(key="adjust_form"):
        if isinstance(detail.item, Timesheet):
            _draw_rows(detail, detail.item.entries, draw_one=_draw_entry, noun="entries")
        elif isinstance(detail.item, ExpenseReport):
            _draw_rows(detail, detail.item.expenses, draw_one=_draw_expense, noun="expenses")
        else:
            _draw_fee(detail, detail.item)
    adjusted = result(detail)
    before = formats.money(adjusted.before_minor, currency=detail.case.currency)
    after = formats.money(adjusted.after_minor, currency=detail.case.currency)
    difference = formats.money(adjusted.difference_minor, currency=detail.case.currency)
    st.markdown(f"Bills **{after}** instead of {before}: difference **{difference}**")


def result(detail: CaseDetail) -> Adjusted:
    """Give what the fields say now."""
    item = detail.item
    if isinstance(item, Timesheet):
        minutes = {entry.id: _minutes(detail, entry) for entry in item.entries}
        return adjust_timesheet(item, minutes_by_entry=minutes)
    if isinstance(item, ExpenseReport):
        amounts = {
            one.id: _typed_minor(detail, one.id, one.billable_minor) for one in item.expenses
        }
        return adjust_expenses(item, billable_by_expense=amounts)
    return adjust_milestone(item, approved_minor=_typed_minor(detail, "fee", item.amount_minor))


def _draw_rows(
    detail: CaseDetail,
    rows: Sequence[R],
    *,
    draw_one: Callable[[DeltaGenerator, CaseDetail, R], None],
    noun: str,
) -> None:
    marked = marked_entry_ids(detail)
    first = [row for row in rows if row.id in marked]
    rest = [row for row in rows if row.id not in marked]
    _draw_fields(detail, first, draw_one=draw_one)
    if rest and first:
        with st.expander(f"The other {len(rest)} {noun}"):
            _draw_fields(detail, rest, draw_one=draw_one)
    else:
        _draw_fields(detail, rest, draw_one=draw_one)


def _draw_fields(
    detail: CaseDetail,
    rows: Sequence[R],
    *,
    draw_one: Callable[[DeltaGenerator, CaseDetail, R], None],
) -> None:
    for start in range(0, len(rows), COLUMNS):
        columns = st.columns(COLUMNS)
        for column, row in zip(columns, rows[start : start + COLUMNS], strict=False):
            draw_one(column, detail, row)


def _draw_entry(column: DeltaGenerator, detail: CaseDetail, entry: TimeEntry) -> None:
    column.number_input(
        f"{formats.day(entry.work_date)}: minutes to bill, of {entry.minutes_worked} worked",
        min_value=0,
        # A billing increment may have rounded up what was worked.
        max_value=max(entry.minutes_worked, entry.minutes_billable),
        value=entry.minutes_billable,
        step=STEP_MINUTES,
        key=_key(detail, entry.id),
    )


def _draw_expense(column: DeltaGenerator, detail: CaseDetail, expense: Expense) -> None:
    currency = detail.item.currency
    asked = to_major(expense.billable_minor, currency=currency)
    column.number_input(
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


def _minutes(detail: CaseDetail, entry: TimeEntry) -> int:
    typed: int | None = st.session_state.get(_key(detail, entry.id))
    return entry.minutes_billable if typed is None else typed


def _typed_minor(detail: CaseDetail, name: str, asked_minor: int) -> int:
    typed: float | None = st.session_state.get(_key(detail, name))
    return asked_minor if typed is None else to_minor(typed, currency=detail.item.currency)


def _key(detail: CaseDetail, name: str) -> str:
    return f"adjust_{detail.case.id}_{detail.case.version}_{name}"
