"""The master data of a large firm: thousands of people, hundreds of contracts, every clause."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np

from data.schemas.calendars import Leave, WorkingCalendar
from data.schemas.clauses import (
    ApprovalTerms,
    ApprovedPerson,
    BillingCutOff,
    BillingGuidelines,
    BillingIncrement,
    ClauseTerms,
    DoubleBilling,
    Escalation,
    Exclusions,
    Funding,
    KeyPersonnel,
    LaborCategoryHours,
    LaborQualifications,
    NotToExceed,
    Overtime,
    PaymentTerms,
    PeriodOfPerformance,
    Qualification,
    RateSchedule,
    StaffingPlan,
    Timekeeping,
    TimelyBilling,
    WorkingCalendarTerms,
    WorkingTime,
    WorkScope,
)
from data.schemas.contracts import Clause, Client, Contract, ContractLine, RateCardRow
from data.schemas.people import Assignment, Degree, Person, Project, Task
from data.schemas.reference import Reference
from data.schemas.vocabulary import ContractType

PEOPLE, CONTRACTS, LINES = 4_000, 400, 2
CATEGORIES = ("analyst", "consultant", "senior", "principal", "director")
RATES_MINOR = (90_00, 120_00, 150_00, 190_00, 240_00)
TASKS = 6
FIRST_DAY = date(2021, 1, 4)
"""A Monday."""
LAST_DAY = date(2026, 12, 31)
RAISES = (date(2022, 7, 1), date(2024, 7, 1))
RAISE_SHARE = 0.03
RECORDED_AT = datetime(2020, 12, 1, tzinfo=UTC)


def lines_of_person(person: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """The number of the line a person works on in a slot of the day, for good."""
    return (person * 7 + slot * 331) % (CONTRACTS * LINES)


def category_of_person(person: np.ndarray) -> np.ndarray:
    """The place of a person's category."""
    return person % len(CATEGORIES)


def rates_minor(category: np.ndarray, day: np.ndarray) -> np.ndarray:
    """What the rate card says of a category on a day number."""
    raises = [(one - date(1970, 1, 1)).days for one in RAISES]
    version = np.searchsorted(np.array(raises), day, side="right")
    return np.array(_card_minor())[version, category]


