"""Progress as it was measured: always ahead of the bills, but for a few milestones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_UP, Decimal

from data.firm.milestone_slots import MilestoneFault
from data.firm.milestones import DeliveredMilestone
from data.schemas.people import Progress
from data.schemas.vocabulary import ClauseKind

TOLERANCE = 0.05
BEHIND = 0.12
"""How far progress lies behind the bills where too much was billed: more than the tolerance."""
STEP = Decimal("0.0001")


def measure_progress(milestones: Sequence[DeliveredMilestone]) -> dict[str, tuple[Progress, ...]]:
    """The measures of each project that is billed by progress, by project id."""
    by_line: dict[str, list[DeliveredMilestone]] = defaultdict(list)
    for one in milestones:
        if ClauseKind.PROGRESS_BILLING in one.plan.duties:
            by_line[one.line.id].append(one)
    return {own[0].line.project.id: _measures(own) for own in by_line.values()}


def _measures(own: Sequence[DeliveredMilestone]) -> tuple[Progress, ...]:
    """A measure before each milestone, by all that is billed when that one arrives."""
    value = sum(one.planned_minor for one in own)
    measures = []
    highest = Decimal(0)
    for one in sorted(own, key=lambda each: each.item.submitted_at):
        billed = sum(
            other.item.amount_minor for other in own if other.received_at <= one.received_at
        )
        highest = max(highest, (Decimal(billed) / value).quantize(STEP, rounding=ROUND_UP))
        earned = min(highest, Decimal(1))
        if one.fault is MilestoneFault.AHEAD_OF_PROGRESS:
            earned = max(earned - Decimal(str(BEHIND)), Decimal(0))
        as_of = one.item.submitted_at.date() - timedelta(days=1)
        measures.append(Progress(as_of=as_of, earned=float(earned)))
    return tuple(measures)
