"""How a case becomes its card: every figure formatted, every row marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from data.schemas.assessment import EvidenceRow, Finding
from data.schemas.catalogue import CATALOGUE
from data.schemas.contracts import Clause
from data.schemas.items import (
    AnyItem,
    Expense,
    ExpenseReport,
    Milestone,
    TimeEntry,
    Timesheet,
)
from data.schemas.vocabulary import CaseStatus, Proof, Verdict
from review_app import formats
from review_app.card_model import (
    CardView,
    CheckView,
    ClauseView,
    EventView,
    EvidenceView,
    ExpenseRowView,
    Figure,
    FindingView,
    ReasonView,
    RowView,
)
from service.wire.cases import CaseDetail, DecisionView, HistoryEvent

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
OVER = frozenset({CaseStatus.DECIDED, CaseStatus.CLOSED})
"""Statuses in which nothing is due any more."""


def card_view(detail: CaseDetail, *, now: datetime, zone: tzinfo) -> CardView:
    """Turn a case into its card; `zone` is the reader's."""
    case, item = detail.case, detail.item
    is_waiting = case.status not in OVER
    marks = _marks(detail.assessment.findings)
    clauses = {clause.id: clause for clause in detail.clauses}
    return CardView(
        case_id=case.id,
        version=case.version,
        kind=formats.words(case.kind),
        title=case.title,
        client=case.client_name,
        contract=case.contract_name,
        status=formats.words(case.status),
        due=formats.due(case.due_at, now=now) if is_waiting else "",
        is_overdue=is_waiting and case.due_at < now,
        amount=formats.money(case.amount_minor, currency=case.currency),
        period=_period(item),
        rows=_rows(item, detail=detail, marks=marks),
        expenses=_expenses(item, detail=detail, marks=marks),
        checks=_checks(item),
        signatures=_signatures(item, names=detail.names, zone=zone),
        findings=tuple(
            _finding(found, mark=f"F{number}", detail=detail, clauses=clauses)
            for number, found in enumerate(detail.assessment.findings, start=1)
        ),
        figures=_figures(detail),
        likelihoods=_likelihoods(detail),
        reasons=_reasons(detail),
        why_next=detail.why_next.sentence if detail.why_next and is_waiting else None,
        why_figures=_why_figures(detail) if is_waiting else (),
        history=tuple(_event(event, zone=zone) for event in detail.history),
        decisions=tuple(_decided(decision, zone=zone) for decision in detail.decisions),
    )


def is_rule_proved(detail: CaseDetail) -> bool:
    """Say whether a rule, and not only a model, found a fault."""
    return any(found.proof is Proof.RULE for found in detail.assessment.findings)


def marked_entry_ids(detail: CaseDetail) -> frozenset[str]:
    """Give the rows that some finding points at."""
    return frozenset(_marks(detail.assessment.findings))


def decision_words(decision: DecisionView) -> str:
    """`Approved, EUR 400.00`: a decision in one line."""
    word = {
        Verdict.APPROVE: "Approved",
        Verdict.ADJUST: "Adjusted",
        Verdict.REJECT: "Rejected",
        Verdict.WRITE_OFF: "Written off",
        Verdict.REQUEST_INFORMATION: "Information asked for",
        Verdict.ESCALATE: "Escalated",
    }[decision.verdict]
    if decision.verdict in {Verdict.APPROVE, Verdict.ADJUST}:
        return f"{word}, {formats.money(decision.approved_minor, currency=decision.currency)}"
    return word


def _marks(findings: Sequence[Finding]) -> dict[str, tuple[str, ...]]:
    marks: dict[str, tuple[str, ...]] = {}
    for number, found in enumerate(findings, start=1):
        for row_id in dict.fromkeys(row.row_id for row in found.evidence):
            marks[row_id] = (*marks.get(row_id, ()), f"F{number}")
    return marks


def _fields(findings: Sequence[Finding], row_id: str) -> frozenset[str]:
    return frozenset(
        row.field for found in findings for row in found.evidence if row.row_id == row_id
    )


def _period(item: AnyItem) -> str:
    if isinstance(item, Milestone):
        return f"planned for {formats.full_day(item.due_on)}"
    return f"{formats.full_day(item.period_start)} to {formats.full_day(item.period_end)}"


def _rows(
    item: AnyItem, *, detail: CaseDetail, marks: dict[str, tuple[str, ...]]
) -> tuple[RowView, ...]:
    if not isinstance(item, Timesheet):
        return ()
    rows, category = [], ""
    for entry in item.entries:
        fields = _fields(detail.assessment.findings, entry.id)
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
        rate=formats.money(entry.hourly_rate_minor, currency=currency).removeprefix(currency),
        amount=formats.money(entry.amount_minor, currency=currency).removeprefix(currency),
        narrative=entry.narrative,
        marks=marks,
        fields=fields,
    )


