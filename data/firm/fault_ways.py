"""The ways in which one timesheet goes wrong: which sheets can, and what is then on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from data.firm.chance import Chance
from data.firm.dates import FRIDAY, local_moment
from data.firm.drafts import ApprovalFault, SheetDraft
from data.firm.habits import handed_in_later
from data.firm.narratives import write_nothing, write_overhead
from data.firm.plans import HOURLY_EUR, ContractPlan
from data.firm.trade import EXCLUDED_ACTIVITIES, LATER_EXCLUDED
from data.schemas.vocabulary import ClauseKind

APPROVAL_FAULT_WEIGHTS = {
    ApprovalFault.SELF_APPROVED: 0.3,
    ApprovalFault.OVER_AUTHORITY: 0.25,
    ApprovalFault.CLIENT_MISSING: 0.2,
    ApprovalFault.EDITED_AFTERWARDS: 0.25,
}
WEDNESDAY = 2
DAYS_OF_A_FULL_WEEK = 4
CATEGORIES = tuple(HOURLY_EUR)

Planter = Callable[[SheetDraft, Chance], SheetDraft]
Booked = dict[tuple[str, date], set[int]]


def days_alone(sheet: SheetDraft, *, booked: Booked) -> list[date]:
    """Days on which all that the person booked stands, fully billable, on this one sheet."""
    part_billable = {
        entry.work_date for entry in sheet.entries if entry.minutes_billable != entry.minutes_worked
    }
    return sorted(
        day
        for day in {entry.work_date for entry in sheet.entries} - part_billable
        if booked[sheet.person.id, day] == {sheet.key}
    )


def overlong(booked: Booked) -> Planter:
    """Make one day longer than the contract allows, on a day that belongs to one sheet alone."""

    def plant(sheet: SheetDraft, chance: Chance) -> SheetDraft:
        day = chance.pick(days_alone(sheet, booked=booked))
        place = next(n for n, entry in enumerate(sheet.entries) if entry.work_date == day)
        so_far = sum(entry.minutes_worked for entry in sheet.entries if entry.work_date == day)
        added = sheet.plan.max_daily_minutes - so_far + chance.between(2, 10) * 15
        minutes = sheet.entries[place].minutes_worked + added
        return _changed(sheet, place, minutes_worked=minutes, minutes_billable=minutes)

    return plant


def too_late(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """Handed in after the days that the contract allows."""
    days = sheet.plan.late_days - FRIDAY + chance.between(2, 18)
    return handed_in_later(sheet, days=days, chance=chance)


def on_the_last_day(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """Handed in on the very last day that the contract allows for the first day's work."""
    first = min(entry.work_date for entry in sheet.entries)
    days = sheet.plan.late_days + first.weekday() - FRIDAY
    return handed_in_later(sheet, days=max(days, sheet.days_late), chance=chance)


def works_after_wednesday(sheet: SheetDraft) -> bool:
    """True when the sheet has work on the last days of the week."""
    return any(entry.work_date.weekday() > WEDNESDAY for entry in sheet.entries)


