"""Who works for the firm: a partner, managers, and those who do the work."""

from __future__ import annotations

from datetime import date, timedelta

from data.firm.calendars import COUNTRIES
from data.firm.chance import Chance
from data.firm.plans import HOURLY_EUR
from data.firm.records import FirmSize
from data.firm.trade import FIRST_NAMES, LAST_NAMES
from data.schemas.people import Degree, Person

GRADE_WEIGHTS = (0.28, 0.36, 0.26, 0.10)
PEOPLE_FOR_EACH_MANAGER = 8
LEAD_LIMIT_MINOR = 100_000
"""What a principal may approve alone: one thousand, less than nearly every weekly timesheet."""
MANAGER_LIMITS_MINOR = (3_000_000, 5_000_000, 8_000_000)
PARTNER_LIMIT_MINOR = 10**10
DEGREES = {
    "analyst": Degree.BACHELOR, "consultant": Degree.BACHELOR,
    "senior_consultant": Degree.MASTER, "principal": Degree.MASTER,
}  # fmt: skip
YEARS = {
    "analyst": (0, 2),
    "consultant": (3, 5),
    "senior_consultant": (6, 8),
    "principal": (10, 18),
}
"""Full years of work when the firm's time starts."""


def hire_people(
    size: FirmSize, *, start: date, chance: Chance
) -> tuple[Person, tuple[Person, ...], tuple[Person, ...]]:
    """Draw the partner, the managers, and those who work."""
    manager_count = max(2, size.people // PEOPLE_FOR_EACH_MANAGER)
    practice = size.practice
    partner = _person(
        1, practice=practice, grade="partner", manager_id=None, start=start, chance=chance
    )
    managers = tuple(
        _person(
            2 + number,
            practice=practice,
            grade="manager",
            manager_id=partner.id,
            start=start,
            chance=chance,
        )
        for number in range(manager_count)
    )
    workers = tuple(
        _person(
            number,
            practice=practice,
            grade=chance.weighted(tuple(HOURLY_EUR), weights=GRADE_WEIGHTS),
            manager_id=managers[number % manager_count].id,
            start=start,
            chance=chance,
        )
        for number in range(2 + manager_count, size.people + 1)
    )
    return partner, managers, workers


def _person(
    number: int,
    *,
    practice: str,
    grade: str,
    manager_id: str | None,
    start: date,
    chance: Chance,
) -> Person:
    country = chance.weighted(tuple(COUNTRIES), weights=(2, 2, 5, 1, 3, 3, 3))
    price_eur = HOURLY_EUR.get(grade, HOURLY_EUR["principal"])
    limits = {
        "partner": PARTNER_LIMIT_MINOR,
        "manager": chance.pick(MANAGER_LIMITS_MINOR),
        "principal": LEAD_LIMIT_MINOR,
    }
    category = grade if grade in HOURLY_EUR else "principal"
    years = chance.between(*YEARS[category])
    return Person(
        id=f"{practice}P-{number:03d}",
        name=f"{chance.pick(FIRST_NAMES)} {chance.pick(LAST_NAMES)}",
        grade=grade,
        labor_category=category,
        country=country,
        degree=DEGREES[category],
        professional_since=start - timedelta(days=years * 366 + chance.between(0, 200)),
        hourly_cost_minor=round(price_eur * chance.uniform(0.42, 0.52)) * 100,
        hired_on=start - timedelta(days=chance.between(90, 3_000)),
        manager_id=manager_id,
        authority_limit_minor=limits.get(grade, 0),
    )
