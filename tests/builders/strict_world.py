"""A world in which every kind of clause binds, so that any slip of an item breaks some rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from data.schemas.clauses import (
    Acceptance,
    ApprovalTerms,
    ApprovedPerson,
    BillingCutOff,
    BillingGuidelines,
    BillingIncrement,
    BillingSchedule,
    ChangeControl,
    Deliverables,
    DoubleBilling,
    Escalation,
    Exclusions,
    ExpenseSubstantiation,
    ExpenseTerms,
    Funding,
    KeyPersonnel,
    LaborCategoryHours,
    LaborQualifications,
    LiquidatedDamages,
    Materials,
    NotToExceed,
    Overtime,
    OvertimePeriod,
    PerDiem,
    PeriodOfPerformance,
    PlannedMilestone,
    ProgressBilling,
    Qualification,
    RateSchedule,
    Rounding,
    StaffingPlan,
    Timekeeping,
    TimelyBilling,
    TravelPolicy,
    WorkingCalendarTerms,
    WorkingTime,
    WorkScope,
)
from data.schemas.contracts import (
    ChangeOrder,
    Clause,
    Contract,
    ContractLine,
    CustomerShare,
    Notice,
    NoticeKind,
)
from data.schemas.people import Degree, Progress, Task
from data.schemas.reference import Reference
from data.schemas.regions import BillingPractice
from data.schemas.vocabulary import ChangeOrderStatus
from tests.builders.calendars import calendar, leave, overtime
from tests.builders.contracts import (
    SIGNED,
    assignment,
    change_order,
    clause,
    client,
    contract,
    manager,
    person,
    project,
    rate,
    reference,
)
from tests.builders.expenses import preapproval, trip
from tests.builders.items import MONDAY

WEDNESDAY, THURSDAY, LAST_DAY = (MONDAY + timedelta(days=days) for days in (2, 3, 7))
LINE_VALUE_MINOR = 30_000_00
SHARES = (
    CustomerShare(client_id="acme", share=0.3333),
    CustomerShare(client_id="beta", share=0.6667),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strictness:
    """What differs from one strict world to another."""

    limit_minor: int = 1_000_00
    """The narrowest ceiling; the wider ones and the funds are multiples of it."""
    overtime_period: OvertimePeriod = OvertimePeriod.DAY
    rounding: Rounding = Rounding.NEAREST
    has_increment: bool = True
    """Else the client's practice holds."""
    is_scope_listed: bool = True
    is_forfeit_when_late: bool = False
    is_deemed_after_window: bool = False
    is_client_asked: bool = False
    noticed_on: date | None = None


def strict_world(how: Strictness | None = None) -> Reference:
    """Give two contracts under every kind of clause, and people who meet a part of what is asked.

    Ada is qualified, approved and assigned; Bob half of it; Eve is not known at all.
    """
    how = how or Strictness()
    return reference(
        _contract("C-1", how),
        _contract("C-2", how),
        clients=(client(practice=BillingPractice(increment_minutes=6)), client(id="beta")),
        people=(
            person(calendar_id="AT", degree=Degree.MASTER, professional_since=date(2015, 1, 1)),
            person(id="bob", name="Bob", calendar_id="AT"),
            manager(),
        ),
        projects=(
            project(
                tasks=(*project().tasks, Task(id="T-9", name="More", is_in_scope=False)),
                progress=(Progress(as_of=SIGNED, earned=0.3),),
            ),
        ),
        assignments=(
            assignment(planned_minutes=1_200),
            assignment(id="A-2", person_id="bob", task_id="T-1", planned_minutes=400),
        ),
        calendars=(calendar(free_days=(MONDAY + timedelta(days=1),)),),
        leave=(leave(start=WEDNESDAY, minutes_per_day=240),),
        overtime_approvals=(overtime(start=THURSDAY, minutes_per_day=60),),
        trips=(trip(),),
        preapprovals=(preapproval(),),
    )


def _contract(name: str, how: Strictness) -> Contract:
    return contract(
        id=name,
        lines=(
            ContractLine(
                id="L-1",
                project_id="P-1",
                name="Build",
                value_minor=LINE_VALUE_MINOR,
                customers=SHARES,
            ),
            ContractLine(id="L-2", project_id="P-1", name="Run", value_minor=LINE_VALUE_MINOR),
        ),
        clauses=tuple(_named(name, _clauses(how))),
        rate_card=tuple(rate(line_id=line, **row) for line in ("L-1", "L-2") for row in _RATES),
        change_orders=tuple(_change_orders(name, how)),
        notices=(
            ()
            if how.noticed_on is None
            else (Notice(kind=NoticeKind.FUNDING, given_on=how.noticed_on),)
        ),
    )


_RATES = (
    {"hourly_rate_minor": 11_000, "valid_to": WEDNESDAY},
    {"valid_from": THURSDAY},
    {"hourly_rate_minor": 12_500, "location": "onsite"},
    {"hourly_rate_minor": 9_000, "labor_category": "junior"},
)


