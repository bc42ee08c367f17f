"""Billing schedules: what each milestone of a line bills after retainage and advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from data.firm.plans import ContractPlan
from data.schemas.vocabulary import ClauseKind

RETAINAGES = (0.05, 0.1)
ADVANCE_SHARE = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The planned amounts of a line's milestones in order, and what is taken off them."""

    planned_minor: tuple[int, ...]
    retainage: float
    advance_minor: int

    def due_minor(self, place: int) -> int:
        """What the milestone at this place bills."""
        kept = Decimal(self.planned_minor[place]) * (1 - Decimal(str(self.retainage)))
        return _whole(kept) - self._advance_share(place)

    def _advance_share(self, place: int) -> int:
        total = sum(self.planned_minor)
        shares = [_whole(Decimal(self.advance_minor * one) / total) for one in self.planned_minor]
        is_last = place == len(shares) - 1
        return self.advance_minor - sum(shares[:-1]) if is_last else shares[place]


def schedule_of(plan: ContractPlan, *, planned_minor: Sequence[int]) -> Schedule | None:
    """The schedule of a line, if its contract has one."""
    if ClauseKind.BILLING_SCHEDULE not in plan.duties or not planned_minor:
        return None
    advance = int(sum(planned_minor) * ADVANCE_SHARE) // 100_000 * 100_000
    return Schedule(
        planned_minor=tuple(planned_minor),
        retainage=RETAINAGES[plan.number % 2],
        advance_minor=advance,
    )


def _whole(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
