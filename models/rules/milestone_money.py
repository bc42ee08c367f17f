"""Is a milestone billed as scheduled, in time, and no further than the work was earned?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from data.schemas.clauses import Acceptance, BillingSchedule, LiquidatedDamages, ProgressBilling
from data.schemas.items import Milestone
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind
from models.codes import UNKNOWN
from models.columns import Ints, day_number
from models.local_days import local_day
from models.past.balances import Measure
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, item_hits
from models.rules.milestones import standing
from models.rules.words import day, days, money


def milestone_schedule_mismatch(facts: Facts) -> Hits:
    """M4: the schedule is not the line's value, or the amount not what the schedule leaves of it.

    A line whose value is not stated, zero, is not compared with its schedule.
    """
    return item_hits(facts, _mismatches(facts), summary="Not billed as the schedule has it")


def milestone_late_penalty(facts: Facts) -> Hits:
    """M5: accepted after the due day and its grace, or that day has passed without acceptance."""
    return item_hits(facts, _late(facts), summary="Late, and the contract sets a penalty")


def progress_overbilled(facts: Facts) -> Hits:
    """M6: milestones of the line with this one above the earned share and its tolerance, or all.

    All that was accepted before is counted. Without a measure of progress nothing is earned.
    """
    return item_hits(facts, _overbilled(facts), summary="Billed beyond the progress of the work")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A milestone under a clause, the day it was submitted, and the worth of its line that day."""

    item: int
    clause: int
    milestone: Milestone
    submitted_day: int
    line_value_minor: int

    def hit(self, *, field: str, actual: str, expected: str, exposure_minor: int) -> Hit:
        return Hit(
            item=self.item,
            clause=self.clause,
            field=field,
            actual=actual,
            expected=expected,
            exposure_minor=exposure_minor,
        )

    def money(self, minor: int) -> str:
        return money(minor, self.milestone.currency)


def _mismatches(facts: Facts) -> Iterator[Hit]:
    for one in _ready_under(facts, ClauseKind.BILLING_SCHEDULE):
        terms = facts.terms.clauses[one.clause].terms
        if isinstance(terms, BillingSchedule):
            yield from _sum_mismatch(one, schedule=terms)
            yield from _amount_mismatch(one, schedule=terms)


def _sum_mismatch(one: _Judged, *, schedule: BillingSchedule) -> Iterator[Hit]:
    scheduled = sum(planned.amount_minor for planned in schedule.milestones)
    if one.line_value_minor not in {0, scheduled}:
        yield one.hit(
            field="line_value_minor",
            actual=f"scheduled milestones add up to {one.money(scheduled)}",
            expected=f"the line's value of {one.money(one.line_value_minor)}",
            exposure_minor=abs(scheduled - one.line_value_minor),
        )


def _amount_mismatch(one: _Judged, *, schedule: BillingSchedule) -> Iterator[Hit]:
    due_minor = _due_minor(one.milestone.external_id, schedule=schedule)
    amount_minor = one.milestone.amount_minor
    if due_minor is None:
        yield one.hit(
            field="external_id",
            actual=f"{one.milestone.external_id} is not in the billing schedule",
            expected="a milestone of the schedule",
            exposure_minor=amount_minor,
        )
    elif amount_minor != due_minor:
        yield one.hit(
            field="amount_minor",
            actual=one.money(amount_minor),
            expected=f"{one.money(due_minor)} after retainage and advance",
            exposure_minor=amount_minor - due_minor,
        )


def _due_minor(milestone_id: str, *, schedule: BillingSchedule) -> int | None:
    """What is billed of a scheduled milestone; the last one takes what is left of the advance."""
    names = [planned.milestone_id for planned in schedule.milestones]
    if milestone_id not in names:
        return None
    place = names.index(milestone_id)
    amounts = [planned.amount_minor for planned in schedule.milestones]
    shares = [_advance_minor(minor, of=sum(amounts), schedule=schedule) for minor in amounts[:-1]]
    shares.append(schedule.advance_minor - sum(shares))
    kept = Decimal(amounts[place]) * (1 - Decimal(str(schedule.retainage)))
    return _half_up(kept) - shares[place]


def _advance_minor(amount_minor: int, *, of: int, schedule: BillingSchedule) -> int:
    if of == 0:
        return 0
    return (2 * schedule.advance_minor * amount_minor + of) // (2 * of)


