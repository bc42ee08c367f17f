"""What the past made of an item once it was decided: drawn with a probability that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from data.firm.approvals import SignedSheet
from data.firm.drafts import SheetDraft, Sign
from data.firm.habits import is_new_on_line
from data.firm.milestones import DeliveredMilestone
from data.firm.plans import ContractPlan, LinePlan
from data.firm.report_approvals import SignedReport
from data.schemas.clauses import NotToExceed
from data.schemas.contracts import Contract
from data.schemas.vocabulary import AcceptanceKind, ChangeOrderStatus

NEW_PRICE = timedelta(days=28)
"""How long a client still looks twice at a new price."""
TIGHT_FROM = 0.8
"""Share of a ceiling from which people start to think about it."""
JUNIOR = "analyst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What can be seen of an item when it is decided, as far as outcomes depend on it."""

    item_id: str
    plan: ContractPlan
    is_order_missing: bool
    price_newness: float = 0.0
    """One on the day of a price rise, falling to zero within weeks."""
    burn: float = 0.0
    """How far into the last fifth of its ceiling the line is, from 0 to 1."""
    shares: Mapping[Sign, float]
    """Share of the entries with each sign."""
    is_new: bool = False
    is_junior: bool = False
    has_materials: bool = False
    is_rejected_first: bool = False
    is_accepted_late: bool = False


def circumstances_of(
    sheets: Sequence[SignedSheet],
    *,
    reports: Sequence[SignedReport],
    milestones: Sequence[DeliveredMilestone],
    contracts: Mapping[str, Contract],
) -> tuple[Circumstances, ...]:
    """The circumstances of every item: sheets, then reports, then milestones."""
    burns = _burns(sheets, contracts=contracts)
    of_sheets = [_of_sheet(one, burn=burns[one.item.item_id]) for one in sheets]
    of_reports = [
        Circumstances(
            item_id=one.item.item_id,
            plan=one.draft.plan,
            is_order_missing=_is_order_missing(one.draft.plan, line=one.draft.line),
            shares={},
            has_materials=any(row.category == "materials" for row in one.item.expenses),
        )
        for one in reports
    ]
    of_milestones = [
        Circumstances(
            item_id=one.item.item_id,
            plan=one.plan,
            is_order_missing=_is_order_missing(one.plan, line=one.line),
            shares={},
            is_rejected_first=any(
                event.kind is AcceptanceKind.REJECTED for event in one.item.acceptance
            ),
            is_accepted_late=one.is_accepted_late,
        )
        for one in milestones
    ]
    return (*of_sheets, *of_reports, *of_milestones)


def _of_sheet(one: SignedSheet, *, burn: float) -> Circumstances:
    draft = one.draft
    since = draft.monday - draft.line.escalates_on
    is_recent = timedelta(0) <= since < NEW_PRICE
    return Circumstances(
        item_id=one.item.item_id,
        plan=draft.plan,
        is_order_missing=_is_order_missing(draft.plan, line=draft.line),
        price_newness=1.0 - since / NEW_PRICE if is_recent else 0.0,
        burn=burn,
        shares=_shares(draft),
        is_new=is_new_on_line(draft),
        is_junior=draft.person.labor_category == JUNIOR,
    )


def _is_order_missing(plan: ContractPlan, *, line: LinePlan) -> bool:
    return plan.client.purchase_order_required and line.purchase_order is None


def _shares(sheet: SheetDraft) -> dict[Sign, float]:
    shares: dict[Sign, float] = defaultdict(float)
    for entry in sheet.entries:
        if entry.sign is not None:
            shares[entry.sign] += 1.0 / len(sheet.entries)
    return dict(shares)


def _burns(sheets: Sequence[SignedSheet], *, contracts: Mapping[str, Contract]) -> dict[str, float]:
    """How far each sheet is into the last fifth of a ceiling, counted in order of arrival."""
    used: dict[tuple[str, str | None], int] = defaultdict(int)
    burns: dict[str, float] = {}
    for one in sorted(sheets, key=lambda one: (one.received_at, one.item.item_id)):
        contract = contracts[one.item.contract_id]
        reached = [0.0]
        for level in (one.item.line_id, None):
            used[contract.id, level] += one.item.amount_minor
            limits = _limits(contract, level=level, sheet=one.draft)
            reached += [used[contract.id, level] / max(limit, 1) for limit in limits]
        tight = (max(reached) - TIGHT_FROM) / (1.0 - TIGHT_FROM)
        burns[one.item.item_id] = min(max(tight, 0.0), 1.0)
    return burns


def _limits(contract: Contract, *, level: str | None, sheet: SheetDraft) -> list[int]:
    """The ceilings of a line, or of the whole contract, with the orders signed by then."""
    raised = sum(
        order.delta_value_minor
        for order in contract.change_orders
        if order.status is ChangeOrderStatus.EXECUTED
        and order.effective_on <= sheet.monday
        and level in {None, order.line_id}
    )
    return [
        clause.terms.limit_minor + raised
        for clause in contract.clauses
        if isinstance(clause.terms, NotToExceed)
        and clause.terms.client_id is None
        and clause.line_id == level
    ]
