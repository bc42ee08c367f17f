"""What clauses say: typed terms for each kind, with the unit of every figure in its name.

To add a kind: a word in `ClauseKind`, a class here, a place in `ClauseTerms`, and the rule that
reads it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data.schemas.people import Degree
from data.schemas.values import (
    Days,
    Identifier,
    LocalDate,
    MinorUnits,
    Minutes,
    Name,
    PlannedMinutes,
    Probability,
    Record,
)
from data.schemas.vocabulary import ClauseKind


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
    """The total billed stays within this.

    The level is the line's customer with a line and a client, the line with a line alone, the
    customer with a client alone, and the whole contract with neither.
    """

    kind: Literal[ClauseKind.NOT_TO_EXCEED] = ClauseKind.NOT_TO_EXCEED
    limit_minor: MinorUnits
    """The hard limit: nothing above it is payable."""
    soft_limit_minor: MinorUnits | None = None
    """Each crossing of it is told once, and told again after money fell below it."""
    client_id: Identifier | None = None

    @model_validator(mode="after")
    def _soft_below_hard(self) -> NotToExceed:
        if self.soft_limit_minor is not None and self.soft_limit_minor > self.limit_minor:
            raise ValueError(
                f"soft_limit_minor {self.soft_limit_minor} lies above limit_minor "
                f"{self.limit_minor}; a warning comes before the limit"
            )
        return self


class Funding(Record):
    """Notice is given when money used reaches a share of the funds.

    0.75 under a limitation of funds (FAR 52.232-22), 0.85 under time and materials (52.232-7).
    """

    kind: Literal[ClauseKind.FUNDING] = ClauseKind.FUNDING
    funded_minor: MinorUnits
    notice_share: Probability = 0.75
    forecast_days: Days = 60


class LaborCategoryHours(Record):
    """Hours of one labor category over the life of the line."""

    kind: Literal[ClauseKind.LABOR_CATEGORY_HOURS] = ClauseKind.LABOR_CATEGORY_HOURS
    labor_category: Identifier
    cap_minutes: PlannedMinutes


class RateSchedule(Record):
    """Hours are billed at the rate card in force on the work date."""

    kind: Literal[ClauseKind.RATE_SCHEDULE] = ClauseKind.RATE_SCHEDULE


class Qualification(Record):
    """What a person must have to be billed in a labor category."""

    labor_category: Identifier
    min_degree: Degree = Degree.NONE
    min_years: Annotated[int, Field(ge=0, le=60)] = 0
    certificates: tuple[Name, ...] = ()


class LaborQualifications(Record):
    """Who may be billed in which labor category; a category not listed asks for nothing."""

    kind: Literal[ClauseKind.LABOR_QUALIFICATIONS] = ClauseKind.LABOR_QUALIFICATIONS
    categories: Annotated[tuple[Qualification, ...], Field(min_length=1)]


class Escalation(Record):
    """A new version of the rate card takes the place of the one before from its first day on."""

    kind: Literal[ClauseKind.ESCALATION] = ClauseKind.ESCALATION


class ApprovedPerson(Record):
    """Somebody the client approved, on `start` to `end`, both included; open without an end."""

    person_id: Identifier
    start: LocalDate
    end: LocalDate | None = None


class KeyPersonnel(Record):
    """Only the people on this list may be billed."""

    kind: Literal[ClauseKind.KEY_PERSONNEL] = ClauseKind.KEY_PERSONNEL
    approved: tuple[ApprovedPerson, ...]


class StaffingPlan(Record):
    """Only people assigned to the project on the work date are billable, within their effort."""

    kind: Literal[ClauseKind.STAFFING_PLAN] = ClauseKind.STAFFING_PLAN
    effort_tolerance: Probability = 0.0
    """Share by which the planned minutes of an assignment may be exceeded."""


class WorkingTime(Record):
    """Hours of one person on one day."""

    kind: Literal[ClauseKind.WORKING_TIME] = ClauseKind.WORKING_TIME
    max_daily_minutes: Minutes


class OvertimePeriod(StrEnum):
    """Over which span hours are compared with capacity."""

    DAY = "day"
    WEEK = "week"


class Overtime(Record):
    """Hours above the capacity of the person's calendar need an approval."""

    kind: Literal[ClauseKind.OVERTIME] = ClauseKind.OVERTIME
    period: OvertimePeriod = OvertimePeriod.DAY


