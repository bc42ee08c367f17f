"""Contracts as signed: every clause, the figures of some set round the work that was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from data.firm import limit_words
from data.firm.ceilings import (
    BREACHED_FUNDS_SHARE,
    CUSTOMER_SHARE,
    Ceiling,
    draw_caps,
    draw_ceilings,
    draw_customer_limits,
    draw_expense_caps,
    some_busy,
    work_by_line,
)
from data.firm.chance import Chance
from data.firm.clauses import word_plan, write_clauses
from data.firm.dates import spans_around
from data.firm.demands import word_materials
from data.firm.drafts import SheetDraft
from data.firm.expenses import ReportDraft
from data.firm.funding import Funds, draw_funds
from data.firm.milestone_terms import added_value, word_milestones
from data.firm.milestones import DeliveredMilestone
from data.firm.orders import change_orders
from data.firm.plans import ContractPlan, LinePlan
from data.firm.wording import Wording
from data.firm.world import World
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ApprovedPerson
from data.schemas.contracts import Contract, ContractLine, CustomerShare, Notice, NoticeKind
from data.schemas.vocabulary import ClauseKind

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything in the contracts that is set round the work, by line or contract id."""

    ceilings: dict[str, Ceiling]
    caps: dict[str, tuple[str, int]]
    customer_limits: dict[str, int]
    expense_caps: dict[str, int]
    funds: dict[str, Funds]
    approved: dict[str, tuple[ApprovedPerson, ...]]
    milestones: dict[str, tuple[DeliveredMilestone, ...]]
    """In order of their numbers."""


def sign_contracts(
    world: World,
    *,
    sheets: Sequence[SheetDraft],
    reports: Sequence[ReportDraft],
    milestones: Sequence[DeliveredMilestone],
    chance: Chance,
) -> tuple[Contract, ...]:
    """Every contract with its clauses, rate card, change orders and notices."""
    work = work_by_line(sheets)
    funded = [
        line for plan in world.plans if ClauseKind.FUNDING in plan.duties for line in plan.lines
    ]
    short = some_busy(funded, work=work, share=BREACHED_FUNDS_SHARE, chance=chance)
    figures = Figures(
        ceilings=draw_ceilings(world, work=work, chance=chance),
        caps=draw_caps(world, work=work, sheets=sheets, chance=chance),
        customer_limits=draw_customer_limits(world, work=work, chance=chance),
        expense_caps=draw_expense_caps(world, reports=reports, chance=chance),
        funds={
            line.id: draw_funds(work[line.id], is_breached=line.id in short, chance=chance)
            for line in funded
        },
        approved=_approved_people(sheets),
        milestones=_by_line(milestones),
    )
    return tuple(_contract(plan, world=world, figures=figures) for plan in world.plans)


def _by_line(
    milestones: Iterable[DeliveredMilestone],
) -> dict[str, tuple[DeliveredMilestone, ...]]:
    by_line: dict[str, list[DeliveredMilestone]] = defaultdict(list)
    for one in sorted(milestones, key=lambda each: (each.line.id, each.number)):
        by_line[one.line.id].append(one)
    return {line_id: tuple(own) for line_id, own in by_line.items()}


def _approved_people(sheets: Iterable[SheetDraft]) -> dict[str, tuple[ApprovedPerson, ...]]:
    """The people of each contract that names them, without the weeks that nobody approved."""
    weeks: dict[tuple[str, str], set[date]] = defaultdict(set)
    gaps: dict[tuple[str, str], set[date]] = defaultdict(set)
    for sheet in sheets:
        if ClauseKind.KEY_PERSONNEL in sheet.plan.duties:
            place = (sheet.plan.id, sheet.person.id)
            weeks[place].add(sheet.monday)
            if sheet.planted is ExceptionCode.KEY_PERSONNEL_SUBSTITUTION:
                gaps[place].add(sheet.monday)
    approved: dict[str, list[ApprovedPerson]] = defaultdict(list)
    for place, mondays in sorted(weeks.items()):
        first, last = min(mondays) - WEEK, max(mondays) + 2 * WEEK
        for start, end in spans_around(gaps[place], first=first, last=last):
            approved[place[0]].append(ApprovedPerson(person_id=place[1], start=start, end=end))
    return {plan_id: tuple(people) for plan_id, people in approved.items()}


