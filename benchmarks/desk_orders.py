"""Which order of the queue protects most money, over a generated firm with simulated reviewers.

`python -m benchmarks.run --only desk_orders` gives the money protected for an hour of reviewing,
for five orders and three loads; then what the lanes come to, and how often the interval of the
random checks holds the truth. The order and the lanes are those of the service, not a copy of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from benchmarks.desk_lanes import coverage_figure, lane_figures
from benchmarks.desk_work import POLICY, Work, arriving, coin, reviewed
from benchmarks.figures import Figure, Say, Section
from benchmarks.scale import Scale
from data.firm.chance import Chance
from data.firm.generate import FirmSize, generate_firm
from data.firm.reviewers import Reviewer, draw_reviewers
from data.schemas.vocabulary import Lane
from service.domain.case import Case
from service.domain.lanes import draw_lane, shares_of
from service.domain.queue import in_order, worth_now
from service.domain.working_hours import shift_end

LOADS = (1.2, 2.0, 4.0)
"""Minutes of work that arrive, over the minutes there are."""
MORNING = time(8)
LONGEST_WAIT = timedelta(days=14)
"""An invoice does not wait for ever: what nobody came to by then leaves as it stands."""
CLEARED_BELOW = 0.06
OURS = "ours"
FIRM = FirmSize(people=60, clients=10, contracts=16, months=8, end=date(2026, 8, 31))
"""One size for every run: over fewer cases the order of the orders is chance."""
DRAWS, QUICK_DRAWS = 20_000, 1_000
RUNS, QUICK_RUNS = 200, 40
Order = Callable[[Sequence[Case], datetime], list[Case]]
HOW = (
    "A generated firm's items, a model that says the generator's probability with noise, and "
    "simulated reviewers. A load is the minutes of work that arrive over the minutes there are; "
    "what nobody came to in 14 days leaves as it stands. Money protected is the exposure of faults "
    "that were found, in whole units of their currencies, less one per cent of what was held up "
    "for nothing. Every order reviews the same cases with the same reviewers."
)


def measure(scale: Scale, *, folder: Path, say: Say) -> Section:
    """Let every order run over the same firm, then count lanes and checks."""
    del folder
    say(f"generating a firm of {FIRM.people} people")
    work = list(arriving(generate_firm(FIRM)))
    queue = [one for one in work if one.case.doubt >= CLEARED_BELOW]
    cleared = [one for one in work if one.case.doubt < CLEARED_BELOW]
    say(f"{len(queue)} of {len(work)} items before a person, in {len(orders())} orders")
    return Section(
        name="desk_orders",
        title="The order of the queue",
        how=f"{HOW} {len(work):,} items, {len(queue):,} of them before a person.",
        figures=[
            *_order_figures(queue),
            *lane_figures(queue, draws=QUICK_DRAWS if scale.is_quick else DRAWS),
            coverage_figure(cleared, runs=QUICK_RUNS if scale.is_quick else RUNS),
        ],
    )


def _order_figures(queue: Sequence[Work]) -> Iterator[Figure]:
    reviewers = draw_reviewers(len(queue), practice="", chance=Chance("verdicts", seed=3))
    for load in LOADS:
        told = {
            name: _a_year(queue, reviewers, order=order, load=load)
            for name, order in orders().items()
        }
        for name in [one for one in told if one != OURS]:
            yield Figure(
                what=f"money protected an hour, load {load:g}", ours=told[OURS], unit="units",
                peer=name, peers=told[name], ratio_reads="of the money",
            )  # fmt: skip


def orders() -> dict[str, Order]:
    """Give every order by name; ours is the one of the service with its lane for what is due."""
    return {
        OURS: _ours,
        "first in, first out": lambda cases, _: sorted(cases, key=lambda one: one.opened_at),
        "earliest deadline": lambda cases, _: sorted(cases, key=lambda one: one.due_at),
        "most uncertain": lambda cases, _: sorted(cases, key=lambda one: abs(one.doubt - 0.5)),
        "largest value": lambda cases, _: sorted(cases, key=lambda one: -one.value_minor),
    }


def _worth(one: Case) -> float:
    return worth_now(one, error=one.review_error, cap_major=POLICY.value_cap_major)


def _ours(cases: Sequence[Case], now: datetime) -> list[Case]:
    """The whole day's order: the lane for what is due and the order of value, by coin."""
    end = shift_end(now, desk=POLICY.working_hours)
    index = deque(in_order([one for one in cases if _worth(one) > 0.0], worth=_worth))
    due = deque(sorted((one for one in cases if one.due_at <= end), key=lambda one: one.due_at))
    shares = {lane: shares_of(POLICY.lanes)[lane] for lane in (Lane.RETURNED, Lane.INDEX)}
    taken: set[str] = set()
    ordered = []
    while index or due:
        lanes = {Lane.RETURNED: due, Lane.INDEX: index}
        heads = {lane: waiting[0] for lane, waiting in lanes.items() if waiting}
        lane, _ = draw_lane(heads, shares=shares, coin=coin)
        one = lanes[lane].popleft()
        if one.id not in taken:
            taken.add(one.id)
            ordered.append(one)
    return ordered


def _a_year(
    queue: Sequence[Work], reviewers: Sequence[Reviewer], *, order: Order, load: float
) -> float:
    """Money protected an hour, in reporting units, when so much more arrives than can be read."""
    by_id = {one.case.id: one for one in queue}
    days = sorted({one.case.opened_at.date() for one in queue})
    minutes_a_day = sum(one.case.review_minutes for one in queue) / load / len(days)
    waiting: dict[str, Case] = {}
    arriving = deque(sorted((one.case for one in queue), key=lambda one: one.opened_at))
    protected = spent = 0.0
    for day in days:
        while arriving and arriving[0].opened_at.date() <= day:
            one = arriving.popleft()
            waiting[one.id] = one
        now = datetime.combine(day, MORNING, tzinfo=queue[0].case.opened_at.tzinfo)
        waiting = {name: one for name, one in waiting.items() if one.opened_at > now - LONGEST_WAIT}
        left = minutes_a_day
        for one in order(list(waiting.values()), now):
            if left <= 0:
                break
            money, minutes = reviewed(by_id[one.id], reviewers)
            left, spent, protected = left - minutes, spent + minutes, protected + money
            del waiting[one.id]
    return protected / (spent / 60)
