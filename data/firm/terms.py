"""Contracts as signed: ceilings and hours caps are set round the work that was really done.

Most leave headroom; a few are too small, so that the last weeks of work run past them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from data.firm.chance import Chance
from data.firm.clauses import Wording, word_ceiling, word_hours_cap, word_plan, write_clauses
from data.firm.drafts import EntryDraft, SheetDraft
from data.firm.milestones import DeliveredMilestone
from data.firm.plans import ContractPlan, LinePlan
from data.firm.world import World
from data.schemas.contracts import ChangeOrder, Contract, ContractLine
from data.schemas.vocabulary import ChangeOrderStatus, ContractType

THOUSAND_MINOR = 100_000
BREACHED_CEILING_SHARE, BREACHED_CAP_SHARE = 0.25, 0.15
FEWEST_ENTRIES = 40
"""Lines with less work than this always have headroom."""
CEILING_REACHED_AT, CAP_REACHED_AT = (0.93, 0.97), (0.90, 0.95)
"""Share of the work at which a limit that is too small is reached."""
CAPPED_LINE_PROBABILITY = 0.5
EXTENSION_NOTICE = timedelta(days=10)

Work = dict[str, list[EntryDraft]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """A ceiling as signed, and the executed change order that raised it (none without one)."""

    signed_minor: int
    raise_minor: int
    raised_on: date | None


def sign_contracts(
    world: World,
    *,
    sheets: Sequence[SheetDraft],
    milestones: Sequence[DeliveredMilestone],
    chance: Chance,
) -> tuple[Contract, ...]:
    """Every contract with its clauses, rate card and change orders."""
    work = _work_by_line(sheets)
    ceilings = _ceilings(world, work=work, chance=chance)
    caps = _caps(world, work=work, sheets=sheets, chance=chance)
    values: dict[str, int] = defaultdict(int)
    for one in milestones:
        values[one.line.id] += one.item.amount_minor
    return tuple(
        _contract(plan, ceilings=ceilings, caps=caps, values=values, signer=world.partner.id)
        for plan in world.plans
    )


def _work_by_line(sheets: Iterable[SheetDraft]) -> Work:
    """Entries of each line in the order in which they use up its limits."""
    rows = [
        (entry.work_date, sheet.submitted_at, entry.id, sheet.line.id, entry)
        for sheet in sheets
        for entry in sheet.entries
    ]
    work: Work = defaultdict(list)
    for *_, line_id, entry in sorted(rows, key=lambda row: row[:3]):
        work[line_id].append(entry)
    return work


def _ceilings(world: World, *, work: Work, chance: Chance) -> dict[str, Ceiling]:
    lines = [
        line
        for plan in world.plans
        if plan.type is ContractType.TIME_AND_MATERIALS_CEILING
        for line in plan.lines
    ]
    breached = _some(lines, work=work, share=BREACHED_CEILING_SHARE, chance=chance)
    return {
        line.id: _ceiling(work[line.id], is_breached=line.id in breached, chance=chance)
        for line in lines
    }


def _some(lines: Sequence[LinePlan], *, work: Work, share: float, chance: Chance) -> frozenset[str]:
    busy = [line.id for line in lines if len(work[line.id]) >= FEWEST_ENTRIES]
    return frozenset(chance.sample(busy, count=max(1, round(share * len(busy)))))


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


def _caps(
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
    breached = _some(lines, work=work, share=BREACHED_CAP_SHARE, chance=chance)
    minutes = _minutes_by_category(sheets)
    caps = {}
    for line in lines:
        by_category = minutes[line.id]
        category = max(sorted(by_category), key=lambda name: by_category[name])
        reached_at = CAP_REACHED_AT if line.id in breached else (1.1, 1.5)
        hours = int(by_category[category] * chance.uniform(*reached_at)) // 60
        caps[line.id] = (category, hours * 60)
    return caps


def _minutes_by_category(sheets: Iterable[SheetDraft]) -> dict[str, dict[str, int]]:
    minutes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sheet in sheets:
        worked = sum(entry.minutes_worked for entry in sheet.entries)
        minutes[sheet.line.id][sheet.person.labor_category] += worked
    return minutes


def _contract(
    plan: ContractPlan,
    *,
    ceilings: dict[str, Ceiling],
    caps: dict[str, tuple[str, int]],
    values: dict[str, int],
    signer: str,
) -> Contract:
    wordings = [*word_plan(plan), *_limits(plan, ceilings=ceilings, caps=caps)]
    return Contract(
        id=plan.id,
        client_id=plan.client.id,
        name=f"{plan.client.name}: {plan.theme}",
        type=plan.type,
        currency=plan.client.currency,
        signed_on=plan.signed_on,
        recorded_at=datetime.combine(plan.signed_on, time(12, 0, tzinfo=UTC)),
        lines=tuple(
            ContractLine(
                id=line.id,
                project_id=line.project.id,
                name=line.project.name,
                value_minor=_value(line, ceilings=ceilings, values=values),
                purchase_order=line.purchase_order,
            )
            for line in plan.lines
        ),
        clauses=write_clauses(plan, wordings=wordings, confirmed_by=signer),
        rate_card=tuple(row for line in plan.lines for row in line.rate_card)
        if plan.is_hourly
        else (),
        change_orders=_change_orders(plan, ceilings=ceilings),
    )


def _limits(
    plan: ContractPlan, *, ceilings: dict[str, Ceiling], caps: dict[str, tuple[str, int]]
) -> Iterable[Wording]:
    for line in plan.lines:
        if line.id in ceilings:
            yield word_ceiling(
                ceilings[line.id].signed_minor,
                currency=plan.client.currency,
                line_id=_scope(plan, line=line),
            )
        if line.id in caps:
            category, minutes = caps[line.id]
            yield word_hours_cap(category, cap_minutes=minutes, line_id=line.id)


def _scope(plan: ContractPlan, *, line: LinePlan) -> str | None:
    """A contract of one line carries its ceiling itself; of several, each line has its own."""
    return line.id if len(plan.lines) > 1 else None


def _value(line: LinePlan, *, ceilings: dict[str, Ceiling], values: dict[str, int]) -> int:
    if line.id in ceilings:
        return ceilings[line.id].signed_minor
    return values.get(line.id, 0)


def _change_orders(plan: ContractPlan, *, ceilings: dict[str, Ceiling]) -> tuple[ChangeOrder, ...]:
    orders = [*_extensions(plan)]
    for line in plan.lines:
        if line.id in ceilings:
            orders.extend(_raises(plan, line=line, ceiling=ceilings[line.id]))
    return tuple(
        order.model_copy(update={"id": f"{plan.id}.CO{place}", "number": f"CO-{place}"})
        for place, order in enumerate(orders, start=1)
    )


def _extensions(plan: ContractPlan) -> Iterable[ChangeOrder]:
    if plan.end > plan.signed_end:
        yield ChangeOrder(
            id="new",
            number="new",
            status=ChangeOrderStatus.EXECUTED,
            effective_on=plan.signed_end - EXTENSION_NOTICE,
            new_period_end=plan.end,
            scope=f"Extends the term to {plan.end:%d %B %Y}.",
        )
    if plan.overrun_days:
        longer = plan.end + timedelta(days=60)
        yield ChangeOrder(
            id="new",
            number="new",
            status=ChangeOrderStatus.SENT,
            effective_on=plan.end - EXTENSION_NOTICE,
            new_period_end=longer,
            scope=f"Would extend the term to {longer:%d %B %Y}; not signed by the Client.",
        )


def _raises(plan: ContractPlan, *, line: LinePlan, ceiling: Ceiling) -> Iterable[ChangeOrder]:
    scope = _scope(plan, line=line)
    opens = ceiling.raised_on or plan.start + timedelta(days=30)
    if ceiling.raised_on is not None:
        yield ChangeOrder(
            id="new",
            line_id=scope,
            number="new",
            status=ChangeOrderStatus.EXECUTED,
            effective_on=ceiling.raised_on,
            delta_value_minor=ceiling.raise_minor,
            scope="Raises the ceiling for the second phase.",
        )
    yield ChangeOrder(
        id="new",
        line_id=scope,
        number="new",
        status=ChangeOrderStatus.SENT,
        effective_on=opens + timedelta(days=14),
        delta_value_minor=20 * THOUSAND_MINOR,
        scope="Would add a further ceiling for optional work; not signed by the Client.",
    )