def _contract(plan: ContractPlan, *, world: World, figures: Figures) -> Contract:
    wordings = [*word_plan(plan), *_limits(plan, world=world, figures=figures)]
    return Contract(
        id=plan.id,
        client_id=plan.client.id,
        name=f"{plan.client.name}: {plan.theme}",
        type=plan.type,
        currency=plan.client.currency,
        signed_on=plan.signed_on,
        recorded_at=datetime.combine(plan.signed_on, time(12, 0, tzinfo=UTC)),
        lines=tuple(_line(line, plan=plan, world=world, figures=figures) for line in plan.lines),
        clauses=write_clauses(plan, wordings=wordings, confirmed_by=world.partner.id),
        rate_card=tuple(row for line in plan.lines for row in line.rate_card)
        if plan.is_hourly
        else (),
        change_orders=change_orders(
            plan,
            signer_id=world.partner.id,
            ceilings=figures.ceilings,
            funds=figures.funds,
            added=added_value(plan, milestones=figures.milestones),
        ),
        notices=tuple(
            Notice(kind=NoticeKind.FUNDING, given_on=day, line_id=plan.scope_of(line))
            for line in plan.lines
            if line.id in figures.funds
            for day in figures.funds[line.id].notices
        ),
    )


def _line(line: LinePlan, *, plan: ContractPlan, world: World, figures: Figures) -> ContractLine:
    milestones = figures.milestones.get(line.id, ())
    value = sum(one.planned_minor for one in milestones)
    if line.id in figures.ceilings:
        value = figures.ceilings[line.id].signed_minor
    customers: tuple[CustomerShare, ...] = ()
    if line.id in figures.customer_limits:
        customers = (
            CustomerShare(client_id=plan.client.id, share=1 - CUSTOMER_SHARE),
            CustomerShare(client_id=_partner_of(plan, world=world), share=CUSTOMER_SHARE),
        )
    return ContractLine(
        id=line.id,
        project_id=line.project.id,
        name=line.project.name,
        value_minor=value,
        purchase_order=line.purchase_order,
        customers=customers,
    )


def _partner_of(plan: ContractPlan, *, world: World) -> str:
    """The client that shares the costs: the next in the list."""
    place = world.clients.index(plan.client)
    return world.clients[(place + 1) % len(world.clients)].id


def _limits(plan: ContractPlan, *, world: World, figures: Figures) -> Iterator[Wording]:
    currency = plan.client.currency
    for line in plan.lines:
        if line.id in figures.ceilings:
            yield limit_words.word_ceiling(
                figures.ceilings[line.id].signed_minor,
                currency=currency,
                line_id=plan.scope_of(line),
            )
        if line.id in figures.caps:
            category, minutes = figures.caps[line.id]
            yield limit_words.word_hours_cap(category, cap_minutes=minutes, line_id=line.id)
        if line.id in figures.customer_limits:
            yield limit_words.word_customer_ceiling(
                figures.customer_limits[line.id],
                currency=currency,
                line_id=line.id,
                client_id=_partner_of(plan, world=world),
            )
        if line.id in figures.expense_caps:
            yield word_materials(figures.expense_caps[line.id], currency=currency, line_id=line.id)
        if line.id in figures.funds:
            funds = figures.funds[line.id]
            yield limit_words.word_funding(
                funds.funded_minor,
                notice_share=funds.notice_share,
                currency=currency,
                line_id=plan.scope_of(line),
            )
    if plan.id in figures.approved:
        yield limit_words.word_key_personnel(figures.approved[plan.id])
    yield from word_milestones(plan, milestones=figures.milestones)
