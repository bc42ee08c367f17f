"""What an export of expenses leaves out, worked out from what it says."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

END_OF_DAY = time(18)
"""When an expense without its own time of recording counts as recorded, in local time."""


def completed_expenses(report: dict[str, Any]) -> dict[str, Any]:
    """Fill in the period, the times and the amounts that have one plain meaning.

    Costs are the amounts, where the currency is the contract's; what is billed is the cost.
    """
    expenses = [_completed(one, report=report) for one in report.get("expenses", ())]
    days = sorted(one["incurred_on"] for one in expenses if "incurred_on" in one)
    recorded = sorted(one["recorded_at"] for one in expenses if "recorded_at" in one)
    worked_out: dict[str, Any] = {}
    if days:
        worked_out |= {"period_start": days[0], "period_end": days[-1]}
    if recorded:
        worked_out["submitted_at"] = recorded[-1]
    return {**worked_out, **report, "expenses": expenses}


def _completed(expense: dict[str, Any], *, report: dict[str, Any]) -> dict[str, Any]:
    whole = {"currency": report.get("currency"), **expense}
    if whole["currency"] == report.get("currency") and "amount_minor" in whole:
        whole.setdefault("cost_minor", whole["amount_minor"])
    if "cost_minor" in whole:
        whole.setdefault("billable_minor", whole["cost_minor"])
    if "incurred_on" in whole and "recorded_at" not in whole:
        whole["recorded_at"] = _evening(whole["incurred_on"], zone=str(report.get("zone")))
    return whole


def _evening(day: str, *, zone: str) -> str:
    try:
        local = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        local = ZoneInfo("UTC")  # the record itself refuses the zone, with its reason
    moment = datetime.combine(datetime.fromisoformat(day), END_OF_DAY, tzinfo=local)
    return moment.astimezone(UTC).isoformat()
