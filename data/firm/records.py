"""What a generated firm consists of, and what is true of each of its items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from data.schemas.billing import Invoice, Payment
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem
from data.schemas.reference import Reference

FEWEST_PEOPLE = 6
"""A partner, two managers and three who work: below that nobody can sign for anybody."""


class FirmTooSmallError(ValueError):
    """A firm of this size cannot work."""

    def __init__(self, *, field: str, asked: int, fewest: int) -> None:
        self.field, self.asked, self.fewest = field, asked, fewest
        super().__init__(
            f"a firm with {field}={asked} cannot work: ask for {field}={fewest} or more"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmSize:
    """How much firm to generate; the same size and seed give the same firm, byte for byte."""

    people: int = 60
    clients: int = 25
    contracts: int = 40
    months: int = 12
    seed: int = 7
    end: date = date(2026, 10, 31)
    """Last day of work; approvals and invoices of that work run on after it."""

    def __post_init__(self) -> None:
        fewest = {"people": FEWEST_PEOPLE, "clients": 1, "contracts": 1, "months": 1}
        for field, least in fewest.items():
            asked = getattr(self, field)
            if asked < least:
                raise FirmTooSmallError(field=field, asked=asked, fewest=least)


class FaultKind(StrEnum):
    """Faults that no rule can prove: only reading the item against its history shows them."""

    MISCODED_PROJECT = "miscoded_project"
    NARRATIVE_INSUFFICIENT = "narrative_insufficient"
    NONBILLABLE_ACTIVITY = "nonbillable_activity"
    NEAR_DUPLICATE = "near_duplicate"
    INFLATED_HOURS = "inflated_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with an item: the rows it stands on and its signed price.

    Above zero is risk (billed, may be clawed back), below zero is leak (not billed).
    """

    code: ExceptionCode | FaultKind
    row_ids: tuple[str, ...]
    exposure_minor: int

    @property
    def is_hidden(self) -> bool:
        """True for a fault that no rule can prove."""
        return isinstance(self.code, FaultKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of one item, known to the generator only.

    The two probabilities are those the generator drew from, so that a model can be compared with
    the best possible one. `is_delayed` is drawn for every item; an item with nothing left to bill
    never appears on an invoice.
    """

    faults: tuple[Fault, ...]
    is_violation: bool
    hidden_violation: bool
    correct_minor: int
    is_delayed: bool
    hidden_violation_probability: float
    delay_probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An item and when Countersign gets it: after every fact that the item carries."""

    item: AnyItem
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVerdict:
    """What the firm's own full review said of an item, and when that was known."""

    item_id: str
    is_violation: bool
    found: tuple[ExceptionCode | FaultKind, ...]
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A whole firm: its master data, its items in order of arrival, its ledger and the truth."""

    reference: Reference
    submissions: tuple[Submission, ...]
    truth: Mapping[str, Truth]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    verdicts: tuple[PastVerdict, ...]
