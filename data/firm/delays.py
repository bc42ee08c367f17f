"""Which items miss their billing cut-off, drawn with a known probability from what led there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.firm.approvals import SignedSheet
from data.firm.chance import Chance, logistic
from data.firm.dates import cut_off_at, is_month_end, month_end
from data.firm.milestones import DeliveredMilestone
from data.firm.report_approvals import SignedReport

LAST_RUN_BEFORE_CUT_OFF = timedelta(hours=1)
"""What arrives later than this before the cut-off cannot be on time any more."""
SHEET_LOG_ODDS, MILESTONE_LOG_ODDS = -3.85, -2.6
LAG_DAY_LOG_ODDS, LONGEST_LAG_DAYS = 0.24, 12.0
APPROVER_DAY_LOG_ODDS = 0.45
CLIENT_SIGN_OFF_LOG_ODDS = 0.7
MONTH_END_LOG_ODDS = 0.7
PURCHASE_ORDER_LOG_ODDS = 0.5
"""Clients who ask for an order on every bill look at it longer before it may leave."""
LATE_ACCEPTANCE_LOG_ODDS = 1.5
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayDraw:
    """How likely the invoice was to leave after the cut-off, and whether it did."""

    probability: float
    is_delayed: bool
    billed_month_end: date


def draw_delays(
    sheets: Sequence[SignedSheet],
    *,
    reports: Sequence[SignedReport],
    milestones: Sequence[DeliveredMilestone],
    chance: Chance,
) -> dict[str, DelayDraw]:
    """The draw of every item, by item id."""
    draws = {}
    for sheet in sheets:
        draws[sheet.item.item_id] = _draw(
            sheet.draft.billed_month_end,
            log_odds=_signed_log_odds(sheet, is_busy=is_month_end(sheet.draft.monday)),
            received_at=sheet.received_at,
            chance=chance,
        )
    for report in reports:
        draws[report.item.item_id] = _draw(
            report.draft.billed_month_end,
            log_odds=_signed_log_odds(report, is_busy=is_month_end(report.draft.trip.start)),
            received_at=report.received_at,
            chance=chance,
        )
    for one in milestones:
        draws[one.item.item_id] = _draw(
            month_end((one.accepted_at or one.received_at).date()),
            log_odds=_milestone_log_odds(one),
            received_at=one.received_at,
            chance=chance,
        )
    return draws


def last_run_at(billed_month_end: date) -> datetime:
    """The last billing run of a month that still leaves before the cut-off."""
    return cut_off_at(billed_month_end) - LAST_RUN_BEFORE_CUT_OFF


def _draw(
    billed_month_end: date, *, log_odds: float, received_at: datetime, chance: Chance
) -> DelayDraw:
    is_too_late = received_at >= last_run_at(billed_month_end)
    probability = 1.0 if is_too_late else logistic(log_odds)
    return DelayDraw(
        probability=probability,
        is_delayed=chance.happens(probability),
        billed_month_end=billed_month_end,
    )


def _signed_log_odds(one: SignedSheet | SignedReport, *, is_busy: bool) -> float:
    lag_days = (one.received_at - one.item.submitted_at).total_seconds() / SECONDS_A_DAY
    log_odds = SHEET_LOG_ODDS + LAG_DAY_LOG_ODDS * min(lag_days, LONGEST_LAG_DAYS)
    log_odds += APPROVER_DAY_LOG_ODDS * one.approver_days
    log_odds += CLIENT_SIGN_OFF_LOG_ODDS * one.draft.plan.is_client_sign_off_required
    log_odds += MONTH_END_LOG_ODDS * is_busy
    return log_odds + PURCHASE_ORDER_LOG_ODDS * one.draft.plan.client.purchase_order_required


def _milestone_log_odds(one: DeliveredMilestone) -> float:
    log_odds = MILESTONE_LOG_ODDS + LATE_ACCEPTANCE_LOG_ODDS * one.is_accepted_late
    return log_odds + PURCHASE_ORDER_LOG_ODDS * one.plan.client.purchase_order_required
