"""Findings as the card shows them: proof, clause in its place, and price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from data.schemas.assessment import EvidenceRow, Finding
from data.schemas.catalogue import CATALOGUE
from data.schemas.contracts import Clause
from data.schemas.items import AnyItem, ExpenseReport, Timesheet
from data.schemas.vocabulary import Proof, ScoreExposure
from review_app import formats
from review_app.card.card_model import ClauseView, EvidenceView, FindingView
from service.wire.cases import CaseDetail

FIELD_NAMES = {
    "work_date": "Date",
    "minutes_worked": "Worked",
    "minutes_billable": "Billable",
    "hourly_rate_minor": "Rate",
    "labor_category": "Category",
    "narrative": "Narrative",
    "recorded_at": "Recorded",
    "submitted_at": "Submitted",
    "person_id": "Person",
    "task_id": "Task",
    "amount_minor": "Amount",
    "incurred_on": "Date",
    "billable_minor": "Billed",
    "receipt_sha256": "Receipt",
    "trip_id": "Trip",
    "preapproval_id": "Pre-approval",
}
"""Fields of evidence in the words of the screen; others are shown with their name in words."""


def finding_views(detail: CaseDetail, *, named: str = "") -> tuple[FindingView, ...]:
    """Give the findings in the order of their marks; `named` is the mark in the address."""
    clauses = {clause.id: clause for clause in detail.clauses}
    return tuple(
        _finding(found, mark=f"F{number}", named=named, detail=detail, clauses=clauses)
        for number, found in enumerate(detail.assessment.findings, start=1)
    )


def marks_by_row(findings: Sequence[Finding]) -> dict[str, tuple[str, ...]]:
    """Give the marks of the findings that each row proves."""
    marks: dict[str, tuple[str, ...]] = {}
    for number, found in enumerate(findings, start=1):
        for row_id in dict.fromkeys(row.row_id for row in found.evidence):
            marks[row_id] = (*marks.get(row_id, ()), f"F{number}")
    return marks


def fields_in_question(findings: Sequence[Finding], row_id: str) -> frozenset[str]:
    """Give the fields of a row that some finding questions."""
    return frozenset(
        row.field for found in findings for row in found.evidence if row.row_id == row_id
    )


def _finding(
    found: Finding, *, mark: str, named: str, detail: CaseDetail, clauses: dict[str, Clause]
) -> FindingView:
    kind = CATALOGUE[found.code]
    by_rule = found.proof is Proof.RULE
    clause = clauses.get(found.clause_id) if found.clause_id else None
    return FindingView(
        mark=mark,
        is_named=mark == named,
        title=kind.title,
        catalogue_id=kind.id,
        is_proved=by_rule,
        severity=formats.words(found.severity),
        proof=_proof(found, detail=detail),
        summary=_said(found, title=kind.title),
        exposure=exposure(found.exposure_minor, currency=detail.case.currency),
        evidence=tuple(
            _evidence(row, detail=detail) for row in found.evidence if not _says_head_only(row)
        ),
        clause=_clause(clause) if clause else None,
    )


def _proof(found: Finding, *, detail: CaseDetail) -> str:
    """How sure a finding is; while the models' opinion is withheld, a likely one says no figure."""
    if found.proof is Proof.RULE:
        return "proved by rule"
    is_told = detail.exposure is not ScoreExposure.HIDDEN and not detail.must_call_first
    return f"{formats.percent(found.probability)} likely" if is_told else "likely"


def _said(found: Finding, *, title: str) -> str:
    """Give the summary, or nothing where it only repeats the heading and its probability."""
    repeated = f"{title}: likely with a probability of {found.probability:.0%}"
    return "" if found.is_suspicion and found.summary == repeated else found.summary


def _says_head_only(row: EvidenceRow) -> bool:
    """Whether a row carries the price of a suspicion that points at no row of the item."""
    return row.field == "item" and row.actual.startswith("Likely with a probability")


def exposure(minor: int, *, currency: str) -> str:
    """`EUR 300.00 at risk` when billed too much, `EUR 300.00 not billed` when it leaks."""
    if minor == 0:
        return "no money"
    word = "at risk" if minor > 0 else "not billed"
    return f"{formats.money(abs(minor), currency=currency)} {word}"


def _evidence(row: EvidenceRow, *, detail: CaseDetail) -> EvidenceView:
    item = detail.item
    field = FIELD_NAMES.get(row.field, formats.words(row.field))
    on = _days(item).get(row.row_id)
    return EvidenceView(
        place=f"{formats.day(on)}, {field}" if on else field,
        actual=row.actual,
        expected=row.expected,
        exposure=exposure(row.exposure_minor, currency=detail.case.currency),
    )


def _days(item: AnyItem) -> dict[str, date]:
    """The day of each row."""
    if isinstance(item, Timesheet):
        return {entry.id: entry.work_date for entry in item.entries}
    expenses = item.expenses if isinstance(item, ExpenseReport) else ()
    return {expense.id: expense.incurred_on for expense in expenses}


def _clause(clause: Clause) -> ClauseView:
    place = f"Clause {clause.id}"
    if clause.source is not None:
        span = f"{clause.source.char_start:,}-{clause.source.char_end:,}"
        place += f", page {clause.source.page}, characters {span}"
    if clause.confirmed_by is not None:
        place += f", confirmed by {clause.confirmed_by}"
    return ClauseView(text=clause.text, place=place)
