"""Contracts as data: typed clauses, effective-dated, each with its text and where it stands."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from data.schemas.values import (
    Country,
    Currency,
    Days,
    Identifier,
    LocalDate,
    MinorUnits,
    Minutes,
    Name,
    PlannedMinutes,
    Probability,
    Record,
    Sha256,
    SignedMinorUnits,
    Text,
    UtcTime,
)
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind, ContractType


class Client(Record):
    """Who is billed, and how they pay."""

    id: Identifier
    name: Name
    country: Country
    currency: Currency
    payment_terms_days: Days = 30
    purchase_order_required: bool = False


class PeriodOfPerformance(Record):
    """Work is billable on `start` to `end`, both included."""

    kind: Literal[ClauseKind.PERIOD_OF_PERFORMANCE] = ClauseKind.PERIOD_OF_PERFORMANCE
    start: LocalDate
    end: LocalDate

    @model_validator(mode="after")
    def _ordered(self) -> PeriodOfPerformance:
        if self.end < self.start:
            raise ValueError(f"end {self.end} lies before start {self.start}")
        return self


class NotToExceed(Record):
    """The total billed under the line (or the whole contract, without a line) stays within this."""

    kind: Literal[ClauseKind.NOT_TO_EXCEED] = ClauseKind.NOT_TO_EXCEED
    limit_minor: MinorUnits


class LaborCategoryHours(Record):
    """Hours of one labor category over the life of the line."""

    kind: Literal[ClauseKind.LABOR_CATEGORY_HOURS] = ClauseKind.LABOR_CATEGORY_HOURS
    labor_category: Identifier
    cap_minutes: PlannedMinutes


class RateSchedule(Record):
    """Hours are billed at the rate card in force on the work date."""

    kind: Literal[ClauseKind.RATE_SCHEDULE] = ClauseKind.RATE_SCHEDULE


class StaffingPlan(Record):
    """Only people assigned to the project on the work date are billable."""

    kind: Literal[ClauseKind.STAFFING_PLAN] = ClauseKind.STAFFING_PLAN


class WorkingTime(Record):
    """Hours of one person on one day."""

    kind: Literal[ClauseKind.WORKING_TIME] = ClauseKind.WORKING_TIME
    max_daily_minutes: Minutes


class DoubleBilling(Record):
    """The same work is billed once."""

    kind: Literal[ClauseKind.DOUBLE_BILLING] = ClauseKind.DOUBLE_BILLING


class TimelyBilling(Record):
    """Time is submitted within `late_days` of the work date; after that it may be forfeit.

    `annual_cost_of_capital` prices the wait where late time is still payable.
    """

    kind: Literal[ClauseKind.TIMELY_BILLING] = ClauseKind.TIMELY_BILLING
    late_days: Days
    is_forfeit_when_late: bool = False
    annual_cost_of_capital: Probability = 0.08


class ApprovalTerms(Record):
    """A manager other than the submitter signs; some clients countersign."""

    kind: Literal[ClauseKind.APPROVAL] = ClauseKind.APPROVAL
    is_client_sign_off_required: bool = False


class Acceptance(Record):
    """The client accepts within a window, and we bill within `bill_within_days` of that."""

    kind: Literal[ClauseKind.ACCEPTANCE] = ClauseKind.ACCEPTANCE
    window_days: Days = 15
    is_deemed_after_window: bool = False
    bill_within_days: Days = 10
    is_lapsed_when_unbilled: bool = False
    annual_cost_of_capital: Probability = 0.08


class Deliverables(Record):
    """Everything the milestone requires is delivered, signed and free of open predecessors."""

    kind: Literal[ClauseKind.DELIVERABLES] = ClauseKind.DELIVERABLES


ClauseTerms = Annotated[
    PeriodOfPerformance
    | NotToExceed
    | LaborCategoryHours
    | RateSchedule
    | StaffingPlan
    | WorkingTime
    | DoubleBilling
    | TimelyBilling
    | ApprovalTerms
    | Acceptance
    | Deliverables,
    Field(discriminator="kind"),
]


class ClauseSource(Record):
    """Where a clause stands in the signed document."""

    document_sha256: Sha256
    page: Annotated[int, Field(ge=1)]
    char_start: Annotated[int, Field(ge=0)]
    char_end: Annotated[int, Field(ge=0)]


class Clause(Record):
    """One clause in force from `valid_from` to `valid_to` (both included; open without an end).

    Without `line_id` it governs every line of its contract; a line's own clause outranks it.
    """

    id: Identifier
    line_id: Identifier | None = None
    terms: ClauseTerms
    text: Text
    valid_from: LocalDate
    valid_to: LocalDate | None = None
    source: ClauseSource | None = None
    confidence: Probability = 1.0
    confirmed_by: Identifier | None = None


class RateCardRow(Record):
    """The hourly rate of a labor category on a line, from `valid_from` to `valid_to` included."""

    line_id: Identifier
    labor_category: Identifier
    hourly_rate_minor: MinorUnits
    valid_from: LocalDate
    valid_to: LocalDate | None = None


class ChangeOrder(Record):
    """An amendment; only an executed one moves the ceiling or the end of performance."""

    id: Identifier
    line_id: Identifier | None = None
    number: Name
    status: ChangeOrderStatus
    effective_on: LocalDate
    delta_value_minor: SignedMinorUnits = 0
    new_period_end: LocalDate | None = None
    scope: Text = ""


class ContractLine(Record):
    """One billable strand of a contract, tied to one project."""

    id: Identifier
    project_id: Identifier
    name: Name
    value_minor: MinorUnits = 0
    purchase_order: Identifier | None = None


class Contract(Record):
    """The machine-readable terms of one contract, as known at `recorded_at`."""

    id: Identifier
    client_id: Identifier
    name: Name
    type: ContractType
    currency: Currency
    signed_on: LocalDate
    recorded_at: UtcTime
    lines: Annotated[tuple[ContractLine, ...], Field(min_length=1)]
    clauses: tuple[Clause, ...] = ()
    rate_card: tuple[RateCardRow, ...] = ()
    change_orders: tuple[ChangeOrder, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Contract:
        lines = [line.id for line in self.lines]
        _refuse_repeats("lines", lines)
        _refuse_repeats("clauses", [clause.id for clause in self.clauses])
        known = set(lines)
        named = [
            *(clause.line_id for clause in self.clauses),
            *(row.line_id for row in self.rate_card),
            *(order.line_id for order in self.change_orders),
        ]
        for line_id in named:
            if line_id is not None and line_id not in known:
                raise ValueError(f"line_id {line_id!r} is not a line of this contract")
        return self


def _refuse_repeats(field: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise ValueError(f"{field} has the id {name!r} twice; ids are unique")
        seen.add(name)