class WorkingCalendarTerms(Record):
    """No more is billed on leave and holidays than remains of the day's capacity."""

    kind: Literal[ClauseKind.WORKING_CALENDAR] = ClauseKind.WORKING_CALENDAR


class Timekeeping(Record):
    """Time is recorded when it is worked: no two places at once, nothing in advance."""

    kind: Literal[ClauseKind.TIMEKEEPING] = ClauseKind.TIMEKEEPING


class DoubleBilling(Record):
    """The same work is billed once."""

    kind: Literal[ClauseKind.DOUBLE_BILLING] = ClauseKind.DOUBLE_BILLING


class TimelyBilling(Record):
    """Time is submitted within `late_days` of the work date; after that it may be forfeit.

    `annual_cost_of_capital` prices the wait where late time is still payable.
    """

    kind: Literal[ClauseKind.TIMELY_BILLING] = ClauseKind.TIMELY_BILLING
    late_days: Days
    cut_off_day: Annotated[int, Field(ge=1, le=28)] | None = None
    """Last day of the following month on which a month's work may come in, both by local date."""
    is_forfeit_when_late: bool = False
    annual_cost_of_capital: Probability = 0.08


class BillingCutOff(Record):
    """At the cut-off all time of the period is recorded, within a tolerance.

    The share prices missing hours: 0.698 is the mean billable utilisation over five years in the
    SPI benchmark of 2026.
    """

    kind: Literal[ClauseKind.BILLING_CUT_OFF] = ClauseKind.BILLING_CUT_OFF
    tolerance_minutes: PlannedMinutes = 0
    expected_billable_share: Probability = 0.698


class BillingGuidelines(Record):
    """What a narrative must say, and how long one entry may be."""

    kind: Literal[ClauseKind.BILLING_GUIDELINES] = ClauseKind.BILLING_GUIDELINES
    min_words: Annotated[int, Field(ge=0, le=100)] = 0
    banned_phrases: tuple[Name, ...] = ()
    rejection_probability: Probability = 0.25
    """How often the client rejects a line with a poor narrative."""
    block_minutes: Minutes | None = None
    """An entry longer than this names one activity alone."""
    block_haircut: Probability = 0.2
    """The share that clients take off lumped entries."""


class Exclusions(Record):
    """Activities that are worked and never billed."""

    kind: Literal[ClauseKind.EXCLUSIONS] = ClauseKind.EXCLUSIONS
    activities: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class WorkScope(Record):
    """Only tasks of the statement of work, or of an executed change order, are billable."""

    kind: Literal[ClauseKind.SCOPE] = ClauseKind.SCOPE
    task_ids: tuple[Identifier, ...] = ()
    """Tasks in scope; with none listed, the tasks that the project marks as in scope."""


class Rounding(StrEnum):
    """Where minutes between two increments go; `nearest` takes the half up."""

    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


class BillingIncrement(Record):
    """Minutes are billed in whole increments."""

    kind: Literal[ClauseKind.BILLING_INCREMENT] = ClauseKind.BILLING_INCREMENT
    increment_minutes: Annotated[int, Field(ge=1, le=60)]
    rounding: Rounding = Rounding.NEAREST


class ApprovalTerms(Record):
    """A manager other than the submitter signs; some clients countersign."""

    kind: Literal[ClauseKind.APPROVAL] = ClauseKind.APPROVAL
    is_client_sign_off_required: bool = False


class PaymentTerms(Record):
    """How long the client may dispute, and what waiting for the money costs."""

    kind: Literal[ClauseKind.PAYMENT] = ClauseKind.PAYMENT
    dispute_window_days: Days = 90
    annual_cost_of_capital: Probability = 0.08


