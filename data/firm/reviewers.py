"""The people who review: how often each errs, how fast they are, how far they follow a score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data.firm.chance import Chance
from data.firm.records import FaultKind, Truth
from data.firm.trade import FIRST_NAMES, LAST_NAMES
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem, ExpenseReport, Milestone, Timesheet

FEWEST_REVIEWERS, ITEMS_FOR_EACH_REVIEWER = 3, 2_500
MISS_RATES, FALSE_ALARM_RATES = (0.02, 0.07), (0.001, 0.006)
"""Reviewers who must give a reason rarely invent one."""
PACES, ANCHORINGS = (0.75, 1.4), (0.05, 0.35)
MINUTES, MINUTES_A_ROW, MINUTES_A_FAULT = 0.9, 0.22, 1.8
SPREAD = 0.45
CLEAR_BELOW, FAULTY_ABOVE = 0.05, 0.5
"""Shown probabilities at which a score seems to have spoken."""
KINDS_OF_SHEETS = tuple(kind for kind in FaultKind if kind is not FaultKind.DUPLICATE_EXPENSE)

Found = tuple[ExceptionCode | FaultKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a reviewer found of an item and the seconds it took."""

    found: Found
    active_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """One person who reviews; the rates are what a test would measure over many items."""

    id: str
    name: str
    miss_rate: float
    """Of faults that are there, each for itself."""
    false_alarm_rate: float
    """Of items without a fault."""
    pace: float
    """Minutes against those of the average reviewer."""
    anchoring: float
    """The probability of taking over what a shown score says, whatever the item says."""

    def judge(
        self, truth: Truth, *, item: AnyItem, shown_probability: float | None, chance: Chance
    ) -> Judgement:
        """Review an item: `shown_probability` is the score on the screen, None if it is hidden."""
        found = tuple(self._looked(truth, item=item, chance=chance))
        if shown_probability is not None and chance.happens(self.anchoring):
            found = _as_told(truth, found=found, shown=shown_probability, item=item, chance=chance)
        minutes = MINUTES + MINUTES_A_ROW * _rows(item) + MINUTES_A_FAULT * len(found)
        taken = chance.lognormal(median=minutes * self.pace, sigma=SPREAD)
        return Judgement(found=found, active_seconds=max(5, round(taken * 60)))

    def _looked(
        self, truth: Truth, *, item: AnyItem, chance: Chance
    ) -> Iterator[ExceptionCode | FaultKind]:
        for fault in truth.faults:
            if not chance.happens(self.miss_rate):
                yield fault.code
        if not truth.faults and chance.happens(self.false_alarm_rate):
            yield from _something(item, chance=chance)


def draw_reviewers(items: int, *, practice: str, chance: Chance) -> tuple[Reviewer, ...]:
    """The reviewers that a practice with this many items needs."""
    count = max(FEWEST_REVIEWERS, round(items / ITEMS_FOR_EACH_REVIEWER))
    return tuple(
        Reviewer(
            id=f"{practice}R-{number:02d}",
            name=f"{chance.pick(FIRST_NAMES)} {chance.pick(LAST_NAMES)}",
            miss_rate=chance.uniform(*MISS_RATES),
            false_alarm_rate=chance.uniform(*FALSE_ALARM_RATES),
            pace=chance.uniform(*PACES),
            anchoring=chance.uniform(*ANCHORINGS),
        )
        for number in range(1, count + 1)
    )


def _as_told(truth: Truth, *, found: Found, shown: float, item: AnyItem, chance: Chance) -> Found:
    """A low score makes a fault be overlooked; a high one makes one be seen."""
    if shown <= CLEAR_BELOW:
        return ()
    if shown >= FAULTY_ABOVE and not found:
        if truth.faults:
            return tuple(fault.code for fault in truth.faults)
        return tuple(_something(item, chance=chance))
    return found


def _something(item: AnyItem, *, chance: Chance) -> Iterator[FaultKind]:
    """A fault that an item of this kind could have."""
    if isinstance(item, Timesheet):
        yield chance.pick(KINDS_OF_SHEETS)
    elif isinstance(item, ExpenseReport):
        yield FaultKind.DUPLICATE_EXPENSE


def _rows(item: AnyItem) -> int:
    if isinstance(item, Milestone):
        return len(item.evidence_required) + 1
    return len(item.entries if isinstance(item, Timesheet) else item.expenses)
