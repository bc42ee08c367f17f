"""When an item came, how large it is, and how often it came before."""

from __future__ import annotations

import calendar
import math
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from data.schemas.clauses import ApprovalTerms
from data.schemas.items import AnyItem, ExpenseReport, Milestone
from data.schemas.vocabulary import (
    AcceptanceKind,
    ApprovalStep,
    ApprovalVerdict,
    ClauseKind,
    ItemKind,
)
from models.codes import UNKNOWN
from models.columns import Batch, Floats, Ints, day_number, microseconds
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.past.history import History
from models.reporting_currency import reporting_minor
from models.terms import Terms

DAY_SECONDS = 86_400
UNKNOWN_VALUE = math.nan
MONTHS_A_QUARTER = 3

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="is_milestone", type=_T.FLAG, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0, delay=0),
            sentence="This is a milestone", absent="This is no milestone"),
    Feature(name="log_amount", type=_T.NUMBER, known_at=_K.SUBMISSION,
            signs=signs(write_off=0, dispute=0, delay=0),
            sentence="The amount is about {value:,.0f} in the reporting currency",
            told_as=lambda size: 10.0**size),
    Feature(name="amount_to_usual", type=_T.NUMBER, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0),
            sentence="The amount is {value:.1f} times what is usual on this contract"),
    Feature(name="late_days", type=_T.DAYS, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, dispute=0, delay=1),
            sentence="Submitted {value:.0f} days after the work was done or due",
            below="Submitted {value:.0f} days before it was due"),
    Feature(name="approval_lag_days", type=_T.DAYS, known_at=_K.APPROVAL, signs=signs(delay=1),
            sentence="The last approval came {value:.1f} days after submission"),
    Feature(name="days_since_submission", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(delay=1),
            sentence="Submitted {value:.1f} days ago"),
    Feature(name="days_to_month_end", type=_T.DAYS, known_at=_K.APPROVAL, signs=signs(delay=-1),
            sentence="{value:.0f} days were left to the month end of the work at the last "
                     "approval",
            below="The last approval came {value:.0f} days after the month end of the work"),
    Feature(name="work_day_of_month", type=_T.COUNT, known_at=_K.SUBMISSION,
            signs=signs(fault=0, delay=0),
            sentence="The last work or due date falls on day {value:.0f} of the month"),
    Feature(name="work_days_to_month_end", type=_T.DAYS, known_at=_K.SUBMISSION,
            signs=signs(fault=0, write_off=0, delay=0),
            sentence="The last work or due date lies {value:.0f} days before its month end"),
    Feature(name="is_quarter_end", type=_T.FLAG, known_at=_K.SUBMISSION,
            signs=signs(write_off=0, delay=0),
            sentence="The work falls in the last month of a quarter",
            absent="The work does not fall in the last month of a quarter"),
    Feature(name="times_sent_back", type=_T.COUNT, known_at=_K.APPROVAL,
            signs=signs(fault=0, write_off=0, dispute=1, delay=0),
            sentence="It was rejected or recalled {value:.0f} times before it was approved"),
    Feature(name="earlier_versions", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=0, write_off=0, dispute=0, delay=0),
            sentence="{value:.0f} versions of this item came before"),
    Feature(name="client_sign_off_required", type=_T.FLAG, known_at=_K.SUBMISSION,
            signs=signs(delay=1),
            sentence="The client must sign off", absent="No client sign-off is needed"),
    Feature(name="purchase_order_missing", type=_T.FLAG, known_at=_K.SUBMISSION,
            signs=signs(dispute=1, delay=1),
            sentence="The client asks for a purchase order and none is on the line",
            absent="The purchase order is in order"),
    Feature(name="purchase_order_required", type=_T.FLAG, known_at=_K.SUBMISSION,
            signs=signs(dispute=0, delay=1),
            sentence="The client asks for a purchase order on every bill",
            absent="The client asks for no purchase order"),
    Feature(name="payment_terms_days", type=_T.DAYS, known_at=_K.SUBMISSION,
            signs=signs(delay=0),
            sentence="The client pays at {value:.0f} days"),
)  # fmt: skip
_BY_COLUMN = "client_sign_off_required"
_NAMES = tuple(feature.name for feature in FEATURES if feature.name != _BY_COLUMN)


