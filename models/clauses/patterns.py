"""Amounts, dates, shares and spans of time as contracts write them, as typed values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from data.schemas.values import EARLIEST, ISO_4217_DIGITS, LATEST, MAX_MINOR_UNITS, minor_per_major

HOURS_A_DAY = 24


class TimeUnit(StrEnum):
    """What a span of time counts."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Money, and where it stands in the text."""

    minor: int
    currency: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A percentage as a share of one."""

    share: float
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A count of units of time; `count` may have decimals (0.25 hours)."""

    count: Decimal
    unit: TimeUnit
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date, and where it stands in the text."""

    day: date
    start: int
    end: int


SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "US$": "USD", "$": "USD", "CHF": "CHF"}
WORDS = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pound": "GBP",
    "pounds": "GBP", "francs": "CHF", "yen": "JPY",
}  # fmt: skip
DOLLARS = frozenset({"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN"})
SCALES = {"thousand": 1_000, "k": 1_000, "million": 1_000_000, "m": 1_000_000}

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
"""Numbers that contracts spell out."""

# Bounded everywhere: a page of digits must not be tried at every length from every start.
_NUMBER = (
    r"(?<![\d.,])(?:\d{1,3}(?:[ '\u2019\u00a0\u202f]\d{3}){1,5}(?:[.,]\d{1,4})?"
    r"|\d[\d.,]{0,20}\d|\d)(?!\d)"
)
_SCALE = r"(?:\s?(?P<scale>thousand|million|k|m)\b)?"
_CODES = "|".join(ISO_4217_DIGITS)
_BEFORE = re.compile(
    rf"(?P<currency>\b(?:{_CODES})\b|US\$|[€£¥$])\s?(?P<number>{_NUMBER}){_SCALE}", re.IGNORECASE
)
_AFTER = re.compile(
    rf"(?P<number>{_NUMBER}){_SCALE}\s?(?P<currency>\b(?:{_CODES})\b|[€£¥]"
    rf"|\b(?:{'|'.join(WORDS)})\b)",
    re.IGNORECASE,
)


def amounts(text: str, *, currency: str) -> tuple[Amount, ...]:
    """Give the sums of money in a text; a bare dollar sign is the contract's, if that is one."""
    found: list[Amount] = []
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            amount = _amount(match, contract_currency=currency)
            if amount is not None and not any(_touch(amount, other) for other in found):
                found.append(amount)
    return tuple(sorted(found, key=lambda one: one.start))


def shares(text: str) -> tuple[Share, ...]:
    """Give the percentages in a text."""
    return tuple(
        Share(share=float(number / 100), start=match.start(), end=match.end())
        for match in _PERCENT.finditer(text)
        if (number := _number(match["number"])) is not None
    )


def spans(text: str, *units: TimeUnit) -> tuple[Span, ...]:
    """Give the spans of time in a text, in these units, or in any."""
    return tuple(one for one in _spans(text) if not units or one.unit in units)


def days_of(text: str) -> tuple[Day, ...]:
    """Give the dates in a text; one whose day and month could be swapped is left out."""
    found = []
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _DOTTED, _SLASHED):
        for match in pattern.finditer(text):
            day = _date(match)
            if day is not None:
                found.append(Day(day=day, start=match.start(), end=match.end()))
    return tuple(sorted(found, key=lambda one: one.start))


_PERCENT = re.compile(rf"(?P<number>{_NUMBER})\s?\)?\s?(?:%|per\s?cent\b)", re.IGNORECASE)

_SPAN = re.compile(
    rf"(?P<number>{_NUMBER}|\b(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})\b)"
    r"\)?[\s-]?(?:(?:calendar|business|working|billable|consecutive|full|clock)\s)?"
    r"(?P<unit>minute|hour|day|week|month)s?\b",
    re.IGNORECASE,
)
_FRACTIONS = (
    (re.compile(r"\bquarters?(?:\s|-)(?:of an\s)?hours?\b", re.IGNORECASE), Decimal(15)),
    (re.compile(r"\bhalf(?:\s|-)(?:an\s)?hours?\b", re.IGNORECASE), Decimal(30)),
    (re.compile(r"\b(?:one[\s-])?tenths? of an hour\b", re.IGNORECASE), Decimal(6)),
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sep sept", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_ISO = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b")
_DAY_FIRST = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s(?:day\s)?(?:of\s)?{_MONTH},?\s(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})\b", re.IGNORECASE
)
_DOTTED = re.compile(r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b")
_SLASHED = re.compile(r"\b(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})\b")


def _amount(match: re.Match[str], *, contract_currency: str) -> Amount | None:
    written = match["currency"]
    code = SYMBOLS.get(written.upper()) or WORDS.get(written.casefold()) or written.upper()
    if written == "$" and contract_currency in DOLLARS:
        code = contract_currency
    number = _number(match["number"])
    if number is None:
        return None
    scaled = number * SCALES.get((match["scale"] or "").casefold(), 1) * minor_per_major(code)
    if scaled != int(scaled) or scaled > MAX_MINOR_UNITS:
        return None
    return Amount(minor=int(scaled), currency=code, start=match.start(), end=match.end())


def _touch(one: Amount, other: Amount) -> bool:
    return one.start < other.end and other.start < one.end


def _number(written: str) -> Decimal | None:
    """Read 400,000.00, 400.000,00, 1'000 and 0.5: one mark before three digits is of thousands."""
    plain = re.sub(r"[ '\u2019\u00a0\u202f]", "", written).strip(".,")
    commas, dots = plain.count(","), plain.count(".")
    if commas and dots:
        decimal = "," if plain.rfind(",") > plain.rfind(".") else "."
        plain = plain.replace("." if decimal == "," else ",", "")
    elif commas or dots:
        mark = "," if commas else "."
        whole, _, rest = plain.partition(mark)
        is_thousands = commas + dots > 1 or (len(rest) == 3 and whole != "0")  # noqa: PLR2004
        decimal = "" if is_thousands else mark
        plain = plain.replace(mark, "") if is_thousands else plain
    else:
        decimal = ""
    try:
        return Decimal(plain.replace(decimal, ".") if decimal else plain)
    except InvalidOperation:
        return None


def _spans(text: str) -> Iterator[Span]:
    for match in _SPAN.finditer(text):
        written = match["number"].casefold()
        count = Decimal(NUMBER_WORDS[written]) if written in NUMBER_WORDS else _number(written)
        if count is not None:
            unit = TimeUnit(match["unit"].casefold())
            yield Span(count=count, unit=unit, start=match.start(), end=match.end())
    for pattern, minutes in _FRACTIONS:
        for match in pattern.finditer(text):
            yield Span(count=minutes, unit=TimeUnit.MINUTE, start=match.start(), end=match.end())


def _date(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        # 3/4/2026 is another day on either side of the Atlantic: nobody may guess.
        if (first > 12) == (second > 12) and first != second:  # noqa: PLR2004 - months of a year
            return None
        month, day = (second, first) if first > 12 else (first, second)  # noqa: PLR2004
    else:
        named = parts.get("name")
        month = _MONTHS[named.casefold()] if named else int(parts["month"])
        day = int(parts["day"])
    try:
        found = date(int(parts["year"]), month, day)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None
