"""Building blocks of every record: strict values with their unit in the name and bounds on each."""

from __future__ import annotations

import unicodedata
import zoneinfo
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MINUTES_PER_DAY = 24 * 60
MAX_TEXT = 4_000
MAX_MINOR_UNITS = 10**13
"""One hundred billion in a two-digit currency: beyond it a figure is a typing error."""
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)

ISO_4217_DIGITS = {
    "AED": 2, "AUD": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0, "CNY": 2, "CZK": 2, "DKK": 2,
    "EUR": 2, "GBP": 2, "HKD": 2, "HUF": 2, "ILS": 2, "INR": 2, "ISK": 0, "JPY": 0, "KRW": 0,
    "KWD": 3, "MXN": 2, "NOK": 2, "NZD": 2, "PLN": 2, "RON": 2, "SAR": 2, "SEK": 2, "SGD": 2,
    "THB": 2, "TND": 3, "TRY": 2, "USD": 2, "ZAR": 2,
}  # fmt: skip
"""Currencies a contract may be written in, with their minor-unit digits (ISO 4217)."""


class Record(BaseModel):
    """A fact: frozen, strict, and closed to fields nobody declared."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", allow_inf_nan=False, ser_json_inf_nan="constants"
    )


class ContradictionError(ValueError):
    """A record whose fields contradict each other; says which one, and what stands there."""

    def __init__(self, reason: str, *, field: str, value: object) -> None:
        super().__init__(reason)
        self.field = field
        self.value = value


def _plain(text: str) -> str:
    """Refuse characters that hide or reorder text; keep what people type, in Unicode form C."""
    # Printable text holds none of them: most text is spared the walk.
    if text.isprintable():
        return unicodedata.normalize("NFC", text)
    for char in text:
        category = unicodedata.category(char)
        if category in {"Cc", "Cf", "Cs", "Co"} and char not in "\n\t\u200d":
            raise ValueError(f"contains the hidden character U+{ord(char):04X}; remove it")
    return unicodedata.normalize("NFC", text)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("has no time zone; write an offset, for example 2026-03-02T09:00:00Z")
    if not EARLIEST <= moment.date() <= LATEST:
        raise ValueError(f"lies outside {EARLIEST} to {LATEST}")
    return moment.astimezone(UTC)


def _sensible_date(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"lies outside {EARLIEST} to {LATEST}")
    return day


def _currency(code: str) -> str:
    if code not in ISO_4217_DIGITS:
        raise ValueError("is not a known ISO 4217 currency code; use three capitals such as EUR")
    return code


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _zone(name: str) -> str:
    if name not in _zone_names():
        raise ValueError("is not an IANA time zone; use a name such as Europe/Vienna")
    return name


def _country(code: str) -> str:
    if len(code) != 2 or not code.isascii() or not code.isupper():  # noqa: PLR2004 - ISO 3166-1
        raise ValueError("is not an ISO 3166-1 country code; use two capitals such as DE")
    return code


Identifier = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
SourceName = Annotated[str, Field(min_length=1, max_length=50), AfterValidator(_plain)]
ExternalId = Annotated[str, Field(min_length=1, max_length=149), AfterValidator(_plain)]
"""With a source and a colon before it, still an Identifier."""
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_plain)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Minutes = Annotated[int, Field(ge=0, le=MINUTES_PER_DAY)]
"""Minutes of one day."""
PlannedMinutes = Annotated[int, Field(ge=0, le=MINUTES_PER_DAY * 366 * 100)]
MinorUnits = Annotated[int, Field(ge=0, le=MAX_MINOR_UNITS)]
"""Money in the currency's smallest unit."""
SignedMinorUnits = Annotated[int, Field(ge=-MAX_MINOR_UNITS, le=MAX_MINOR_UNITS)]
"""Exposure: above zero is risk (billed, may be clawed back), below zero is leak (not billed)."""
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Days = Annotated[int, Field(ge=0, le=36_500)]
UtcTime = Annotated[datetime, AfterValidator(_aware)]
LocalDate = Annotated[date, AfterValidator(_sensible_date)]
Currency = Annotated[str, AfterValidator(_currency)]
Zone = Annotated[str, AfterValidator(_zone)]
Country = Annotated[str, AfterValidator(_country)]


def refuse_disorder(start: date, end: date) -> None:
    """Refuse a span that ends before it starts. Raises ContradictionError."""
    if end < start:
        raise ContradictionError(
            f"lies before start {start}; both days are included", field="end", value=str(end)
        )


def amount_minor(*, minutes: int, rate_minor: int) -> int:
    """Money for `minutes` at `rate_minor` an hour, rounded half up once, on the line.

    A total is the sum of rounded lines, never the rounded sum.
    """
    return (minutes * rate_minor * 2 + 60) // 120


def minor_per_major(currency: str) -> int:
    """How many minor units make one unit of the currency: 100 for EUR, 1 for JPY."""
    factor: int = 10 ** ISO_4217_DIGITS[currency]
    return factor
