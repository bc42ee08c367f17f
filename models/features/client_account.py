"""How the client has paid, objected and been billed so far, from bills old enough to tell."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np

from data.schemas.contracts import Client
from models.codes import UNKNOWN
from models.columns import EPOCH, Batch, Flags, Floats, Ints, microseconds
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.past.accounts import (
    DAY_US,
    DAYS_A_WEEK,
    DISPUTE_HORIZON_DAYS,
    NOT_YET,
    Account,
)
from models.past.history import History
from models.terms import Terms

RECORDED_DAYS = 5
"""A payment is booked within five days; until then nobody knows whether a bill was paid in time."""
MOST_DAYS_LATE = 30
"""Lateness is told up to thirty days, and counts of bills due so long ago that it is known."""
YEAR_DAYS, SHORT_DAYS, LONG_DAYS = 365, 90.0, 365.0
LATEST_BILLS = 3
FEWEST_PAYMENTS = 3
PRIOR_BILLS, PRIOR_LINES = 20.0, 300.0
LATE_PRIOR, DAYS_LATE_PRIOR, PARTS_PRIOR = 0.3, 5.0, 0.08
DISPUTED_LINES_PRIOR = 0.003
"""Two to four items in a hundred are disputed, and an item has about ten lines."""
GIVEN_UP_PRIOR = 0.05
PRIOR_MONEY_BILLS = 5.0
CENTS = 100.0

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="client_late_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(dispute=0, delay=1),
            sentence="About {value:.0%} of this client's bills were not paid when due"),
    Feature(name="client_days_late", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(dispute=0, delay=1),
            sentence="This client pays {value:.0f} days late on average"),
    Feature(name="client_last_days_late", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(delay=0),
            sentence="This client's last three bills were paid {value:.0f} days late"),
    Feature(name="client_recent_days_late", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(delay=0),
            sentence="Of late this client pays {value:.0f} days late"),
    Feature(name="client_days_late_trend", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(delay=0),
            sentence="This client pays {value:.1f} days later than over the year",
            below="This client pays {value:.1f} days earlier than over the year"),
    Feature(name="client_settled_bills", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(delay=0),
            sentence="This client settled {value:.0f} bills within a year"),
    Feature(name="client_parts_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(delay=0),
            sentence="About {value:.0%} of this client's bills were paid in parts"),
    Feature(name="client_open_bills", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(dispute=0, delay=0),
            sentence="{value:.0f} bills of this client are open"),
    Feature(name="client_open_log_amount", type=_T.NUMBER, known_at=_K.DECISION,
            signs=signs(delay=0), told_as=lambda size: 10.0**size - 1.0,
            sentence="About {value:,.0f} in the reporting currency is open with this client"),
    Feature(name="client_overdue_log_amount", type=_T.NUMBER, known_at=_K.DECISION,
            signs=signs(delay=0), told_as=lambda size: 10.0**size - 1.0,
            sentence="About {value:,.0f} in the reporting currency is overdue with this client"),
    Feature(name="client_overdue_share", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(dispute=0, delay=0),
            sentence="{value:.0%} of what is open with this client is overdue"),
    Feature(name="client_oldest_open_days", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(dispute=0, delay=0),
            sentence="The oldest open bill of this client left {value:.0f} days ago"),
    Feature(name="client_dispute_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(write_off=0, dispute=1),
            sentence="About {value:.1%} of this client's billed lines were disputed"),
    Feature(name="client_credit_share", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(write_off=0, dispute=1),
            sentence="{value:.1%} of what this client was billed was credited"),
    Feature(name="client_given_up_share", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(write_off=1, dispute=0),
            sentence="About {value:.1%} of this client's value was given up at billing"),
    Feature(name="client_bill_days", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(delay=1),
            sentence="This client's bills leave {value:.0f} days after the end of their period"),
    Feature(name="is_first_bill", type=_T.FLAG, known_at=_K.DECISION,
            signs=signs(write_off=0, dispute=0, delay=0),
            sentence="This client was never billed before",
            absent="This client was billed before"),
    Feature(name="due_day_of_month", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(delay=0),
            sentence="Billed today, it would be due on day {value:.0f} of the month"),
    Feature(name="days_to_pay_run", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(delay=0),
            sentence="The client's usual day of payment comes {value:.0f} days after the due day"),
)  # fmt: skip
"""A bill that is paid late tells nothing until its time has passed, however early others paid."""


def client_account(
    batch: Batch, *, history: History, terms: Terms, decided_at: datetime
) -> dict[str, Floats]:
    """Give the features of each item's client; they are unknown where it is."""
    found: dict[str, tuple[float, ...]] = {}
    table = np.full((len(batch), len(FEATURES)), np.nan)
    for index, item in enumerate(batch.items):
        client = terms.client_of_contract(item.contract_id)
        if client is None:
            continue
        if client.id not in found:
            found[client.id] = _of_client(client, history=history, decided_at=decided_at)
        table[index] = found[client.id]
    return {feature.name: table[:, column] for column, feature in enumerate(FEATURES)}


