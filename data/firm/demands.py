"""What clients demand beyond the ordinary, in words: the clauses that a contract's duties bring."""

from __future__ import annotations

from collections.abc import Callable

from data.firm.expenses import (
    MARKUP,
    PLACES,
    PREAPPROVAL_ABOVE_EUR,
    RECEIPT_THRESHOLD_EUR,
    TRAVEL_DAY_SHARE,
    daily_minor,
    in_currency,
)
from data.firm.plans import ContractPlan
from data.firm.trade import BANNED_PHRASES, EXCLUDED_ACTIVITIES
from data.firm.wording import Wording, money
from data.schemas.clauses import (
    BillingCutOff,
    BillingGuidelines,
    ChangeControl,
    Escalation,
    Exclusions,
    ExpenseSubstantiation,
    ExpenseTerms,
    LaborQualifications,
    Materials,
    Overtime,
    PerDiem,
    Qualification,
    Rounding,
    Timekeeping,
    TravelPolicy,
    WorkingCalendarTerms,
    WorkScope,
)
from data.schemas.people import Degree
from data.schemas.vocabulary import ClauseKind

CERTIFICATES = {
    "consultant": "IPMA Level D", "senior_consultant": "IPMA Level C", "principal": "IPMA Level B",
}  # fmt: skip
"""What each labor category above the first has to hold."""
QUALIFICATIONS = (
    Qualification(labor_category="consultant", min_degree=Degree.BACHELOR, min_years=2,
                  certificates=(CERTIFICATES["consultant"],)),
    Qualification(labor_category="senior_consultant", min_degree=Degree.MASTER, min_years=5,
                  certificates=(CERTIFICATES["senior_consultant"],)),
    Qualification(labor_category="principal", min_degree=Degree.MASTER, min_years=9,
                  certificates=(CERTIFICATES["principal"],)),
)  # fmt: skip
FEWEST_WORDS = 2
CUT_OFF_TOLERANCE_MINUTES = 600
EXCLUDED_EXPENSES = ("minibar", "fine")


def word_demands(plan: ContractPlan) -> tuple[Wording, ...]:
    """The clauses that the duties of a contract bring, apart from those set round its work."""
    kinds = [kind for kind in _WORDS if kind in plan.duties]
    found = [_WORDS[kind](plan) for kind in kinds]
    return (_escalation(plan), *found) if plan.is_hourly else tuple(found)


def _escalation(plan: ContractPlan) -> Wording:
    del plan
    return Wording(
        terms=Escalation(),
        text=(
            "Escalation. The rates of a new version of Annex A take the place of those before from "
            "its first day on, for all work of that day and later."
        ),
    )


def _qualifications(plan: ContractPlan) -> Wording:
    del plan
    return Wording(
        terms=LaborQualifications(categories=QUALIFICATIONS),
        text=(
            "Qualifications. A person is billed in a labor category only with its degree, its "
            "years of relevant work and its certificates: consultant (bachelor, 2 years, IPMA "
            "Level D), senior consultant (master, 5 years, IPMA Level C), principal (master, 9 "
            "years, IPMA Level B)."
        ),
    )


def _overtime(plan: ContractPlan) -> Wording:
    return Wording(
        terms=Overtime(period=plan.overtime_period),
        text=(
            f"Overtime. Hours above the capacity of the person's calendar in a "
            f"{plan.overtime_period.value} are payable only if they were approved in writing."
        ),
    )


def _working_calendar(plan: ContractPlan) -> Wording:
    del plan
    return Wording(
        terms=WorkingCalendarTerms(),
        text=(
            "Calendar. On public holidays and days of leave no more is billed than remains of the "
            "person's working day."
        ),
    )


def _timekeeping(plan: ContractPlan) -> Wording:
    del plan
    return Wording(
        terms=Timekeeping(),
        text=(
            "Timekeeping. Time is recorded as it is worked: nobody works in two places at once, "
            "and nothing is recorded in advance."
        ),
    )


def _cut_off(plan: ContractPlan) -> Wording:
    del plan
    return Wording(
        terms=BillingCutOff(tolerance_minutes=CUT_OFF_TOLERANCE_MINUTES),
        text=(
            "Billing cut-off. At the end of a week all time of the standing team is recorded; no "
            f"more than {CUT_OFF_TOLERANCE_MINUTES // 60} hours of a person's capacity may be "
            "missing."
        ),
    )


def _guidelines(plan: ContractPlan) -> Wording:
    del plan
    return Wording(
        terms=BillingGuidelines(min_words=FEWEST_WORDS, banned_phrases=BANNED_PHRASES),
        text=(
            f"Billing guidelines. Every entry says in {FEWEST_WORDS} words or more what was done; "
            f"{' and '.join(repr(one) for one in BANNED_PHRASES)} are not accepted."
        ),
    )


