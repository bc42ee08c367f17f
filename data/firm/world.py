"""The firm's standing facts: its clients, its people, and the contracts it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from data.firm.chance import Chance
from data.firm.dates import months_before
from data.firm.plans import HOURLY_EUR, ContractPlan, draw_plan
from data.firm.records import FirmSize
from data.firm.trade import CLIENT_NAMES, CLIENT_TRADES, FIRST_NAMES, LAST_NAMES
from data.schemas.contracts import Client
from data.schemas.people import Degree, Person, Project
from data.schemas.regions import BillingPractice

ZONES = {
    "AT": "Europe/Vienna", "CH": "Europe/Zurich", "DE": "Europe/Berlin", "FR": "Europe/Paris",
    "GB": "Europe/London", "PL": "Europe/Warsaw", "US": "America/New_York",
}  # fmt: skip
CURRENCIES = {
    "AT": "EUR", "CH": "CHF", "DE": "EUR", "FR": "EUR", "GB": "GBP", "PL": "PLN", "US": "USD",
}  # fmt: skip
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
PRACTICE_PLACE, PRACTICE_EVERY = 4, 9
"""One client in nine wants its own billing increment, whatever the contract says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that stands before the first hour is worked."""

    start: date
    end: date
    clients: tuple[Client, ...]
    partner: Person
    managers: tuple[Person, ...]
    workers: tuple[Person, ...]
    plans: tuple[ContractPlan, ...]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, from the top."""
        return (self.partner, *self.managers, *self.workers)

    @property
    def projects(self) -> tuple[Project, ...]:
        """Every project of every contract line."""
        return tuple(line.project for plan in self.plans for line in plan.lines)


def build_world(size: FirmSize, *, chance: Chance) -> World:
    """Draw the clients, the people and the contracts of a firm."""
    start = months_before(size.end, months=size.months)
    clients = tuple(_client(number, chance=chance) for number in range(size.clients))
    partner, managers, workers = _people(size, start=start, chance=chance)
    plans = tuple(
        draw_plan(
            number,
            client=clients[number % len(clients)],
            managers=managers,
            span=(start, size.end),
            chance=chance,
        )
        for number in range(size.contracts)
    )
    return World(
        start=start, end=size.end, clients=clients, partner=partner, managers=managers,
        workers=workers, plans=plans,
    )  # fmt: skip


def _client(number: int, *, chance: Chance) -> Client:
    country = chance.weighted(tuple(ZONES), weights=(2, 2, 5, 2, 3, 2, 3))
    name = CLIENT_NAMES[number % len(CLIENT_NAMES)]
    return Client(
        id=f"CL-{number + 1:03d}",
        name=f"{name} {chance.pick(CLIENT_TRADES)}",
        country=country,
        currency=CURRENCIES[country],
        payment_terms_days=chance.pick((14, 30, 30, 30, 45, 60)),
        purchase_order_required=chance.happens(0.4),
        buyer_reference=f"BR-{number + 1:04d}",
        practice=BillingPractice(increment_minutes=15)
        if number % PRACTICE_EVERY == PRACTICE_PLACE
        else None,
    )


def _people(
    size: FirmSize, *, start: date, chance: Chance
) -> tuple[Person, tuple[Person, ...], tuple[Person, ...]]:
    manager_count = max(2, size.people // PEOPLE_FOR_EACH_MANAGER)
    partner = _person(1, grade="partner", manager_id=None, start=start, chance=chance)
    managers = tuple(
        _person(2 + number, grade="manager", manager_id=partner.id, start=start, chance=chance)
        for number in range(manager_count)
    )
    workers = tuple(
        _person(
            number,
            grade=chance.weighted(tuple(HOURLY_EUR), weights=GRADE_WEIGHTS),
            manager_id=managers[number % manager_count].id,
            start=start,
            chance=chance,
        )
        for number in range(2 + manager_count, size.people + 1)
    )
    return partner, managers, workers


def _person(
    number: int, *, grade: str, manager_id: str | None, start: date, chance: Chance
) -> Person:
    country = chance.weighted(tuple(ZONES), weights=(2, 2, 5, 1, 3, 3, 3))
    price_eur = HOURLY_EUR.get(grade, HOURLY_EUR["principal"])
    limits = {
        "partner": PARTNER_LIMIT_MINOR,
        "manager": chance.pick(MANAGER_LIMITS_MINOR),
        "principal": LEAD_LIMIT_MINOR,
    }
    category = grade if grade in HOURLY_EUR else "principal"
    years = chance.between(*YEARS[category])
    return Person(
        id=f"P-{number:03d}",
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