def _expenses(
    item: AnyItem, *, detail: CaseDetail, marks: dict[str, tuple[str, ...]]
) -> tuple[ExpenseRowView, ...]:
    if not isinstance(item, ExpenseReport):
        return ()
    findings = detail.assessment.findings
    return tuple(
        _expense(
            one,
            currency=detail.case.currency,
            marks=marks.get(one.id, ()),
            fields=_fields(findings, one.id),
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
        cost=formats.money(one.cost_minor, currency=currency).removeprefix(currency),
        billed=formats.money(one.billable_minor, currency=currency).removeprefix(currency),
        description=one.description,
        marks=marks,
        fields=fields,
    )


def _checks(item: AnyItem) -> tuple[CheckView, ...]:
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


def _signatures(item: AnyItem, *, names: dict[str, str], zone: tzinfo) -> tuple[EventView, ...]:
    signed = tuple(
        EventView(
            at=formats.instant(event.at, zone=zone),
            text=f"{formats.words(event.step)}: {event.verdict}",
            actor=names.get(event.actor_id, event.actor_id),
        )
        for event in item.approvals
    )
    if not isinstance(item, Milestone):
        return signed
    return signed + tuple(
        EventView(
            at=formats.instant(event.at, zone=zone),
            text=f"Acceptance: {event.kind}",
            actor=event.actor,
        )
        for event in item.acceptance
    )


def _finding(
    found: Finding, *, mark: str, detail: CaseDetail, clauses: dict[str, Clause]
) -> FindingView:
    kind = CATALOGUE[found.code]
    by_rule = found.proof is Proof.RULE
    clause = clauses.get(found.clause_id) if found.clause_id else None
    return FindingView(
        mark=mark,
        title=kind.title,
        catalogue_id=kind.id,
        is_proved=by_rule,
        severity=formats.words(found.severity),
        proof="proved by rule" if by_rule else f"{formats.percent(found.probability)} likely",
        summary=found.summary,
        exposure=exposure(found.exposure_minor, currency=detail.case.currency),
        evidence=tuple(_evidence(row, detail=detail) for row in found.evidence),
        clause=_clause(clause) if clause else None,
    )


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


def _figures(detail: CaseDetail) -> tuple[Figure, ...]:
    case = detail.case
    shown = [Figure(name="Charged", amount=formats.money(case.amount_minor, currency=case.currency),
                    is_strong=True)]  # fmt: skip
    if case.risk_minor:
        at_risk = formats.money(case.risk_minor, currency=case.currency)
        shown.append(Figure(name="At risk if billed", amount=at_risk, is_strong=True))
    if case.leak_minor:
        leak = formats.money(-case.leak_minor, currency=case.currency)
        shown.append(Figure(name="Earned, not billed", amount=leak, is_strong=True))
    if isinstance(detail.item, Timesheet):
        minutes = sum(entry.minutes_billable for entry in detail.item.entries)
        shown.append(Figure(name="Billable time", amount=formats.hours(minutes)))
    return tuple(shown)


def _likelihoods(detail: CaseDetail) -> tuple[Figure, ...]:
    named = (
        ("Fault no rule proved", detail.case.violation_probability),
        ("Invoice leaves late", detail.case.delay_probability),
    )
    return tuple(
        Figure(name=name, amount=formats.percent(probability))
        for name, probability in named
        if probability is not None
    )


def _reasons(detail: CaseDetail) -> tuple[ReasonView, ...]:
    ranked = sorted(detail.assessment.reasons, key=lambda reason: -abs(reason.contribution))
    return tuple(
        ReasonView(
            sign="+" if reason.contribution > 0 else "−",  # noqa: RUF001 - a true minus sign
            direction="speaks for a fault" if reason.contribution > 0 else "speaks against a fault",
            sentence=reason.sentence,
        )
        for reason in ranked
    )


def _why_figures(detail: CaseDetail) -> tuple[Figure, ...]:
    why = detail.why_next
    if why is None:
        return ()
    per_minute = formats.money(round(why.net_per_minute_minor), currency=why.currency)
    return (
        Figure(name="Value", amount=formats.money(why.value_minor, currency=why.currency)),
        Figure(name="Doubt", amount=formats.percent(why.doubt)),
        Figure(name="Minutes", amount=f"{why.review_minutes:.1f}"),
        Figure(name="Saved a minute", amount=per_minute),
    )


def _event(event: HistoryEvent, *, zone: tzinfo) -> EventView:
    return EventView(
        at=formats.instant(event.at, zone=zone),
        text=f"{formats.words(event.event)}. {event.text}",
        actor=event.actor,
    )


def _decided(decision: DecisionView, *, zone: tzinfo) -> EventView:
    reasons = ", ".join(formats.words(code) for code in decision.reason_codes)
    undone = " (undone)" if decision.is_undone else ""
    note = f" - {decision.note}" if decision.note else ""
    return EventView(
        at=formats.instant(decision.decided_at, zone=zone),
        text=f"{decision_words(decision)}{undone}: {reasons}{note}",
        actor=decision.actor_name,
    )
