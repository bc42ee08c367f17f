"""What a generated firm consists of, and what is true of each of its items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem
from data.schemas.questions import Question
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


class DriftKind(StrEnum):
    """Ways in which a firm of today stops being the firm of yesterday."""

    NEW_CLIENT = "new_client"
    NEW_RATE_CARD = "new_rate_card"
    NEW_FAULT_KIND = "new_fault_kind"
    SLOWER_APPROVALS = "slower_approvals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One thing that changes for good with the first day of a month of the firm's time."""

    kind: DriftKind
    month: int
    """Counted from one."""


class DriftOutsideFirmError(ValueError):
    """A change is asked for in a month that the firm does not have."""

    def __init__(self, *, month: int, months: int) -> None:
        self.month, self.months = month, months
        super().__init__(
            f"a change in month {month} of a firm of {months} months cannot happen: "
            f"name a month from 1 to {months}"
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
    drift: tuple[Drift, ...] = ()
    practice: str = ""
    """What every id begins with, so that those of two practices never collide."""

    def __post_init__(self) -> None:
        fewest = {"people": FEWEST_PEOPLE, "clients": 1, "contracts": 1, "months": 1}
        for field, least in fewest.items():
            asked = getattr(self, field)
            if asked < least:
                raise FirmTooSmallError(field=field, asked=asked, fewest=least)
        for one in self.drift:
            if not 1 <= one.month <= self.months:
                raise DriftOutsideFirmError(month=one.month, months=self.months)


class FaultKind(StrEnum):
    """Faults that no rule can prove: only reading the item against its history shows them."""

    MISCODED_PROJECT = "miscoded_project"
    NARRATIVE_INSUFFICIENT = "narrative_insufficient"
    NONBILLABLE_ACTIVITY = "nonbillable_activity"
    NEAR_DUPLICATE = "near_duplicate"
    INFLATED_HOURS = "inflated_hours"
    BLOCK_BILLING = "block_billing"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE_EXPENSE = "duplicate_expense"

    @property
    def question(self) -> Question | None:
        """What a model is asked about it; inflated hours show in the certified question only."""
        return _QUESTIONS.get(self)


_QUESTIONS = {
    FaultKind.MISCODED_PROJECT: Question.MISCODED_PROJECT,
    FaultKind.NARRATIVE_INSUFFICIENT: Question.NARRATIVE_INSUFFICIENT,
    FaultKind.NONBILLABLE_ACTIVITY: Question.NONBILLABLE_ACTIVITY,
    FaultKind.NEAR_DUPLICATE: Question.DUPLICATE_TIME,
    FaultKind.BLOCK_BILLING: Question.BLOCK_BILLING,
    FaultKind.OUT_OF_SCOPE: Question.OUT_OF_SCOPE,
    FaultKind.DUPLICATE_EXPENSE: Question.DUPLICATE_EXPENSE,
}


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

    `probabilities` are those the generator drew from, so that a model can be compared with the
    best possible one, and `answers` what came of them; both hold every question asked of the kind
    of item. `is_delayed` is drawn for every item; an item with nothing left to bill never appears
    on an invoice.
    """

    faults: tuple[Fault, ...]
    is_violation: bool
    hidden_violation: bool
    correct_minor: int
    is_delayed: bool
    probabilities: Mapping[Question, float]
    answers: Mapping[Question, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An item and when Countersign gets it: after every fact that the item carries."""

    item: AnyItem
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVerdict:
    """What the firm's own full review said of an item, and when that was known.

    An item that was reviewed twice, blindly, has two, by different raters.
    """

    item_id: str
    is_violation: bool
    found: tuple[ExceptionCode | FaultKind, ...]
    known_at: datetime
    rater: str = ""
    active_seconds: int = 0
    is_score_shown: bool = False


class Stage(StrEnum):
    """How far the firm is with a client about work that is not signed yet."""

    LEAD = "lead"
    QUALIFIED = "qualified"
    PROPOSED = "proposed"
    AGREED = "agreed"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """Work that may be sold: how likely, how much, from when, and whom it needs."""

    id: str
    client_id: str
    stage: Stage
    probability: float
    amount_minor: int
    expected_start: date
    duration_weeks: int
    roles: Mapping[str, float]
    """Full-time people by labor category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A whole firm: its master data, its items in order of arrival, its ledger and the truth."""

    reference: Reference
    submissions: tuple[Submission, ...]
    truth: Mapping[str, Truth]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    verdicts: tuple[PastVerdict, ...]
    disputes: tuple[Dispute, ...] = ()
    write_offs: tuple[WriteOff, ...] = ()
    opportunities: tuple[Opportunity, ...] = ()
