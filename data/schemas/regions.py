"""What differs by region and client: increments, tax, e-invoice references, targets. All data."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from data.schemas.calendars import Subdivision
from data.schemas.values import (
    Country,
    Currency,
    Identifier,
    LocalDate,
    Name,
    Probability,
    Record,
    Zone,
)


class ReferenceNeeded(StrEnum):
    """What an invoice must carry so that the buyer can route it."""

    NONE = "none"
    BUYER_REFERENCE = "buyer_reference"
    PURCHASE_ORDER = "purchase_order"
    EITHER = "either"
    """A buyer reference or a purchase order (PEPPOL-EN16931-R003)."""


class TaxCode(Record):
    """A tax that may stand on a line, from `valid_from` to `valid_to` included."""

    code: Identifier
    rate: Annotated[float, Field(ge=0.0, le=1.0)]
    valid_from: LocalDate
    valid_to: LocalDate | None = None


class BillingPractice(Record):
    """How bills are made: what a client leaves out, its region says."""

    increment_minutes: Annotated[int, Field(ge=1, le=60)] | None = None
    """Billing increment where the contract names none."""
    einvoice_scheme: Name | None = None
    reference_needed: ReferenceNeeded | None = None
    is_period_needed: bool | None = None
    """The invoice names its billing period (BT-73 and BT-74 of EN 16931)."""
    tax_codes: tuple[TaxCode, ...] | None = None
    """Tax codes that may stand on a line; any, or none at all, without a list."""


class Region(Record):
    """Where people work and clients are billed: a country, or a part of one."""

    id: Identifier
    """`AT` for a country, `AT-9` for a part of it."""
    name: Name
    country: Country
    subdivision: Subdivision | None = None
    currency: Currency
    zone: Zone
    calendar_id: Identifier
    utilisation_target: Probability = 0.75
    practice: BillingPractice = BillingPractice()