def _clauses(how: Strictness) -> list[Clause]:
    return [*_of_money(how), *_of_people(how), *_of_time(how), *_of_the_rest(how)]


def _named(contract_id: str, clauses: list[Clause]) -> list[Clause]:
    """The same clauses with names that no other contract has."""
    return [
        one.model_copy(update={"id": f"{contract_id}-{place:02d}-{one.terms.kind}"})
        for place, one in enumerate(clauses)
    ]


def _of_money(how: Strictness) -> list[Clause]:
    limit = how.limit_minor
    return [
        clause(NotToExceed(limit_minor=4 * limit, soft_limit_minor=2 * limit)),
        clause(NotToExceed(limit_minor=2 * limit, soft_limit_minor=limit), line_id="L-1"),
        clause(NotToExceed(limit_minor=2 * limit, soft_limit_minor=limit, client_id="acme")),
        clause(NotToExceed(limit_minor=limit, client_id="beta"), line_id="L-1"),
        clause(Funding(funded_minor=3 * limit)),
        clause(Funding(funded_minor=limit, notice_share=0.85), line_id="L-2"),
        clause(RateSchedule()),
        clause(Escalation()),
    ]


def _of_people(how: Strictness) -> list[Clause]:
    asked = Qualification(labor_category="engineer", min_degree=Degree.BACHELOR, min_years=5)
    approved = (
        ApprovedPerson(person_id="ada", start=SIGNED),
        ApprovedPerson(person_id="bob", start=SIGNED, end=WEDNESDAY),
    )
    return [
        clause(LaborQualifications(categories=(asked,))),
        clause(KeyPersonnel(approved=approved)),
        clause(StaffingPlan(effort_tolerance=0.1)),
        clause(LaborCategoryHours(labor_category="engineer", cap_minutes=900)),
        clause(WorkingTime(max_daily_minutes=600)),
        clause(Overtime(period=how.overtime_period)),
        clause(WorkingCalendarTerms()),
    ]


def _of_time(how: Strictness) -> list[Clause]:
    increment = BillingIncrement(increment_minutes=15, rounding=how.rounding)
    return [
        clause(PeriodOfPerformance(start=MONDAY, end=LAST_DAY)),
        clause(Timekeeping()),
        clause(DoubleBilling()),
        clause(
            TimelyBilling(
                late_days=14, cut_off_day=5, is_forfeit_when_late=how.is_forfeit_when_late
            )
        ),
        clause(BillingCutOff(tolerance_minutes=60)),
        clause(BillingGuidelines(min_words=2, banned_phrases=("various tasks",))),
        clause(Exclusions(activities=("training",))),
        clause(WorkScope(task_ids=("T-1", "T-2") if how.is_scope_listed else ())),
        *([clause(increment)] if how.has_increment else []),
        clause(ApprovalTerms(is_client_sign_off_required=how.is_client_asked)),
    ]


def _of_the_rest(how: Strictness) -> list[Clause]:
    planned = tuple(
        PlannedMilestone(milestone_id=f"MS-{place}", amount_minor=15_000_00) for place in range(2)
    )
    terms: tuple[Any, ...] = (
        ExpenseSubstantiation(receipt_threshold_minor=75_00),
        TravelPolicy(rates=(PerDiem(place="graz", daily_minor=50_00, valid_from=SIGNED),)),
        ExpenseTerms(excluded_categories=("alcohol",), preapproval_above_minor=200_00),
        Materials(markup=0.1, cap_minor=400_00),
        Acceptance(is_deemed_after_window=how.is_deemed_after_window),
        Deliverables(),
        BillingSchedule(milestones=planned, retainage=0.1),
        LiquidatedDamages(daily_minor=10_00, cap_minor=500_00),
        ProgressBilling(),
        ChangeControl(),
    )
    return [clause(one) for one in terms]


def _change_orders(contract_id: str, how: Strictness) -> list[ChangeOrder]:
    """One that brings money, time and a task; drafts; one without funds; one that restates."""
    restated = [
        clause(WorkingTime(max_daily_minutes=480)),
        clause(BillingCutOff(tolerance_minutes=120)),
        clause(ApprovalTerms(is_client_sign_off_required=True)),
    ]
    wider = clause(NotToExceed(limit_minor=3 * how.limit_minor), line_id="L-1")
    return [
        change_order(
            delta_value_minor=how.limit_minor,
            delta_funded_minor=how.limit_minor,
            new_period_end=LAST_DAY + timedelta(days=1),
            task_ids=("T-9",),
        ),
        change_order(id="CO-2", status=ChangeOrderStatus.DRAFT, delta_value_minor=9_000_00),
        change_order(id="CO-3", line_id="L-1", delta_value_minor=-how.limit_minor // 2),
        change_order(
            id="CO-4",
            effective_on=THURSDAY,
            clauses=tuple(_named(f"{contract_id}-CO-4", [*restated, wider])),
        ),
    ]
