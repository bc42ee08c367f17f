"""Milestones that are not accepted, not billed, not as scheduled, late or ahead: M1 to M6."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from data.firm.agreed import exactly, half_up
from data.firm.facts import Delivered, Facts, local_day
from data.firm.proof import Proof
from data.firm.proofs_time import price_of_waiting
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import (
    Acceptance,
    BillingSchedule,
    Deliverables,
    LiquidatedDamages,
    ProgressBilling,
)
from data.schemas.vocabulary import AcceptanceKind


def unaccepted(facts: Facts) -> Iterator[Proof]:
    """M1: ready to bill, and the client has not accepted."""
    for row in facts.delivered:
        terms = facts.terms(Acceptance, row, day=row.submitted_on)
        is_open = terms is not None and _accepted_on(row, terms=terms) is None
        if is_open and row.milestone.is_ready_to_bill:
            yield row.refuse(
                ExceptionCode.MILESTONE_ACCEPTANCE_MISSING, amount_minor=row.amount_minor
            )


def unbilled(facts: Facts) -> Iterator[Proof]:
    """M2: accepted, and billed later than agreed."""
    for row in facts.delivered:
        terms = facts.terms(Acceptance, row, day=row.submitted_on)
        accepted_on = _accepted_on(row, terms=terms) if terms else None
        if terms is None or accepted_on is None:
            continue
        days = (row.judged_on - accepted_on).days
        if days <= terms.bill_within_days:
            continue
        lost_minor = price_of_waiting(
            row.amount_minor, yearly=terms.annual_cost_of_capital, days=days
        )
        has_lapsed = terms.is_lapsed_when_unbilled
        yield row.prove(
            ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE,
            exposure_minor=-(row.amount_minor if has_lapsed else lost_minor),
            correction_minor=-row.amount_minor if has_lapsed else 0,
        )


def incomplete(facts: Facts) -> Iterator[Proof]:
    """M3: ready to bill with missing evidence or an open predecessor."""
    for row in facts.delivered:
        one = row.milestone
        if facts.terms(Deliverables, row, day=row.submitted_on) is None:
            continue
        is_short = set(one.evidence_required) - set(one.evidence_provided)
        if one.is_ready_to_bill and (is_short or one.open_predecessors):
            yield row.refuse(
                ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE, amount_minor=row.amount_minor
            )


def _accepted_on(row: Delivered, *, terms: Acceptance | None) -> date | None:
    """The day on which the client accepted, by word or, where that counts, by silence."""
    handed_over: date | None = None
    accepted: date | None = None
    for event in sorted(row.milestone.acceptance, key=lambda each: each.at):
        day = local_day(event.at, item=row.milestone)
        if event.kind is AcceptanceKind.SUBMITTED:
            handed_over = day
        elif event.kind is AcceptanceKind.ACCEPTED:
            accepted = accepted or day
        else:
            handed_over = accepted = None
    silent = None
    if terms is not None and terms.is_deemed_after_window and handed_over is not None:
        closes = handed_over + timedelta(days=terms.window_days + 1)
        silent = closes if closes <= row.judged_on else None
    return min((day for day in (accepted, silent) if day is not None), default=None)


def off_schedule(facts: Facts) -> Iterator[Proof]:
    """M4: the schedule does not add up to the value, or the amount is not the scheduled one."""
    for row in facts.delivered:
        terms = facts.terms(BillingSchedule, row, day=row.submitted_on)
        if terms is None or not row.milestone.is_ready_to_bill:
            continue
        total = sum(one.amount_minor for one in terms.milestones)
        gap = abs(total - _value_minor(facts, row))
        due = _scheduled_minor(terms, name=row.milestone.external_id)
        wrong = row.amount_minor - (due or 0)
        if gap or wrong:
            yield row.prove(
                ExceptionCode.MILESTONE_SCHEDULE_MISMATCH,
                exposure_minor=gap + wrong,
                correction_minor=-wrong,
            )


def _value_minor(facts: Facts, row: Delivered) -> int:
    contract = facts.reference.contracts[row.contract_id]
    line = next(one for one in contract.lines if one.id == row.line_id)
    orders = facts.agreed.orders(row.contract_id, day=row.submitted_on)
    return line.value_minor + sum(
        one.delta_value_minor for one in orders if one.line_id == row.line_id
    )


def _scheduled_minor(terms: BillingSchedule, *, name: str) -> int | None:
    total = sum(one.amount_minor for one in terms.milestones)
    shares = [
        half_up(Decimal(terms.advance_minor * one.amount_minor) / total) for one in terms.milestones
    ]
    shares[-1] = terms.advance_minor - sum(shares[:-1])
    for one, share in zip(terms.milestones, shares, strict=True):
        if one.milestone_id == name:
            return half_up(one.amount_minor * (1 - exactly(terms.retainage))) - share
    return None


def too_late(facts: Facts) -> Iterator[Proof]:
    """M5: accepted, or still open, after the due day and its grace."""
    for row in facts.delivered:
        terms = facts.terms(LiquidatedDamages, row, day=row.submitted_on)
        if terms is None:
            continue
        acceptance = facts.terms(Acceptance, row, day=row.submitted_on)
        ended = _accepted_on(row, terms=acceptance) or row.judged_on
        days = (ended - row.milestone.due_on).days - terms.grace_days
        if days > 0:
            yield row.refuse(
                ExceptionCode.MILESTONE_LATE_PENALTY,
                amount_minor=min(terms.cap_minor, terms.daily_minor * days),
            )


def ahead_of_progress(facts: Facts) -> Iterator[Proof]:
    """M6: more of the line is billed than was earned."""
    billed: dict[tuple[str, str], int] = defaultdict(int)
    for row in facts.delivered:
        place = (row.contract_id, row.line_id)
        billed[place] += row.amount_minor
        terms = facts.terms(ProgressBilling, row, day=row.submitted_on)
        value = _value_minor(facts, row)
        if terms is None or value == 0 or not row.milestone.is_ready_to_bill:
            continue
        earned = _earned(facts, row)
        allowed = value * min(earned + exactly(terms.tolerance), Decimal(1))
        if billed[place] > allowed:
            over = min(row.amount_minor, billed[place] - half_up(value * earned))
            yield row.refuse(ExceptionCode.PROGRESS_OVERBILLED, amount_minor=over)


def _earned(facts: Facts, row: Delivered) -> Decimal:
    project = facts.reference.projects[row.milestone.project_id]
    measures = [one for one in project.progress if one.as_of <= row.submitted_on]
    return exactly(max(measures, key=lambda one: one.as_of).earned) if measures else Decimal(0)


SWEEPS = (unaccepted, unbilled, incomplete, off_schedule, too_late, ahead_of_progress)
