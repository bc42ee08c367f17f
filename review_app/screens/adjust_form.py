"""The adjust form: billable minutes (or the fee) edited in place, with the money beside it."""

from __future__ import annotations

import streamlit as st

from data.schemas.items import Milestone, TimeEntry, Timesheet
from review_app import formats
from review_app.adjustment import (
    Adjusted,
    adjust_milestone,
    adjust_timesheet,
    to_major,
    to_minor,
)
from review_app.view_models import marked_entry_ids
from service.wire.cases import CaseDetail

STEP_MINUTES = 15
COLUMNS = 4


def draw(detail: CaseDetail) -> None:
    """Draw the fields, those in question first, and what the item bills now."""
    with st.container(key="adjust_form"):
        if isinstance(detail.item, Timesheet):
            _draw_entries(detail, detail.item)
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
    typed = st.session_state.get(_key(detail, "fee"))
    approved = item.amount_minor if typed is None else to_minor(typed, currency=item.currency)
    return adjust_milestone(item, approved_minor=approved)


def _draw_entries(detail: CaseDetail, item: Timesheet) -> None:
    marked = marked_entry_ids(detail)
    first = [entry for entry in item.entries if entry.id in marked]
    rest = [entry for entry in item.entries if entry.id not in marked]
    _draw_fields(detail, first)
    if rest and first:
        with st.expander(f"The other {len(rest)} entries"):
            _draw_fields(detail, rest)
    else:
        _draw_fields(detail, rest)


def _draw_fields(detail: CaseDetail, entries: list[TimeEntry]) -> None:
    for start in range(0, len(entries), COLUMNS):
        columns = st.columns(COLUMNS)
        for column, entry in zip(columns, entries[start : start + COLUMNS], strict=False):
            column.number_input(
                f"{formats.day(entry.work_date)}: minutes to bill, "
                f"of {entry.minutes_worked} worked",
                min_value=0,
                max_value=entry.minutes_worked,
                value=entry.minutes_billable,
                step=STEP_MINUTES,
                key=_key(detail, entry.id),
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


def _key(detail: CaseDetail, name: str) -> str:
    return f"adjust_{detail.case.id}_{detail.case.version}_{name}"