class ExpenseSubstantiation(Record):
    """An expense of this much or more, in the contract's currency, carries a receipt."""

    kind: Literal[ClauseKind.EXPENSE_SUBSTANTIATION] = ClauseKind.EXPENSE_SUBSTANTIATION
    receipt_threshold_minor: MinorUnits


class PerDiem(Record):
    """What a day at a place may cost, from `valid_from` to `valid_to` included."""

    place: Identifier
    daily_minor: MinorUnits
    valid_from: LocalDate
    valid_to: LocalDate | None = None


class TravelPolicy(Record):
    """Expenses of these categories are paid up to a daily rate; travel days give a share of it.

    Three quarters on the first and last day is the rule of the US federal travel regulation,
    41 CFR 301-11.101.
    """

    kind: Literal[ClauseKind.TRAVEL_POLICY] = ClauseKind.TRAVEL_POLICY
    categories: Annotated[tuple[Identifier, ...], Field(min_length=1)] = ("per_diem",)
    rates: Annotated[tuple[PerDiem, ...], Field(min_length=1)]
    travel_day_share: Probability = 0.75


class ExpenseTerms(Record):
    """Which expenses are reimbursed, and which need the client's word beforehand."""

    kind: Literal[ClauseKind.EXPENSES] = ClauseKind.EXPENSES
    excluded_categories: tuple[Identifier, ...] = ()
    preapproval_above_minor: MinorUnits | None = None
    """An expense above this, in the contract's currency, needs a pre-approval."""


class Materials(Record):
    """Expenses are billed at cost and a markup, and up to a cap over the life of the line."""

    kind: Literal[ClauseKind.MATERIALS] = ClauseKind.MATERIALS
    markup: Annotated[float, Field(ge=0.0, le=5.0)] = 0.0
    cap_minor: MinorUnits | None = None


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


class PlannedMilestone(Record):
    """A milestone as the schedule has it."""

    milestone_id: Identifier
    """The milestone's external id."""
    amount_minor: MinorUnits


class BillingSchedule(Record):
    """The milestones of a line: they add up to its value, and each is billed as scheduled."""

    kind: Literal[ClauseKind.BILLING_SCHEDULE] = ClauseKind.BILLING_SCHEDULE
    milestones: Annotated[tuple[PlannedMilestone, ...], Field(min_length=1)]
    retainage: Probability = 0.0
    """Share kept back by the client until the end."""
    advance_minor: MinorUnits = 0
    """Paid in advance and taken off the milestones, each in proportion to its amount."""


class LiquidatedDamages(Record):
    """What each day of delay costs after the due day and its grace, up to a cap."""

    kind: Literal[ClauseKind.LIQUIDATED_DAMAGES] = ClauseKind.LIQUIDATED_DAMAGES
    daily_minor: MinorUnits
    cap_minor: MinorUnits
    grace_days: Days = 0


class ProgressBilling(Record):
    """No more of the line is billed than was earned."""

    kind: Literal[ClauseKind.PROGRESS_BILLING] = ClauseKind.PROGRESS_BILLING
    tolerance: Probability = 0.0


class ChangeControl(Record):
    """Work under a change order is payable once the order is executed and brings its funds."""

    kind: Literal[ClauseKind.CHANGE_CONTROL] = ClauseKind.CHANGE_CONTROL


ClauseTerms = Annotated[
    PeriodOfPerformance
    | NotToExceed
    | Funding
    | LaborCategoryHours
    | RateSchedule
    | LaborQualifications
    | Escalation
    | KeyPersonnel
    | StaffingPlan
    | WorkingTime
    | Overtime
    | WorkingCalendarTerms
    | Timekeeping
    | DoubleBilling
    | TimelyBilling
    | BillingCutOff
    | BillingGuidelines
    | Exclusions
    | WorkScope
    | BillingIncrement
    | ApprovalTerms
    | PaymentTerms
    | ExpenseSubstantiation
    | TravelPolicy
    | ExpenseTerms
    | Materials
    | Acceptance
    | Deliverables
    | BillingSchedule
    | LiquidatedDamages
    | ProgressBilling
    | ChangeControl,
    Field(discriminator="kind"),
]
