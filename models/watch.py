"""A promise watched live: every audit is a bet against it, and a fortune won is an alarm.

An e-process for each segment and measure: if at most alpha of what is cleared is wrong, no way of
betting makes 1 / delta of one unit with a chance above delta, however often one looks (Ville 1939;
Waudby-Smith and Ramdas 2024). Audits must come in the order in which items were drawn, after the
same time to mature: errors that are found late would otherwise come late.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import reduce
from typing import Annotated

from pydantic import Field

from data.schemas.values import Name, Probability, Record
from models.audits import Audit

STAKES = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
"""Shares of the largest bet; the wealth is the mean over all, as nobody knows the best one."""
MEASURES = 2
"""Cases and money share delta, so that one segment raises a false alarm with at most delta."""
TOLERANCE = 1e-9
LARGEST_LOG = 700.0
"""No float holds the exponential of much more."""

LogWealth = tuple[float, ...]


class AuditBoundError(ValueError):
    """An audit weighs more than the bets allow for: watch it under settings of its own policy."""


class WatchSettings(Record):
    """The promise that is watched, and the largest weight that one audit may have."""

    alpha_cases: Probability
    alpha_money: Probability
    delta: Probability
    cases_bound: Annotated[float, Field(ge=1)]
    """The largest 1 / propensity."""
    money_bound: Annotated[float, Field(gt=0)]
    """The largest amount / propensity, in reporting minor units."""

    @property
    def wealth_for_alarm(self) -> float:
        """From this wealth on, in cases or in money, the promise counts as broken."""
        return MEASURES / self.delta


class Watch(Record):
    """What the audits of one segment have won so far; an alarm stays."""

    segment: Name
    audits: Annotated[int, Field(ge=0)] = 0
    wrong: Annotated[int, Field(ge=0)] = 0
    log_wealth_cases: LogWealth = (0.0,) * len(STAKES)
    log_wealth_money: LogWealth = (0.0,) * len(STAKES)
    why: str | None = None
    """Which promise broke, and after how many audits; None while there is no alarm."""

    @property
    def is_alarm(self) -> bool:
        """Whether the promise has been found broken."""
        return self.why is not None

    @property
    def wealth(self) -> float:
        """What one unit has become, in cases or in money, whichever won more."""
        largest = max(_log_mean(self.log_wealth_cases), _log_mean(self.log_wealth_money))
        return math.exp(min(largest, LARGEST_LOG))


def watch_settings(
    *,
    alpha_cases: float,
    alpha_money: float,
    delta: float,
    cap_reporting_minor: float,
    audit_share: float,
    audit_money_share: float = 0.0,
    mean_amount_reporting_minor: float = 0.0,
) -> WatchSettings:
    """Give the bounds that follow from how audits are drawn (models/audits.py).

    amount / propensity never falls with the amount, so it is largest at the cap.
    """
    by_money = 0.0
    if mean_amount_reporting_minor > 0:
        by_money = audit_money_share * cap_reporting_minor / mean_amount_reporting_minor
    at_cap = min(1.0, max(audit_share, by_money))
    return WatchSettings(
        alpha_cases=alpha_cases,
        alpha_money=alpha_money,
        delta=delta,
        cases_bound=1.0 / audit_share,
        money_bound=cap_reporting_minor / at_cap,
    )


def follow(watch: Watch, audit: Audit, *, settings: WatchSettings) -> Watch:
    """Place the next audit's bets; the state after it is a new record.

    Raises AuditBoundError if the audit weighs more than the settings allow for.
    """
    cases = _bet(
        watch.log_wealth_cases,
        is_wrong=audit.is_wrong,
        weight=_part(1.0 / audit.propensity, of=settings.cases_bound, audit=audit),
        alpha=settings.alpha_cases,
    )
    money = _bet(
        watch.log_wealth_money,
        is_wrong=audit.is_wrong,
        weight=_part(
            audit.amount_reporting_minor / audit.propensity, of=settings.money_bound, audit=audit
        ),
        alpha=settings.alpha_money,
    )
    audits, wrong = watch.audits + 1, watch.wrong + audit.is_wrong
    return Watch(
        segment=watch.segment,
        audits=audits,
        wrong=wrong,
        log_wealth_cases=cases,
        log_wealth_money=money,
        why=watch.why or _why(cases, money, audits=audits, wrong=wrong, settings=settings),
    )


def follow_all(watch: Watch, audits: Iterable[Audit], *, settings: WatchSettings) -> Watch:
    """Follow audits one after the other, in the order in which the items were drawn."""
    return reduce(lambda state, audit: follow(state, audit, settings=settings), audits, watch)


def _part(weight: float, *, of: float, audit: Audit) -> float:
    part = weight / of
    if part > 1.0 + TOLERANCE:
        raise AuditBoundError(
            f"the audit of {audit.item_id} weighs {part:.2f} of the largest weight these settings "
            "allow; follow it with the settings of the policy that cleared it"
        )
    return min(part, 1.0)


def _bet(log_wealth: LogWealth, *, is_wrong: bool, weight: float, alpha: float) -> LogWealth:
    # The gain is never below -alpha, so a stake of a share of 1 / alpha is never lost whole.
    gain = (float(is_wrong) - alpha) * weight / alpha
    return tuple(
        wealth + math.log1p(stake * gain) for wealth, stake in zip(log_wealth, STAKES, strict=True)
    )


def _log_mean(log_wealth: LogWealth) -> float:
    largest = max(log_wealth)
    shares = math.fsum(math.exp(one - largest) for one in log_wealth)
    return largest + math.log(shares / len(log_wealth))


def _why(
    cases: LogWealth, money: LogWealth, *, audits: int, wrong: int, settings: WatchSettings
) -> str | None:
    needed = math.log(settings.wealth_for_alarm)
    broken = [
        f"{alpha:.1%} of {measure}"
        for measure, wealth, alpha in (
            ("cases", cases, settings.alpha_cases),
            ("money", money, settings.alpha_money),
        )
        if _log_mean(wealth) >= needed
    ]
    if not broken:
        return None
    return f"{wrong} of {audits} audits found a fault: more than {' and '.join(broken)} is wrong"
