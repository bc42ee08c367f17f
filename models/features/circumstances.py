"""When and under which terms an item came: amount, lateness, approvals, calendar, client."""

from __future__ import annotations

import calendar
import math
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from data.schemas.clauses import ApprovalTerms
from data.schemas.items import AnyItem, ExpenseReport, Milestone
from data.schemas.vocabulary import AcceptanceKind, ApprovalStep, ApprovalVerdict, ClauseKind
from models.codes import UNKNOWN
from models.columns import Batch, Floats, Ints, day_number
from models.past.balances import Measure
from models.past.history import Past
from models.reporting_currency import reporting_minor
from models.terms import NO_LIMIT, Terms

DAY_SECONDS = 86_400
UNKNOWN_VALUE = math.nan

NAMES = (
    "is_milestone",
    "log_amount",
    "late_days",
    "approval_lag_days",
    "days_to_month_end",
    "work_day_of_month",
    "purchase_order_missing",
    "payment_terms_days",
    "acceptance_age_days",
    "client_rejections",
)


def circumstances(
    batch: Batch, *, past: Past, terms: Terms, decided_at: datetime
) -> dict[str, Floats]:
    """Give the features every kind of item has, and those of milestones."""
    table = np.empty((len(batch), len(NAMES)))
    work_day = np.empty(len(batch), dtype=np.int64)
    for index, item in enumerate(batch.items):
        last_day = _last_day(item)
        work_day[index] = day_number(last_day)
        table[index] = _facts(
            item,
            amount_minor=int(batch.amount_minor[index]),
            last_day=last_day,
            terms=terms,
            decided_at=decided_at,
        )
    return {
        **{name: table[:, column] for column, name in enumerate(NAMES)},
        "client_sign_off_required": _sign_off(terms, line=batch.line, day=work_day),
        "ceiling_burn": _ceiling_burn(batch, past=past, terms=terms, day=work_day),
    }


def _facts(
    item: AnyItem,
    *,
    amount_minor: int,
    last_day: date,
    terms: Terms,
    decided_at: datetime,
) -> tuple[float, ...]:
    submitted_on = _local_day(item.submitted_at, zone=item.zone)
    accepted_at = _accepted_at(item)
    agreed_at = max((*_approved_at(item), *([accepted_at] if accepted_at else [])), default=None)
    ready_on = _local_day(agreed_at or item.submitted_at, zone=item.zone)
    missing_order, terms_days = _client_terms(item, terms=terms)
    return (
        float(isinstance(item, Milestone)),
        _log_amount(amount_minor, currency=item.currency),
        float((submitted_on - last_day).days),
        _days(agreed_at - item.submitted_at) if agreed_at else UNKNOWN_VALUE,
        float((_month_end(last_day) - ready_on).days),
        float(last_day.day),
        missing_order,
        terms_days,
        _days(decided_at - accepted_at) if accepted_at else UNKNOWN_VALUE,
        _rejections(item),
    )


def _last_day(item: AnyItem) -> date:
    if isinstance(item, Milestone):
        return item.due_on
    if isinstance(item, ExpenseReport):
        return max(expense.incurred_on for expense in item.expenses)
    return max(entry.work_date for entry in item.entries)


def _approved_at(item: AnyItem) -> list[datetime]:
    return [
        event.at
        for event in item.approvals
        if event.verdict is ApprovalVerdict.APPROVE and event.step is not ApprovalStep.SUBMIT
    ]


def _accepted_at(item: AnyItem) -> datetime | None:
    if not isinstance(item, Milestone):
        return None
    accepted = [event.at for event in item.acceptance if event.kind is AcceptanceKind.ACCEPTED]
    return max(accepted, default=None)


def _rejections(item: AnyItem) -> float:
    if not isinstance(item, Milestone):
        return UNKNOWN_VALUE
    sent_back = {AcceptanceKind.REJECTED, AcceptanceKind.CONDITIONAL}
    return float(sum(event.kind in sent_back for event in item.acceptance))


def _client_terms(item: AnyItem, *, terms: Terms) -> tuple[float, float]:
    """Whether a required purchase order is missing, and days to pay; unknown without a client."""
    client = terms.client_of_contract(item.contract_id)
    if client is None:
        return UNKNOWN_VALUE, UNKNOWN_VALUE
    lines = terms.reference.contracts[item.contract_id].lines
    has_order = any(line.id == item.line_id and line.purchase_order for line in lines)
    is_missing = client.purchase_order_required and not has_order
    return float(is_missing), float(client.payment_terms_days)


def _log_amount(amount_minor: int, *, currency: str) -> float:
    reporting = reporting_minor(amount_minor, currency=currency)
    return UNKNOWN_VALUE if reporting is None else math.log10(1.0 + reporting / 100.0)


def _sign_off(terms: Terms, *, line: Ints, day: Ints) -> Floats:
    clause = terms.clause(ClauseKind.APPROVAL, line, day)
    required = np.zeros(len(line))
    for number in set(clause.tolist()) - {UNKNOWN}:
        agreed = terms.clauses[number].terms
        if isinstance(agreed, ApprovalTerms) and agreed.is_client_sign_off_required:
            required[clause == number] = 1.0
    return required


def _ceiling_burn(batch: Batch, *, past: Past, terms: Terms, day: Ints) -> Floats:
    """Past and own amount over the ceiling, at the level where it is closer; NaN without one."""
    limit = terms.ceilings(batch.line, batch.contract, day)
    of_line = past.used(Measure.LINE_MONEY, batch.line) + batch.amount_minor
    of_contract = past.used(Measure.CONTRACT_MONEY, batch.contract) + batch.amount_minor
    burn = np.fmax(
        _burn(of_line, limit_minor=limit.line_minor),
        _burn(of_contract, limit_minor=limit.contract_minor),
    )
    # Ceilings limit the money of time: expenses have a cap of their own.
    is_expenses = np.diff(batch.first_expense) > 0
    return np.where(is_expenses, np.nan, burn)


def _burn(used_minor: Ints, *, limit_minor: Ints) -> Floats:
    has_limit = limit_minor < NO_LIMIT
    return np.where(has_limit, used_minor / np.maximum(limit_minor, 1), np.nan)


def _days(span: timedelta) -> float:
    return span.total_seconds() / DAY_SECONDS


def _local_day(moment: datetime, *, zone: str) -> date:
    return moment.astimezone(_zone(zone)).date()


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
