"""How a case becomes its card: every figure formatted, every row marked."""

from __future__ import annotations

from datetime import datetime, tzinfo

from data.definitions import explain
from data.schemas.items import (
    AnyItem,
    Milestone,
    Timesheet,
)
from data.schemas.vocabulary import CaseStatus, Verdict
from review_app import formats
from review_app.card.card_model import (
    CardView,
    EventView,
    Figure,
    ReasonView,
)
from review_app.card.finding_views import finding_views, marks_by_row
from review_app.card.item_views import checks, entry_rows, expense_rows, period
from review_app.card.summary import summary
from review_app.keys import KEYS
from service.wire.cases import CaseDetail, DecisionView, HistoryEvent

OVER = frozenset({CaseStatus.DECIDED, CaseStatus.CLOSED})
"""Statuses in which nothing is due any more."""


def card_view(
    detail: CaseDetail,
    *,
    now: datetime,
    zone: tzinfo,
    named_finding: str = "",
    hides_summary: bool = False,
    is_unfolded: bool = False,
) -> CardView:
    """Turn a case into its card; `zone` is the reader's, `named_finding` a mark such as `F2`."""
    case, item = detail.case, detail.item
    is_waiting = case.status not in OVER
    marks = marks_by_row(detail.assessment.findings)
    return CardView(
        case_id=case.id,
        version=case.version,
        is_unfolded=is_unfolded,
        kind=formats.words(case.kind),
        title=case.title,
        client=case.client_name,
        contract=case.contract_name,
        status=formats.words(case.status),
        due=formats.due(case.due_at, now=now) if is_waiting else "",
        is_overdue=is_waiting and case.due_at < now,
        amount=formats.money(case.amount_minor, currency=case.currency),
        period=period(item),
        rows=entry_rows(item, detail=detail, marks=marks),
        expenses=expense_rows(item, detail=detail, marks=marks),
        checks=checks(item),
        signatures=_signatures(item, names=detail.names, zone=zone),
        findings=finding_views(detail, named=named_finding),
        summary="" if hides_summary else summary(detail),
        figures=_figures(detail),
        opinion=_opinion(detail),
        likelihoods=_likelihoods(detail),
        reasons=_reasons(detail),
        why_next=_why(detail, zone=zone) if is_waiting else None,
        why_figures=_why_figures(detail) if is_waiting else (),
        history=tuple(_event(event, zone=zone) for event in detail.history),
        decisions=tuple(_decided(decision, zone=zone) for decision in detail.decisions),
    )


def events(detail: CaseDetail, *, zone: tzinfo) -> tuple[EventView, ...]:
    """Give everything that happened to a case, decisions among it, oldest first."""
    happened = [(event.at, _event(event, zone=zone)) for event in detail.history]
    decided = [(one.decided_at, _decided(one, zone=zone)) for one in detail.decisions]
    return tuple(view for _, view in sorted((*happened, *decided), key=lambda pair: pair[0]))


def marked_entry_ids(detail: CaseDetail) -> frozenset[str]:
    """Give the rows that some finding points at."""
    return frozenset(marks_by_row(detail.assessment.findings))


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


def _figures(detail: CaseDetail) -> tuple[Figure, ...]:
    case = detail.case
    named = (
        ("Charged", case.amount_minor, "amount"),
        ("At risk if billed", case.risk_minor, "at_risk"),
        ("Earned, not billed", -case.leak_minor, "not_billed"),
    )
    shown = [
        Figure(
            name=name,
            amount=formats.money(minor, currency=case.currency),
            is_strong=True,
            meaning=explain(definition),
        )
        for name, minor, definition in named
        if minor or definition == "amount"
    ]
    if isinstance(detail.item, Timesheet):
        minutes = sum(entry.minutes_billable for entry in detail.item.entries)
        shown.append(Figure(name="Billable time", amount=formats.hours(minutes)))
    return tuple(shown)


def _opinion(detail: CaseDetail) -> str:
    if detail.must_call_first:
        return "The models' opinion comes after your own call."
    if detail.own_verdict is not None:
        return f"You said {KEYS[detail.own_verdict].label} before you were told."
    return ""


def _likelihoods(detail: CaseDetail) -> tuple[Figure, ...]:
    named = (
        ("Fault no rule proved", detail.case.violation_probability, "violation_probability"),
        ("Invoice leaves late", detail.case.delay_probability, "delay_probability"),
    )
    return tuple(
        Figure(name=name, amount=formats.percent(probability), meaning=explain(definition))
        for name, probability, definition in named
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


def _why(detail: CaseDetail, *, zone: tzinfo) -> str | None:
    """Why the case is next, in the reader's figures and time zone."""
    why, case = detail.why_next, detail.case
    if why is None:
        return None
    first = f"{case.boost}. " if case.boost else ""
    doubt = "certainly" if why.doubt == 1 else f"with a doubt of {formats.percent(why.doubt)}"
    return (
        f"{first}{formats.money(why.value_minor, currency=why.currency)} at stake, {doubt} not to "
        f"be billed as it stands; about {max(round(why.review_minutes), 1)} min of work, due "
        f"{formats.instant(case.due_at, zone=zone)}."
    )


def _why_figures(detail: CaseDetail) -> tuple[Figure, ...]:
    why = detail.why_next
    if why is None:
        return ()
    per_minute = formats.money(round(why.net_per_minute_minor), currency=why.currency)
    value = formats.money(why.value_minor, currency=why.currency)
    minutes = formats.decimal(why.review_minutes)
    return (
        Figure(name="Value", amount=value, meaning=explain("value")),
        Figure(name="Doubt", amount=formats.percent(why.doubt), meaning=explain("doubt")),
        Figure(name="Minutes", amount=minutes, meaning=explain("review_minutes")),
        Figure(name="Saved a minute", amount=per_minute, meaning=explain("net_per_minute")),
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
