"""What was charged, row by row, with the marks of the findings each row proves."""

from __future__ import annotations

from data.schemas.items import (
    AnyItem,
    Expense,
    ExpenseReport,
    Milestone,
    TimeEntry,
    Timesheet,
)
from review_app import formats
from review_app.card.card_model import CheckView, ExpenseRowView, RowView
from review_app.card.finding_views import fields_in_question
from service.wire.cases import CaseDetail


def period(item: AnyItem) -> str:
    """`2 Mar 2026 to 8 Mar 2026`."""
    if isinstance(item, Milestone):
        return f"planned for {formats.full_day(item.due_on)}"
    return f"{formats.full_day(item.period_start)} to {formats.full_day(item.period_end)}"


def entry_rows(
    item: AnyItem, *, detail: CaseDetail, marks: dict[str, tuple[str, ...]]
) -> tuple[RowView, ...]:
    """Give the entries of a timesheet; of other items none."""
    if not isinstance(item, Timesheet):
        return ()
    rows, category = [], ""
    for entry in item.entries:
        fields = fields_in_question(detail.assessment.findings, entry.id)
        is_new = entry.labor_category != category or "labor_category" in fields
        category = entry.labor_category
        shown = detail.names.get(category, formats.words(category)) if is_new else ""
        rows.append(
            _row(entry, detail=detail, marks=marks.get(entry.id, ()), fields=fields, category=shown)
        )
    return tuple(rows)


def _row(
    entry: TimeEntry,
    *,
    detail: CaseDetail,
    marks: tuple[str, ...],
    fields: frozenset[str],
    category: str,
) -> RowView:
    currency = detail.case.currency
    return RowView(
        id=entry.id,
        day=formats.day(entry.work_date),
        task=detail.names.get(entry.task_id, entry.task_id),
        category=category,
        worked=formats.hours(entry.minutes_worked),
        billable=formats.hours(entry.minutes_billable),
        rate=formats.amount(entry.hourly_rate_minor, currency=currency),
        amount=formats.amount(entry.amount_minor, currency=currency),
        narrative=entry.narrative,
        marks=marks,
        fields=fields,
    )


def expense_rows(
    item: AnyItem, *, detail: CaseDetail, marks: dict[str, tuple[str, ...]]
) -> tuple[ExpenseRowView, ...]:
    """Give the expenses of a report, by day; of other items none."""
    if not isinstance(item, ExpenseReport):
        return ()
    findings = detail.assessment.findings
    return tuple(
        _expense(
            one,
            currency=detail.case.currency,
            marks=marks.get(one.id, ()),
            fields=fields_in_question(findings, one.id),
        )
        for one in sorted(item.expenses, key=lambda one: (one.incurred_on, one.id))
    )


def _expense(
    one: Expense, *, currency: str, marks: tuple[str, ...], fields: frozenset[str]
) -> ExpenseRowView:
    return ExpenseRowView(
        id=one.id,
        day=formats.day(one.incurred_on),
        category=formats.words(one.category),
        merchant=one.merchant,
        receipt="no" if one.receipt_sha256 is None else "yes",
        cost=formats.amount(one.cost_minor, currency=currency),
        billed=formats.amount(one.billable_minor, currency=currency),
        description=one.description,
        marks=marks,
        fields=fields,
    )


def checks(item: AnyItem) -> tuple[CheckView, ...]:
    """Give what a milestone needs, and whether it is there; of other items nothing."""
    if not isinstance(item, Milestone):
        return ()
    provided = set(item.evidence_provided)
    evidence = tuple(
        CheckView(
            name=name,
            state="provided" if name in provided else "missing",
            is_met=name in provided,
        )
        for name in item.evidence_required
    )
    blocked = tuple(
        CheckView(name=name, state="still open", is_met=False) for name in item.open_predecessors
    )
    ready = CheckView(
        name="Ready to bill",
        state="yes" if item.is_ready_to_bill else "not yet",
        is_met=item.is_ready_to_bill,
    )
    return (ready, *evidence, *blocked)