def _of_client(client: Client, *, history: History, decided_at: datetime) -> tuple[float, ...]:
    code = history.client.find(client.id)
    account = history.accounts.of(code)
    now_us = microseconds(decided_at)
    today = now_us // DAY_US
    given_up = 0.0
    if code != UNKNOWN:
        given_up = history.habits.given_up(code, from_us=now_us - YEAR_DAYS * DAY_US, to_us=now_us)
    due_day = today + client.payment_terms_days
    return (
        *_lateness(account, today=today),
        *_open(account, today=today),
        *_objections(account, now_us=now_us),
        _given_up_share(account, given_up=given_up, now_us=now_us),
        _bill_days(account, now_us=now_us),
        float(not account.is_standing.any()),
        float((EPOCH + timedelta(days=due_day)).day),
        _days_to_pay_run(account, due_day=due_day),
    )


def _lateness(account: Account, *, today: int) -> tuple[float, ...]:
    due = account.due_day[account.is_standing]
    settled = account.settled_day[account.is_standing]
    paid_on = np.where(settled == NOT_YET, today, settled)
    is_due = due + RECORDED_DAYS < today
    is_old = due + MOST_DAYS_LATE + RECORDED_DAYS < today
    days_late = np.clip(paid_on - due, 0, MOST_DAYS_LATE)[is_old].astype(np.float64)
    age = (today - due)[is_old]
    latest = np.argsort(due[is_old], kind="stable")[-LATEST_BILLS:]
    recent, usual = _faded(days_late, age, days=SHORT_DAYS), _faded(days_late, age, days=LONG_DAYS)
    is_settled = (settled != NOT_YET) & (settled >= today - YEAR_DAYS)
    parts = account.payments[account.is_standing][settled != NOT_YET] > 1
    return (
        _shrunk((paid_on > due)[is_due], prior=LATE_PRIOR),
        _shrunk(days_late, prior=DAYS_LATE_PRIOR),
        float(days_late[latest].mean()) if len(latest) else math.nan,
        recent,
        recent - usual,
        float(is_settled.sum()),
        _shrunk(parts, prior=PARTS_PRIOR),
    )


def _faded(values: Floats, age: Ints, *, days: float) -> float:
    """The mean with weights that fade with age."""
    if not len(values):
        return math.nan
    weight = np.exp(-age / days)
    return float((values * weight).sum() / weight.sum())


def _shrunk(values: Floats | Flags, *, prior: float) -> float:
    return float((values.sum() + PRIOR_BILLS * prior) / (len(values) + PRIOR_BILLS))


def _open(account: Account, *, today: int) -> tuple[float, ...]:
    is_open = account.is_standing & (account.settled_day == NOT_YET)
    amount = (account.total * (1.0 - account.paid_share))[is_open] / CENTS
    is_overdue = account.due_day[is_open] < today
    total, overdue = float(np.nansum(amount)), float(np.nansum(amount[is_overdue]))
    oldest = account.issued_us[is_open].min() // DAY_US if is_open.any() else today
    return (
        float(is_open.sum()),
        math.log10(1.0 + total),
        math.log10(1.0 + overdue),
        overdue / total if total else 0.0,
        float(today - oldest),
    )


def _objections(account: Account, *, now_us: int) -> tuple[float, float]:
    """Of bills of one year, the youngest old enough for the client to have objected."""
    last_us = now_us - DISPUTE_HORIZON_DAYS * DAY_US
    is_told = (account.issued_us < last_us) & (account.issued_us >= last_us - YEAR_DAYS * DAY_US)
    lines = account.lines[is_told].sum()
    disputed = account.disputed_lines[is_told].sum()
    total = np.nan_to_num(account.total[is_told])
    credited = float((account.credited_share[is_told] * total).sum())
    return (
        float((disputed + PRIOR_LINES * DISPUTED_LINES_PRIOR) / (lines + PRIOR_LINES)),
        credited / float(total.sum()) if total.any() else math.nan,
    )


def _given_up_share(account: Account, *, given_up: float, now_us: int) -> float:
    """Value given up, of all value, over a year; a client with few bills is taken as usual."""
    is_recent = account.is_standing & (account.issued_us >= now_us - YEAR_DAYS * DAY_US)
    billed = float(np.nansum(account.total[is_recent]))
    value = billed + given_up
    if value == 0.0:
        return GIVEN_UP_PRIOR
    strength = PRIOR_MONEY_BILLS * value / max(int(is_recent.sum()), 1)
    return (given_up + strength * GIVEN_UP_PRIOR) / (value + strength)


def _bill_days(account: Account, *, now_us: int) -> float:
    is_recent = account.is_standing & (account.issued_us >= now_us - YEAR_DAYS * DAY_US)
    if not is_recent.any():
        return math.nan
    days = account.issued_us[is_recent] // DAY_US - account.period_end_day[is_recent]
    return float(days.mean())


def _days_to_pay_run(account: Account, *, due_day: int) -> float:
    if account.pay_weekdays.sum() < FEWEST_PAYMENTS:
        return math.nan
    due_weekday = (due_day + 3) % DAYS_A_WEEK  # 1970-01-01 was a Thursday.
    return float((int(account.pay_weekdays.argmax()) - due_weekday) % DAYS_A_WEEK)
