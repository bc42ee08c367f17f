"""The words of clauses whose figures are set round the work: limits, funds, people, milestones."""

from __future__ import annotations

from collections.abc import Sequence

from data.firm.wording import Wording, money
from data.schemas.clauses import (
    ApprovedPerson,
    BillingSchedule,
    Funding,
    KeyPersonnel,
    LaborCategoryHours,
    LiquidatedDamages,
    NotToExceed,
    PlannedMilestone,
    ProgressBilling,
)


def word_ceiling(limit_minor: int, *, currency: str, line_id: str | None) -> Wording:
    """The ceiling of a line, or of the whole contract."""
    scope = "this Agreement" if line_id is None else f"line {line_id}"
    return Wording(
        terms=NotToExceed(limit_minor=limit_minor),
        line_id=line_id,
        text=(
            f"Ceiling. The total amount invoiced under {scope} shall not exceed "
            f"{money(limit_minor, currency=currency)} unless a change order signed by both "
            "parties raises it. The Supplier performs work above the ceiling at its own risk."
        ),
    )


def word_customer_ceiling(
    limit_minor: int, *, currency: str, line_id: str, client_id: str
) -> Wording:
    """The ceiling of one customer's part of a line."""
    return Wording(
        terms=NotToExceed(limit_minor=limit_minor, client_id=client_id),
        line_id=line_id,
        text=(
            f"Shared costs. The part of line {line_id} that {client_id} pays shall not exceed "
            f"{money(limit_minor, currency=currency)}."
        ),
    )


def word_hours_cap(labor_category: str, *, cap_minutes: int, line_id: str) -> Wording:
    """The hours of one labor category on a line."""
    return Wording(
        terms=LaborCategoryHours(labor_category=labor_category, cap_minutes=cap_minutes),
        line_id=line_id,
        text=(
            f"Hours by category. On line {line_id} no more than {cap_minutes // 60:,} hours of the "
            f"category {labor_category.replace('_', ' ')} are billable over the life of the line."
        ),
    )


def word_funding(
    funded_minor: int, *, notice_share: float, currency: str, line_id: str | None
) -> Wording:
    """The funds that are set aside, and when notice is due."""
    scope = "this Agreement" if line_id is None else f"line {line_id}"
    return Wording(
        terms=Funding(funded_minor=funded_minor, notice_share=notice_share),
        line_id=line_id,
        text=(
            f"Limitation of funds. {money(funded_minor, currency=currency)} are allotted to "
            f"{scope}. The Supplier gives notice in writing when the cost incurred reaches "
            f"{notice_share:.0%} of them, and again after further funds are allotted."
        ),
    )


def word_key_personnel(approved: Sequence[ApprovedPerson]) -> Wording:
    """Only people whom the client approved work."""
    names = ", ".join(dict.fromkeys(one.person_id for one in approved))
    return Wording(
        terms=KeyPersonnel(approved=tuple(approved)),
        text=(
            f"Key personnel. Only the following persons are billable, each for the days listed in "
            f"Annex B: {names}. A substitute needs the Client's approval."
        ),
    )


def word_schedule(
    milestones: Sequence[PlannedMilestone],
    *,
    retainage: float,
    advance_minor: int,
    currency: str,
    line_id: str,
) -> Wording:
    """What each milestone of a line bills."""
    return Wording(
        terms=BillingSchedule(
            milestones=tuple(milestones), retainage=retainage, advance_minor=advance_minor
        ),
        line_id=line_id,
        text=(
            f"Billing schedule. Line {line_id} is invoiced in {len(milestones)} milestones as in "
            f"Annex C, each less {retainage:.0%} retainage and its part of the advance of "
            f"{money(advance_minor, currency=currency)}."
        ),
    )


def word_damages(daily_minor: int, *, cap_minor: int, grace_days: int, currency: str) -> Wording:
    """What a late milestone costs."""
    return Wording(
        terms=LiquidatedDamages(
            daily_minor=daily_minor, cap_minor=cap_minor, grace_days=grace_days
        ),
        text=(
            f"Liquidated damages. A milestone accepted more than {grace_days} days after its due "
            f"day costs {money(daily_minor, currency=currency)} for each further day, up to "
            f"{money(cap_minor, currency=currency)}."
        ),
    )


def word_progress(tolerance: float, *, line_id: str) -> Wording:
    """No more is billed than was earned."""
    return Wording(
        terms=ProgressBilling(tolerance=tolerance),
        line_id=line_id,
        text=(
            f"Progress. The milestones invoiced on line {line_id} shall not exceed the progress "
            f"measured, with a tolerance of {tolerance:.0%} of its value."
        ),
    )