def circumstances(
    batch: Batch, *, history: History, terms: Terms, decided_at: datetime
) -> dict[str, Floats]:
    """Give the features that every kind of item has."""
    table = np.empty((len(batch), len(_NAMES)))
    work_day = np.empty(len(batch), dtype=np.int64)
    usual = _Usual(history, decided_at=decided_at)
    for index, item in enumerate(batch.items):
        last_day = last_day_of(item)
        work_day[index] = day_number(last_day)
        amount_minor = int(batch.amount_minor[index])
        table[index] = (
            float(isinstance(item, Milestone)),
            _log_amount(amount_minor, currency=item.currency),
            usual.times(amount_minor, contract=int(batch.contract[index]), kind=item.kind),
            *_timing(item, last_day=last_day, decided_at=decided_at),
            float(last_day.day),
            float((_month_end(last_day) - last_day).days),
            float(last_day.month % MONTHS_A_QUARTER == 0),
            float(_times_sent_back(item)),
            float(history.habits.versions(item.item_id)),
            *_client_terms(item, terms=terms),
        )  # fmt: skip
    return {
        **{name: table[:, column] for column, name in enumerate(_NAMES)},
        _BY_COLUMN: _sign_off(terms, line=batch.line, day=work_day),
    }


def last_day_of(item: AnyItem) -> date:
    """Give the day an item's work was done, its money spent, or its milestone due."""
    if isinstance(item, Milestone):
        return item.due_on
    if isinstance(item, ExpenseReport):
        return max(expense.incurred_on for expense in item.expenses)
    return max(entry.work_date for entry in item.entries)


def accepted_at(item: AnyItem) -> datetime | None:
    """Give when the client last accepted, None of anything but an accepted milestone."""
    if not isinstance(item, Milestone):
        return None
    accepted = [event.at for event in item.acceptance if event.kind is AcceptanceKind.ACCEPTED]
    return max(accepted, default=None)


def days_of(span: timedelta) -> float:
    """Give a span in days."""
    return span.total_seconds() / DAY_SECONDS


def _timing(item: AnyItem, *, last_day: date, decided_at: datetime) -> tuple[float, ...]:
    submitted_on = _local_day(item.submitted_at, zone=item.zone)
    accepted = accepted_at(item)
    agreed_at = max((*_approved_at(item), *([accepted] if accepted else [])), default=None)
    ready_on = _local_day(agreed_at or item.submitted_at, zone=item.zone)
    return (
        float((submitted_on - last_day).days),
        days_of(agreed_at - item.submitted_at) if agreed_at else UNKNOWN_VALUE,
        days_of(decided_at - item.submitted_at),
        float((_month_end(last_day) - ready_on).days),
    )


def _approved_at(item: AnyItem) -> list[datetime]:
    return [
        event.at
        for event in item.approvals
        if event.verdict is ApprovalVerdict.APPROVE and event.step is not ApprovalStep.SUBMIT
    ]


def _times_sent_back(item: AnyItem) -> int:
    return sum(event.verdict is not ApprovalVerdict.APPROVE for event in item.approvals)


def _client_terms(item: AnyItem, *, terms: Terms) -> tuple[float, float, float]:
    """Whether a purchase order is missing, or required, and days to pay; unknown of no client."""
    client = terms.client_of_contract(item.contract_id)
    if client is None:
        return UNKNOWN_VALUE, UNKNOWN_VALUE, UNKNOWN_VALUE
    lines = terms.reference.contracts[item.contract_id].lines
    has_order = any(line.id == item.line_id and line.purchase_order for line in lines)
    is_required = client.purchase_order_required
    return (
        float(is_required and not has_order),
        float(is_required),
        float(client.payment_terms_days),
    )


def _log_amount(amount_minor: int, *, currency: str) -> float:
    reporting = reporting_minor(amount_minor, currency=currency)
    return UNKNOWN_VALUE if reporting is None else math.log10(1.0 + reporting / 100.0)


class _Usual:
    """Usual amounts, each looked up once a batch, contract and kind of item."""

    def __init__(self, history: History, *, decided_at: datetime) -> None:
        self._habits, self._now_us = history.habits, microseconds(decided_at)
        self._found: dict[tuple[int, ItemKind], float] = {}

    def times(self, amount_minor: int, *, contract: int, kind: ItemKind) -> float:
        """Give the amount over the usual one."""
        usual = self._found.get((contract, kind))
        if usual is None:
            told = self._habits.usual_amount_minor(contract, kind, at_us=self._now_us)
            usual = self._found[contract, kind] = told or UNKNOWN_VALUE
        return amount_minor / usual


def _sign_off(terms: Terms, *, line: Ints, day: Ints) -> Floats:
    clause = terms.clause(ClauseKind.APPROVAL, line, day)
    required = np.zeros(len(line))
    for number in set(clause.tolist()) - {UNKNOWN}:
        agreed = terms.clauses[number].terms
        if isinstance(agreed, ApprovalTerms) and agreed.is_client_sign_off_required:
            required[clause == number] = 1.0
    return required


def _local_day(moment: datetime, *, zone: str) -> date:
    return moment.astimezone(_zone(zone)).date()


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
