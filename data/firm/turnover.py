"""Who leaves the firm while it is watched, and who comes in their place."""

from __future__ import annotations

from datetime import date, timedelta

from data.firm.chance import Chance
from data.schemas.people import Person

LEAVERS_SHARE = 0.08
"""Of those who work, in a firm's time; each is replaced by one of the last on the list."""
EARLIEST, LATEST = 0.25, 0.85
"""When people leave, as parts of the firm's time."""
GAP_WEEKS = (1, 4)
SUNDAY = 6


def let_people_go(
    workers: tuple[Person, ...], *, span: tuple[date, date], chance: Chance
) -> tuple[Person, ...]:
    """The same people: some leave on a Sunday, and as many start on a Monday soon after."""
    count = round(LEAVERS_SHARE * len(workers))
    staying, joining = workers[: len(workers) - count], workers[len(workers) - count :]
    leaving = {person.id for person in chance.sample(staying, count=count)}
    first, last = span
    changed: dict[str, Person] = {}
    for leaver, joiner in zip((one for one in staying if one.id in leaving), joining, strict=True):
        day = first + (last - first) * chance.uniform(EARLIEST, LATEST)
        left_on = day + timedelta(days=SUNDAY - day.weekday())
        hired_on = left_on + timedelta(days=1, weeks=chance.between(*GAP_WEEKS))
        changed[leaver.id] = leaver.model_copy(update={"left_on": left_on})
        changed[joiner.id] = joiner.model_copy(
            update={"hired_on": hired_on, "manager_id": leaver.manager_id}
        )
    return tuple(changed.get(person.id, person) for person in workers)
