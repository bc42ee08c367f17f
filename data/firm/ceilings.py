"""Limits set round the work that was really done: most leave headroom, a few are too small."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from data.firm.chance import Chance
from data.firm.drafts import EntryDraft, SheetDraft
from data.firm.expenses import ReportDraft
from data.firm.plans import LinePlan
from data.firm.world import World
from data.schemas.vocabulary import ClauseKind, ContractType

THOUSAND_MINOR = 100_000
BREACHED_CEILING_SHARE, BREACHED_CAP_SHARE = 0.18, 0.18
BREACHED_FUNDS_SHARE, BREACHED_EXPENSES_SHARE = 0.2, 0.1
FEWEST_ENTRIES, FEWEST_REPORTS = 40, 4
"""Lines with less work than this always have headroom."""
CEILING_REACHED_AT, CAP_REACHED_AT = (0.955, 0.98), (0.93, 0.965)
"""Share of the work at which a limit that is too small is reached."""
CAPPED_LINE_PROBABILITY = 0.5
CUSTOMER_SHARE = 0.25
"""What the second customer of a shared line pays."""

Work = dict[str, list[EntryDraft]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """A ceiling as signed, and the executed change order that raised it (none without one)."""

    signed_minor: int
    raise_minor: int
    raised_on: date | None


def work_by_line(sheets: Iterable[SheetDraft]) -> Work:
    """Entries of each line in order of days."""
    rows = [
        (entry.work_date, sheet.submitted_at, entry.id, sheet.line.id, entry)
        for sheet in sheets
        for entry in sheet.entries
    ]
    work: Work = defaultdict(list)
    for *_, line_id, entry in sorted(rows, key=lambda row: row[:3]):
        work[line_id].append(entry)
    return work


def some_busy(
    lines: Sequence[LinePlan], *, work: Work, share: float, chance: Chance
) -> frozenset[str]:
    """A share of the lines with much work, one at least."""
    busy = [line.id for line in lines if len(work[line.id]) >= FEWEST_ENTRIES]
    return frozenset(chance.sample(busy, count=max(1, round(share * len(busy)))))


def draw_ceilings(world: World, *, work: Work, chance: Chance) -> dict[str, Ceiling]:
    """The ceiling of each line that is sold under one."""
    lines = [
        line
        for plan in world.plans
        if plan.type is ContractType.TIME_AND_MATERIALS_CEILING
        for line in plan.lines
    ]
    breached = some_busy(lines, work=work, share=BREACHED_CEILING_SHARE, chance=chance)
    return {
        line.id: _ceiling(work[line.id], is_breached=line.id in breached, chance=chance)
        for line in lines
    }


def draw_customer_limits(world: World, *, work: Work, chance: Chance) -> dict[str, int]:
    """What the second customer of each shared line pays at most: one of them too little."""
    lines = [
        line
        for plan in world.plans
        if plan.type is ContractType.RETAINER and len(world.clients) > 1
        for line in plan.lines
        if len(work[line.id]) >= FEWEST_ENTRIES
    ]
    breached = frozenset(line.id for line in chance.sample(lines, count=1))
    limits = {}
    for line in lines:
        part = sum(entry.amount_minor for entry in work[line.id]) * CUSTOMER_SHARE
        limits[line.id] = int(part * (0.975 if line.id in breached else 1.2))
    return limits


def draw_caps(
    world: World, *, work: Work, sheets: Sequence[SheetDraft], chance: Chance
) -> dict[str, tuple[str, int]]:
    """The capped labor category of a line and its minutes, on about half of the hourly lines."""
    lines = [
        line
        for plan in world.plans
        if plan.is_hourly
        for line in plan.lines
        if work[line.id] and chance.happens(CAPPED_LINE_PROBABILITY)
    ]
    breached = some_busy(lines, work=work, share=BREACHED_CAP_SHARE, chance=chance)
    minutes = _minutes_by_category(sheets)
    caps = {}
    for line in lines:
        by_category = minutes[line.id]
        category = max(sorted(by_category), key=lambda name: by_category[name])
        reached_at = CAP_REACHED_AT if line.id in breached else (1.1, 1.5)
        hours = int(by_category[category] * chance.uniform(*reached_at)) // 60
        caps[line.id] = (category, hours * 60)
    return caps


def draw_expense_caps(
    world: World, *, reports: Sequence[ReportDraft], chance: Chance
) -> dict[str, int]:
    """The cap of expenses of each line that pays for materials."""
    spent: dict[str, list[int]] = defaultdict(list)
    for report in reports:
        spent[report.line.id].append(report.amount_minor)
    lines = [
        line for plan in world.plans if ClauseKind.MATERIALS in plan.duties for line in plan.lines
    ]
    busy = [line.id for line in lines if len(spent[line.id]) >= FEWEST_REPORTS]
    count = max(1, round(BREACHED_EXPENSES_SHARE * len(busy)))
    breached = frozenset(chance.sample(busy, count=count))
    caps = {}
    for line in lines:
        total = sum(spent[line.id])
        room = 0.96 if line.id in breached else chance.uniform(1.2, 1.6)
        caps[line.id] = max(int(total * room), THOUSAND_MINOR)
    return caps


def _ceiling(entries: Sequence[EntryDraft], *, is_breached: bool, chance: Chance) -> Ceiling:
    total = sum(entry.amount_minor for entry in entries)
    if is_breached:
        final = int(total * chance.uniform(*CEILING_REACHED_AT)) // THOUSAND_MINOR * THOUSAND_MINOR
    else:
        final = (int(total * chance.uniform(1.08, 1.4)) // THOUSAND_MINOR + 5) * THOUSAND_MINOR
    if len(entries) < FEWEST_ENTRIES or chance.happens(0.4):
        return Ceiling(signed_minor=final, raise_minor=0, raised_on=None)
    raised_on = entries[len(entries) * chance.between(40, 65) // 100].work_date
    before = sum(entry.amount_minor for entry in entries if entry.work_date < raised_on)
    signed = (int(before * chance.uniform(1.02, 1.10)) // THOUSAND_MINOR + 1) * THOUSAND_MINOR
    if signed >= final:
        return Ceiling(signed_minor=final, raise_minor=0, raised_on=None)
    return Ceiling(signed_minor=signed, raise_minor=final - signed, raised_on=raised_on)


def _minutes_by_category(sheets: Iterable[SheetDraft]) -> dict[str, dict[str, int]]:
    minutes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sheet in sheets:
        for entry in sheet.entries:
            minutes[sheet.line.id][entry.labor_category] += entry.minutes_billable
    return minutes
