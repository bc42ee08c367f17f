"""What random audits say about everything that was cleared: who is drawn, and the estimate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field
from scipy.stats import beta

from data.schemas.values import Identifier, Name, Probability, Record
from models.columns import Flags, Floats

Propensity = Annotated[float, Field(gt=0, le=1)]
Amount = Annotated[float, Field(ge=0)]


class Audit(Record):
    """A cleared item that the coin had drawn for a check, and what the check found."""

    item_id: Identifier
    segment: Name
    is_wrong: bool
    amount_reporting_minor: Amount
    propensity: Propensity
    """The chance with which it was drawn, as recorded before anybody looked."""


class Estimate(Record):
    """The share of what was cleared that is wrong, in cases and in money, each with its interval.

    A share is None, between 0 and 1, where no audit speaks of it.
    """

    audits: Annotated[int, Field(ge=0)]
    share_of_cases: Probability | None
    cases_low: Probability
    cases_high: Probability
    share_of_money: Probability | None
    money_low: Probability
    money_high: Probability


def audit_propensity(
    amount: Floats, *, mean_amount: float, rho_cases: float, rho_money: float
) -> Floats:
    """Give the chance of a check: a floor for every case, more in proportion to the money.

    `amount` and `mean_amount` in the same minor units; without a mean amount the floor alone.
    """
    by_money = rho_money * amount / mean_amount if mean_amount > 0 else np.zeros(len(amount))
    propensity: Floats = np.minimum(1.0, np.maximum(rho_cases, by_money))
    return propensity


def estimate(audits: Sequence[Audit], *, confidence: float = 0.95) -> Estimate:
    """Estimate the wrong share of all cleared items from those that were audited.

    Each audit stands for 1 / propensity items (Horvitz and Thompson 1952), divided by the total
    those weights come to (Hajek 1971). The interval is Clopper and Pearson's at the effective
    number of audits (Korn and Graubard 1998), which stays honest at no error at all.
    """
    is_wrong = np.array([one.is_wrong for one in audits], dtype=np.bool_)
    propensity = np.array([one.propensity for one in audits], dtype=np.float64)
    amount = np.array([one.amount_reporting_minor for one in audits], dtype=np.float64)
    cases, cases_low, cases_high = weighted_share(
        is_wrong, weight=1.0 / propensity, confidence=confidence
    )
    money, money_low, money_high = weighted_share(
        is_wrong, weight=amount / propensity, confidence=confidence
    )
    return Estimate(
        audits=len(audits),
        share_of_cases=cases,
        cases_low=cases_low,
        cases_high=cases_high,
        share_of_money=money,
        money_low=money_low,
        money_high=money_high,
    )


def weighted_share(
    is_wrong: Flags, *, weight: Floats, confidence: float
) -> tuple[float | None, float, float]:
    """Give the weighted share of wrong ones, and the low and high end of its interval."""
    total = float(weight.sum())
    if total <= 0:
        return None, 0.0, 1.0
    share = float(weight @ is_wrong) / total
    effective = _effective_number(is_wrong, weight=weight, share=share)
    wrong, tail = share * effective, (1.0 - confidence) / 2.0
    low = float(beta.ppf(tail, wrong, effective - wrong + 1.0)) if wrong > 0 else 0.0
    high = float(beta.ppf(1.0 - tail, wrong + 1.0, effective - wrong)) if share < 1 else 1.0
    return min(share, 1.0), low, high


def _effective_number(is_wrong: Flags, *, weight: Floats, share: float) -> float:
    """How many equal audits would know as much: by the weights, or by the spread if that is worse.

    Few errors say little about their own spread, so the better of the two is never taken.
    """
    total = float(weight.sum())
    by_weights = total**2 / float(weight @ weight)
    residuals = weight * (is_wrong - share)
    count = int((weight > 0).sum())
    spread = float(residuals @ residuals) / total**2 * count / max(count - 1, 1)
    if spread <= 0:
        return by_weights
    return min(by_weights, share * (1.0 - share) / spread)