def word_exclusions(activities: tuple[str, ...]) -> Wording:
    """Activities that are worked and never billed."""
    named = ", ".join(one.replace("_", " ") for one in activities)
    return Wording(
        terms=Exclusions(activities=activities),
        text=f"Exclusions. The following activities are not billable: {named}.",
    )


def _exclusions(plan: ContractPlan) -> Wording:
    del plan
    return word_exclusions(EXCLUDED_ACTIVITIES)


def _scope(plan: ContractPlan) -> Wording:
    # Half of the statements of work list their tasks, the others leave it to the project plan.
    listed = plan.number % 4 < 2  # noqa: PLR2004 - half of four
    tasks = [task.id for line in plan.lines for task in line.project.tasks]
    return Wording(
        terms=WorkScope(task_ids=tuple(tasks) if listed else ()),
        text=(
            "Scope. The Services are the tasks of the statement of work. Additional requests are "
            "payable only under a signed change order that names them."
        ),
    )


def _increment(plan: ContractPlan) -> Wording:
    increment = plan.increment
    if increment is None:
        raise ValueError(f"contract {plan.id} demands an increment and names none")
    way = {Rounding.UP: "up", Rounding.DOWN: "down", Rounding.NEAREST: "to the nearest"}
    return Wording(
        terms=increment,
        text=(
            f"Increments. Time is billed in steps of {increment.increment_minutes} minutes, each "
            f"entry rounded {way[increment.rounding]}."
        ),
    )


def _receipts(plan: ContractPlan) -> Wording:
    threshold = in_currency(plan, RECEIPT_THRESHOLD_EUR)
    return Wording(
        terms=ExpenseSubstantiation(receipt_threshold_minor=threshold),
        text=(
            f"Receipts. An expense of {money(threshold, currency=plan.client.currency)} or more "
            "is reimbursed against its receipt."
        ),
    )


def _travel(plan: ContractPlan) -> Wording:
    rates = tuple(
        PerDiem(place=place, daily_minor=daily_minor(plan, place), valid_from=plan.signed_on)
        for place in PLACES
    )
    named = ", ".join(
        f"{one.place} {money(one.daily_minor, currency=plan.client.currency)}" for one in rates
    )
    return Wording(
        terms=TravelPolicy(rates=rates, travel_day_share=TRAVEL_DAY_SHARE),
        text=(
            f"Travel. A day on site is reimbursed up to a daily rate: {named}. The first and the "
            "last day of a trip give three quarters of it."
        ),
    )


def _expenses(plan: ContractPlan) -> Wording:
    limit = in_currency(plan, PREAPPROVAL_ABOVE_EUR)
    return Wording(
        terms=ExpenseTerms(excluded_categories=EXCLUDED_EXPENSES, preapproval_above_minor=limit),
        text=(
            "Expenses. Minibar and fines are not reimbursed. An expense above "
            f"{money(limit, currency=plan.client.currency)} needs the Client's approval in "
            "advance. Travel expenses lie within the trip and the term."
        ),
    )


def _change_control(plan: ContractPlan) -> Wording:
    del plan
    return Wording(
        terms=ChangeControl(),
        text=(
            "Change control. Work under a change order is payable once both parties have signed "
            "the order and it brings the funds for it."
        ),
    )


_WORDS: dict[ClauseKind, Callable[[ContractPlan], Wording]] = {
    ClauseKind.LABOR_QUALIFICATIONS: _qualifications,
    ClauseKind.OVERTIME: _overtime,
    ClauseKind.WORKING_CALENDAR: _working_calendar,
    ClauseKind.TIMEKEEPING: _timekeeping,
    ClauseKind.BILLING_CUT_OFF: _cut_off,
    ClauseKind.BILLING_GUIDELINES: _guidelines,
    ClauseKind.EXCLUSIONS: _exclusions,
    ClauseKind.SCOPE: _scope,
    ClauseKind.BILLING_INCREMENT: _increment,
    ClauseKind.EXPENSE_SUBSTANTIATION: _receipts,
    ClauseKind.TRAVEL_POLICY: _travel,
    ClauseKind.EXPENSES: _expenses,
    ClauseKind.CHANGE_CONTROL: _change_control,
}


def word_materials(cap_minor: int, *, currency: str, line_id: str) -> Wording:
    """Expenses at cost and a markup, up to a cap over the life of a line."""
    return Wording(
        terms=Materials(markup=MARKUP, cap_minor=cap_minor),
        line_id=line_id,
        text=(
            f"Materials. On line {line_id} expenses are invoiced at cost and a markup of at most "
            f"{MARKUP:.0%}, and not above {money(cap_minor, currency=currency)} in all."
        ),
    )
