"""A large firm as many practices, each drawn by itself: start here for more than a few hundred.

What rules can prove needs exact counting over everything that uses up one limit: one contract, one
person's day. A practice is a firm of its own with its own people, clients and contracts, so all of
that counting stays inside it. Practices share nothing, so they are drawn side by side, one at a
time is held, and memory does not grow with the firm.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from typing import TypeVar

import numpy as np

from data.firm.generate import generate_firm
from data.firm.records import Firm, FirmSize

T = TypeVar("T")
Tell = Callable[[int, int], None]
"""Is told how many practices are done, and of how many."""

LARGEST_PRACTICE = 125
"""People. A practice of this size and a year has about 38,000 time entries in 320 MB; one of twice
the size takes a tenth more time for each entry and twice the memory."""
CLIENTS_FOR_EACH_PERSON, CONTRACTS_FOR_EACH_PERSON = 25 / 60, 40 / 60


def size_of_firm(people: int, *, months: int = 12, seed: int = 7) -> FirmSize:
    """The size of a firm with the usual number of clients and contracts for its people."""
    return FirmSize(
        people=people,
        clients=max(1, round(people * CLIENTS_FOR_EACH_PERSON)),
        contracts=max(1, round(people * CONTRACTS_FOR_EACH_PERSON)),
        months=months,
        seed=seed,
    )


def practices_of(size: FirmSize, *, largest: int = LARGEST_PRACTICE) -> tuple[FirmSize, ...]:
    """The practices of a firm, in order; a firm that fits into one practice is its own.

    None has more than `largest` people; people, clients and contracts are shared out evenly. Each
    has a seed of its own and ids that begin with its number. A practice has at least one client
    and one contract, so a firm of more practices than it was given clients or contracts has as
    many as practices.
    """
    count = -(-size.people // largest)
    if count == 1:
        return (size,)
    return tuple(
        replace(
            size,
            people=_part(size.people, place=place, count=count),
            clients=max(1, _part(size.clients, place=place, count=count)),
            contracts=max(1, _part(size.contracts, place=place, count=count)),
            seed=_seed(size.seed, place=place),
            practice=f"{size.practice}P{place + 1:03d}-",
        )
        for place in range(count)
    )


def stream_firm(
    size: FirmSize,
    *,
    workers: int = 2,
    largest: int = LARGEST_PRACTICE,
    tell: Tell | None = None,
) -> Iterator[Firm]:
    """Every practice of a firm as a firm of its own, in order; see `stream_practices`."""
    return stream_practices(size, make=_as_drawn, workers=workers, largest=largest, tell=tell)


def stream_practices(
    size: FirmSize,
    *,
    make: Callable[[Firm], T],
    workers: int = 2,
    largest: int = LARGEST_PRACTICE,
    tell: Tell | None = None,
) -> Iterator[T]:
    """What `make` makes of every practice, in order; equal for any number of workers.

    One worker is this process; more are processes of their own, in which `make` runs too: a
    module-level function that makes something small spares the way back. At most `workers`
    practices are drawn or waiting besides the one that the caller holds.
    """
    sizes = practices_of(size, largest=largest)
    made = _here(sizes, make=make) if workers == 1 else _beside(sizes, make=make, workers=workers)
    for done, one in enumerate(made, start=1):
        if tell is not None:
            tell(done, len(sizes))
        yield one


def _here(sizes: tuple[FirmSize, ...], *, make: Callable[[Firm], T]) -> Iterator[T]:
    for size in sizes:
        yield _draw(size, make)


def _beside(sizes: tuple[FirmSize, ...], *, make: Callable[[Firm], T], workers: int) -> Iterator[T]:
    waiting: deque[Future[T]] = deque()
    to_draw = deque(sizes)
    # Spawned, not forked: the caller may have threads that a fork would stop half way.
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        while to_draw or waiting:
            while to_draw and len(waiting) < workers:
                waiting.append(pool.submit(_draw, to_draw.popleft(), make))
            first = waiting.popleft().result()
            # The worker that is free now goes on while the caller looks at what is done.
            if to_draw:
                waiting.append(pool.submit(_draw, to_draw.popleft(), make))
            yield first


def _draw(size: FirmSize, make: Callable[[Firm], T]) -> T:
    with _no_collection():
        return make(generate_firm(size))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Spare the search for cycles: a firm has none, and looking takes a sixth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _as_drawn(firm: Firm) -> Firm:
    return firm


def _part(total: int, *, place: int, count: int) -> int:
    """An even share of a total; the shares of all places add up to it."""
    return total * (place + 1) // count - total * place // count


def _seed(seed: int, *, place: int) -> int:
    return int(np.random.SeedSequence([seed, place]).generate_state(1)[0])