def bulk_reference(*, entries: int) -> Reference:
    """All records, the same each time; ceilings are set for so many entries in all."""
    contracts = [_contract(number, entries=entries) for number in range(CONTRACTS)]
    people = [_person(number) for number in range(PEOPLE)]
    return Reference(
        clients={one.id: one for one in map(_client, range(CONTRACTS // 4))},
        contracts={one.id: one for one in contracts},
        people={one.id: one for one in people},
        projects={one.id: one for one in map(_project, range(CONTRACTS * LINES))},
        assignments=tuple(_assignments()),
        calendars={"AT": WorkingCalendar(id="AT", name="Austria", country="AT")},
        leave=tuple(
            Leave(
                id=f"L{number}", person_id=person_id(number), start=date(2021, 2, 1 + number % 20),
                end=date(2021, 2, 1 + number % 20),
            )
            for number in range(0, PEOPLE, 10)
        ),
    )  # fmt: skip


def person_id(number: int) -> str:
    """Name a person."""
    return f"p{number:05d}"


def contract_id(number: int) -> str:
    """Name a contract."""
    return f"C{number:04d}"


def _card_minor() -> list[list[int]]:
    versions = range(len(RAISES) + 1)
    return [
        [round(one * (1 + RAISE_SHARE) ** version) for one in RATES_MINOR] for version in versions
    ]


def _client(number: int) -> Client:
    return Client(id=f"K{number:03d}", name=f"Client {number}", country="AT", currency="EUR")


def _person(number: int) -> Person:
    return Person(
        id=person_id(number), name=f"Person {number}", grade="staff",
        labor_category=CATEGORIES[number % len(CATEGORIES)], country="AT",
        hourly_cost_minor=60_00, hired_on=date(2015, 1, 1), manager_id=person_id(number // 20),
        authority_limit_minor=100_000_00, calendar_id="AT",
        degree=Degree.NONE if number % 50 == 0 else Degree.MASTER,
        professional_since=date(2010, 1, 1),
    )  # fmt: skip


def _project(line: int) -> Project:
    tasks = tuple(
        Task(id=f"T{task}", name=f"Task {task}", is_in_scope=task < TASKS)
        for task in range(TASKS + 1)
    )
    return Project(
        id=f"P{line:04d}", name=f"Project {line}", client_id=f"K{line // LINES // 4:03d}",
        contract_id=contract_id(line // LINES), tasks=tasks,
    )  # fmt: skip


def _assignments() -> list[Assignment]:
    person = np.repeat(np.arange(PEOPLE), 2)
    slot = np.tile(np.arange(2), PEOPLE)
    lines = lines_of_person(person, slot)
    return [
        Assignment(
            id=f"A{place}", person_id=person_id(one), project_id=f"P{line:04d}",
            start=FIRST_DAY, end=LAST_DAY,
            planned_minutes=None if place % 3 else 400_000,
        )
        for place, (one, line) in enumerate(zip(person.tolist(), lines.tolist(), strict=True))
    ]  # fmt: skip


def _contract(number: int, *, entries: int) -> Contract:
    lines = tuple(
        ContractLine(id=f"L{line}", project_id=f"P{number * LINES + line:04d}", name=f"Line {line}")
        for line in range(LINES)
    )
    usual_minor = entries // (CONTRACTS * LINES) * 4 * 160_00
    agreed = list(_terms(number, usual_minor=usual_minor))
    clauses = tuple(
        Clause(
            id=f"{contract_id(number)}-{place}", line_id=line_id, terms=terms, text="As agreed.",
            valid_from=FIRST_DAY, confirmed_by="bench",
        )
        for place, (line_id, terms) in enumerate(agreed)
    )  # fmt: skip
    return Contract(
        id=contract_id(number), client_id=f"K{number // 4:03d}", name=f"Contract {number}",
        type=ContractType.TIME_AND_MATERIALS, currency="EUR", signed_on=date(2020, 11, 1),
        recorded_at=RECORDED_AT, lines=lines, clauses=clauses, rate_card=_rate_card(),
    )  # fmt: skip


def _rate_card() -> tuple[RateCardRow, ...]:
    starts = (FIRST_DAY, *RAISES)
    ends = (*(one - timedelta(days=1) for one in RAISES), None)
    return tuple(
        RateCardRow(
            line_id=f"L{line}", labor_category=category, hourly_rate_minor=card[place],
            valid_from=start, valid_to=end,
        )
        for line in range(LINES)
        for start, end, card in zip(starts, ends, _card_minor(), strict=True)
        for place, category in enumerate(CATEGORIES)
    )  # fmt: skip


def _terms(number: int, *, usual_minor: int) -> list[tuple[str | None, ClauseTerms]]:
    ends_early = number % 100 == 7
    limit_minor = round(usual_minor * LINES * (1.0 if number % 20 == 0 else 1.5))
    guidelines = BillingGuidelines(
        min_words=3, banned_phrases=("various tasks", "misc", "admin work"), block_minutes=360
    )
    return [
        (None, PeriodOfPerformance(
            start=FIRST_DAY, end=date(2021, 6, 1) if ends_early else LAST_DAY)),
        (None, NotToExceed(limit_minor=limit_minor, soft_limit_minor=limit_minor * 4 // 5)),
        ("L0", NotToExceed(limit_minor=round(usual_minor * (1.05 if number % 20 == 1 else 2)))),
        (None, Funding(funded_minor=usual_minor * LINES * (1 if number % 20 == 2 else 3))),
        ("L1", LaborCategoryHours(labor_category="principal", cap_minutes=40_000_000)),
        (None, RateSchedule()),
        (None, LaborQualifications(categories=(
            Qualification(labor_category="director", min_degree=Degree.MASTER, min_years=8),
            Qualification(labor_category="principal", min_degree=Degree.BACHELOR, min_years=5)))),
        (None, Escalation()),
        (None, StaffingPlan(effort_tolerance=0.1)),
        (None, WorkingTime(max_daily_minutes=600)),
        (None, Overtime()),
        (None, WorkingCalendarTerms()),
        (None, Timekeeping()),
        (None, DoubleBilling()),
        (None, TimelyBilling(late_days=21, cut_off_day=20)),
        (None, guidelines),
        (None, Exclusions(activities=("travel",))),
        (None, WorkScope()),
        (None, BillingIncrement(increment_minutes=15)),
        (None, ApprovalTerms(is_client_sign_off_required=number % 4 == 0)),
        (None, PaymentTerms()),
        *([("L0", _key_people(number))] if number % 10 == 0 else []),
        *([(None, BillingCutOff(tolerance_minutes=1_260))] if number % 20 == 3 else []),
    ]  # fmt: skip


def _key_people(number: int) -> KeyPersonnel:
    """Everybody who works on the line but one of them."""
    person = np.repeat(np.arange(PEOPLE), 2)
    lines = lines_of_person(person, np.tile(np.arange(2), PEOPLE))
    own = np.unique(person[lines == number * LINES]).tolist()
    return KeyPersonnel(
        approved=tuple(ApprovedPerson(person_id=person_id(one), start=FIRST_DAY) for one in own[1:])
    )
