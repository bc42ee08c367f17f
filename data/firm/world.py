"""The firm's standing facts: its clients, its people, and the contracts it holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from data.firm.chance import Chance
from data.firm.dates import months_before
from data.firm.drift import Drifts, drifts_of, raise_rates
from data.firm.people import hire_people
from data.firm.plans import ContractPlan, draw_plan
from data.firm.records import FirmSize
from data.firm.trade import CLIENT_NAMES, CLIENT_TRADES
from data.firm.turnover import let_people_go
from data.schemas.contracts import Client
from data.schemas.people import Person, Project
from data.schemas.regions import BillingPractice

ZONES = {
    "AT": "Europe/Vienna", "CH": "Europe/Zurich", "DE": "Europe/Berlin", "FR": "Europe/Paris",
    "GB": "Europe/London", "PL": "Europe/Warsaw", "US": "America/New_York",
}  # fmt: skip
CURRENCIES = {
    "AT": "EUR", "CH": "CHF", "DE": "EUR", "FR": "EUR", "GB": "GBP", "PL": "PLN", "US": "USD",
}  # fmt: skip
PRACTICE_PLACE, PRACTICE_EVERY = 4, 9
"""One client in nine wants its own billing increment, whatever the contract says."""

MISSING_ORDER_PROBABILITY = 0.1
"""Lines without the order that their client asks for."""
NEW_CLIENT_SHARE = 0.2
"""How many contracts a new client brings, against those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that stands before the first hour is worked."""

    start: date
    end: date
    practice: str
    """What every id begins with."""
    clients: tuple[Client, ...]
    partner: Person
    managers: tuple[Person, ...]
    workers: tuple[Person, ...]
    plans: tuple[ContractPlan, ...]
    drifts: Drifts

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, from the top."""
        return (self.partner, *self.managers, *self.workers)

    @property
    def projects(self) -> tuple[Project, ...]:
        """Every project of every contract line."""
        return tuple(line.project for plan in self.plans for line in plan.lines)


def build_world(size: FirmSize, *, chance: Chance) -> World:
    """Draw the clients, the people and the contracts of a firm, and what changes on the way.

    Each change on top of the plain firm has a stream of its own.
    """

    def own(part: str) -> Chance:
        return Chance(part, seed=size.seed)

    world = _plain_world(size, chance=chance)
    span = (world.start, world.end)
    world = replace(
        world,
        workers=let_people_go(world.workers, span=span, chance=own("attrition")),
        plans=_without_some_orders(world.plans, chance=own("orders")),
    )
    if world.drifts.new_client is not None:
        world = _with_new_client(world, day=world.drifts.new_client, chance=own("drift"))
    if world.drifts.new_rate_card is not None:
        world = _with_new_rates(world, day=world.drifts.new_rate_card)
    return world


def _plain_world(size: FirmSize, *, chance: Chance) -> World:
    start = months_before(size.end, months=size.months)
    clients = tuple(
        _client(number, practice=size.practice, chance=chance) for number in range(size.clients)
    )
    partner, managers, workers = hire_people(size, start=start, chance=chance)
    plans = tuple(
        draw_plan(
            number,
            client=clients[number % len(clients)],
            managers=managers,
            span=(start, size.end),
            chance=chance,
            practice=size.practice,
        )
        for number in range(size.contracts)
    )
    return World(
        start=start, end=size.end, practice=size.practice, clients=clients, partner=partner,
        managers=managers, workers=workers, plans=plans, drifts=drifts_of(size),
    )  # fmt: skip


def _without_some_orders(
    plans: tuple[ContractPlan, ...], *, chance: Chance
) -> tuple[ContractPlan, ...]:
    """The contracts with an order missing here and there, where the client asks for one."""
    changed = []
    for plan in plans:
        lines = tuple(
            replace(line, purchase_order=None)
            if plan.client.purchase_order_required and chance.happens(MISSING_ORDER_PROBABILITY)
            else line
            for line in plan.lines
        )
        changed.append(replace(plan, lines=lines))
    return tuple(changed)


def _with_new_client(world: World, *, day: date, chance: Chance) -> World:
    """The firm wins a client, with whom a part of its work is from a day on."""
    client = _client(len(world.clients), practice=world.practice, chance=chance)
    first = len(world.plans)
    drawn = (
        draw_plan(
            number,
            client=client,
            managers=world.managers,
            span=(day, world.end),
            chance=chance,
            practice=world.practice,
        )
        for number in range(first, first + max(2, round(NEW_CLIENT_SHARE * first)))
    )
    plans = tuple(
        replace(
            plan,
            signed_on=day - timedelta(days=chance.between(7, 21)),
            # One that was drawn to begin later does: its rates do not reach further back.
            start=max(day, plan.start),
        )
        for plan in drawn
    )
    return replace(world, clients=(*world.clients, client), plans=(*world.plans, *plans))


def _with_new_rates(world: World, *, day: date) -> World:
    plans = tuple(
        replace(
            plan,
            lines=tuple(
                replace(line, rate_card=raise_rates(line.rate_card, day=day)) for line in plan.lines
            ),
        )
        for plan in world.plans
    )
    return replace(world, plans=plans)


def _client(number: int, *, practice: str, chance: Chance) -> Client:
    country = chance.weighted(tuple(ZONES), weights=(2, 2, 5, 2, 3, 2, 3))
    name = CLIENT_NAMES[number % len(CLIENT_NAMES)]
    return Client(
        id=f"{practice}CL-{number + 1:03d}",
        name=f"{name} {chance.pick(CLIENT_TRADES)}",
        country=country,
        currency=CURRENCIES[country],
        payment_terms_days=chance.pick((14, 30, 30, 30, 45, 60)),
        purchase_order_required=chance.happens(0.4),
        buyer_reference=f"{practice}BR-{number + 1:04d}",
        practice=BillingPractice(increment_minutes=15)
        if number % PRACTICE_EVERY == PRACTICE_PLACE
        else None,
    )
