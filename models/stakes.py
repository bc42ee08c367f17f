"""What is at stake where a head says yes: the figures of `docs/likely.md`, for a row or an item."""

from __future__ import annotations

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingGuidelines, PaymentTerms
from models.likely.corrections import LOST_SHARE
from models.likely.money import WEIGHED_ALREADY

DAYS_A_YEAR = 365
_GUIDELINES, _PAYMENT = BillingGuidelines(), PaymentTerms()
SHARE_AT_STAKE: dict[ExceptionCode, float] = {
    ExceptionCode.DUPLICATE_TIME_ENTRY: 1.0,
    ExceptionCode.NARRATIVE_INSUFFICIENT: _GUIDELINES.rejection_probability,
    ExceptionCode.BLOCK_BILLING: _GUIDELINES.block_haircut,
    ExceptionCode.NONBILLABLE_ACTIVITY_BILLED: 1.0,
    ExceptionCode.OUT_OF_SCOPE_WORK: -1.0,
    ExceptionCode.MISCODED_PROJECT: 1.0,
    ExceptionCode.EXPENSE_DUPLICATE: 1.0,
    ExceptionCode.LIKELY_WRITE_OFF: -LOST_SHARE,
    ExceptionCode.LIKELY_CLIENT_DISPUTE: 1.0
    + _PAYMENT.annual_cost_of_capital * _PAYMENT.dispute_window_days / DAYS_A_YEAR,
}
"""Of the amount: above zero is risk, below zero is leak. Clauses say their own figures where a
baseline found a row; here those stand that hold where a contract says nothing."""


def stake_minor(code: ExceptionCode, *, amount_minor: int, probability: float) -> int:
    """Give the signed exposure of an amount, weighed where a code's exposure is a mean."""
    weight = probability if code in WEIGHED_ALREADY else 1.0
    return round(amount_minor * SHARE_AT_STAKE[code] * weight)
