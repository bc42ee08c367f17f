"""What is left to bill of each item after review and after the partner's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from data.firm.approvals import SignedSheet
from data.firm.delays import DelayDraw
from data.firm.milestones import DeliveredMilestone
from data.firm.plans import ContractPlan
from data.firm.report_approvals import SignedReport
from data.firm.write_offs import WriteOffDraw, kept_minor
from data.schemas.vocabulary import ItemKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Billable:
    """One item with the rows that are left to bill after review."""

    item_id: str
    plan: ContractPlan
    received_at: datetime
    delay: DelayDraw
    amounts_minor: dict[str, int]
    """By entry or expense id; a milestone has one, under its item id."""
    written_off_minor: int = 0
    """What of it was given up."""
    kind: ItemKind
    done_on: date
    """The last day of the work it bills."""


def list_billable(
    sheets: Sequence[SignedSheet],
    *,
    reports: Sequence[SignedReport],
    milestones: Sequence[DeliveredMilestone],
    delays: Mapping[str, DelayDraw],
    corrections_minor: Mapping[tuple[str, str], int],
    write_offs: Mapping[str, WriteOffDraw],
) -> tuple[Billable, ...]:
    """What is left to bill of each item; rows with nothing left are dropped."""
    listed = [
        Billable(
            item_id=sheet.item.item_id,
            plan=sheet.draft.plan,
            received_at=sheet.received_at,
            delay=delays[sheet.item.item_id],
            amounts_minor={entry.id: entry.amount_minor for entry in sheet.item.entries},
            kind=ItemKind.TIMESHEET,
            done_on=sheet.draft.billed_month_end,
        )
        for sheet in sheets
    ]
    listed += [
        Billable(
            item_id=one.item.item_id,
            plan=one.draft.plan,
            received_at=one.received_at,
            delay=delays[one.item.item_id],
            amounts_minor={row.id: row.billable_minor for row in one.item.expenses},
            kind=ItemKind.EXPENSE_REPORT,
            done_on=one.draft.billed_month_end,
        )
        for one in reports
    ]
    listed += [
        Billable(
            item_id=one.item.item_id,
            plan=one.plan,
            received_at=one.received_at,
            delay=delays[one.item.item_id],
            amounts_minor={one.item.item_id: one.item.amount_minor},
            kind=ItemKind.MILESTONE,
            done_on=(one.accepted_at or one.received_at).date(),
        )
        for one in milestones
    ]
    left = [_corrected(one, corrections_minor=corrections_minor) for one in listed]
    return tuple(_given_up(one, draw=write_offs[one.item_id]) for one in left if one.amounts_minor)


def _corrected(one: Billable, *, corrections_minor: Mapping[tuple[str, str], int]) -> Billable:
    left = {
        row_id: max(0, amount + corrections_minor.get((one.item_id, row_id), 0))
        for row_id, amount in one.amounts_minor.items()
    }
    return replace(one, amounts_minor={row_id: minor for row_id, minor in left.items() if minor})


def _given_up(one: Billable, *, draw: WriteOffDraw) -> Billable:
    kept = kept_minor(one.amounts_minor, draw=draw)
    given_up = sum(one.amounts_minor.values()) - sum(kept.values())
    return replace(one, amounts_minor=kept, written_off_minor=given_up)
