"""Money and hours beyond what was agreed: T1 to T4, and T10."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from data.firm.agreed import exactly, half_up
from data.firm.facts import Facts, Row, Worked
from data.firm.proof import Proof
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import (
    Funding,
    LaborCategoryHours,
    NotToExceed,
    PeriodOfPerformance,
    StaffingPlan,
)
from data.schemas.contracts import Contract
from data.schemas.people import Assignment


def outside_period(facts: Facts) -> Iterator[Proof]:
    """T1: work before the first or after the last day of performance."""
    for row, terms in facts.governed(PeriodOfPerformance):
        if row.is_billable and not _is_inside(terms, facts, row, day=row.entry.work_date):
            yield row.refuse(
                ExceptionCode.OUTSIDE_PERIOD_OF_PERFORMANCE, amount_minor=row.amount_minor
            )


def is_in_period(facts: Facts, row: Row, *, day: date) -> bool:
    """True on a day on which the line may be worked on."""
    terms = facts.terms(PeriodOfPerformance, row, day=day)
    return terms is None or _is_inside(terms, facts, row, day=day)


def _is_inside(terms: PeriodOfPerformance, facts: Facts, row: Row, *, day: date) -> bool:
    if terms.start <= day <= terms.end:
        return True
    ends = [
        order.new_period_end
        for order in facts.agreed.orders(row.contract_id, day=day)
        if order.new_period_end is not None and order.line_id in {None, row.line_id}
    ]
    return terms.start <= day <= max([terms.end, *ends])


class _Used:
    """Money of time so far: by line, by contract, and each customer's part of both."""

    def __init__(self) -> None:
        self.line: dict[tuple[str, str], int] = defaultdict(int)
        self.contract: dict[str, int] = defaultdict(int)
        self.line_customer: dict[tuple[str, str, str], int] = defaultdict(int)
        self.customer: dict[tuple[str, str], int] = defaultdict(int)
        self._shares: dict[tuple[str, str], dict[str, Decimal]] = {}

    def add(self, row: Worked, *, contract: Contract) -> dict[str, int]:
        """Count an entry; give what each customer of the line pays of it."""
        place = (row.contract_id, row.line_id)
        self.line[place] += row.amount_minor
        self.contract[row.contract_id] += row.amount_minor
        parts = {}
        if place not in self._shares:
            self._shares[place] = _shares(contract, line_id=row.line_id)
        for client_id, share in self._shares[place].items():
            total = half_up(share * self.line[place])
            parts[client_id] = total - self.line_customer[(*place, client_id)]
            self.line_customer[(*place, client_id)] = total
            self.customer[row.contract_id, client_id] += parts[client_id]
        return parts


def over_ceiling(facts: Facts) -> Iterator[Proof]:
    """T2: the part of an entry above the ceiling, at the level that is broken the most."""
    used = _Used()
    for row in facts.by_contract(NotToExceed):
        contract = facts.reference.contracts[row.contract_id]
        parts = used.add(row, contract=contract)
        overs = [
            min(total - limit, part)
            for total, limit, part in _levels(facts, row, used=used, parts=parts)
        ]
        over_minor = max(overs, default=0)
        if over_minor > 0:
            yield row.refuse(ExceptionCode.NOT_TO_EXCEED_BREACH, amount_minor=over_minor)


def _levels(
    facts: Facts, row: Worked, *, used: _Used, parts: dict[str, int]
) -> Iterator[tuple[int, int, int]]:
    """What is used with the entry, the limit, and the entry's own part, at each level."""
    day, contract_id, line_id = row.entry.work_date, row.contract_id, row.line_id
    orders = list(facts.agreed.orders(contract_id, day=day))
    raised = sum(one.delta_value_minor for one in orders)
    raised_line = sum(one.delta_value_minor for one in orders if one.line_id == line_id)
    for level in (line_id, None):
        for _, terms in facts.agreed.clauses(
            NotToExceed, contract_id=contract_id, line_id=level, day=day
        ):
            client_id = terms.client_id
            if client_id is not None and client_id not in parts:
                continue
            if level and client_id:
                total = used.line_customer[contract_id, line_id, client_id]
                yield total, terms.limit_minor, parts[client_id]
            elif client_id:
                total = used.customer[contract_id, client_id]
                yield total, terms.limit_minor, parts[client_id]
            elif level:
                limit = max(terms.limit_minor + raised_line, 0)
                yield used.line[contract_id, line_id], limit, row.amount_minor
            else:
                limit = max(terms.limit_minor + raised, 0)
                yield used.contract[contract_id], limit, row.amount_minor


