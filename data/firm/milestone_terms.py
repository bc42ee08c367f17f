"""What contracts that pay by milestone say of schedules, delays and progress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from data.firm import limit_words
from data.firm.expenses import in_currency
from data.firm.milestone_slots import GRACE_DAYS
from data.firm.milestones import DeliveredMilestone
from data.firm.plans import ContractPlan
from data.firm.progress import TOLERANCE
from data.firm.schedules import schedule_of
from data.firm.wording import Wording
from data.schemas.clauses import PlannedMilestone
from data.schemas.vocabulary import ClauseKind

DAILY_EUR, CAP_EUR = 250, 3_000
ADDED_EUR = 5_000
LAST_MILESTONES = 2

Delivered = Mapping[str, Sequence[DeliveredMilestone]]
"""The milestones of each line in order of their numbers."""


def word_milestones(plan: ContractPlan, *, milestones: Delivered) -> Iterator[Wording]:
    """The clauses about the milestones of a contract."""
    currency = plan.client.currency
    if ClauseKind.LIQUIDATED_DAMAGES in plan.duties:
        yield limit_words.word_damages(
            in_currency(plan, DAILY_EUR),
            cap_minor=in_currency(plan, CAP_EUR),
            grace_days=GRACE_DAYS,
            currency=currency,
        )
    for line in plan.lines:
        own = milestones.get(line.id, ())
        schedule = schedule_of(plan, planned_minor=[one.planned_minor for one in own])
        if schedule is not None:
            yield limit_words.word_schedule(
                [
                    PlannedMilestone(
                        milestone_id=one.item.external_id, amount_minor=one.planned_minor
                    )
                    for one in own
                ],
                retainage=schedule.retainage,
                advance_minor=schedule.advance_minor,
                currency=currency,
                line_id=line.id,
            )
        if own and ClauseKind.PROGRESS_BILLING in plan.duties:
            yield limit_words.word_progress(TOLERANCE, line_id=line.id)


def added_value(plan: ContractPlan, *, milestones: Delivered) -> dict[str, tuple[date, int]]:
    """Lines whose value an order raised without a new schedule: from which day, and by how much.

    A few contracts forget it; their last milestones no longer add up to the value.
    """
    is_forgetful = plan.duties >= {ClauseKind.BILLING_SCHEDULE, ClauseKind.LIQUIDATED_DAMAGES}
    if not is_forgetful or plan.number % 2 == 0:
        return {}
    found = {}
    for line in plan.lines:
        own = milestones.get(line.id, ())
        if len(own) > 2 * LAST_MILESTONES:
            day = own[-LAST_MILESTONES].item.due_on
            found[line.id] = (day, in_currency(plan, ADDED_EUR))
    return found
