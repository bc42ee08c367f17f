"""Faults that rules can prove, planted one to a sheet; what they imply is worked out in `proofs`.

Work outside the period, over a ceiling, a cap or planned effort, past its funds, and by
unassigned people is not planted here: it comes from the way contracts and stays were drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from data.firm import fault_ways, overtime
from data.firm.chance import Chance
from data.firm.clocks import clocked_people
from data.firm.copies import copyable, follow_up, forgotten, repeated
from data.firm.drafts import SheetDraft, lines_by_person_day, minutes_by_person_day
from data.firm.fault_ways import Planter
from data.firm.world import World
from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import ClauseKind

SHARES = {
    ExceptionCode.MISSING_TIMESHEET: 0.002,
    ExceptionCode.DAILY_HOURS_EXCEEDED: 0.003,
    ExceptionCode.LABOR_CATEGORY_UNQUALIFIED: 0.0024,
    ExceptionCode.OVERTIME_NOT_AUTHORIZED: 0.002,
    ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT: 0.002,
    ExceptionCode.KEY_PERSONNEL_SUBSTITUTION: 0.002,
    ExceptionCode.OVERLAPPING_TIME: 0.002,
    ExceptionCode.OUT_OF_SCOPE_WORK: 0.0024,
    ExceptionCode.NONBILLABLE_ACTIVITY_BILLED: 0.0022,
    ExceptionCode.NARRATIVE_INSUFFICIENT: 0.0024,
    ExceptionCode.RATE_ESCALATION_MISSED: 0.0024,
    ExceptionCode.LATE_TIME_SUBMISSION: 0.003,
    ExceptionCode.FUTURE_DATED_TIME: 0.002,
    ExceptionCode.RATE_MISMATCH: 0.0032,
    ExceptionCode.BILLING_INCREMENT_VIOLATION: 0.0024,
    ExceptionCode.CHANGE_ORDER_UNSIGNED: 0.002,
    ExceptionCode.APPROVAL_VIOLATION: 0.0032,
    ExceptionCode.ALREADY_INVOICED: 0.0022,
}
"""Share of timesheets that get each fault, those that few sheets can bear first."""
DUPLICATE_SHARE = 0.003
FORGOTTEN_SHARE = 0.004
"""Timesheets followed by an honest second one with a forgotten entry."""
HONEST_SHARE = 0.0015
"""Timesheets that come near to a fault, for each of the ways to do so."""

MayBear = Callable[[SheetDraft], bool]


def plant_faults(
    sheets: Sequence[SheetDraft], *, world: World, chance: Chance
) -> tuple[SheetDraft, ...]:
    """The sheets with faults in some of them, and the few sheets that follow others."""
    deck = {sheet.key: sheet for sheet in chance.sample(sheets, count=len(sheets))}
    planted = {sheet.key: sheet for sheet in sheets}
    ways = _ways(sheets, world=world)
    for code, share in SHARES.items():
        may_bear, plant = ways[code]
        for sheet in _draw(deck, may_bear=may_bear, count=_quota(share, total=len(sheets))):
            planted[sheet.key] = replace(plant(sheet, chance), planted=code)
    count = _quota(HONEST_SHARE, total=len(sheets))
    for near_to, may_bear, plant in NEAR_MISSES:
        for sheet in _draw(deck, may_bear=may_bear, count=count):
            planted[sheet.key] = replace(plant(sheet, chance), near_miss=near_to)
    doubled, follow_ups = _copies(deck, sheets=sheets, chance=chance)
    return (*{**planted, **doubled}.values(), *follow_ups)


def _ways(
    sheets: Sequence[SheetDraft], *, world: World
) -> dict[ExceptionCode, tuple[MayBear, Planter]]:
    """For each code, the sheets that may bear it, and how it is planted."""
    minutes, booked = minutes_by_person_day(sheets), lines_by_person_day(sheets)
    clocked = clocked_people(world)
    way = fault_ways

    def is_old_enough(sheet: SheetDraft) -> bool:
        return (world.end - sheet.monday).days > 2 * sheet.plan.late_days

    return {
        ExceptionCode.MISSING_TIMESHEET: (way.is_full_week, way.left_out),
        ExceptionCode.DAILY_HOURS_EXCEEDED: (
            lambda sheet: bool(way.days_alone(sheet, booked=booked)),
            way.overlong(booked),
        ),
        ExceptionCode.LABOR_CATEGORY_UNQUALIFIED: (
            _owes(ClauseKind.LABOR_QUALIFICATIONS),
            way.above_qualification,
        ),
        ExceptionCode.OVERTIME_NOT_AUTHORIZED: (
            lambda sheet: overtime.is_due(sheet, minutes=minutes),
            _unchanged,
        ),
        ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT: (_owes(ClauseKind.WORKING_CALENDAR), _unchanged),
        ExceptionCode.KEY_PERSONNEL_SUBSTITUTION: (_owes(ClauseKind.KEY_PERSONNEL), _unchanged),
        ExceptionCode.OVERLAPPING_TIME: (
            lambda sheet: sheet.person.id in clocked and bool(way.pairs_of_a_day(sheet)),
            way.overlapping,
        ),
        ExceptionCode.OUT_OF_SCOPE_WORK: (way.is_before_scope_grew, way.out_of_scope),
        ExceptionCode.NONBILLABLE_ACTIVITY_BILLED: (
            _owes(ClauseKind.EXCLUSIONS),
            way.nonbillable,
        ),
        ExceptionCode.NARRATIVE_INSUFFICIENT: (_owes(ClauseKind.BILLING_GUIDELINES), way.wordless),
        ExceptionCode.RATE_ESCALATION_MISSED: (way.is_after_escalation, way.at_last_years_rate),
        ExceptionCode.LATE_TIME_SUBMISSION: (is_old_enough, way.too_late),
        ExceptionCode.FUTURE_DATED_TIME: (way.works_after_wednesday, way.in_advance),
        ExceptionCode.RATE_MISMATCH: (_anything, way.misrated),
        ExceptionCode.BILLING_INCREMENT_VIOLATION: (_anything, way.misbilled),
        ExceptionCode.CHANGE_ORDER_UNSIGNED: (_anything, _unchanged),
        ExceptionCode.APPROVAL_VIOLATION: (_anything, way.mis_signed),
        ExceptionCode.ALREADY_INVOICED: (_anything, _unchanged),
    }


def _copies(
    deck: dict[int, SheetDraft], *, sheets: Sequence[SheetDraft], chance: Chance
) -> tuple[dict[int, SheetDraft], list[SheetDraft]]:
    """Copy an entry inside its sheet or into a second sheet; other second sheets are honest."""
    minutes, total = minutes_by_person_day(sheets), len(sheets)

    def has_room(sheet: SheetDraft) -> bool:
        return bool(copyable(sheet, minutes=minutes))

    doubled: dict[int, SheetDraft] = {}
    follow_ups: list[SheetDraft] = []
    code = ExceptionCode.DUPLICATE_TIME_ENTRY
    copies = _draw(deck, may_bear=has_room, count=_quota(DUPLICATE_SHARE, total=total))
    for number, sheet in enumerate(copies):
        copy = repeated(chance.pick(copyable(sheet, minutes=minutes)), chance=chance)
        if number % 2 == 0:
            doubled[sheet.key] = replace(sheet, entries=(*sheet.entries, copy), planted=code)
        else:
            second = follow_up(sheet, entry=copy, key=total + len(follow_ups), chance=chance)
            follow_ups.append(replace(second, planted=code))
    for sheet in _draw(deck, may_bear=has_room, count=_quota(FORGOTTEN_SHARE, total=total)):
        entry = forgotten(sheet, minutes=minutes, chance=chance)
        follow_ups.append(follow_up(sheet, entry=entry, key=total + len(follow_ups), chance=chance))
    return doubled, follow_ups


def _draw(deck: dict[int, SheetDraft], *, may_bear: MayBear, count: int) -> Iterator[SheetDraft]:
    """Take `count` fitting sheets off the deck, so that no sheet is chosen twice."""
    fitting: list[int] = []
    for key, sheet in deck.items():
        if len(fitting) == count:
            break
        if may_bear(sheet):
            fitting.append(key)
    for key in fitting:
        yield deck.pop(key)


def _quota(share: float, *, total: int) -> int:
    return max(1, round(share * total))


def _owes(kind: ClauseKind) -> MayBear:
    return lambda sheet: kind in sheet.plan.duties


def _anything(_: SheetDraft) -> bool:
    return True


def _has_no_cut_off(sheet: SheetDraft) -> bool:
    return sheet.plan.cut_off_day is None


def _unchanged(sheet: SheetDraft, _: Chance) -> SheetDraft:
    return sheet


NEAR_MISSES: tuple[tuple[ExceptionCode, MayBear, Planter], ...] = (
    (
        ExceptionCode.OUT_OF_SCOPE_WORK,
        fault_ways.starts_with_order,
        fault_ways.covered_by_order,
    ),
    (
        ExceptionCode.OUT_OF_SCOPE_WORK,
        fault_ways.is_after_scope_grew,
        fault_ways.covered_by_order,
    ),
    (
        ExceptionCode.NONBILLABLE_ACTIVITY_BILLED,
        fault_ways.has_paid_activity,
        fault_ways.with_paid_activity,
    ),
    (ExceptionCode.LATE_TIME_SUBMISSION, _has_no_cut_off, fault_ways.on_the_last_day),
    (
        ExceptionCode.LEAVE_OR_HOLIDAY_CONFLICT,
        _owes(ClauseKind.WORKING_CALENDAR),
        _unchanged,
    ),
)
"""Work that only looks wrong: an order allows it, or the limit is just met."""