def _shares(contract: Contract, *, line_id: str) -> dict[str, Decimal]:
    line = next(one for one in contract.lines if one.id == line_id)
    if not line.customers:
        return {contract.client_id: Decimal(1)}
    return {one.client_id: exactly(one.share) for one in line.customers}


def without_notice(facts: Facts) -> Iterator[Proof]:
    """T3: money used has reached the agreed share of the funds, and nobody told the client."""
    used: dict[tuple[str, str | None], int] = defaultdict(int)
    for row in facts.by_contract(Funding):
        contract = facts.reference.contracts[row.contract_id]
        for level in (row.line_id, None):
            used[row.contract_id, level] += row.amount_minor
        for level in (row.line_id, None):
            found = list(
                facts.agreed.clauses(
                    Funding, contract_id=row.contract_id, line_id=level, day=row.entry.work_date
                )
            )
            for _, terms in found:
                itd = used[row.contract_id, level]
                over = _unnoticed(facts, row, contract=contract, level=level, terms=terms, itd=itd)
                if over is not None:
                    yield row.prove(
                        ExceptionCode.FUNDING_NOTICE_DUE,
                        exposure_minor=min(row.amount_minor, max(0, over)),
                    )
            if found:
                break


def _unnoticed(
    facts: Facts,
    row: Worked,
    *,
    contract: Contract,
    level: str | None,
    terms: Funding,
    itd: int,
) -> int | None:
    """By how much funds are passed (below zero: not yet); None if there is nothing to tell."""
    orders = [
        one
        for one in facts.agreed.orders(contract.id, day=row.entry.work_date)
        if one.delta_funded_minor and (level is None or one.line_id == level)
    ]
    funded = terms.funded_minor + sum(one.delta_funded_minor for one in orders)
    if itd < exactly(terms.notice_share) * funded:
        return None
    last_order = max((one.effective_on for one in orders), default=date.min)
    is_told = any(
        notice.line_id == level and last_order <= notice.given_on <= row.judged_on
        for notice in contract.notices
    )
    return None if is_told else itd - funded


def over_hours_cap(facts: Facts) -> Iterator[Proof]:
    """T4: billable minutes above the cap of the labor category on the line."""
    used: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in facts.by_contract(LaborCategoryHours):
        category = row.entry.labor_category
        place = (row.contract_id, row.line_id, category)
        used[place] += row.entry.minutes_billable
        for _, terms in facts.agreed.clauses(
            LaborCategoryHours,
            contract_id=row.contract_id,
            line_id=row.line_id,
            day=row.entry.work_date,
        ):
            over = min(used[place] - terms.cap_minutes, row.entry.minutes_billable)
            if terms.labor_category == category and over > 0:
                yield row.refuse(
                    ExceptionCode.LABOR_CATEGORY_HOURS_CAP, amount_minor=row.price(over)
                )


def beyond_effort(facts: Facts) -> Iterator[Proof]:
    """T10: minutes of a person beyond what the staffing plan gives them."""
    planned: dict[tuple[str, str, str | None], int] = {}
    for stay in facts.reference.assignments:
        if stay.planned_minutes is not None:
            spot = _effort_of(stay)
            planned[spot] = planned.get(spot, 0) + stay.planned_minutes
    used: dict[tuple[str, str, str | None], int] = defaultdict(int)
    for row in facts.worked:
        entry = row.entry
        on_task = (row.person_id, entry.project_id, entry.task_id)
        on_project = (row.person_id, entry.project_id, None)
        for spot in (on_task, on_project):
            used[spot] += entry.minutes_worked
        spot = on_task if on_task in planned else on_project
        if used[spot] <= planned.get(spot, used[spot]):
            continue
        terms = facts.terms(StaffingPlan, row, day=entry.work_date)
        if terms is None:
            continue
        limit = int(planned[spot] * (1 + exactly(terms.effort_tolerance)))
        over = min(used[spot] - limit, entry.minutes_worked)
        if over > 0:
            billed = min(over, entry.minutes_billable)
            yield row.refuse(
                ExceptionCode.ASSIGNMENT_EFFORT_EXCEEDED, amount_minor=row.price(billed)
            )


def _effort_of(stay: Assignment) -> tuple[str, str, str | None]:
    return stay.person_id, stay.project_id, stay.task_id


SWEEPS = (outside_period, over_ceiling, without_notice, over_hours_cap, beyond_effort)
