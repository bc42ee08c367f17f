"""What contracts say, in words: the text of each clause beside its machine-readable terms."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from data.firm.demands import word_demands
from data.firm.plans import ContractPlan
from data.firm.wording import Wording
from data.schemas.clauses import (
    Acceptance,
    ApprovalTerms,
    Deliverables,
    DoubleBilling,
    PeriodOfPerformance,
    RateSchedule,
    StaffingPlan,
    TimelyBilling,
    WorkingTime,
)
from data.schemas.contracts import Clause, ClauseSource

CHARACTERS_A_PAGE = 2_400
GAP = "\n\n"


def word_plan(plan: ContractPlan) -> tuple[Wording, ...]:
    """The clauses that follow from how the contract was sold."""
    both = (_period(plan), _approval(plan))
    if plan.is_hourly:
        ordinary = (_rates(), _staffing(plan), _working_time(plan), _once(), _timely(plan))
        return (*both, *ordinary, *word_demands(plan))
    return (*both, _acceptance(plan), _deliverables(), *word_demands(plan))


def write_clauses(
    plan: ContractPlan, *, wordings: Sequence[Wording], confirmed_by: str
) -> tuple[Clause, ...]:
    """The clauses with ids and their true places in the document that they make up."""
    texts = [f"{number}. {one.text}" for number, one in enumerate(wordings, start=1)]
    sha256 = hashlib.sha256(GAP.join(texts).encode()).hexdigest()
    clauses, start = [], 0
    for number, (wording, text) in enumerate(zip(wordings, texts, strict=True), start=1):
        clauses.append(
            Clause(
                id=f"{plan.id}.{number}",
                line_id=wording.line_id,
                terms=wording.terms,
                text=text,
                valid_from=plan.signed_on,
                source=ClauseSource(
                    document_sha256=sha256,
                    page=1 + start // CHARACTERS_A_PAGE,
                    char_start=start,
                    char_end=start + len(text),
                ),
                confidence=0.97,
                confirmed_by=confirmed_by,
            )
        )
        start += len(text) + len(GAP)
    return tuple(clauses)


def _period(plan: ContractPlan) -> Wording:
    return Wording(
        terms=PeriodOfPerformance(start=plan.start, end=plan.signed_end),
        text=(
            f"Term. The Services are performed from {plan.start:%d %B %Y} to "
            f"{plan.signed_end:%d %B %Y}, both days included. Work outside this period is not "
            "payable unless the period is extended by a signed change order."
        ),
    )


def _rates() -> Wording:
    return Wording(
        terms=RateSchedule(),
        text=(
            "Rates. Time is charged at the hourly rate that Annex A lists for the labor category "
            "on the day of the work. Rates are adjusted once a year as stated there."
        ),
    )


def _staffing(plan: ContractPlan) -> Wording:
    return Wording(
        terms=StaffingPlan(effort_tolerance=plan.effort_tolerance),
        text=(
            "Staffing. Only persons named in the staffing plan are billable, only from the first "
            "to the last day of their assignment to the project, and within the effort planned "
            f"for them and {plan.effort_tolerance:.0%} more."
        ),
    )


def _working_time(plan: ContractPlan) -> Wording:
    return Wording(
        terms=WorkingTime(max_daily_minutes=plan.max_daily_minutes),
        text=(
            f"Working time. No person may charge more than {plan.max_daily_minutes // 60} hours on "
            "one calendar day. Hours above that are not payable."
        ),
    )


def _once() -> Wording:
    return Wording(
        terms=DoubleBilling(),
        text=(
            "No double billing. The same work is invoiced once. An entry repeated in the same or "
            "in another timesheet, or already invoiced, is refunded."
        ),
    )


def _timely(plan: ContractPlan) -> Wording:
    end = (
        "Time submitted later is forfeit and may not be invoiced."
        if plan.is_forfeit_when_late
        else "Time submitted later remains payable, without interest."
    )
    cut_off = f", and by day {plan.cut_off_day} of the next month" if plan.cut_off_day else ""
    return Wording(
        terms=TimelyBilling(
            late_days=plan.late_days,
            cut_off_day=plan.cut_off_day,
            is_forfeit_when_late=plan.is_forfeit_when_late,
        ),
        text=(
            f"Timely billing. Time is submitted within {plan.late_days} days of the day of the "
            f"work{cut_off}. {end}"
        ),
    )


def _approval(plan: ContractPlan) -> Wording:
    client = (
        " and countersigned by the Client's representative"
        if plan.is_client_sign_off_required
        else ""
    )
    return Wording(
        terms=ApprovalTerms(is_client_sign_off_required=plan.is_client_sign_off_required),
        text=(
            "Approval. Before invoicing, every record is approved by a manager of the Supplier who "
            f"did not submit it and who holds sufficient authority{client}. A change after "
            "approval voids the approval."
        ),
    )


def _acceptance(plan: ContractPlan) -> Wording:
    deemed = (
        " If the Client neither accepts nor rejects within this window, the deliverable is deemed "
        "accepted."
        if plan.is_deemed_after_window
        else ""
    )
    lapse = (
        " The right to payment lapses for milestones invoiced later."
        if plan.is_lapsed_when_unbilled
        else ""
    )
    return Wording(
        terms=Acceptance(
            window_days=plan.acceptance_window_days,
            is_deemed_after_window=plan.is_deemed_after_window,
            bill_within_days=plan.bill_within_days,
            is_lapsed_when_unbilled=plan.is_lapsed_when_unbilled,
        ),
        text=(
            f"Acceptance. The Client accepts or rejects a deliverable within "
            f"{plan.acceptance_window_days} days of its submission.{deemed} The milestone is "
            f"invoiced within {plan.bill_within_days} days of acceptance.{lapse}"
        ),
    )


def _deliverables() -> Wording:
    return Wording(
        terms=Deliverables(),
        text=(
            "Deliverables. A milestone is payable when every document it requires is delivered and "
            "no earlier milestone on which it depends is open."
        ),
    )
