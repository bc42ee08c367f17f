"""Work in transactions of its own: the engine writes beside ours, never inside one that is open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from service.ports.stores import UnitOfWork

T = TypeVar("T")


class Run(Protocol):
    """Does a piece of work in one transaction of its own."""

    def __call__(self, work: Callable[[UnitOfWork], T]) -> T:
        """Give what the work gave, once it is durable."""
        ...


def in_one_transaction(open_work: Callable[[], AbstractContextManager[UnitOfWork]]) -> Run:
    """Give what does a piece of work in a transaction that it opens."""

    def run(work: Callable[[UnitOfWork], T]) -> T:
        with open_work() as uow:
            return work(uow)

    return run
