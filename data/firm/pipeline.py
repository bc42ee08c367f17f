"""Work that may be sold: what the firm talks about with its clients on its last day."""

from __future__ import annotations

from datetime import timedelta

from data.firm.chance import Chance
from data.firm.plans import HOURLY_EUR, PRICE_LEVEL
from data.firm.records import Opportunity, Stage
from data.firm.world import World

PROBABILITIES = {
    Stage.LEAD: 0.1,
    Stage.QUALIFIED: 0.25,
    Stage.PROPOSED: 0.5,
    Stage.AGREED: 0.85,
    Stage.LOST: 0.0,
}
STAGE_WEIGHTS = (0.35, 0.25, 0.2, 0.08, 0.12)
FOR_EACH_CONTRACT = 0.5
WEEK = timedelta(days=7)
HOURS_A_WEEK = 38
SHARES = (0.5, 1.0, 1.0, 2.0, 3.0)
"""Full-time people of one role."""


def draw_pipeline(world: World, *, chance: Chance) -> tuple[Opportunity, ...]:
    """The opportunities that are open, or were lost, on the firm's last day."""
    count = max(3, round(FOR_EACH_CONTRACT * len(world.plans)))
    return tuple(_opportunity(number, world=world, chance=chance) for number in range(1, count + 1))


def _opportunity(number: int, *, world: World, chance: Chance) -> Opportunity:
    client = chance.pick(world.clients)
    stage = chance.weighted(tuple(PROBABILITIES), weights=STAGE_WEIGHTS)
    weeks = chance.between(6, 40)
    wanted = chance.sample(tuple(HOURLY_EUR), count=chance.between(1, 3))
    roles = {role: chance.pick(SHARES) for role in sorted(wanted)}
    hours = weeks * HOURS_A_WEEK
    euro = sum(HOURLY_EUR[role] * people * hours for role, people in roles.items())
    return Opportunity(
        id=f"{world.practice}OP-{number:03d}",
        client_id=client.id,
        stage=stage,
        probability=PROBABILITIES[stage],
        amount_minor=round(euro * PRICE_LEVEL[client.currency]) * 100,
        expected_start=world.end + chance.between(1, 20) * WEEK,
        duration_weeks=weeks,
        roles=roles,
    )