def _late(facts: Facts) -> Iterator[Hit]:
    clauses = facts.item_clause(ClauseKind.LIQUIDATED_DAMAGES)
    acceptances = facts.item_clause(ClauseKind.ACCEPTANCE)
    for item, milestone in facts.milestones():
        if clauses[item] == UNKNOWN:
            continue
        terms = facts.terms.clauses[int(clauses[item])].terms
        if not isinstance(terms, LiquidatedDamages):
            continue
        today = local_day(facts.decided_at, zone=milestone.zone)
        agreed = _acceptance(facts, int(acceptances[item]))
        accepted = standing(milestone, terms=agreed, today=today).accepted_day
        last_day = day_number(milestone.due_on) + terms.grace_days
        days_late = (today if accepted is None else accepted) - last_day
        if days_late > 0:
            yield Hit(
                item=item,
                clause=int(clauses[item]),
                field="due_on",
                actual=(
                    f"{'not accepted' if accepted is None else f'accepted on {day(accepted)}'}, "
                    f"{days(days_late)} late"
                ),
                expected=f"accepted by {day(last_day)}",
                exposure_minor=min(terms.cap_minor, terms.daily_minor * days_late),
            )


def _overbilled(facts: Facts) -> Iterator[Hit]:
    billed = _billed_to_date(facts)
    for one in _ready_under(facts, ClauseKind.PROGRESS_BILLING):
        terms = facts.terms.clauses[one.clause].terms
        if not isinstance(terms, ProgressBilling) or one.line_value_minor <= 0:
            continue
        value, so_far = Decimal(one.line_value_minor), int(billed[one.item])
        earned = _earned(facts, one)
        allowed = value * min(earned + Decimal(str(terms.tolerance)), Decimal(1))
        if so_far > allowed:
            earned_minor = _half_up(value * earned)
            yield one.hit(
                field="amount_minor",
                actual=f"{one.money(so_far)} billed with this milestone",
                expected=(
                    f"at most {one.money(int(allowed))}: {earned:.1%} of "
                    f"{one.money(one.line_value_minor)} was earned"
                ),
                exposure_minor=min(one.milestone.amount_minor, so_far - earned_minor),
            )


def _billed_to_date(facts: Facts) -> Ints:
    """For each item the milestones of its line, accepted before or counted up to and with it."""
    batch = facts.batch
    used = facts.past.used(Measure.LINE_MILESTONES, batch.line)
    places = np.flatnonzero(batch.is_milestone).tolist()
    places.sort(key=lambda place: (batch.submitted_us[place], batch.item_id[place]))
    own: dict[int, int] = {}
    for place in places:
        line = int(batch.line[place])
        own[line] = own.get(line, 0) + int(batch.amount_minor[place])
        used[place] += own[line]
    return used


def _earned(facts: Facts, one: _Judged) -> Decimal:
    project = facts.terms.reference.projects.get(one.milestone.project_id)
    measures = [] if project is None else [
        (day_number(measure.as_of), measure.earned)
        for measure in project.progress
        if day_number(measure.as_of) <= one.submitted_day
    ]  # fmt: skip
    last = max(measures, key=lambda measure: measure[0], default=(0, 0.0))
    return Decimal(str(last[1]))


def _ready_under(facts: Facts, kind: ClauseKind) -> Iterator[_Judged]:
    """The milestones that are to be billed, where a kind of clause governs them."""
    clauses = facts.item_clause(kind)
    for item, milestone in facts.milestones():
        if clauses[item] == UNKNOWN or not milestone.is_ready_to_bill:
            continue
        on = int(facts.submitted_day[item])
        yield _Judged(
            item=item,
            clause=int(clauses[item]),
            milestone=milestone,
            submitted_day=on,
            line_value_minor=_line_value_minor(facts, milestone, on=on),
        )


def _line_value_minor(facts: Facts, milestone: Milestone, *, on: int) -> int:
    """The worth of a line as its executed change orders have amended it by a day."""
    contract = facts.terms.reference.contracts[milestone.contract_id]
    stated = sum(line.value_minor for line in contract.lines if line.id == milestone.line_id)
    return stated + sum(
        order.delta_value_minor
        for order in contract.change_orders
        if order.line_id == milestone.line_id
        and order.status is ChangeOrderStatus.EXECUTED
        and day_number(order.effective_on) <= on
    )


def _acceptance(facts: Facts, clause: int) -> Acceptance | None:
    found = facts.clause(clause)
    return found.terms if found is not None and isinstance(found.terms, Acceptance) else None


def _half_up(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
