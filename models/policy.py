"""Where an item goes: findings, probability and certificate in, route, lane and propensity out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from data.schemas.values import Name, Probability, Record
from data.schemas.vocabulary import Lane, Route
from models.audits import audit_propensity
from models.certificate import Certificate
from models.columns import Flags, Floats, Ints, Strings
from models.reporting_currency import REPORTING_CURRENCY, REPORTING_RATES

AuditShare = Annotated[float, Field(ge=0.01, le=1.0)]
"""Never zero: without random checks nobody can know whether a promise still holds."""


class PolicySettings(Record):
    """The part of policy that travels in the bundle, beside the certificates."""

    cap_reporting_minor: Annotated[float, Field(ge=0)]
    """Items above this amount always go to a person."""
    audit_share: AuditShare = 0.05
    """Share of auto-cleared items a person checks all the same, drawn by the coin."""
    audit_money_share: Probability = 0.0
    """Share of checks in proportion to the money, on top of that floor; 0 draws all alike."""
    mean_amount_reporting_minor: Annotated[float, Field(ge=0)] = 0.0
    """Mean amount in scope, the one whose chance of a check is `audit_money_share`."""
    hold_audit_share: AuditShare = 0.05
    """Share of held items a person checks at once, drawn by the coin."""
    violation_review_probability: Probability = 0.15
    """From here on a likely violation is written down as a finding."""
    delay_review_probability: Probability = 0.5
    reporting_currency: Name = REPORTING_CURRENCY
    reporting_rates: dict[str, float] = Field(default_factory=lambda: dict(REPORTING_RATES))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyColumns:
    """What policy looks at, one row per item; NaN where probability or certificate is missing."""

    is_unready: Flags
    """The item itself says that it is not to be billed yet."""
    has_critical: Flags
    """A rule proved a critical fault."""
    has_other: Flags
    """A rule proved a fault of any other weight."""
    is_suspected: Flags
    """A likely fault is grave, or dear enough to be looked at."""
    is_frozen: Flags
    """An alarm stopped the clearing of this kind and size of item."""
    probability: Floats
    amount: Floats
    """In reporting minor units, NaN without a rate."""
    threshold: Floats
    clears_left: Floats
    """How many more items the certificate may clear, this batch included; rows count in order."""
    coin: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Where each item goes and why."""

    route: NDArray[np.object_]
    lane: NDArray[np.object_]
    propensity: Floats
    reason: Strings


SAFE_MODE = "No released model: rules only, nothing is cleared without a person"
UNREADY = "The milestone is not ready to bill"
CRITICAL = "A rule proved a critical fault"
RULE = "A rule found something a person must judge"
SUSPECTED = "A likely fault must be judged by a person"
UNPRICED = "No reporting rate for this currency, so its size cannot be compared"
OVER_CAP = "The amount is above the limit for clearing without a person"
UNCERTIFIED = "No certificate in force for this kind and size of item"
FROZEN = "Checks of cleared items raised an alarm for this kind and size, so clearing is stopped"
UNSURE = "The probability of a hidden fault is above the certified threshold"
SPENT = "The certificate has cleared as many items as it was granted for"
CLEAR = "No finding, and the probability of a hidden fault is within the certificate"
CLEAR_AUDITED = f"{CLEAR}; drawn at random for a check"
DRAWN_EARLY = "; drawn at random for an early look"
CRITICAL_AUDITED = CRITICAL + DRAWN_EARLY


GROUNDS = (
    UNREADY,
    CRITICAL,
    RULE,
    SUSPECTED,
    SAFE_MODE,
    UNPRICED,
    OVER_CAP,
    UNCERTIFIED,
    FROZEN,
    UNSURE,
    SPENT,
    CLEAR,
)
"""In the order they are asked; the first that applies decides."""
HELD = np.array([GROUNDS.index(UNREADY), GROUNDS.index(CRITICAL)])
USED_UP, CLEARED = (GROUNDS.index(one) for one in (SPENT, CLEAR))
ROUTES = np.array(
    [
        {UNREADY: Route.AUTO_HOLD, CRITICAL: Route.AUTO_HOLD, CLEAR: Route.AUTO_CLEAR}.get(
            ground, Route.REVIEW
        )
        for ground in GROUNDS
    ],
    dtype=object,
)
LANES = np.array(
    [None if route is not Route.REVIEW else Lane.INDEX for route in ROUTES], dtype=object
)
AUDITED = np.array([Lane.AUDIT] * len(GROUNDS), dtype=object)


def decide(columns: PolicyColumns, *, settings: PolicySettings | None) -> Routing:
    """Route every item by the first ground that applies.

    Raising a probability never moves an item towards `auto_clear`. Without settings (no bundle)
    nothing is cleared, and neither is anything past what the certificate was granted for.
    """
    shares = settings or PolicySettings(cap_reporting_minor=0.0)
    ground = _ground(columns, settings=settings)
    is_held, is_cleared = np.isin(ground, HELD), ground == CLEARED
    propensity = np.ones(len(ground))
    propensity[is_cleared] = audit_propensity(
        columns.amount[is_cleared],
        mean_amount=shares.mean_amount_reporting_minor,
        rho_cases=shares.audit_share,
        rho_money=shares.audit_money_share,
    )
    propensity[is_held] = shares.hold_audit_share
    is_drawn = (columns.coin < propensity) & (is_held | is_cleared)
    route, lane = ROUTES[ground], LANES[ground]
    lane[is_drawn] = AUDITED[ground[is_drawn]]
    reason = np.array(GROUNDS, dtype=object)[ground]
    reason[is_drawn & is_held] += DRAWN_EARLY
    reason[is_drawn & is_cleared] = CLEAR_AUDITED
    return Routing(route=route, lane=lane, propensity=propensity, reason=reason)


def _ground(columns: PolicyColumns, *, settings: PolicySettings | None) -> Ints:
    cap = -1.0 if settings is None else settings.cap_reporting_minor
    is_safe_mode = np.full(len(columns.coin), settings is None)
    conditions = [
        columns.is_unready,
        columns.has_critical,
        columns.has_other,
        columns.is_suspected,
        is_safe_mode | np.isnan(columns.probability),
        np.isnan(columns.amount),
        columns.amount > cap,
        np.isnan(columns.threshold),
        columns.is_frozen,
        columns.probability > columns.threshold,
    ]
    first = np.full(len(columns.coin), CLEARED, dtype=np.int64)
    for number, applies in reversed(list(enumerate(conditions))):
        first[applies] = number
    clear = np.flatnonzero(first == CLEARED)
    first[clear[np.arange(len(clear)) >= columns.clears_left[clear]]] = USED_UP
    return first


def certificates_in_force(
    certificates: tuple[Certificate, ...], *, at: datetime
) -> Mapping[str, Certificate]:
    """Give the certificate of each segment that has a granted one which has not expired."""
    return {
        segment: certificate
        for certificate in certificates
        if certificate.is_granted and at < certificate.expires_at
        for segment in certificate.members
    }
