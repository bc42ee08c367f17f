"""Change orders: what was signed amends the contract, what was only sent does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from data.firm.ceilings import THOUSAND_MINOR, Ceiling
from data.firm.chance import Chance
from data.firm.demands import word_exclusions
from data.firm.drafts import SheetDraft
from data.firm.funding import Funds
from data.firm.plans import ContractPlan, LinePlan
from data.firm.trade import EXCLUDED_ACTIVITIES, LATER_EXCLUDED
from data.schemas.catalogue import ExceptionCode
from data.schemas.contracts import ChangeOrder, Clause, Contract
from data.schemas.vocabulary import ChangeOrderStatus

EXTENSION_NOTICE = timedelta(days=10)
CITING_SHARE = 0.03
"""Timesheets that name the order their work is done under, where there is one."""


def change_orders(
    plan: ContractPlan,
    *,
    signer_id: str,
    ceilings: Mapping[str, Ceiling],
    funds: Mapping[str, Funds],
    added: Mapping[str, tuple[date, int]],
) -> tuple[ChangeOrder, ...]:
    """Every change order of a contract, numbered."""
    orders = [*_extensions(plan), *_scope(plan), *_exclusions(plan, signer_id=signer_id)]
    for line in plan.lines:
        if line.id in ceilings:
            orders.extend(_raises(plan, line=line, ceiling=ceilings[line.id]))
        if line.id in funds:
            orders.extend(_funds(plan, line=line, funds=funds[line.id]))
        if line.id in added:
            day, minor = added[line.id]
            orders.append(
                _order(
                    day, line_id=line.id, value_minor=minor, scope="Adds work at the same dates."
                )
            )
    return tuple(
        order.model_copy(update={"id": f"{plan.id}.CO{place}", "number": f"CO-{place}"})
        for place, order in enumerate(orders, start=1)
    )


def cite_orders(
    sheets: Sequence[SheetDraft], *, contracts: Sequence[Contract], chance: Chance
) -> tuple[SheetDraft, ...]:
    """The sheets with the orders they name: some signed ones, and unsigned ones where planted."""
    by_id = {contract.id: contract for contract in contracts}
    return tuple(
        _citing(sheet, orders=by_id[sheet.plan.id].change_orders, chance=chance) for sheet in sheets
    )


def _citing(sheet: SheetDraft, *, orders: Sequence[ChangeOrder], chance: Chance) -> SheetDraft:
    if sheet.planted is ExceptionCode.CHANGE_ORDER_UNSIGNED:
        sent = [one.id for one in orders if one.status is ChangeOrderStatus.SENT]
        return _naming(sheet, order_id=chance.pick(sent or [f"{sheet.plan.id}.CO9"]))
    first = min(entry.work_date for entry in sheet.entries)
    signed = [
        one.id
        for one in orders
        if one.status is ChangeOrderStatus.EXECUTED
        and one.effective_on <= first
        and one.delta_value_minor + one.delta_funded_minor > 0
        and one.line_id in {None, sheet.line.id}
    ]
    if signed and chance.happens(CITING_SHARE):
        return _naming(sheet, order_id=chance.pick(signed))
    return sheet


def _naming(sheet: SheetDraft, *, order_id: str) -> SheetDraft:
    """The sheet with its last entry done under an order."""
    last = replace(sheet.entries[-1], change_order_id=order_id)
    return replace(sheet, entries=(*sheet.entries[:-1], last))


def _extensions(plan: ContractPlan) -> Iterator[ChangeOrder]:
    if plan.end > plan.signed_end:
        yield _order(
            plan.signed_end - EXTENSION_NOTICE,
            new_period_end=plan.end,
            scope=f"Extends the term to {plan.end:%d %B %Y}.",
        )
    if plan.overrun_days:
        longer = plan.end + timedelta(days=60)
        yield _order(
            plan.end - EXTENSION_NOTICE,
            status=ChangeOrderStatus.SENT,
            new_period_end=longer,
            scope=f"Would extend the term to {longer:%d %B %Y}; not signed by the Client.",
        )


def _scope(plan: ContractPlan) -> Iterator[ChangeOrder]:
    if plan.extra_in_scope_from is not None:
        yield _order(
            plan.extra_in_scope_from,
            task_ids=tuple(line.extra_task.id for line in plan.lines),
            scope="Brings additional requests into the scope of work.",
        )


def _exclusions(plan: ContractPlan, *, signer_id: str) -> Iterator[ChangeOrder]:
    """One more activity that is not paid: the clause is stated anew."""
    day = plan.excludes_more_from
    if day is not None:
        wording = word_exclusions((*EXCLUDED_ACTIVITIES, LATER_EXCLUDED))
        clause = Clause(
            id=f"{plan.id}.R1",
            terms=wording.terms,
            text=wording.text,
            valid_from=day,
            confirmed_by=signer_id,
        )
        order = _order(day, scope="States the exclusions anew.")
        yield order.model_copy(update={"clauses": (clause,)})


def _raises(plan: ContractPlan, *, line: LinePlan, ceiling: Ceiling) -> Iterator[ChangeOrder]:
    scope = plan.scope_of(line)
    opens = ceiling.raised_on or plan.start + timedelta(days=30)
    if ceiling.raised_on is not None:
        yield _order(
            ceiling.raised_on,
            line_id=scope,
            value_minor=ceiling.raise_minor,
            scope="Raises the ceiling for the second phase.",
        )
    yield _order(
        opens + timedelta(days=14),
        line_id=scope,
        status=ChangeOrderStatus.SENT,
        value_minor=20 * THOUSAND_MINOR,
        scope="Would add a further ceiling for optional work; not signed by the Client.",
    )


def _funds(plan: ContractPlan, *, line: LinePlan, funds: Funds) -> Iterator[ChangeOrder]:
    if funds.added_on is not None:
        yield _order(
            funds.added_on,
            line_id=plan.scope_of(line),
            funded_minor=funds.added_minor,
            scope="Allots further funds.",
        )


def _order(
    effective_on: date,
    *,
    scope: str,
    status: ChangeOrderStatus = ChangeOrderStatus.EXECUTED,
    line_id: str | None = None,
    value_minor: int = 0,
    funded_minor: int = 0,
    new_period_end: date | None = None,
    task_ids: tuple[str, ...] = (),
) -> ChangeOrder:
    return ChangeOrder(
        id="new",
        number="new",
        line_id=line_id,
        status=status,
        effective_on=effective_on,
        delta_value_minor=value_minor,
        delta_funded_minor=funded_minor,
        new_period_end=new_period_end,
        scope=scope,
        task_ids=task_ids,
    )