def in_advance(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """Handed in on Wednesday, with the days that are still to come."""
    submitted_at = local_moment(
        sheet.monday + timedelta(days=WEDNESDAY),
        zone=sheet.zone,
        hour=chance.between(15, 17),
        minute=chance.between(0, 59),
    )
    return replace(sheet, submitted_at=submitted_at, days_late=0)


def misrated(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """Half of them bill the next higher category, half a rate that is a few percent too low."""
    place = CATEGORIES.index(sheet.person.labor_category)
    is_high = chance.happens(0.5) and place + 1 < len(CATEGORIES)
    discount = chance.pick((0.92, 0.95, 0.965))
    entries = []
    for entry in sheet.entries:
        rate = round(entry.rate_minor * discount)
        if is_high:
            rate = sheet.line.card_rate_minor(
                CATEGORIES[place + 1], day=entry.work_date, location=entry.location
            )
        entries.append(replace(entry, rate_minor=rate))
    return replace(sheet, entries=tuple(entries))


def is_after_escalation(sheet: SheetDraft) -> bool:
    """True when the yearly price rise had come before every day of the sheet."""
    return all(entry.work_date >= sheet.line.escalates_on for entry in sheet.entries)


def at_last_years_rate(sheet: SheetDraft, _: Chance) -> SheetDraft:
    """Billed at the rates before the price rise."""
    before = sheet.line.escalates_on - timedelta(days=1)
    return replace(
        sheet,
        entries=tuple(
            replace(
                entry,
                rate_minor=sheet.line.card_rate_minor(
                    entry.labor_category, day=before, location=entry.location
                ),
            )
            for entry in sheet.entries
        ),
    )


def above_qualification(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """Billed in the next higher category; or unchanged, where a certificate has to lapse."""
    place = CATEGORIES.index(sheet.person.labor_category)
    if place > 0 and (place + 1 == len(CATEGORIES) or chance.happens(0.5)):
        return sheet
    higher = CATEGORIES[place + 1]
    return replace(
        sheet,
        entries=tuple(
            replace(
                entry,
                labor_category=higher,
                rate_minor=sheet.line.card_rate_minor(
                    higher, day=entry.work_date, location=entry.location
                ),
            )
            for entry in sheet.entries
        ),
    )


def is_full_week(sheet: SheetDraft) -> bool:
    """True for a week of a standing team with enough days to leave some out."""
    days = {entry.work_date for entry in sheet.entries}
    is_due = ClauseKind.BILLING_CUT_OFF in sheet.plan.duties
    return is_due and len(days) >= DAYS_OF_A_FULL_WEEK


def left_out(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """Handed in after the week with its first day alone: the others were never recorded."""
    first = min(entry.work_date for entry in sheet.entries)
    kept = tuple(entry for entry in sheet.entries if entry.work_date == first)
    days = max(sheet.days_late, chance.between(3, 5))
    return handed_in_later(replace(sheet, entries=kept, is_round=False), days=days, chance=chance)


def pairs_of_a_day(sheet: SheetDraft) -> list[int]:
    """Places of entries that are not the first of their day."""
    seen: set[date] = set()
    places = []
    for place, entry in enumerate(sheet.entries):
        if entry.work_date in seen:
            places.append(place)
        seen.add(entry.work_date)
    return places


def overlapping(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """One entry starts before the one before it ended."""
    return _changed(sheet, chance.pick(pairs_of_a_day(sheet)), is_overlapping=True)


def is_before_scope_grew(sheet: SheetDraft) -> bool:
    """True when the statement of work leaves out the extra task for the whole sheet."""
    grows_on = sheet.plan.extra_in_scope_from or date.max
    is_scoped = ClauseKind.SCOPE in sheet.plan.duties
    return is_scoped and all(entry.work_date < grows_on for entry in sheet.entries)


def is_after_scope_grew(sheet: SheetDraft) -> bool:
    """True when a change order covers the extra task for the whole sheet."""
    grows_on = sheet.plan.extra_in_scope_from or date.max
    return all(entry.work_date >= grows_on for entry in sheet.entries)


def starts_with_order(sheet: SheetDraft) -> bool:
    """True in the very week in which a change order brings the extra task into scope."""
    return sheet.monday == sheet.plan.extra_in_scope_from


def covered_by_order(sheet: SheetDraft, _: Chance) -> SheetDraft:
    """The first entry of the week is on the extra task, on the order's first day if need be."""
    first = min(range(len(sheet.entries)), key=lambda at: sheet.entries[at].work_date)
    return _changed(sheet, first, task_id=sheet.line.extra_task.id)


def out_of_scope(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """One or two entries on the task that the statement of work leaves out."""
    changed = sheet
    for place in chance.sample(range(len(sheet.entries)), count=chance.between(1, 2)):
        changed = _changed(changed, place, task_id=sheet.line.extra_task.id)
    return changed


def nonbillable(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """One or two entries of an excluded activity, billed."""
    changed = sheet
    for place in chance.sample(range(len(sheet.entries)), count=chance.between(1, 2)):
        changed = _changed(
            changed,
            place,
            activity=chance.pick(excluded_on(sheet.plan, day=changed.entries[place].work_date)),
            narrative=f"{write_overhead(chance)}, {place + 1}",
        )
    return changed


def excluded_on(plan: ContractPlan, *, day: date) -> tuple[str, ...]:
    """The activities that a contract does not pay for on a day."""
    grows_on = plan.excludes_more_from or date.max
    return (LATER_EXCLUDED,) if day >= grows_on else EXCLUDED_ACTIVITIES


def has_paid_activity(sheet: SheetDraft) -> bool:
    """True when the whole sheet lies before the day on which one more activity is excluded."""
    grows_on = sheet.plan.excludes_more_from or date.min
    return all(entry.work_date < grows_on for entry in sheet.entries)


def with_paid_activity(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """An activity that is excluded later, and is paid now."""
    place = chance.between(0, len(sheet.entries) - 1)
    return _changed(sheet, place, activity=LATER_EXCLUDED)


def wordless(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """One entry that says nothing, or what the client will not read."""
    place = chance.between(0, len(sheet.entries) - 1)
    return _changed(sheet, place, narrative=write_nothing(chance))


def misbilled(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """Odd minutes billed as they are, or an increment more than was worked."""
    place = max(range(len(sheet.entries)), key=lambda at: sheet.entries[at].minutes_worked)
    entry, increment = sheet.entries[place], sheet.plan.increment
    if increment is None:
        return _changed(sheet, place, minutes_billable=entry.minutes_worked + 15, is_misbilled=True)
    if chance.happens(0.5):
        minutes = entry.minutes_worked - 7
        return _changed(
            sheet, place, minutes_worked=minutes, minutes_billable=minutes, is_misbilled=True
        )
    whole = -(-entry.minutes_worked // increment.increment_minutes) + 1
    return _changed(
        sheet, place, minutes_billable=whole * increment.increment_minutes, is_misbilled=True
    )


def mis_signed(sheet: SheetDraft, chance: Chance) -> SheetDraft:
    """Signed in a way that is worth nothing."""
    ways = {
        way: weight
        for way, weight in APPROVAL_FAULT_WEIGHTS.items()
        if way is not ApprovalFault.CLIENT_MISSING or sheet.plan.is_client_sign_off_required
    }
    way = chance.weighted(tuple(ways), weights=tuple(ways.values()))
    return replace(sheet, approval_fault=way)


def _changed(sheet: SheetDraft, place: int, **changes: object) -> SheetDraft:
    entry = replace(sheet.entries[place], **changes)  # type: ignore[arg-type]
    return replace(sheet, entries=(*sheet.entries[:place], entry, *sheet.entries[place + 1 :]))
